package org.tallystick.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.chaincode.Charter;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Definition;
import org.tallystick.fabric.lifecycle.Deployment;
import org.tallystick.fabric.lifecycle.PeerAdmin;
import org.tallystick.fabric.network.TrialNetwork;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// Another chaincode beside ours, on the same peers of the same channel under the same policies, in processes of its
/// own.
public final class OtherChaincode implements AutoCloseable {

    private static final String VERSION = "1";
    private static final int LOOKS = 600;
    private static final int BETWEEN_LOOKS_MILLIS = 50;

    private final TrialNetwork trial;
    private final Chosen chosen;
    private final List<Process> processes = new ArrayList<>();

    private OtherChaincode(TrialNetwork trial, Chosen chosen) {
        this.trial = trial;
        this.chosen = chosen;
    }

    /// What it is.
    ///
    /// @param name by which the channel knows it
    /// @param program whose `main` takes what that of our own server takes
    /// @param java options of the Java machines that the processes run on
    /// @param collections its private collections, if it has any
    public record Chosen(String name, Class<?> program, List<String> java, Optional<Path> collections) {
        public Chosen {
            java = List.copyOf(java);
        }
    }

    /// Starts its processes, and makes it the channel's.
    public static OtherChaincode deploy(TrialNetwork trial, Binaries binaries, Chosen chosen)
            throws IOException, NodeException, InterruptedException {
        OtherChaincode other = new OtherChaincode(trial, chosen);
        boolean deployed = false;
        try {
            other.deploy(binaries);
            deployed = true;
            return other;
        } finally {
            if (!deployed) {
                other.close();
            }
        }
    }

    private void deploy(Binaries binaries) throws IOException, NodeException, InterruptedException {
        Topology topology = trial.network().topology();
        NetworkFolder folder = trial.network().folder();
        List<PeerAdmin> admins = new ArrayList<>();
        for (Member member : topology.members()) {
            for (Peer peer : member.peers()) {
                admins.add(new PeerAdmin(binaries.peer(), topology, folder, member, peer));
            }
        }
        Deployment deployment = new Deployment(folder, admins, chosen.name(), _ -> {});
        String packageId = deployment.packed(VERSION).id();
        List<Integer> ports = new ArrayList<>();
        for (PeerAdmin admin : admins) {
            ports.add(start(folder.member(admin.member().name()), admin.peer(), packageId));
        }
        // A peer reads the way to a chaincode when it installs it; the file is ours again for the next one.
        List<Elsewhere> elsewhere = new ArrayList<>();
        for (int i = 0; i < admins.size(); i++) {
            NodeFolder files = folder.member(admins.get(i).member().name())
                    .node(admins.get(i).peer().name());
            elsewhere.add(Elsewhere.of(
                    files.builder().resolve("connection.json"), admins.get(i).peer(), ports.get(i)));
        }
        try {
            deployment.install(VERSION);
        } finally {
            for (Elsewhere one : elsewhere) {
                one.restore();
            }
        }
        Definition definition = deployment.next(VERSION).with(chosen.collections());
        deployment.approve(definition);
        List<String> missing = deployment.commit(definition);
        if (!missing.isEmpty()) {
            throw new NodeException(String.join("; ", missing));
        }
    }

    private record Elsewhere(Path file, String before) {
        static Elsewhere of(Path file, Peer peer, int port) throws IOException {
            String before = Files.readString(file);
            OwnerFiles.update(
                    file,
                    before.replace(peer.chaincode().address(), peer.chaincode().host() + ":" + port));
            return new Elsewhere(file, before);
        }

        void restore() {
            try {
                OwnerFiles.update(file, before);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Starts the process beside a peer, and gives the port on which it listens.
    private int start(MemberFolder member, Peer peer, String packageId)
            throws IOException, NodeException, InterruptedException {
        NodeFolder files = member.node(peer.chaincode().name());
        Path charter = trial.network().folder().path().resolve(chosen.name() + "-charter.json");
        OwnerFiles.update(charter, new Charter(trial.network().ledgerId(chosen.name()), true).text());
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(chosen.java());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                chosen.program().getName(),
                peer.chaincode().host() + ":" + port,
                packageId,
                files.tls().certificate().toString(),
                files.tls().key().toString(),
                files.tlsAuthority().toString(),
                charter.toString()));
        Path log = trial.network().folder().path().resolve(chosen.name() + "-" + peer.name() + ".log");
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        for (int look = 0; !listens(peer.chaincode().host(), port); look++) {
            if (look == LOOKS) {
                throw new IOException("chaincode " + chosen.name() + " does not listen; see " + log);
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
        return port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(String host, int port) {
        try (Socket _ = new Socket(host, port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// A connection for it, through the stock client, as one of a member's identities; whoever asks closes it.
    public Ledger connect(String member, String identity) throws IOException, LedgerException {
        MemberFolder files = trial.network().folder().member(member);
        return FabricLedger.connect(new FabricLedger.Settings(
                Files.readString(files.address()).strip(),
                MemberIdentity.read(member, files.path(), identity),
                trial.network().topology().channel(),
                chosen.name(),
                Optional.of(Files.readString(files.addressAuthority()))));
    }

    public List<ProcessHandle> processes() {
        return processes.stream().map(Process::toHandle).toList();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }
}
