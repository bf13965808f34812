package org.tallystick.fabric.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.ChaincodeProcess;
import org.tallystick.fabric.lifecycle.Packaged;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Template;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// All nodes of a network as one compose file, which holds no secret.
///
/// A container sees the folder of its own node and nothing else, at the path it has on this machine: so the same
/// configuration serves a process and a container. It can write where the ledger and the snapshots are.
public final class ComposeFile {

    private static final String ORDERER_MEMORY = "512m";
    private static final String PEER_MEMORY = "1g";
    private static final String CHAINCODE_MEMORY = "1g";
    /// Fabric's images would have volumes there, which nobody would ever remove.
    private static final List<String> FABRIC_SCRATCH = List.of("/tmp", "/var/hyperledger", "/etc/hyperledger/fabric");
    /// The shim unpacks a library there.
    private static final List<String> JAVA_SCRATCH = List.of("/tmp:exec");

    private final Topology topology;
    private final NetworkFolder folder;
    private final Images images;
    private final String network;

    /// @param network the id by which containers are known as this network's
    public ComposeFile(Topology topology, NetworkFolder folder, Images images, String network) {
        this.topology = topology;
        this.folder = folder;
        this.images = images;
        this.network = network;
    }

    /// Writes the file, and makes what it mounts.
    public void write(Packaged packaged) throws IOException, NodeException {
        for (Node node : topology.nodes()) {
            for (Path written : written(node)) {
                Path _ = OwnerFiles.folder(written);
            }
        }
        OwnerFiles.update(folder.compose(), text(packaged, owner()));
        OwnerFiles.update(folder.composeProject(), "COMPOSE_PROJECT_NAME=" + network + "\n");
    }

    private String owner() throws IOException {
        Path path = folder.path();
        return Files.getAttribute(path, "unix:uid") + ":" + Files.getAttribute(path, "unix:gid");
    }

    /// @param user who owns the folder, as numbers
    String text(Packaged packaged, String user) throws NodeException {
        return Template.beside(ComposeFile.class, "compose.yaml")
                .lines(
                        "services",
                        topology.nodes().stream()
                                .map(node -> service(node, packaged, user))
                                .collect(Collectors.joining())
                                .stripTrailing())
                .with("subnet", Subnet.of(topology).cidr())
                .with("network", network)
                .filled();
    }

    private String service(Node node, Packaged packaged, String user) {
        Template service = Template.beside(ComposeFile.class, "compose-node.yaml")
                .with("name", node.name())
                .with("user", user)
                .with("host", node.host())
                .with("network", network)
                .lines("volumes", volumes(node));
        return switch (node) {
            case Orderer _ ->
                fabric(service, files(node))
                        .with("image", images.orderer())
                        .lines("command", texts(List.of("orderer")))
                        .lines("memory", ORDERER_MEMORY)
                        .filled();
            case Peer _ ->
                fabric(service, files(node))
                        .with("image", images.peer())
                        .lines("command", texts(List.of("peer", "node", "start")))
                        .lines("memory", PEER_MEMORY)
                        .filled();
            case Chaincode chaincode -> {
                ChaincodeProcess process = new ChaincodeProcess(chaincode, files(node), packaged.id());
                yield service.with("image", images.of(packaged.code()))
                        .lines("command", texts(process.arguments()))
                        .lines("variable", "JDK_JAVA_OPTIONS")
                        .lines("value", text(process.java().stream().collect(Collectors.joining("\" \"", "\"", "\""))))
                        .lines("scratch", texts(JAVA_SCRATCH))
                        .lines("memory", CHAINCODE_MEMORY)
                        .filled();
            }
        };
    }

    private static Template fabric(Template service, NodeFolder files) {
        return service.lines("variable", "FABRIC_CFG_PATH")
                .lines("value", text(files.path().toString()))
                .lines("scratch", texts(FABRIC_SCRATCH));
    }

    private NodeFolder files(Node node) {
        return folder.member(topology.memberOf(node).name()).node(node.name());
    }

    private List<Path> written(Node node) {
        NodeFolder files = files(node);
        return switch (node) {
            case Orderer _ -> List.of(files.data());
            case Peer _ -> List.of(files.data(), files.snapshots());
            case Chaincode _ -> List.of();
        };
    }

    private String volumes(Node node) {
        return Stream.concat(
                        Stream.of(volume(files(node).path(), true)),
                        written(node).stream().map(path -> volume(path, false)))
                .collect(Collectors.joining("\n"));
    }

    private static String volume(Path path, boolean readOnly) {
        String text = text(path.toString());
        return "      - {type: bind, source: " + text + ", target: " + text + ", read_only: " + readOnly + "}";
    }

    private static String texts(List<String> all) {
        return all.stream().map(ComposeFile::text).collect(Collectors.joining(", "));
    }

    /// In quotation marks, and such that compose takes no dollar sign for a variable.
    private static String text(String text) {
        return Json.text(text.replace("$", "$$")).canonical().utf8().orElseThrow();
    }
}
