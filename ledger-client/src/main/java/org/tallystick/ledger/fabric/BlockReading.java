package org.tallystick.ledger.fabric;

import org.tallystick.agreement.bytes.Hash;
import org.tallystick.ledger.LedgerBlock;

/// What came of reading the bytes of a block.
public sealed interface BlockReading {

    /// @param hash of the header: what the next block must name
    /// @param previous the hash that the header names
    record Read(LedgerBlock block, Hash hash, Hash previous) implements BlockReading {}

    /// Not a block, or one that no peer of this Fabric would have written.
    ///
    /// @param at the part that is wrong, as `transaction 3`
    record Malformed(String at, String what) implements BlockReading {}
}
