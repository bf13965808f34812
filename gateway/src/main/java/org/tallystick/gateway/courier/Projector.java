package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tallystick.gateway.courier.Clockwork.Strand;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// Follows the blocks from the stored position. What a block says is stored with its number before anybody is told.
final class Projector {

    private static final Logger LOG = Logger.getLogger(Projector.class.getName());

    private final Ledger ledger;
    private final CourierStore store;
    private final Consumer<Projection> told;
    private final Clockwork clockwork;
    private long position;
    private volatile boolean open = true;
    private volatile boolean following;
    private volatile @Nullable BlockStream stream;
    private @Nullable Strand strand;

    /// @param position the last block that is stored
    /// @param told of each block once it is stored; must not wait
    Projector(Ledger ledger, CourierStore store, long position, Consumer<Projection> told, Clockwork clockwork) {
        this.ledger = ledger;
        this.store = store;
        this.position = position;
        this.told = told;
        this.clockwork = clockwork;
    }

    void start() {
        strand = clockwork.start("projector", this::run);
    }

    /// The last block that is stored, and of which all were told.
    synchronized long position() {
        return position;
    }

    /// Whether the stream of blocks is open.
    boolean following() {
        return following;
    }

    /// Waits until `block` is stored.
    ///
    /// @return false if that takes longer
    synchronized boolean await(long block, Duration longest) throws InterruptedException {
        long end = clockwork.nanos() + longest.toNanos();
        while (position < block) {
            long left = (end - clockwork.nanos()) / 1_000_000;
            if (left <= 0 || !open) {
                return false;
            }
            clockwork.await(this, left);
        }
        return true;
    }

    private void run() {
        int troubles = 0;
        while (open) {
            long before = position();
            try {
                follow();
            } catch (InterruptedException _) {
                return;
            } catch (BlockStream.Broken | LedgerException | StoreException | ExecutionException e) {
                log(Level.WARNING, "blocks: interrupted after block " + position() + ": " + e.getMessage());
            } catch (RuntimeException e) {
                if (open) {
                    LOG.log(Level.SEVERE, "blocks: cannot read the block after " + position(), e);
                }
            }
            troubles = position() > before ? 1 : troubles + 1;
            if (open && !Clockwork.slept(clockwork, Backoff.TROUBLE.after(troubles))) {
                return;
            }
        }
    }

    private void log(Level level, String message) {
        if (open) {
            LOG.log(level, message);
        }
    }

    /// Nothing is read of a peer whose blocks do not go on from what is stored.
    private void follow() throws LedgerException, StoreException, InterruptedException, ExecutionException {
        switch (Continuation.of(ledger, store)) {
            case Continuation.Same _ -> read();
            case Continuation.Behind behind -> log(Level.WARNING, "blocks: " + behind.text());
            case Continuation.Other other -> log(Level.SEVERE, "blocks: " + other.text());
        }
    }

    private void read() throws LedgerException, StoreException, InterruptedException, ExecutionException {
        try (BlockStream blocks = ledger.blocks(position() + 1)) {
            stream = blocks;
            following = true;
            // From the store each time: after a failed write it says what the next leaves follow.
            CourierStore.Stored stored = store.stored();
            LogLeaves log = new LogLeaves(stored.chains());
            while (open && blocks.hasNext()) {
                LedgerBlock block = blocks.next();
                if (block.number() != position() + 1) {
                    throw new IllegalStateException("block " + block.number() + " came after block " + position());
                }
                Projection projection = Projection.of(block);
                // An instance that shares the store may have been faster.
                if (block.number() > stored.block()) {
                    boolean _ = store.apply(projection.change().with(log.next(block, projection.leaves())))
                            .get();
                }
                // Whoever waits for this block goes on when all are told: who has a verdict is not offered again.
                told.accept(projection);
                moved(block.number());
            }
        } catch (NoSuchElementException e) {
            log(Level.FINE, "blocks: the stream ended: " + e.getMessage());
        } finally {
            following = false;
            stream = null;
        }
    }

    private synchronized void moved(long block) {
        position = block;
        clockwork.wake(this);
    }

    void close() throws InterruptedException {
        open = false;
        BlockStream now = stream;
        if (now != null) {
            now.close();
        }
        Strand running = strand;
        if (running != null) {
            running.interrupt();
            boolean _ = running.join(Duration.ofSeconds(2));
        }
    }
}
