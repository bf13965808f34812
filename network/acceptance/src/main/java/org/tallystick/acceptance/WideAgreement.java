package org.tallystick.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.CaseFile;

/// An agreement of 500 splits over 500 parties, so wide that no close of it fits one step. Fifteen parties of the
/// ledger
/// stand for them.
public final class WideAgreement {

    private static final int SPLITS = 500;
    /// Beside the hub.
    private static final int PARTIES = 499;
    /// Of these, in each split.
    private static final int SHARING = 14;
    /// Parties of the ledger that they are.
    private static final int SIGNERS = 14;
    private static final int EVENTS = 10;

    private WideAgreement() {}

    /// With ten sales in each of the first months of 2026.
    ///
    /// @param months at most 9
    public static ExampleAgreement of(String label, int months) {
        Json.Obj terms = terms();
        List<Json> events = new ArrayList<>();
        for (int i = 0; i < EVENTS * months; i++) {
            events.add(Json.object()
                    .with("amount", 10_007 + 41 * i)
                    .with("currency", "EUR")
                    .with("date", "2026-0" + (1 + i / EVENTS) + "-" + (10 + i % EVENTS))
                    .with("id", new EventId(new SourceId("sales"), i + 1).text())
                    .with("type", "sale")
                    .build());
        }
        List<String> periods = IntStream.rangeClosed(1, months)
                .mapToObj(month -> "2026-0" + month)
                .toList();
        TreeMap<String, String> parties = new TreeMap<>();
        parties.put("hub", "north/wide");
        for (int i = 0; i < PARTIES; i++) {
            int signer = i % SIGNERS;
            parties.put("p" + i, (signer % 2 == 0 ? "east/wide" : "west/wide") + signer / 2);
        }
        return new ExampleAgreement(
                "north/wide/" + label,
                Json.object()
                        .with("events", Json.array(events))
                        .with("settlements", settled(terms, events, periods))
                        .with("terms", terms)
                        .build(),
                parties,
                List.of(new ExampleAgreement.Source("sales", "hub", List.of("sale"))));
    }

    /// What the engine makes of it in one go.
    private static Json settled(Json.Obj terms, List<Json> events, List<String> periods) {
        List<Json> asked = periods.stream()
                .<Json>map(period -> Json.object().with("period", period).build())
                .toList();
        Json all = Json.object()
                .with("events", Json.array(events))
                .with("settlements", Json.array(asked))
                .with("terms", terms)
                .build();
        if (!(CaseFile.settle(all) instanceof CaseFile.Settled settled) || settled.isRefused()) {
            throw new IllegalStateException("the wide agreement is not settled by the engine");
        }
        List<Json> settlements = new ArrayList<>();
        for (int i = 0; i < periods.size(); i++) {
            settlements.add(Json.object()
                    .with("expected", settled.encode().items().get(i))
                    .with("period", periods.get(i))
                    .build());
        }
        return Json.array(settlements);
    }

    private static Json.Obj terms() {
        List<Json> parties = new ArrayList<>(List.of(party("hub")));
        for (int i = 0; i < PARTIES; i++) {
            parties.add(party("p" + i));
        }
        List<Json> clauses = new ArrayList<>();
        for (int i = 0; i < SPLITS; i++) {
            Json.Builder shares = Json.object().with("hub", "1/" + (SHARING + 1));
            for (int k = 0; k < SHARING; k++) {
                shares = shares.with("p" + (i * SHARING + k) % PARTIES, "1/" + (SHARING + 1));
            }
            clauses.add(Json.object()
                    .with("holder", "hub")
                    .with("id", "split" + i)
                    .with("of", "sales")
                    .with("shares", shares.build())
                    .with("type", "split")
                    .build());
        }
        return Json.object()
                .with("calendar", Json.object().with("frequency", "month").build())
                .with("clauses", Json.array(clauses))
                .with("currency", "EUR")
                .with("hub", "hub")
                .with("id", "wide")
                .with(
                        "measures",
                        Json.object()
                                .with(
                                        "sales",
                                        Json.object()
                                                .with(
                                                        "plus",
                                                        Json.array(List.of(Json.object()
                                                                .with("type", "sale")
                                                                .build())))
                                                .build())
                                .build())
                .with("parties", Json.array(parties))
                .with(
                        "rounding",
                        Json.object()
                                .with("negative", "symmetric")
                                .with("single", "half-away-from-zero")
                                .with("split", "largest-remainder")
                                .with("ties", "listed-order")
                                .build())
                .with("settlement", Json.object().with("negative", "carry").build())
                .with("terms", "1")
                .with("title", "A wide agreement")
                .build();
    }

    private static Json party(String id) {
        return Json.object().with("id", id).build();
    }
}
