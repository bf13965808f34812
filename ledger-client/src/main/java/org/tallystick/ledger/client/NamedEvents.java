package org.tallystick.ledger.client;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// The events that lines of a file name: those of lines before them, and those on the ledger.
final class NamedEvents {

    /// Stands for an id that is known when the event is numbered.
    private static final Json SOME_ID = Json.text("x/0000000001");

    private final StateReader state;
    private final Document document;
    private final AgreementId agreement;
    private final SourceId source;
    private final SourceHistory history;
    private final References references;
    private final long before;
    private final Map<SourceId, SourceHistory> others = new HashMap<>();

    /// @param history of the source that reports
    /// @param before the first number that events of the file have or get
    NamedEvents(StateReader state, Document document, SourceHistory history, References references, long before) {
        this.state = state;
        this.document = document;
        this.agreement = document.id();
        this.source = history.source();
        this.history = history;
        this.references = references;
        this.before = before;
    }

    /// An event that a line names.
    ///
    /// @param key what stands for it: the ledger's id or, where it has none yet, its line
    /// @param booked where; nothing if it is held
    /// @param holds how many events it holds that are not of this file
    record Named(String key, Event event, Optional<Period> booked, long holds) {}

    /// By the ledger's id, by the reference of an earlier line, or by that of one reported.
    Optional<Named> find(String refOf) throws IOException, LedgerException {
        Optional<EventId> id = EventId.parse(refOf);
        if (id.isEmpty()) {
            Optional<References.Draft> draft = references.draft(refOf);
            if (draft.isPresent()) {
                String key = "line " + draft.get().line();
                return formed(draft.get().event())
                        .map(event -> new Named(key, event, draft.get().booked(), 0));
            }
            id = references.find(refOf, before).map(number -> new EventId(source, number));
        }
        return id.isEmpty() ? Optional.empty() : reported(id.get());
    }

    private Optional<Named> reported(EventId id) throws LedgerException {
        SourceHistory past = id.source().equals(source)
                ? history
                : others.computeIfAbsent(id.source(), other -> new SourceHistory(state, agreement, other));
        Optional<Event> event = past.event(id.number()).flatMap(NamedEvents::formed);
        if (event.isEmpty()) {
            return Optional.empty();
        }
        Optional<Period> booked = past.booked(document.terms(), id.number());
        long holds = past.wasHeld(id.number())
                ? past.mark(id.number()).holds().stream()
                        .filter(held -> !isOfThisFile(held))
                        .count()
                : 0;
        return Optional.of(new Named(id.text(), event.get(), booked, holds));
    }

    private boolean isOfThisFile(EventId id) {
        return id.source().equals(source) && id.number() >= before;
    }

    private static Optional<Event> formed(Json.Obj json) {
        Json.Obj asked = json.has("refOf") ? naming(json) : json;
        return EventReader.read(asked) instanceof EventReading.Formed(var event)
                ? Optional.of(event)
                : Optional.empty();
    }

    /// The event as it will be reported, but for the id that it names.
    static Json.Obj naming(Json.Obj event) {
        TreeMap<String, Json> members = new TreeMap<>(event.members());
        members.put("refOf", SOME_ID);
        return new Json.Obj(members);
    }
}
