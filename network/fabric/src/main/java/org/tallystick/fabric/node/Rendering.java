package org.tallystick.fabric.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.NetworkFolder.PublicFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// Writes what Fabric's programs read: one folder for each node, complete, with no variable of the environment
/// needed.
public final class Rendering {

    private static final String IPV4 = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";
    private static final String ANY_ADDRESS = "0.0.0.0";

    private final Topology topology;
    private final NetworkFolder folder;

    public Rendering(Topology topology, NetworkFolder folder) {
        this.topology = topology;
        this.folder = folder;
    }

    /// Writes everything of one member, from its keys.
    public void write(Member member) throws IOException {
        MemberFolder own = folder.member(member.name());
        show(member, folder);
        copyInto(own.adminMsp(), own);
        MemberFolder.Pair admin = own.identity(MemberKeys.ADMIN);
        copy(admin.certificate(), own.adminMsp().resolve("signcerts/cert.pem"));
        copy(admin.key(), own.adminMsp().resolve("keystore/key.pem"));
        for (Node node : member.nodes()) {
            NodeFolder files = own.node(node.name());
            copy(own.tlsAuthority().certificate(), files.tlsAuthority());
            switch (node) {
                case Orderer orderer -> write(member, orderer, own, files);
                case Peer peer -> write(member, peer, own, files);
                case Chaincode _ -> {}
            }
        }
        if (!member.peers().isEmpty()) {
            OwnerFiles.update(own.address(), member.peers().getFirst().address() + "\n");
            copy(own.tlsAuthority().certificate(), own.addressAuthority());
        }
    }

    /// The member's MSP without any identity.
    private static Path msp(MemberFolder own) {
        return own.path().resolve("msp");
    }

    private static void writeMsp(MemberFolder own) throws IOException {
        Path msp = msp(own);
        copy(own.authority().certificate(), msp.resolve("cacerts/authority.pem"));
        copy(own.tlsAuthority().certificate(), msp.resolve("tlscacerts/tls-authority.pem"));
        writeUnits(msp);
        if (Files.exists(own.revoked())) {
            copy(own.revoked(), msp.resolve("crls/revoked.pem"));
        }
    }

    /// How an MSP knows roles.
    public static void writeUnits(Path msp) throws IOException {
        OwnerFiles.update(
                msp.resolve("config.yaml"), Template.named("msp-config.yaml").filled());
    }

    /// Writes what a member shows to the others, from its keys.
    public static void show(Member member, NetworkFolder folder) throws IOException {
        MemberFolder own = folder.member(member.name());
        writeMsp(own);
        PublicFolder open = folder.open(member.name());
        OwnerFiles.copy(msp(own), open.msp());
        for (Orderer orderer : member.orderers()) {
            NodeFolder node = own.node(orderer.name());
            copy(node.tls().certificate(), open.tls(orderer.name()));
            copy(node.identity().certificate(), open.identity(orderer.name()));
        }
    }

    private static void copyInto(Path msp, MemberFolder own) throws IOException {
        OwnerFiles.copy(msp(own), msp);
    }

    private void write(Member member, Orderer orderer, MemberFolder own, NodeFolder files) throws IOException {
        copyInto(files.msp(), own);
        OwnerFiles.update(
                files.path().resolve("orderer.yaml"),
                Template.named("orderer.yaml")
                        .with("listenHost", listenHost(orderer))
                        .with("port", orderer.port())
                        .with("msp", files.msp())
                        .with("member", member.name())
                        .with("tlsKey", files.tls().key())
                        .with("tlsCertificate", files.tls().certificate())
                        .with("tlsAuthority", files.tlsAuthority())
                        .with("data", files.data())
                        .with("wal", files.data().resolve("wal"))
                        .with("snap", files.data().resolve("snap"))
                        .with("admin", listenHost(orderer) + ":" + orderer.adminPort())
                        .with("operations", listenHost(orderer) + ":" + orderer.operationsPort())
                        .filled());
    }

    private void write(Member member, Peer peer, MemberFolder own, NodeFolder files) throws IOException {
        copyInto(files.msp(), own);
        for (String step : List.of("detect", "build", "release")) {
            Path program = files.builder().resolve("bin").resolve(step);
            String text = Template.named("builder-" + step).filled();
            if (!Files.exists(program) || !Files.readString(program).equals(text)) {
                OwnerFiles.writeProgram(program, text);
            }
        }
        OwnerFiles.update(files.builder().resolve("connection.json"), connection(peer.chaincode(), own));
        OwnerFiles.update(
                files.path().resolve("core.yaml"),
                Template.named("core.yaml")
                        .with("id", peer.name())
                        .with("channel", topology.channel())
                        .with("listen", listenHost(peer) + ":" + peer.port())
                        .with("address", peer.address())
                        .with("tlsCertificate", files.tls().certificate())
                        .with("tlsKey", files.tls().key())
                        .with("tlsAuthority", files.tlsAuthority())
                        .lines("clockSkew", topology.clockSkew().toSeconds() + "s")
                        .with("data", files.data())
                        .with("msp", files.msp())
                        .with("member", member.name())
                        .with("builder", files.builder())
                        .with("snapshots", files.snapshots())
                        .with("operations", listenHost(peer) + ":" + peer.operationsPort())
                        .filled());
    }

    /// How the peer reaches its chaincode process, and shows itself to it.
    private static String connection(Chaincode chaincode, MemberFolder own) throws IOException {
        NodeFolder files = own.node(chaincode.name());
        return Json.object()
                .with("address", chaincode.address())
                .with("dial_timeout", "10s")
                .with("tls_required", true)
                .with("client_auth_required", true)
                .with("client_cert", Files.readString(files.caller().certificate()))
                .with("client_key", Files.readString(files.caller().key()))
                .with("root_cert", Files.readString(own.tlsAuthority().certificate()))
                .build()
                .canonical()
                .utf8()
                .orElseThrow();
    }

    /// A node that is known by an address listens there only; one that is known by a name cannot know where that
    /// leads.
    public static String listenHost(Node node) {
        return node.host().matches(IPV4) ? node.host() : ANY_ADDRESS;
    }

    private static void copy(Path from, Path to) throws IOException {
        OwnerFiles.update(to, Files.readString(from));
    }
}
