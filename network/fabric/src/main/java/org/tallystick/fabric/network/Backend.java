package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.docker.Subnet;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;

/// What the nodes of a network run as. It is chosen when the network is made, and kept in its folder.
public sealed interface Backend {

    /// Processes of this machine.
    record Native() implements Backend {}

    /// Containers of this machine's Docker engine.
    ///
    /// @param network by which the engine knows them as this network's
    record Docker(String network, Images images) implements Backend {

        private static final Pattern NETWORK = Pattern.compile("tallystick-[0-9a-f]{12}");

        public Docker {
            if (!NETWORK.matcher(network).matches()) {
                throw new IllegalArgumentException("not the id of a network of containers: '" + network + "'");
            }
        }

        /// A new one.
        public static Docker of(Images images) {
            byte[] id = new byte[6];
            ThreadLocalRandom.current().nextBytes(id);
            return new Docker("tallystick-" + HexFormat.of().formatHex(id), images);
        }
    }

    /// The word for it on the command line.
    default String word() {
        return switch (this) {
            case Native _ -> "native";
            case Docker _ -> "docker";
        };
    }

    /// The topology with its nodes at addresses where nothing is yet.
    default Topology settled(Topology topology) throws NodeException {
        return switch (this) {
            case Native _ -> FreePorts.of(topology);
            case Docker _ -> Subnet.free().settled(topology);
        };
    }

    /// Whether the nodes here can run as this.
    ///
    /// @throws NodeException if not
    default void check(Here here) throws NodeException {
        switch (this) {
            case Native _ -> {}
            case Docker _ -> {
                if (!here.all()) {
                    throw new NodeException(
                            "containers are reached from their own machine only, but "
                                    + here.elsewhere().getFirst().name() + " has another",
                            "run the nodes as processes: --backend native");
                }
                check(here.topology());
            }
        }
    }

    /// Whether the addresses of a topology are good for this.
    ///
    /// @throws NodeException if not
    default void check(Topology topology) throws NodeException {
        switch (this) {
            case Native _ -> {}
            case Docker _ -> {
                Subnet _ = Subnet.of(topology);
            }
        }
    }

    /// What the network in the folder runs as; a network that does not say so was made when there was but one way.
    static Optional<Backend> of(NetworkFolder folder) throws IOException {
        if (Files.exists(folder.backend())) {
            return Optional.of(read(folder));
        }
        return Files.exists(folder.topology()) ? Optional.of(new Native()) : Optional.empty();
    }

    private static Backend read(NetworkFolder folder) throws IOException {
        Bytes said = Bytes.copyOf(Files.readAllBytes(folder.backend()));
        try {
            if (JsonReader.read(said, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)) {
                return switch (object.text("backend")) {
                    case "native" -> new Native();
                    case "docker" ->
                        new Docker(
                                object.text("network"),
                                new Images(
                                        object.text("peer"),
                                        object.text("orderer"),
                                        object.text("chaincode"),
                                        object.text("base")));
                    case String other -> throw new IOException(folder.backend() + " names " + other + ", no backend");
                };
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IOException(folder.backend() + " does not say what the nodes run as: " + e.getMessage(), e);
        }
        throw new IOException(folder.backend() + " does not say what the nodes run as");
    }

    default void write(NetworkFolder folder) throws IOException {
        Json.Builder said = Json.object().with("backend", word());
        Json.Obj all = switch (this) {
            case Native _ -> said.build();
            case Docker(var network, Images(var peer, var orderer, var chaincode, var base)) ->
                said.with("network", network)
                        .with("peer", peer)
                        .with("orderer", orderer)
                        .with("chaincode", chaincode)
                        .with("base", base)
                        .build();
        };
        OwnerFiles.update(folder.backend(), all.canonical().utf8().orElseThrow());
    }
}
