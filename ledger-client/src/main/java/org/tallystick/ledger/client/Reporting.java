package org.tallystick.ledger.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Booking;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.ledger.LedgerException;

/// Makes reports of drafts, one draft after the other: numbers the events, finds those they name, and proves these
/// where they stand elsewhere.
final class Reporting {

    /// The most periods that the events of a report are booked in (`docs/spec/ledger-1.md` section 6).
    static final int PERIODS = 4;
    /// The most events in a report of a source that is matched with another: each writes up to two keys of its own,
    /// and a notice may release an event with all that this holds.
    static final int MATCHED = 200;
    /// Leaves room in a payload for what stands around the events.
    private static final int LARGEST = Limits.LARGE_PAYLOAD - 4 * 1024;
    /// More than the path of a proof and the event in it take.
    private static final int PROOF = 8 * 1024;

    private final StateReader state;
    private final AgreementId agreement;
    private final SourceId source;
    private final Terms terms;
    private final SourceHistory history;
    private final Origins origins;
    private final int most;
    private final int kept;
    private final Map<SourceId, SourceHistory> others = new HashMap<>();
    private final Map<String, EventId> own = new HashMap<>();
    /// Reports that were made and may not be on the ledger yet, oldest first, and the one that is being filled.
    private final Deque<Filling> made = new ArrayDeque<>();

    private Filling filling;

    /// Where an event is found by the reference that its reporter gave it, once it is on the ledger.
    @FunctionalInterface
    interface Origins {
        Optional<EventId> find(String reference) throws LedgerException;
    }

    /// @param next number of the first event
    /// @param most how many events a report takes
    /// @param kept how many reports may be made and not yet be on the ledger
    Reporting(
            StateReader state,
            AgreementId agreement,
            SourceId source,
            Terms terms,
            SourceHistory history,
            Origins origins,
            long next,
            int most,
            int kept) {
        this.state = state;
        this.agreement = agreement;
        this.source = source;
        this.terms = terms;
        this.history = history;
        this.origins = origins;
        this.most = most;
        this.kept = kept;
        this.filling = new Filling(next);
    }

    /// How many events of a source a report takes.
    static int most(Document document, Document.Source source) {
        boolean matched = source.types().stream()
                .anyMatch(type -> !document.matching(source, type).isEmpty());
        return matched ? MATCHED : Limits.EVENTS_IN_A_REPORT;
    }

    /// Where an event belongs, by its date and by where the event that it names is booked. If that can no longer be
    /// declared, it is booked later, all such facts in one period and all others in one: so events are booked in no
    /// more periods than there are of these.
    private record Belonging(Period period, boolean fact) {}

    /// A report that is being filled.
    private static final class Filling {
        final long first;
        final List<Json.Obj> events = new ArrayList<>();
        final List<String> references = new ArrayList<>();
        final TreeMap<EventId, Act.EventProof> proofs = new TreeMap<>();
        final List<Belonging> belongings = new ArrayList<>();
        final Set<Belonging> distinct = new HashSet<>();
        int size;

        Filling(long first) {
            this.first = first;
        }

        boolean has(EventId id) {
            return id.number() >= first && id.number() < first + events.size();
        }

        Period period(EventId id) {
            return belongings.get((int) (id.number() - first)).period();
        }

        boolean takes(int most, int eventSize, Belonging belonging) {
            return events.size() < most
                    && proofs.size() < Limits.PROOFS_IN_A_REPORT
                    && (distinct.size() < PERIODS || distinct.contains(belonging))
                    && size + eventSize + PROOF <= LARGEST;
        }

        void add(Json.Obj event, int eventSize, Belonging belonging, Optional<Act.EventProof> proof) {
            events.add(event);
            belongings.add(belonging);
            distinct.add(belonging);
            size += eventSize + 1;
            if (proof.isPresent() && proofs.put(proof.get().id(), proof.get()) == null) {
                size += PROOF;
            }
        }
    }

    /// Adds an event.
    ///
    /// @param line of the draft, for the message
    /// @return the report before it, if that is full
    /// @throws EventRefersNowhere if it names one nobody knows
    Optional<Act.Report> add(long line, EventDraft draft) throws LedgerException, EventRefersNowhere {
        Optional<EventId> named = named(line, draft);
        Json.Obj event = named.map(EventId::text).map(draft::naming).orElse(draft.json());
        int size = event.canonical().size();
        Belonging belonging = belonging(event, named);
        Optional<Act.Report> full = Optional.empty();
        if (!filling.events.isEmpty() && !filling.takes(most, size, belonging)) {
            full = rest();
        }
        filling.add(event, size, belonging, proof(line, named));
        EventId id = new EventId(source, filling.first + filling.events.size() - 1);
        draft.reference().ifPresent(reference -> {
            own.put(reference, id);
            filling.references.add(reference);
        });
        return full;
    }

    /// The report that was begun, if it has events.
    Optional<Act.Report> rest() {
        if (filling.events.isEmpty()) {
            return Optional.empty();
        }
        Filling full = filling;
        made.add(full);
        filling = new Filling(full.first + full.events.size());
        if (made.size() > kept) {
            forget(made.pop());
        }
        return Optional.of(new Act.Report(source, full.first, full.events, List.copyOf(full.proofs.values())));
    }

    private void forget(Filling old) {
        for (String reference : old.references) {
            if (old.has(own.getOrDefault(reference, new EventId(source, Limits.NUMBER)))) {
                own.remove(reference);
            }
        }
    }

    /// The event a draft names: by the ledger's id, by the reference of an earlier draft, or by that of one
    /// reported.
    private Optional<EventId> named(long line, EventDraft draft) throws LedgerException, EventRefersNowhere {
        if (draft.refOf().isEmpty()) {
            return Optional.empty();
        }
        String refOf = draft.refOf().get();
        Optional<EventId> known = EventId.parse(refOf).or(() -> Optional.ofNullable(own.get(refOf)));
        if (known.isEmpty()) {
            known = origins.find(refOf);
        }
        if (known.isEmpty()) {
            throw new EventRefersNowhere(line, refOf);
        }
        return known;
    }

    /// No event of the same report is proven; one of a report before it is, by what is about to be sent.
    private Optional<Act.EventProof> proof(long line, Optional<EventId> named)
            throws LedgerException, EventRefersNowhere {
        if (named.isEmpty()) {
            return Optional.empty();
        }
        EventId id = named.get();
        boolean here = id.source().equals(source);
        if (here && filling.has(id)) {
            return Optional.empty();
        }
        Optional<Filling> before =
                here ? made.stream().filter(one -> one.has(id)).findFirst() : Optional.empty();
        Optional<Act.EventProof> proof = before.isPresent()
                ? Optional.of(history.proof(before.get().events, before.get().first, id.number()))
                : history(id.source()).proof(id.number());
        if (proof.isEmpty()) {
            throw new EventRefersNowhere(line, id.text());
        }
        return proof;
    }

    private Belonging belonging(Json.Obj event, Optional<EventId> named) throws LedgerException {
        Period own = terms.frequency().periodOf(Days.ofText(event.text("date")));
        Optional<Period> origin = named.isEmpty() ? Optional.empty() : booked(named.get());
        Period period = origin.map(least -> Booking.later(own, least)).orElse(own);
        return new Belonging(period, Booking.FACTS.contains(event.text("type")));
    }

    /// Where an event is booked, or belongs if it is not on the ledger yet; nothing if it is held or unknown.
    private Optional<Period> booked(EventId id) throws LedgerException {
        Optional<Filling> here = Stream.concat(made.stream(), Stream.of(filling))
                .filter(one -> id.source().equals(source) && one.has(id))
                .findFirst();
        return here.isPresent()
                ? Optional.of(here.get().period(id))
                : history(id.source()).booked(terms, id.number());
    }

    private SourceHistory history(SourceId other) {
        return other.equals(source)
                ? history
                : others.computeIfAbsent(other, id -> new SourceHistory(state, agreement, id));
    }
}
