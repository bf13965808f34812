package org.tallystick.gateway.courier;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

    private final Map<String, CompletableFuture<Outcome>> expected = new ConcurrentHashMap<>();

    /// Must be called before the transaction can be in a block.
    CompletableFuture<Outcome> expect(String transaction) {
        return expected.computeIfAbsent(transaction, _ -> new CompletableFuture<>());
    }

    void forget(String transaction) {
        expected.remove(transaction);
    }

    void happened(Outcome outcome) {
        CompletableFuture<Outcome> waiting = expected.get(outcome.transaction());
        if (waiting != null) {
            waiting.complete(outcome);
        }
    }
}
