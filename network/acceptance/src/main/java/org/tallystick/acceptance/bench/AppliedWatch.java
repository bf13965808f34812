package org.tallystick.acceptance.bench;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// Counts instructions as blocks apply them.
final class AppliedWatch implements AutoCloseable {

    private record Seen(long at, int applied) {}

    private final BlockStream blocks;
    private final List<Seen> seen = new ArrayList<>();

    private AppliedWatch(BlockStream blocks) {
        this.blocks = blocks;
    }

    /// Begins with the next block.
    static AppliedWatch begin(Ledger ledger) throws LedgerException {
        AppliedWatch watch = new AppliedWatch(ledger.blocks(ledger.height()));
        Thread _ = Thread.ofVirtual().start(watch::run);
        return watch;
    }

    private void run() {
        while (blocks.hasNext()) {
            int applied = 0;
            for (LedgerBlock.Transaction transaction : blocks.next().transactions()) {
                if (transaction.valid() && transaction.function().equals("submit")) {
                    applied += (int) transaction.answers().stream()
                            .filter(answer -> answer.text("result").equals("applied"))
                            .count();
                }
            }
            synchronized (this) {
                seen.add(new Seen(System.nanoTime(), applied));
            }
        }
    }

    /// How many were applied from the beginning to a moment.
    synchronized int until(long nanos) {
        return seen.stream()
                .filter(one -> one.at() <= nanos)
                .mapToInt(Seen::applied)
                .sum();
    }

    @Override
    public void close() {
        blocks.close();
    }
}
