package org.tallystick.agreement.rules;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.settlement.naive.Comparison;

/// A case of terms/1 that was lived on a ledger to its end, for whoever reads what is left there.
///
/// @param agreement under which it was lived
/// @param state every key of the ledger
/// @param periods those that were settled, in order
public record LivedCase(AgreementId agreement, SortedMap<String, Json.Obj> state, List<String> periods) {

    /// The case that a seed draws over the whole language; every period of it is settled.
    public static LivedCase drawn(long seed) {
        Case one = Case.settled(seed, Comparison.FEATURES);
        return of(one.terms(), one.events(), one.first(), one.last(), seed);
    }

    /// @param seed that decides how the events are cut into reports
    public static LivedCase of(Json.Obj terms, List<Json> events, String opening, String last, long seed) {
        LedgerCase one = new LedgerCase(terms, events, opening, last, seed);
        List<LedgerCase.Closed> closed = one.live();
        List<String> periods = closed.stream()
                .filter(LedgerCase.Closed.With.class::isInstance)
                .map(period -> ((LedgerCase.Closed.With) period).statement().text("period"))
                .toList();
        MemoryLedger ledger = one.ledger();
        TreeMap<String, Json.Obj> state = new TreeMap<>();
        ledger.state.keySet().forEach(key -> state.put(key, ledger.json(key)));
        return new LivedCase(new AgreementId(Story.AGREEMENT), state, periods);
    }
}
