package org.tallystick.gateway.store;

import java.util.List;
import java.util.Optional;
import org.tallystick.ledger.pack.ChainLeaves;

/// What one block adds to the transparency log.
///
/// @param members of the channel, if the block is a configuration
public record LogChange(List<ChainLeaves.Placed> leaves, Optional<List<String>> members) {

    public static final LogChange NONE = new LogChange(List.of(), Optional.empty());

    public LogChange {
        leaves = List.copyOf(leaves);
        members = members.map(List::copyOf);
    }
}
