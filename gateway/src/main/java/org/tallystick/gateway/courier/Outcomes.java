package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.tallystick.agreement.json.Json;

/// Who waits for which transaction to appear in a block.
final class Outcomes {

    /// @param code Fabric's name of the validation code
    /// @param items the answers to its instructions; none if it is invalid
    record Outcome(String transaction, String code, List<Json.Obj> items) {
        public Outcome {
            items = List.copyOf(items);
        }

        boolean valid() {
            return code.equals("VALID");
        }
    }

    /// The outcome of one transaction, once it is known.
    final class Expected {
        private Optional<Outcome> outcome = Optional.empty();

        /// The first outcome counts.
        synchronized void complete(Outcome happened) {
            if (outcome.isEmpty()) {
                outcome = Optional.of(happened);
                clockwork.wake(this);
            }
        }

        synchronized boolean isKnown() {
            return outcome.isPresent();
        }

        /// @return nothing if it takes longer
        synchronized Optional<Outcome> await(Duration longest) throws InterruptedException {
            long end = clockwork.nanos() + longest.toNanos();
            long left = longest.toMillis();
            while (outcome.isEmpty() && left > 0) {
                clockwork.await(this, left);
                left = (end - clockwork.nanos()) / 1_000_000;
            }
            return outcome;
        }
    }

    private final Clockwork clockwork;
    private final Map<String, Expected> expected = new ConcurrentHashMap<>();

    Outcomes(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    /// Must be called before the transaction can be in a block.
    Expected expect(String transaction) {
        return expected.computeIfAbsent(transaction, _ -> new Expected());
    }

    void forget(String transaction) {
        expected.remove(transaction);
    }

    void happened(Outcome outcome) {
        Expected waiting = expected.get(outcome.transaction());
        if (waiting != null) {
            waiting.complete(outcome);
        }
    }
}
