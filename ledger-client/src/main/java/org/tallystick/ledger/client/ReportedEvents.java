package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.state.Run;
import org.tallystick.ledger.LedgerException;

/// All events that sources have reported, wherever they are booked and whether they are held.
public final class ReportedEvents {

    private final StateReader state;
    private final AgreementId agreement;
    private final TreeMap<String, SourceHistory> histories = new TreeMap<>();

    public ReportedEvents(StateReader state, AgreementId agreement) {
        this.state = state;
        this.agreement = agreement;
    }

    /// @param origin the event that it corrects
    public record Reported(EventId id, Event event, Optional<Event> origin) {}

    /// The events of some sources that are wanted, by source and number.
    public List<Reported> of(List<Document.Source> sources, Predicate<Event> wanted) throws LedgerException {
        List<Reported> reported = new ArrayList<>();
        for (Document.Source source : sources) {
            SourceHistory history = history(source.id());
            for (Run run : history.runs().reversed()) {
                List<Json> events = history.events(run.first()).events();
                for (int k = 0; k < events.size(); k++) {
                    Event event = EventReader.known(events.get(k));
                    if (wanted.test(event)) {
                        EventId id = new EventId(new SourceId(source.id()), run.first() + k);
                        reported.add(new Reported(id, event, origin(event)));
                    }
                }
            }
        }
        return List.copyOf(reported);
    }

    private SourceHistory history(String source) {
        return histories.computeIfAbsent(source, id -> new SourceHistory(state, agreement, new SourceId(id)));
    }

    private Optional<Event> origin(Event event) throws LedgerException {
        Optional<EventId> id = event.refOf().flatMap(EventId::parse);
        return id.isEmpty()
                ? Optional.empty()
                : history(id.get().source().text()).event(id.get().number()).map(EventReader::known);
    }
}
