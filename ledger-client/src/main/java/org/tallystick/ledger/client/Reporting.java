package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.LedgerException;

/// Makes reports of drafts: numbers the events, finds those they name, and proves these where they stand elsewhere.
final class Reporting {

    /// Leaves room in a payload for what stands around the events.
    private static final int LARGEST = Limits.LARGE_PAYLOAD - 4 * 1024;
    /// More than the path of a proof and the event in it take.
    private static final int PROOF = 8 * 1024;

    private final StateReader state;
    private final AgreementId agreement;
    private final SourceId source;
    private final SourceHistory history;
    private final Map<SourceId, SourceHistory> others = new HashMap<>();

    Reporting(StateReader state, AgreementId agreement, SourceId source, SourceHistory history) {
        this.state = state;
        this.agreement = agreement;
        this.source = source;
        this.history = history;
    }

    /// A report that is being filled.
    private static final class Filling {
        final long first;
        final List<Json.Obj> events = new ArrayList<>();
        final TreeMap<EventId, Act.EventProof> proofs = new TreeMap<>();
        int size;

        Filling(long first) {
            this.first = first;
        }

        boolean has(EventId id) {
            return id.number() >= first && id.number() < first + events.size();
        }

        boolean takes(Json.Obj event) {
            return events.size() < Limits.EVENTS_IN_A_REPORT
                    && proofs.size() < Limits.PROOFS_IN_A_REPORT
                    && size + event.canonical().size() + PROOF <= LARGEST;
        }

        void add(Json.Obj event, Optional<Act.EventProof> proof) {
            events.add(event);
            size += event.canonical().size() + 1;
            if (proof.isPresent() && proofs.put(proof.get().id(), proof.get()) == null) {
                size += PROOF;
            }
        }
    }

    /// @throws EventRefersNowhere at the first event that names one nobody knows
    List<Act.Report> of(List<EventDraft> drafts) throws LedgerException, EventRefersNowhere {
        Map<String, EventId> own = new HashMap<>();
        List<Filling> filled = new ArrayList<>();
        filled.add(new Filling(history.last() + 1));
        for (int line = 0; line < drafts.size(); line++) {
            EventDraft draft = drafts.get(line);
            Optional<EventId> named = named(line, draft, own);
            Json.Obj event = named.map(EventId::text).map(draft::naming).orElse(draft.json());
            Filling filling = filled.getLast();
            EventId id = new EventId(source, filling.first + filling.events.size());
            if (!filling.takes(event)) {
                filling = new Filling(id.number());
                filled.add(filling);
            }
            filling.add(event, proof(line, named, filled));
            draft.reference().ifPresent(reference -> own.put(reference, id));
        }
        return filled.stream()
                .filter(one -> !one.events.isEmpty())
                .map(one -> new Act.Report(source, one.first, one.events, List.copyOf(one.proofs.values())))
                .toList();
    }

    /// The event a draft names: by the ledger's id, by the reference of an earlier draft, or by that of one reported.
    private Optional<EventId> named(int line, EventDraft draft, Map<String, EventId> own)
            throws LedgerException, EventRefersNowhere {
        if (draft.refOf().isEmpty()) {
            return Optional.empty();
        }
        String refOf = draft.refOf().get();
        Optional<EventId> known = EventId.parse(refOf).or(() -> Optional.ofNullable(own.get(refOf)));
        if (known.isEmpty()) {
            known = history.referredTo(refOf);
        }
        if (known.isEmpty()) {
            throw new EventRefersNowhere(line, refOf);
        }
        return known;
    }

    /// No event of the same report is proven; one of a report before it in this call is, by what is about to be sent.
    private Optional<Act.EventProof> proof(int line, Optional<EventId> named, List<Filling> filled)
            throws LedgerException, EventRefersNowhere {
        if (named.isEmpty()) {
            return Optional.empty();
        }
        EventId id = named.get();
        if (id.source().equals(source) && filled.getLast().has(id)) {
            return Optional.empty();
        }
        Optional<Filling> before = id.source().equals(source)
                ? filled.stream().filter(one -> one.has(id)).findFirst()
                : Optional.empty();
        Optional<Act.EventProof> proof = before.isPresent()
                ? Optional.of(history.proof(before.get().events, before.get().first, id.number()))
                : history(id.source()).proof(id.number());
        if (proof.isEmpty()) {
            throw new EventRefersNowhere(line, id.text());
        }
        return proof;
    }

    private SourceHistory history(SourceId other) {
        return other.equals(source)
                ? history
                : others.computeIfAbsent(other, id -> new SourceHistory(state, agreement, id));
    }
}
