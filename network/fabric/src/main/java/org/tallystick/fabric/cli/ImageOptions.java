package org.tallystick.fabric.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.fabric.docker.Images;
import org.tallystick.ledger.cli.CommandFailure;
import picocli.CommandLine.Option;

/// Which images containers are made from.
final class ImageOptions {

    @Option(names = "--peer-image", paramLabel = "IMAGE", description = "Fabric's peer (hyperledger/fabric-peer:3.1.5)")
    private @Nullable String peer;

    @Option(
            names = "--orderer-image",
            paramLabel = "IMAGE",
            description = "Fabric's orderer (hyperledger/fabric-orderer:3.1.5)")
    private @Nullable String orderer;

    @Option(
            names = "--chaincode-image",
            paramLabel = "NAME",
            description = "our chaincode, without the tag (tallystick/chaincode); built if it is missing")
    private @Nullable String chaincode;

    @Option(
            names = "--base-image",
            paramLabel = "IMAGE",
            description = "what our own images are built on: any with Java 25 (eclipse-temurin:25-jre)")
    private @Nullable String base;

    boolean any() {
        return peer != null || orderer != null || chaincode != null || base != null;
    }

    /// These, and those of before for what is not named.
    Images over(Images before) throws CommandFailure {
        try {
            return new Images(
                    Optional.ofNullable(peer).orElse(before.peer()),
                    Optional.ofNullable(orderer).orElse(before.orderer()),
                    Optional.ofNullable(chaincode).orElse(before.chaincode()),
                    Optional.ofNullable(base).orElse(before.base()));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.cannot(String.valueOf(e.getMessage()));
        }
    }
}
