package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.chaincode.Charter;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.ledger.fabric.BlockReader;
import org.tallystick.ledger.fabric.BlockReading;
import org.tallystick.ledger.fabric.LedgerId;

/// What the chaincode processes here are told of the ledger, from this machine's own copy of the first block.
final class Charters {

    private final Here here;

    Charters(Here here) {
        this.here = here;
    }

    /// Tells every process that was not told of this ledger yet.
    ///
    /// @param trial what to tell, if none here was
    void write(boolean trial) throws IOException, NodeException {
        Hash ledger = ledgerId(here.folder(), here.topology().channel(), LocalNetwork.CHAINCODE);
        boolean told = told(ledger).map(Charter::trial).orElse(trial);
        for (Peer peer : here.peers()) {
            if (told(peer.chaincode(), ledger).isEmpty()) {
                OwnerFiles.update(file(peer.chaincode()), new Charter(ledger, told).text());
            }
        }
    }

    /// Whether the ledger is to begin as a trial.
    boolean trial() throws IOException, NodeException {
        Hash ledger = ledgerId(here.folder(), here.topology().channel(), LocalNetwork.CHAINCODE);
        return told(ledger).orElseThrow().trial();
    }

    private Optional<Charter> told(Hash ledger) throws IOException, NodeException {
        Optional<Charter> told = Optional.empty();
        for (Peer peer : here.peers()) {
            told = told.isPresent() ? told : told(peer.chaincode(), ledger);
        }
        return told;
    }

    private Optional<Charter> told(Chaincode chaincode, Hash ledger) throws IOException, NodeException {
        Path file = file(chaincode);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Charter charter = Charter.read(Bytes.copyOf(Files.readAllBytes(file)))
                .orElseThrow(() -> new NodeException(
                        file + " does not say which ledger may begin", "remove it, then: tally network up"));
        return Optional.of(charter).filter(one -> one.ledger().equals(ledger));
    }

    private Path file(Chaincode chaincode) {
        String member = here.topology().memberOf(chaincode).name();
        return here.folder().member(member).node(chaincode.name()).charter();
    }

    /// The id of the ledger that a chaincode would have on the channel, by its first block.
    static Hash ledgerId(NetworkFolder folder, String channel, String chaincode) throws IOException, NodeException {
        Bytes block = Bytes.copyOf(Files.readAllBytes(folder.genesis()));
        return switch (new BlockReader(channel, chaincode).read(block)) {
            case BlockReading.Read read -> LedgerId.of(read.hash(), channel, chaincode);
            case BlockReading.Malformed(var at, var what) ->
                throw new NodeException(folder.genesis() + " is no first block: " + at + ", " + what);
        };
    }
}
