package org.tallystick.gateway.log;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.gateway.store.LogStore;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// Asks the ledger who its members are, but not for each request; while it does not answer, its last answer counts.
final class Rosters {

    private static final Logger LOG = Logger.getLogger(Rosters.class.getName());

    /// How long an answer is good, and how long none is asked for after a failure.
    static final Duration GOOD = Duration.ofSeconds(2);

    private final Ledger ledger;
    private final LogStore store;
    private Optional<Roster> last = Optional.empty();
    private long asked = System.nanoTime() - GOOD.toNanos();

    Rosters(Ledger ledger, LogStore store) {
        this.ledger = ledger;
        this.store = store;
    }

    /// Nothing as long as the ledger never answered.
    synchronized Optional<Roster> now() throws StoreException, InterruptedException {
        List<String> members = store.members();
        // Before the first block is read nobody is known.
        if (!members.isEmpty() && System.nanoTime() - asked >= GOOD.toNanos()) {
            try {
                LedgerTime now = ledger.net().time(new LedgerTime(Instant.now().getEpochSecond()));
                last = Optional.of(Roster.read(ledger, members, now));
            } catch (LedgerException e) {
                LOG.log(Level.INFO, "log: the members' keys are not read anew: " + e.getMessage());
            }
            asked = System.nanoTime();
        }
        return last;
    }
}
