package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.Outcomes.Expected;
import org.tallystick.gateway.courier.Outcomes.Outcome;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.Sending;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.gateway.watch.Watch.Stage;
import org.tallystick.ledger.Ledger.Commit;
import org.tallystick.ledger.Ledger.Endorsed;
import org.tallystick.ledger.LedgerException;

/// Brings signed Fabric envelopes into blocks: stored, sent, and looked for until a block holds them.
///
/// After any doubt the same bytes are sent again, never others: whatever became of the first, a transaction id counts
/// once.
final class Carriage {

    private static final Logger LOG = Logger.getLogger(Carriage.class.getName());

    /// How long a transaction may take to its block before its status is asked; then twice as long, and so on.
    private static final Backoff PATIENCE = new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(30));

    private static final Duration STATUS = Duration.ofSeconds(1);

    private final CourierStore store;
    private final LedgerCalls ledger;
    private final Outcomes outcomes;
    private final Projector projector;
    private final Backoff patience;
    private final Watch watch;

    Carriage(
            CourierStore store,
            LedgerCalls ledger,
            Outcomes outcomes,
            Projector projector,
            Optional<Duration> patience,
            Watch watch) {
        this.store = store;
        this.ledger = ledger;
        this.outcomes = outcomes;
        this.projector = projector;
        this.patience =
                patience.map(first -> new Backoff(first, PATIENCE.longest())).orElse(PATIENCE);
        this.watch = watch;
    }

    /// Sends a transaction and waits for the block that holds it.
    ///
    /// @param about the instructions it carries
    /// @throws LedgerException.Refused if no orderer takes it, and none ever was in doubt: it is forgotten
    /// @throws StoreException if it could not be stored: it was not sent
    Outcome carry(Lease lease, Endorsed endorsed, List<Hash> about)
            throws LedgerException, StoreException, InterruptedException {
        Sending sending = new Sending(endorsed.transaction(), lease.home(), endorsed.envelope());
        Expected outcome = outcomes.expect(sending.transaction());
        try {
            keep(lease, sending);
            try {
                send(sending, about);
            } catch (LedgerException.Refused e) {
                store.discard(sending.transaction());
                throw e;
            } catch (LedgerException e) {
                LOG.info("transaction " + sending.transaction() + ": in doubt whether it was sent: " + e.getMessage());
            }
            try (Watch.Step step = watch.begin(Stage.BLOCK, about)) {
                Outcome happened = await(sending, outcome);
                if (!happened.valid()) {
                    step.failed(happened.code());
                }
                return happened;
            }
        } finally {
            outcomes.forget(sending.transaction());
        }
    }

    /// What may be stored or not is forgotten: it was not sent, and nobody needs to look for it.
    private void keep(Lease lease, Sending sending) throws StoreException, InterruptedException {
        try {
            store.keep(lease, sending);
        } catch (CourierStore.Fenced e) {
            throw e;
        } catch (StoreException e) {
            try {
                store.discard(sending.transaction());
            } catch (StoreException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /// Goes on with a transaction that was stored before a restart: nobody knows whether it was sent.
    Outcome resume(Sending sending) throws InterruptedException {
        Expected outcome = outcomes.expect(sending.transaction());
        try {
            if (!outcome.isKnown() && !committed(sending, outcome)) {
                sendAgain(sending);
            }
            return await(sending, outcome);
        } finally {
            outcomes.forget(sending.transaction());
        }
    }

    private Outcome await(Sending sending, Expected outcome) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Optional<Outcome> known = outcome.await(patience.after(attempt));
            if (known.isPresent()) {
                return known.get();
            }
            if (!committed(sending, outcome)) {
                sendAgain(sending);
            }
        }
    }

    /// Asks for the status of the same transaction id.
    private boolean committed(Sending sending, Expected outcome) throws InterruptedException {
        Commit commit;
        try {
            commit = ledger.call(Stage.STATUS, List.of(), peer -> peer.await(sending.transaction(), STATUS));
        } catch (LedgerException _) {
            return outcome.isKnown();
        }
        if (projector.await(commit.block(), STATUS)) {
            // Its block is read, so its verdicts are stored: whoever asks for them finds them there.
            outcome.complete(new Outcome(sending.transaction(), commit.code(), List.of()));
        }
        return true;
    }

    private void sendAgain(Sending sending) throws InterruptedException {
        try {
            send(sending, List.of());
        } catch (LedgerException e) {
            LOG.info("transaction " + sending.transaction() + ": not sent again yet: " + e.getMessage());
        }
    }

    private void send(Sending sending, List<Hash> about) throws LedgerException, InterruptedException {
        Endorsed same = new Endorsed(sending.transaction(), sending.envelope(), Json.Obj.EMPTY);
        boolean _ = ledger.call(Stage.BROADCAST, about, peer -> {
            peer.broadcast(same);
            return true;
        });
    }
}
