package org.tallystick.gateway.http;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.Store.Unfinished;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.ledger.Ledger;

/// Whether instructions can be taken and verdicts read now, and if not, why.
public final class Readiness {

    private static final Logger LOG = Logger.getLogger(Readiness.class.getName());

    /// How long an answer of the store or of the peer may take; what takes longer counts as none.
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final Courier courier;
    private final Store store;
    private final LedgerReading ledger;
    private final TransparencyLog log;
    private final Executor threads;
    private final BooleanSupplier stopping;
    private final ReadyLimits limits;

    /// @param ledger asked apart from what callers ask, so that many of them make no gateway unready
    public Readiness(
            Courier courier,
            Store store,
            Ledger ledger,
            TransparencyLog log,
            Executor threads,
            BooleanSupplier stopping,
            ReadyLimits limits) {
        this.courier = courier;
        this.store = store;
        this.ledger = new LedgerReading(ledger, threads, Watch.NONE);
        this.log = log;
        this.threads = threads;
        this.stopping = stopping;
        this.limits = limits;
    }

    /// Why a gateway is not ready.
    public enum Reason {
        STOPPING,
        /// The peer does not answer.
        PEER,
        /// Blocks are not followed, or too far behind the peer's.
        BLOCKS,
        /// Nothing can be written.
        STORE,
        /// The oldest instruction without an answer is too old.
        OLDEST;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How it stands.
    ///
    /// @param block the last whose verdicts are stored
    /// @param held instructions that this instance carries
    /// @param behind blocks that the peer has and the store has not; nothing if the peer does not answer
    /// @param unfinished nothing if the store does not answer
    /// @param oldest how long the oldest instruction without an answer has had none
    /// @param log how the transparency log stands; empty if the store does not answer
    public record Now(
            long block,
            int held,
            int leases,
            OptionalLong behind,
            Optional<Unfinished> unfinished,
            Duration oldest,
            Json.Obj log,
            boolean signs,
            ReadyLimits limits,
            List<Reason> reasons) {

        public boolean ready() {
            return reasons.isEmpty();
        }

        boolean lacks(Reason reason) {
            return reasons.contains(reason);
        }
    }

    public Future<Now> now() {
        Future<Boolean> writable = asked(() -> store.writable(LONGEST), false);
        Future<OptionalLong> height = asked(() -> OptionalLong.of(ledger.height()), OptionalLong.empty());
        Future<Optional<Unfinished>> unfinished = asked(() -> Optional.of(store.unfinished()), Optional.empty());
        Future<Json.Obj> standing = asked(log::standing, Json.Obj.EMPTY);
        Future<Boolean> signs = asked(() -> log.signer().isPresent(), false);
        return Future.all(writable, height, unfinished, standing, signs)
                .map(_ -> now(
                        writable.result(), height.result(), unfinished.result(), standing.result(), signs.result()));
    }

    private <T> Future<T> asked(Callable<T> question, T none) {
        return Waiting.on(threads, question)
                .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> LOG.log(Level.FINE, "readiness: no answer", failure))
                .otherwise(none);
    }

    private Now now(
            boolean writable, OptionalLong height, Optional<Unfinished> unfinished, Json.Obj standing, boolean signs) {
        long block = courier.position();
        OptionalLong behind =
                height.isPresent() ? OptionalLong.of(Math.max(0, height.getAsLong() - 1 - block)) : height;
        Duration oldest = unfinished
                .filter(held -> held.unanswered() > 0)
                .map(held -> Duration.ofMillis(Math.max(0, System.currentTimeMillis() - held.oldestMillis())))
                .orElse(Duration.ZERO);
        List<Reason> reasons = new ArrayList<>();
        add(reasons, Reason.STOPPING, stopping.getAsBoolean());
        add(reasons, Reason.PEER, behind.isEmpty());
        add(reasons, Reason.BLOCKS, !courier.following() || behind.orElse(0) > limits.blocks());
        add(reasons, Reason.STORE, !writable || unfinished.isEmpty());
        add(reasons, Reason.OLDEST, oldest.compareTo(limits.oldest()) > 0);
        return new Now(
                block,
                courier.held(),
                courier.leases(),
                behind,
                unfinished,
                oldest,
                standing,
                signs,
                limits,
                List.copyOf(reasons));
    }

    private static void add(List<Reason> reasons, Reason reason, boolean holds) {
        if (holds) {
            reasons.add(reason);
        }
    }
}
