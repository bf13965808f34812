package org.tallystick.fabric.lifecycle;

import java.util.List;
import java.util.stream.Stream;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.node.Rendering;
import org.tallystick.fabric.topology.Topology.Chaincode;

/// What the chaincode process of a peer is told, wherever it runs.
///
/// @param id of the package that it serves
public record ChaincodeProcess(Chaincode node, NodeFolder files, String id) {

    /// Young space for what a transaction of the largest size leaves behind, so that little of it is copied.
    private static final List<String> JAVA = List.of(
            "-Xmx384m",
            "-Xmn256m",
            "-XX:+UseSerialGC",
            "-Xss512k",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /// Options of Java: ours, then those of the topology.
    public List<String> java() {
        return Stream.concat(JAVA.stream(), node.java().stream()).toList();
    }

    /// Arguments of [Code#MAIN_CLASS].
    public List<String> arguments() {
        return List.of(
                Rendering.listenHost(node) + ":" + node.port(),
                id,
                files.tls().certificate().toString(),
                files.tls().key().toString(),
                files.tlsAuthority().toString(),
                files.charter().toString());
    }
}
