package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// What two sources said of one reference: the events that say the same, two by two, and those that found no other.
///
/// What waits on both sides differs; what waits on one side, only that one has.
///
/// @param pairs in the order in which they were paired
/// @param waiting in the order in which they came
public record Match(List<Pair> pairs, List<Waiting> waiting) {
    public static final Codec<Match> CODEC = new Codec<>(Match::decode, Match::encode);

    /// Each side has at most so many events of one reference.
    public static final int MAX_OF_A_SIDE = 16;

    public static final Match NONE = new Match(List.of(), List.of());

    public Match {
        pairs = List.copyOf(pairs);
        waiting = List.copyOf(waiting);
    }

    public record Pair(EventId counts, EventId notice) {}

    /// @param says the members that are compared, by value
    public record Waiting(EventId id, Json.Obj says) {}

    /// Whether this side has said all that it may.
    public boolean isFull(SourceId side) {
        return pairs.size()
                        + waiting.stream()
                                .filter(one -> one.id().source().equals(side))
                                .count()
                >= MAX_OF_A_SIDE;
    }

    /// The first event of the other side that says the same.
    public Optional<EventId> other(Waiting event) {
        return waiting.stream()
                .filter(one -> !one.id().source().equals(event.id().source())
                        && one.says().equals(event.says()))
                .map(Waiting::id)
                .findFirst();
    }

    public Match with(Waiting event) {
        List<Waiting> more = new ArrayList<>(waiting);
        more.add(event);
        return new Match(pairs, more);
    }

    /// With two that say the same, of which one waited.
    public Match with(Pair pair) {
        List<Pair> more = new ArrayList<>(pairs);
        more.add(pair);
        return new Match(
                more,
                waiting.stream()
                        .filter(one ->
                                !one.id().equals(pair.counts()) && !one.id().equals(pair.notice()))
                        .toList());
    }

    public static Match decode(Json.Obj json) {
        return new Match(
                json.items("pairs").stream()
                        .map(Json.Obj.class::cast)
                        .map(pair -> new Pair(event(pair, "counts"), event(pair, "notice")))
                        .toList(),
                json.items("waiting").stream()
                        .map(Json.Obj.class::cast)
                        .map(one -> new Waiting(event(one, "id"), one.object("says")))
                        .toList());
    }

    private static EventId event(Json.Obj json, String member) {
        return EventId.parse(json.text(member))
                .orElseThrow(() -> new IllegalStateException("not the id of an event: " + json.text(member)));
    }

    public Json.Obj encode() {
        return Json.object()
                .with(
                        "pairs",
                        Json.array(pairs.stream()
                                .map(pair -> Json.object()
                                        .with("counts", pair.counts().text())
                                        .with("notice", pair.notice().text())
                                        .build())
                                .toList()))
                .with(
                        "waiting",
                        Json.array(waiting.stream()
                                .map(one -> Json.object()
                                        .with("id", one.id().text())
                                        .with("says", one.says())
                                        .build())
                                .toList()))
                .build();
    }
}
