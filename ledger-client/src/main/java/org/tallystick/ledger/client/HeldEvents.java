package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Booking;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Mark;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// The events of an agreement that are held: for whom, or for which other event, each waits.
public final class HeldEvents {

    private final StateReader state;
    private final AgreementId agreement;
    private final Document document;
    private final Period unsettled;

    /// @param document the version in effect
    public HeldEvents(StateReader state, AgreementView view, Document document) {
        this.state = state;
        this.agreement = view.id();
        this.document = document;
        this.unsettled = view.head().untouched();
    }

    /// An event that is held.
    ///
    /// @param missing who must attest it and has not
    /// @param contradicted who says that it is not so
    /// @param heldBy the event that it names, if that is held
    /// @param ended the last period of its source, if that has ended: then it never counts, whatever is attested
    public record Held(
            EventId id,
            Json.Obj event,
            SortedSet<PartyId> missing,
            SortedSet<PartyId> contradicted,
            Optional<EventId> heldBy,
            Optional<Period> ended) {

        public Json.Obj encode() {
            return Json.object()
                    .with("contradicted", texts(contradicted))
                    .withText("ended", ended.map(Period::text))
                    .with("event", event)
                    .withText("heldBy", heldBy.map(EventId::text))
                    .with("id", id.text())
                    .with("missing", texts(missing))
                    .build();
        }

        private static Json texts(SortedSet<PartyId> parties) {
            return Json.texts(parties.stream().map(PartyId::text).toList());
        }
    }

    /// Those of all sources, by source and number.
    public List<Held> all() throws LedgerException {
        List<Held> all = new ArrayList<>();
        for (Document.Source source : document.sources()) {
            all.addAll(of(source));
        }
        return List.copyOf(all);
    }

    /// Reads run by run, the newest first, until it has found as many as the head of the source counts.
    private List<Held> of(Document.Source source) throws LedgerException {
        SourceHistory history = new SourceHistory(state, agreement, new SourceId(source.id()));
        Optional<SourceHead> head = history.head();
        long count = head.map(SourceHead::held).orElse(0L);
        long first = head.map(SourceHead::lastRun).orElse(0L);
        List<Held> found = new ArrayList<>();
        while (found.size() < count && first != 0) {
            Run run = history.run(first).orElseThrow();
            found.addAll(0, of(source, head.get().open(), history, first));
            first = run.previous();
        }
        return found;
    }

    private List<Held> of(Document.Source source, Period open, SourceHistory history, long first)
            throws LedgerException {
        List<Held> found = new ArrayList<>();
        for (SourceHistory.Numbered held : history.heldWhenReported(first)) {
            EventId id = new EventId(new SourceId(source.id()), held.number());
            Optional<Mark> mark =
                    state.get(Keys.mark(agreement.text(), id)).map(Mark::decode).filter(Mark::held);
            if (mark.isPresent() && EventReader.read(held.event()) instanceof EventReading.Formed(var event)) {
                found.add(new Held(
                        id,
                        held.event(),
                        missing(source, event, mark.get()),
                        mark.get().contradicted(),
                        mark.get().kept().flatMap(Mark.Kept::heldBy),
                        Booking.isTooLate(source, event, earliest(event, open, mark.get()))
                                ? source.last()
                                : Optional.empty()));
            }
        }
        return found;
    }

    /// Where it would be booked if nothing held it.
    private Period earliest(Event event, Period open, Mark mark) {
        Period own = Booking.of(document.terms(), event, Booking.later(open, unsettled), unsettled);
        return mark.kept()
                .flatMap(Mark.Kept::originBooked)
                .map(origin -> Booking.later(own, origin))
                .orElse(own);
    }

    private SortedSet<PartyId> missing(Document.Source source, Event event, Mark mark) {
        TreeSet<PartyId> missing = new TreeSet<>(document.attesters(source, event.type(), event.attrs()));
        missing.remove(document.ledgerParty(source.owner()));
        missing.removeAll(mark.attested());
        return missing;
    }
}
