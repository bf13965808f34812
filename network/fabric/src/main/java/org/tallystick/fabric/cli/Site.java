package org.tallystick.fabric.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.yaml.Fault;
import picocli.CommandLine.Option;

/// The network that a command is about: its folder, and what is needed to work with it.
final class Site {

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = ".network",
            description = "where the network is, or will be (default: ${DEFAULT-VALUE})")
    private Path folder = Path.of(".network");

    NetworkFolder folder() {
        return new NetworkFolder(folder);
    }

    /// What a command does with the network.
    @FunctionalInterface
    interface Work<T> {
        T with(LocalNetwork network)
                throws IOException, NodeException, LedgerException, CommandFailure, InterruptedException;
    }

    /// Works with the network that is in the folder.
    <T> T work(Shell shell, Work<T> work) throws IOException, LedgerException, CommandFailure, InterruptedException {
        Topology topology = topology()
                .orElseThrow(() -> CommandFailure.cannot(
                        "there is no network in " + folder().path(), "make one: tally network up --folder " + folder));
        return work(shell, topology, work);
    }

    <T> T work(Shell shell, Topology topology, Work<T> work)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        Backend backend = Backend.of(folder()).orElse(new Backend.Native());
        return work(shell, topology, backend, work);
    }

    <T> T work(Shell shell, Topology topology, Backend backend, Work<T> work)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        try (LocalNetwork network = new LocalNetwork(topology, folder(), backend, binaries(), progress(shell))) {
            return work.with(network);
        } catch (NodeException e) {
            throw failure(e);
        }
    }

    static CommandFailure failure(NodeException e) {
        String message = String.valueOf(e.getMessage());
        return e.hint().isPresent() ? CommandFailure.cannot(message, e.hint().get()) : CommandFailure.cannot(message);
    }

    static Binaries binaries() throws CommandFailure {
        return Binaries.find(System.getenv())
                .orElseThrow(() -> CommandFailure.cannot(
                        "Fabric's programs were not found (version " + Binaries.VERSION + ")",
                        "any of these will do: " + String.join("; or ", Binaries.ways(System.getenv()))));
    }

    /// Sentences for whoever watches; nothing in a pipe.
    private static Progress progress(Shell shell) {
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
            return _ -> {};
        }
        return sentence -> {
            shell.err().println("  " + sentence);
            shell.err().flush();
        };
    }

    /// The topology from which the network in the folder was made.
    Optional<Topology> topology() throws IOException, CommandFailure {
        Path file = folder().topology();
        return Files.exists(file) ? Optional.of(read(file.toString(), Files.readString(file))) : Optional.empty();
    }

    static Topology read(String name, String yaml) throws CommandFailure {
        return switch (TopologyFile.read(yaml)) {
            case TopologyReading.Read(var topology) -> topology;
            case TopologyReading.Faulty(var faults) ->
                throw CommandFailure.cannot(
                        name + " is no topology: "
                                + faults.stream().map(Fault::toString).collect(Collectors.joining("; ")),
                        "the schema is topology.schema.json; --profile names one that is good");
        };
    }

    /// Makes the folder a network's, once and for ever.
    Topology found(String name, String yaml) throws IOException, CommandFailure {
        Topology wanted = read(name, yaml);
        Optional<Topology> there = topology();
        if (there.isEmpty()) {
            OwnerFiles.write(folder().topology(), yaml);
            return wanted;
        }
        checkSame(there.get(), wanted, name);
        OwnerFiles.update(folder().topology(), yaml);
        return wanted;
    }

    /// Whether a topology is that of the network which is there, but for who is a member and what they run.
    void checkSame(Topology there, Topology wanted, String name) throws CommandFailure {
        if (!there.sameBut(wanted)) {
            throw CommandFailure.cannot(
                    "the network in " + folder().path() + " was made from another topology than " + name
                            + ", not only in its members",
                    "choose another folder, or leave it out to bring up the one that is there");
        }
    }

    /// Writes the topology of a network that has changed.
    void changed(Topology topology) throws IOException {
        OwnerFiles.write(folder().topology(), TopologyFile.text(topology));
    }

    /// What is left to members elsewhere.
    ///
    /// @param again the command to run once they have done it
    static void printMissing(Shell shell, List<String> missing, String again) {
        missing.forEach(one -> shell.out().println("missing: " + one));
        shell.out().println("run " + again + " again once they have done their part");
    }

    static String names(List<Member> members) {
        return members.stream().map(Member::name).collect(Collectors.joining(", "));
    }

    /// The topology with one more member.
    static Topology with(String name, Member member, Topology before) throws CommandFailure {
        return switch (TopologyFile.with(member, before)) {
            case TopologyReading.Read(var topology) -> topology;
            case TopologyReading.Faulty(var faults) ->
                throw CommandFailure.cannot(name + " does not describe a new member: "
                        + faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        };
    }

    static Member member(Topology topology, String name) throws CommandFailure {
        return topology.member(name)
                .orElseThrow(() -> CommandFailure.cannot(
                        "there is no member " + name, "the members are " + String.join(", ", topology.memberNames())));
    }
}
