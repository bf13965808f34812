package org.tallystick.fabric.docker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;

/// What containers are made from: Fabric's images, which are taken as they are, and ours, built on a base with Java 25.
///
/// @param chaincode the name of our chaincode's image; its tag is the version that members approve
public record Images(String peer, String orderer, String chaincode, String base) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-zA-Z0-9._/:@-]{0,254}");

    /// Fabric's own, and a usual one with Java 25.
    public static final Images USUAL = new Images(
            "hyperledger/fabric-peer:" + Binaries.VERSION,
            "hyperledger/fabric-orderer:" + Binaries.VERSION,
            "tallystick/chaincode",
            "eclipse-temurin:25-jre");

    /// The name of the gateway's image; its tag is a version, as of chaincode.
    public static final String GATEWAY = "tallystick/gateway";

    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final String INSIDE = "/opt/tallystick/code/";

    public Images {
        for (String name : List.of(peer, orderer, chaincode, base)) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not a name of an image: '" + name + "'");
            }
        }
    }

    /// The image of a version of our chaincode.
    public String of(Code code) {
        return chaincode + ":" + code.version();
    }

    /// Makes sure that everything is there: nothing is downloaded, but our own image is built if it is missing.
    ///
    /// @param work a folder that may be used meanwhile
    /// @return whether it was built now
    public boolean complete(Engine engine, Code code, Path work)
            throws IOException, NodeException, InterruptedException {
        for (String image : List.of(peer, orderer)) {
            require(engine, image);
        }
        if (engine.has(of(code))) {
            return false;
        }
        buildChaincode(engine, code, work);
        return true;
    }

    private static void require(Engine engine, String image) throws NodeException, InterruptedException {
        if (!engine.has(image)) {
            throw new NodeException(
                    "the Docker engine has no image " + image, "docker pull " + image + ", or name another image");
        }
    }

    /// Builds the image of our chaincode.
    public void buildChaincode(Engine engine, Code code, Path work)
            throws IOException, NodeException, InterruptedException {
        build(engine, "chaincode", of(code), code, work);
    }

    /// Builds the image of the gateway.
    ///
    /// @param code everything that this program runs on
    /// @return its name
    public String buildGateway(Engine engine, Code code, Path work)
            throws IOException, NodeException, InterruptedException {
        String image = GATEWAY + ":" + code.version();
        build(engine, "gateway", image, code, work);
        return image;
    }

    private void build(Engine engine, String kind, String image, Code code, Path work)
            throws IOException, NodeException, InterruptedException {
        require(engine, base);
        Path folder = work.resolve("image");
        OwnerFiles.delete(folder);
        OwnerFiles.copy(code.folder(), folder.resolve("code"));
        OwnerFiles.write(folder.resolve("class-path"), classPath(code));
        OwnerFiles.write(folder.resolve("Dockerfile"), dockerfile(kind));
        // What only its owner can read would not be readable in a container that runs as somebody else.
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                Path _ = Files.setPosixFilePermissions(file, Files.isDirectory(file) ? FOLDER : FILE);
            }
        }
        engine.build(folder, image, base);
        OwnerFiles.delete(folder);
    }

    /// An argument file of `java`.
    private static String classPath(Code code) throws IOException {
        return OwnerFiles.list(code.folder()).stream()
                .map(part -> INSIDE + part.getFileName())
                .collect(Collectors.joining(":", "-cp\n\"", "\"\n"));
    }

    private static String dockerfile(String kind) throws IOException {
        try (InputStream in = Images.class.getResourceAsStream(kind + "/Dockerfile")) {
            if (in == null) {
                throw new IllegalStateException("this program lacks its own Dockerfile of " + kind);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
