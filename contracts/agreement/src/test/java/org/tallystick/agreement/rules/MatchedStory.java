package org.tallystick.agreement.rules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// An agreement in which the hub reports sales, and a shop gives notice of the same sales by their invoice.
final class MatchedStory extends SourcesStory {

    static final String HUB = "north/platform";
    static final String SHOP = "east/ana";
    static final String CLEO = "west/cleo";

    static final String SALES = "sales";
    static final String NOTICES = "shop";

    private static final SortedMap<String, String> OWNERS =
            new TreeMap<>(Map.of("returns", CLEO, SALES, HUB, NOTICES, SHOP));

    private MatchedStory(String matching, String attesters) {
        this(story -> document(story, matching, attesters));
    }

    private MatchedStory(Function<Story, Json.Obj> document) {
        super(Story.withParties(), OWNERS);
        agreed(document.apply(story), List.of(SHOP, "east/ben", CLEO));
        story.moveTo("2026-01-25T12:00:00Z");
    }

    /// @param rule `show` or `agree`
    static MatchedStory of(String rule) {
        return new MatchedStory(matching(rule), "{}");
    }

    /// With others who must attest each sale.
    static MatchedStory of(String rule, String attesters) {
        return new MatchedStory(matching(rule), attesters);
    }

    /// Under rule `agree`; the source that counts ends with January.
    static MatchedStory ending() {
        return new MatchedStory(story -> document(
                story,
                "{'first':'2026-01','id':'sales','last':'2026-01','owner':'platform','types':['cost','refund','sale']},"
                        + "{'first':'2026-01','id':'shop','owner':'a','types':['sale']}",
                matching("agree"),
                "{}"));
    }

    /// The same without anything to match; the shop reports nothing.
    static MatchedStory alone() {
        return new MatchedStory("[]", "{}");
    }

    static String matching(String rule) {
        return "[{'by':'invoice','counts':'sales','notices':'shop','rule':'%s','types':['sale']}]".formatted(rule);
    }

    static Json.Obj document(Story story, String matching, String attesters) {
        String shop = matching.equals("[]") ? "" : ",{'first':'2026-01','id':'shop','owner':'a','types':['sale']}";
        return document(
                story,
                "{'first':'2026-01','id':'returns','owner':'c','types':['refund']},"
                        + "{'first':'2026-01','id':'sales','owner':'platform','types':['cost','refund','sale']}" + shop,
                matching,
                attesters);
    }

    static Json.Obj document(Story story, String sources, String matching, String attesters) {
        return Story.with(
                story.document(),
                "roles",
                "{'attesters':%s,'matching':%s,'sources':[%s]}"
                        .formatted(attesters, matching, sources)
                        .replace('\'', '"'));
    }

    static Json.Obj sale(String invoice, long amount) {
        return event("{'amount':%d,'attrs':{'invoice':'%s'},'currency':'JPY','date':'2026-01-15','type':'sale'}"
                .formatted(amount, invoice));
    }

    static Json.Obj refund(long amount, String of) {
        return event("{'amount':%d,'date':'2026-01-20','refOf':'%s','type':'refund'}".formatted(amount, of));
    }

    Json.Obj claims(String party, String source) {
        Act.Evidence evidence = new Act.Evidence(Hash.of(Bytes.ofUtf8("an invoice")), "invoice.pdf", 10);
        return story.submit(
                story.signed(party, new Act.Claim(new SourceId(source), sale("R-1", 100), evidence, Optional.empty())));
    }

    /// Declares all that counts in January, and closes it; answers the settlement.
    Json.Obj settles() {
        story.moveTo("2026-02-02T12:00:00Z");
        for (Json.Obj answer : List.of(declares("returns", "2026-01"), declares(SALES, "2026-01"))) {
            if (!MemoryLedger.told(answer).equals("applied")) {
                throw new AssertionError(answer.toString());
            }
        }
        story.closes("2026-01");
        return story.ledger.json(Keys.settlement(Story.AGREEMENT, "2026-01"));
    }

    Optional<Json.Obj> match(String invoice) {
        Hash reference = Hash.of(Json.texts(List.of("sale", invoice)).canonical());
        return story.ledger.find(Keys.match(Story.AGREEMENT, NOTICES, reference));
    }

    long booked(String source) {
        return story.ledger
                .find(Keys.total(Story.AGREEMENT, source, "2026-01"))
                .map(total -> total.whole("count"))
                .orElse(0L);
    }
}
