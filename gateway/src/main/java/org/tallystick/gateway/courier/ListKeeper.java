package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tallystick.gateway.courier.Clockwork.Strand;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.ListStore;
import org.tallystick.gateway.store.ListStore.Generation;
import org.tallystick.gateway.store.ListStore.Stage;
import org.tallystick.gateway.store.ListStore.Standing;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// Makes the lists again from the blocks when they have to be, while the old ones are served.
///
/// They have to be when they were made by other rules, and when an operator says so. Of several gateways that share a
/// store one does it; if two did, what one writes after the other would not be added. A list that is complete grows
/// with the blocks as they are stored, and nothing is done here but to look whether there is anything to do.
public final class ListKeeper {

    private static final Logger LOG = Logger.getLogger(ListKeeper.class.getName());

    /// How often it is looked.
    private static final Duration LOOK = Duration.ofMillis(500);
    /// How long nobody goes on after a gateway died that was at it.
    private static final Duration TERM = Duration.ofSeconds(10);

    private static final Duration RENEW = TERM.dividedBy(4);
    private static final String LEASE = "lists";

    /// Blocks and items that are written at once, or deleted.
    public static final int STEP = 1_000;

    private final Ledger ledger;
    private final CourierStore leases;
    private final ListStore lists;
    private final String owner;
    private final int most;
    private final Clockwork clockwork;
    private volatile boolean open = true;
    private volatile @Nullable BlockStream stream;
    private @Nullable Strand strand;
    private long renewAt;

    /// @param instance which of the gateways that share the store this is
    /// @param most blocks and items that are written at once, or deleted
    public ListKeeper(Ledger ledger, CourierStore leases, ListStore lists, String instance, int most) {
        this.ledger = ledger;
        this.leases = leases;
        this.lists = lists;
        // Of its own: a courier keeps its leases alive for as long as it lives, and gives back those it has no use for.
        this.owner = instance + " " + LEASE;
        this.most = most;
        this.clockwork = Clockwork.MACHINE;
    }

    public void start() {
        renewAt = clockwork.nanos();
        strand = clockwork.start("lists", this::run);
    }

    private void run() {
        int troubles = 0;
        while (open) {
            try {
                clockwork.sleep(look() ? Duration.ZERO : LOOK);
                troubles = 0;
            } catch (InterruptedException _) {
                return;
            } catch (BlockStream.Broken | LedgerException | StoreException | NoSuchElementException e) {
                troubles++;
                log(Level.INFO, "lists: interrupted, tried again: " + e.getMessage());
                if (!Clockwork.slept(clockwork, Backoff.TROUBLE.after(troubles))) {
                    return;
                }
            } catch (RuntimeException e) {
                LOG.log(Level.SEVERE, "lists: cannot be made", e);
                if (!Clockwork.slept(clockwork, Backoff.TROUBLE.longest())) {
                    return;
                }
            }
        }
    }

    private void log(Level level, String message) {
        if (open) {
            LOG.log(level, message);
        }
    }

    /// @return whether there is more to do at once
    private boolean look() throws StoreException, LedgerException, InterruptedException {
        Standing standing = lists.standing();
        return isDue(standing) && isOurs() && advance(standing);
    }

    private static boolean isDue(Standing standing) {
        return standing.isOutOfDate()
                || standing.generations().stream()
                        .anyMatch(one -> one.stage() == Stage.OLD
                                || (one.isOurs() && (one.stage() == Stage.BUILDING || one.block() < standing.block())));
    }

    /// Whether this is the gateway that does it.
    private boolean isOurs() throws StoreException, InterruptedException {
        if (clockwork.nanos() < renewAt) {
            return true;
        }
        boolean ours = leases.lease(owner, LEASE, TERM).isPresent();
        if (ours) {
            renewAt = clockwork.nanos() + RENEW.toNanos();
        }
        return ours;
    }

    /// One step.
    private boolean advance(Standing standing) throws StoreException, LedgerException, InterruptedException {
        if (standing.isOutOfDate()) {
            if (lists.begin(false)) {
                log(Level.INFO, "lists: made again from the blocks");
            }
            return true;
        }
        for (Generation one : standing.generations()) {
            if (one.isOurs() && one.block() < standing.block()) {
                return follow(one, standing.block());
            }
            if (one.isOurs() && one.stage() == Stage.BUILDING && lists.serve(one.number())) {
                log(Level.INFO, "lists: those that were made again are served, up to block " + one.block());
                return true;
            }
        }
        for (Generation one : standing.generations()) {
            if (one.stage() == Stage.OLD) {
                boolean _ = lists.forget(one.number(), most);
                return true;
            }
        }
        return false;
    }

    /// Adds the blocks up to `last`.
    ///
    /// @return whether all are there
    private boolean follow(Generation generation, long last)
            throws StoreException, LedgerException, InterruptedException {
        try (BlockStream blocks = ledger.blocks(generation.block() + 1)) {
            stream = blocks;
            List<BlockChange> step = new ArrayList<>();
            int size = 0;
            long number = generation.block() + 1;
            for (; open && number <= last && blocks.hasNext(); number++) {
                BlockChange change = Projection.of(blocks.next()).change();
                if (change.block() != number) {
                    throw new IllegalStateException("block " + change.block() + " came in the place of " + number);
                }
                step.add(change);
                size += 1 + change.lists().size();
                if (size >= most || number == last) {
                    if (!isOurs() || !lists.add(generation.number(), step)) {
                        return false;
                    }
                    step.clear();
                    size = 0;
                }
            }
            return number > last;
        } finally {
            stream = null;
        }
    }

    public void close() throws InterruptedException {
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
