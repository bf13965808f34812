package org.tallystick.agreement.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// An agreement with several sources, and what their owners and others do with the events.
///
/// Every report is a run of its own, so that no hint is needed.
abstract class SourcesStory {

    final Story story;
    private final SortedMap<String, String> owners;
    private final TreeMap<EventId, List<Json.Obj>> reports = new TreeMap<>();

    /// @param owners of the sources, as ledger parties
    SourcesStory(Story story, SortedMap<String, String> owners) {
        this.story = story;
        this.owners = owners;
    }

    /// The hub offers, and all of them accept.
    void agreed(Json.Obj document, List<String> others) {
        Json.Obj told = story.offers(document);
        if (!MemoryLedger.told(told).equals("applied")) {
            throw new AssertionError(told.toString());
        }
        others.forEach(party -> story.applies(story.accept(party)));
    }

    static Json.Obj event(String json) {
        return Story.object(json.replace('\'', '"'));
    }

    static String id(String source, long number) {
        return new EventId(new SourceId(source), number).text();
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

    String owner(String source) {
        return Optional.ofNullable(owners.get(source)).orElseThrow();
    }

    Act.EventProof proof(EventId id) {
        var report = Optional.ofNullable(reports.floorEntry(id)).orElseThrow();
        List<Bytes> leaves = report.getValue().stream().map(Json::canonical).toList();
        int index = (int) (id.number() - report.getKey().number());
        return new Act.EventProof(
                id, report.getValue().get(index), report.getKey().number(), Merkle.path(leaves, index));
    }

    List<Act.EventProof> proofs(String... ids) {
        return Arrays.stream(ids)
                .map(id -> proof(EventId.parse(id).orElseThrow()))
                .toList();
    }

    Json.Obj attests(String party, String... ids) {
        return story.submit(story.signed(party, new Act.Attest(proofs(ids))));
    }

    Json.Obj contradicts(String party, String... ids) {
        return story.submit(
                story.signed(party, new Act.Contradict(proofs(ids), "it was never delivered", Optional.empty())));
    }

    /// Declares what the ledger holds, and says that so many are held.
    Json.Obj declares(String source, String period) {
        Json.Obj total = story.ledger
                .find(Keys.total(Story.AGREEMENT, source, period))
                .orElseGet(() -> event("{'count':0,'totals':[]}"));
        long held = head(source).map(head -> head.whole("held")).orElse(0L);
        Json.Obj body = Json.object()
                .with("count", total.whole("count"))
                .with("held", held)
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
}
