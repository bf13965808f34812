package org.tallystick.agreement.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// An agreement in which the hub reports sales, and a shop gives notice of the same sales by their invoice.
///
/// Every report is a run of its own, so that no hint is needed.
final class MatchedStory {

    static final String HUB = "north/platform";
    static final String SHOP = "east/ana";
    static final String CLEO = "west/cleo";

    static final String SALES = "sales";
    static final String NOTICES = "shop";

    private static final SortedMap<String, String> OWNERS =
            new TreeMap<>(Map.of("returns", CLEO, SALES, HUB, NOTICES, SHOP));

    final Story story;
    private final TreeMap<EventId, List<Json.Obj>> reports = new TreeMap<>();

    private MatchedStory(String matching, String attesters) {
        story = Story.withParties();
        Json.Obj told = story.offers(document(story, matching, attesters));
        if (!MemoryLedger.told(told).equals("applied")) {
            throw new AssertionError(told.toString());
        }
        List.of("east/ana", "east/ben", "west/cleo").forEach(party -> story.applies(story.accept(party)));
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

    static Json.Obj event(String json) {
        return Story.object(json.replace('\'', '"'));
    }

    static String id(String source, long number) {
        return new EventId(new SourceId(source), number).text();
    }

    private static String owner(String source) {
        return Optional.ofNullable(OWNERS.get(source)).orElseThrow();
    }

    long last(String source) {
        return head(source).map(head -> head.whole("last")).orElse(0L);
    }

    Optional<Json.Obj> head(String source) {
        return story.ledger.find(Keys.source(Story.AGREEMENT, source));
    }

    /// Reports under the next numbers; what is named elsewhere is proven.
    Json.Obj reports(String source, Json.Obj... events) {
        long first = last(source) + 1;
        List<Act.EventProof> proofs = Arrays.stream(events)
                .flatMap(event -> event.findText("refOf").stream())
                .flatMap(ref -> EventId.parse(ref).stream())
                .filter(id -> !id.source().text().equals(source) || id.number() < first)
                .distinct()
                .sorted()
                .map(this::proof)
                .toList();
        Json.Obj answer = story.submit(
                story.signed(owner(source), new Act.Report(new SourceId(source), first, List.of(events), proofs)));
        if (MemoryLedger.told(answer).equals("applied")) {
            reports.put(new EventId(new SourceId(source), first), List.of(events));
        }
        return answer;
    }

    Act.EventProof proof(EventId id) {
        var report = Optional.ofNullable(reports.floorEntry(id)).orElseThrow();
        List<Bytes> leaves = report.getValue().stream().map(Json::canonical).toList();
        int index = (int) (id.number() - report.getKey().number());
        return new Act.EventProof(
                id, report.getValue().get(index), report.getKey().number(), Merkle.path(leaves, index));
    }

    private List<Act.EventProof> proofs(String... ids) {
        return Arrays.stream(ids)
                .map(id -> proof(EventId.parse(id).orElseThrow()))
                .toList();
    }

    Json.Obj attests(String party, String... ids) {
        return story.submit(story.signed(party, new Act.Attest(proofs(ids))));
    }

    Json.Obj contradicts(String party, String... ids) {
        return story.submit(story.signed(party, new Act.Contradict(proofs(ids), "never heard of", Optional.empty())));
    }

    Json.Obj claims(String party, String source) {
        Act.Evidence evidence = new Act.Evidence(Hash.of(Bytes.ofUtf8("an invoice")), "invoice.pdf", 10);
        return story.submit(
                story.signed(party, new Act.Claim(new SourceId(source), sale("R-1", 100), evidence, Optional.empty())));
    }

    Json.Obj declares(String source, String period) {
        Json.Obj total = story.ledger
                .find(Keys.total(Story.AGREEMENT, source, period))
                .orElseGet(() -> event("{'count':0,'totals':[]}"));
        Json.Obj body = Json.object()
                .with("count", total.whole("count"))
                .with("held", head(source).map(head -> head.whole("held")).orElse(0L))
                .with("last", last(source))
                .with("period", period)
                .with("source", source)
                .with("totals", total.get("totals"))
                .build();
        return story.submit(story.signed(
                owner(source), ActKind.DECLARE, body.canonical().utf8().orElseThrow()));
    }

    Json.Obj takesBack(String source, String period) {
        return story.submit(story.signed(owner(source), new Act.TakeBack(new SourceId(source), period)));
    }

    Json.Obj seals(String party, String source, String period) {
        return story.submit(story.signed(party, new Act.Seal(new SourceId(source), period)));
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
