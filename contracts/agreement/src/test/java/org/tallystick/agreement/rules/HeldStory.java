package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// An agreement in which events wait for others: sales of another territory for the hub, usage for a party of the terms
/// and for an auditor who is no side, figures for the hub. One of its sources, `kiosk`, ends with January.
final class HeldStory extends SourcesStory {

    static final String HUB = "north/platform";
    static final String AUDIT = "north/audit";
    static final String ANA = "east/ana";
    static final String BEN = "east/ben";
    static final String CLEO = "west/cleo";

    private static final String TERMS = """
            {"terms":"1","id":"T","hub":"platform","currency":"JPY","calendar":{"frequency":"month"},
             "parties":[{"id":"platform"},{"id":"a"},{"id":"b"},{"id":"c"}],
             "measures":{"sales":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]},
                         "use":{"of":"quantity","plus":[{"type":"usage"}]}},
             "clauses":[
              {"id":"f","type":"fee","from":"platform","to":"a","of":"sales","rate":"1/10"},
              {"id":"s","type":"split","holder":"platform","of":"sales","per":"event","shares":{"platform":"1/2"},
               "proRata":{"share":"1/2","by":"who","among":["a","b"],"of":"use","ifNone":"c"}},
              {"id":"t","type":"fee","from":"platform","to":"c","of":"sales","window":"year",
               "tiers":{"mode":"forward","steps":[{"upTo":1000,"rate":"0.1"},{"rate":"0.2"}]}}],"settlement":{}}
            """;

    private static final String ROLES = """
            {"attesters":{"usage":["c","north/audit"]},"held":{"certificate":"mark","territory":"hold"},
             "sources":[
              {"first":"2026-01","id":"figures","owner":"c","types":["kpi"]},
              {"first":"2026-01","id":"kiosk","last":"2026-01","owner":"b","types":["refund","sale"]},
              {"first":"2026-01","id":"returns","owner":"platform","types":["refund"]},
              {"first":"2026-01","id":"shop","owner":"a","types":["refund","sale"]},
              {"first":"2026-01","id":"web","owner":"b","types":["refund","sale","usage"]}]}
            """;

    static final SortedMap<String, String> OWNERS =
            new TreeMap<>(Map.of("figures", CLEO, "kiosk", BEN, "returns", HUB, "shop", ANA, "web", BEN));

    HeldStory() {
        super(Story.withParties(List.of(HUB, AUDIT, ANA, BEN, CLEO)), OWNERS);
        agreed(document(), List.of(ANA, BEN, CLEO));
    }

    Json.Obj document() {
        return Story.with(Story.with(story.document(), "terms", TERMS), "roles", ROLES);
    }

    static Json.Obj sale(String date, long amount) {
        return Story.sale(date, amount);
    }

    static Json.Obj flagged(String date, long amount) {
        return event("{'amount':%d,'attrs':{'flag-territory':true},'currency':'JPY','date':'%s','type':'sale'}"
                .formatted(amount, date));
    }

    static Json.Obj refund(String date, long amount, String of) {
        return event("{'amount':%d,'date':'%s','refOf':'%s','type':'refund'}".formatted(amount, date, of));
    }

    static Json.Obj usage(String date, long quantity, String who) {
        return event("{'attrs':{'who':'%s'},'date':'%s','quantity':%d,'type':'usage'}".formatted(who, date, quantity));
    }

    static Json.Obj figure(String date, long value) {
        return event("{'date':'%s','kpi':'rating','type':'kpi','value':%d}".formatted(date, value));
    }

    Json.Obj closes(String party, String period) {
        return story.submit(story.signed(party, new Act.Close(period)));
    }

    static Act.Evidence evidence() {
        return new Act.Evidence(Hash.of(Bytes.ofUtf8("an invoice")), "invoice.pdf", 10);
    }

    Json.Obj claims(String party, String source, Json.Obj event) {
        return story.submit(story.signed(
                party, new Act.Claim(new SourceId(source), event, evidence(), Optional.of("we delivered it"))));
    }

    Json.Obj answers(String party, Hash claim, Act.Reply reply) {
        return story.submit(story.signed(party, new Act.ClaimAnswer(claim, reply, Optional.empty())));
    }

    /// Seals every source that has not declared and still could, and closes.
    Json.Obj closesDespiteSilence(String party, String period) {
        for (String source : OWNERS.keySet()) {
            if (story.ledger
                    .find(Keys.declaration(Story.AGREEMENT, source, period))
                    .isEmpty()) {
                Json.Obj answer = seals(party, source, period);
                if (!List.of("applied", "source_ended").contains(MemoryLedger.told(answer))) {
                    return answer;
                }
            }
        }
        return closes(party, period);
    }

    static List<String> ids(Json.Obj answer) {
        List<String> ids = new ArrayList<>();
        for (Json effect : answer.items("effects")) {
            ((Json.Obj) effect)
                    .find("events")
                    .ifPresent(events -> ((Json.Arr) events).items().forEach(id -> ids.add(((Json.Text) id).value())));
        }
        return ids;
    }
}
