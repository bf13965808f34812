package org.tallystick.gateway.courier;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.tallystick.gateway.store.LogChange;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.pack.BlockLeaves;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.Leaf;

/// What each block adds to the transparency log, from where the store ends.
final class LogLeaves {

    private static final String SUBMIT = "submit";

    private final BlockLeaves leaves;

    LogLeaves(SortedMap<String, ChainLeaves.End> ends) {
        this.leaves = new BlockLeaves(new ChainLeaves(ends));
    }

    /// @param verdicts the leaves of each `submit` that has some, by its place in the block
    LogChange next(LedgerBlock block, Map<Integer, List<Leaf>> verdicts) throws LedgerException {
        return new LogChange(
                leaves.next(
                        block,
                        transaction -> transaction.function().equals(SUBMIT)
                                ? verdicts.getOrDefault(transaction.index(), List.of())
                                : BlockLeaves.of(transaction)),
                BlockLeaves.configuration(block)
                        .map(configuration ->
                                List.copyOf(configuration.members().keySet())));
    }
}
