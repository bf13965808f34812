package org.tallystick.agreement.state;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// What is special about an event: who attested or contradicted it, and what it waits for.
///
/// Most events have none: they were booked when they were reported, and nobody said anything of them.
///
/// @param booked the period it was booked in when it was released
/// @param held whether it is in no total and in no close yet
/// @param holds the events that name it and are held with it
/// @param kept what a release needs of one that no proof will carry then, as long as it is held
public record Mark(
        SortedSet<PartyId> attested,
        SortedSet<PartyId> contradicted,
        Optional<Period> booked,
        boolean held,
        SortedSet<EventId> holds,
        Optional<Kept> kept) {
    public static final Codec<Mark> CODEC = new Codec<>(Mark::decode, Mark::encode);

    /// An event holds at most so many others.
    public static final int MAX_HOLDS = 100;

    /// An event that came booked.
    public static final Mark NONE =
            new Mark(new TreeSet<>(), new TreeSet<>(), Optional.empty(), false, new TreeSet<>(), Optional.empty());

    public Mark {
        attested = Collections.unmodifiableSortedSet(new TreeSet<>(attested));
        contradicted = Collections.unmodifiableSortedSet(new TreeSet<>(contradicted));
        holds = Collections.unmodifiableSortedSet(new TreeSet<>(holds));
    }

    /// A held event that names another, or that a notice may attest.
    ///
    /// @param event as it was signed, `origin` the one it names
    /// @param heldBy that one, while it is held, too; else its period is `originBooked`
    public record Kept(Json event, Optional<Json> origin, Optional<EventId> heldBy, Optional<Period> originBooked) {}

    /// An event that is held from its report on.
    ///
    /// @param attested by whom before it came
    public static Mark held(SortedSet<PartyId> attested, Optional<Kept> kept) {
        return new Mark(attested, NONE.contradicted, Optional.empty(), true, NONE.holds, kept);
    }

    public boolean isHeldByAnother() {
        return kept.flatMap(Kept::heldBy).isPresent();
    }

    public Mark attestedBy(PartyId party) {
        return new Mark(with(attested, party), without(contradicted, party), booked, held, holds, kept);
    }

    public Mark contradictedBy(PartyId party) {
        return new Mark(without(attested, party), with(contradicted, party), booked, held, holds, kept);
    }

    public Mark holding(EventId more) {
        return new Mark(attested, contradicted, booked, held, with(holds, more), kept);
    }

    /// The one it names is booked in that period.
    public Mark originReleased(Period period) {
        return new Mark(
                attested,
                contradicted,
                booked,
                held,
                holds,
                kept.map(own -> new Kept(own.event(), own.origin(), Optional.empty(), Optional.of(period))));
    }

    public Mark released(Period period) {
        return new Mark(attested, contradicted, Optional.of(period), false, NONE.holds, Optional.empty());
    }

    private static <T extends Comparable<T>> SortedSet<T> with(SortedSet<T> set, T one) {
        TreeSet<T> more = new TreeSet<>(set);
        more.add(one);
        return more;
    }

    private static <T extends Comparable<T>> SortedSet<T> without(SortedSet<T> set, T one) {
        TreeSet<T> fewer = new TreeSet<>(set);
        fewer.remove(one);
        return fewer;
    }

    public static Mark decode(Json.Obj json) {
        return new Mark(
                parties(json.items("attested")),
                parties(json.items("contradicted")),
                json.findText("booked").map(Periods::stored),
                json.has("held"),
                new TreeSet<>(json.items("holds").stream()
                        .map(id -> event(((Json.Text) id).value()))
                        .toList()),
                json.find("event")
                        .map(event -> new Kept(
                                event,
                                json.find("origin"),
                                json.findText("heldBy").map(Mark::event),
                                json.findText("originBooked").map(Periods::stored))));
    }

    private static SortedSet<PartyId> parties(List<Json> texts) {
        TreeSet<PartyId> parties = new TreeSet<>();
        texts.forEach(text -> parties.add(new PartyId(((Json.Text) text).value())));
        return parties;
    }

    private static EventId event(String id) {
        return EventId.parse(id).orElseThrow(() -> new IllegalStateException("not the id of an event: " + id));
    }

    public Json.Obj encode() {
        return Json.object()
                .with(
                        "attested",
                        Json.texts(attested.stream().map(PartyId::text).toList()))
                .with("booked", booked.map(period -> Json.text(period.text())))
                .with(
                        "contradicted",
                        Json.texts(contradicted.stream().map(PartyId::text).toList()))
                .with("event", kept.map(Kept::event))
                .with("held", held ? Optional.of(Json.bool(true)) : Optional.empty())
                .withText("heldBy", kept.flatMap(Kept::heldBy).map(EventId::text))
                .with("holds", Json.texts(holds.stream().map(EventId::text).toList()))
                .with("origin", kept.flatMap(Kept::origin))
                .withText("originBooked", kept.flatMap(Kept::originBooked).map(Period::text))
                .build();
    }
}
