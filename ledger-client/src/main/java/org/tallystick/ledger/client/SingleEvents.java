package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Booking;
import org.tallystick.agreement.settlement.Folding;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.LedgerException;

/// Counts the events that clauses must keep one by one, as the ledger does when it takes them in, and tells the line
/// with which they are more than the agreement allows.
///
/// Lines are folded many at once. Only where some of them are too many, they are counted again one by one.
final class SingleEvents {

    private static final int AT_ONCE = 500;

    private final StateReader state;
    private final Document document;
    private final SourceId source;
    private final Folding folding;
    private final TreeMap<Folding.Kept, Long> counts = new TreeMap<>();
    /// What was told of once.
    private final SortedSet<Folding.Kept> full = new TreeSet<>();

    private final List<Line> lines = new ArrayList<>();

    private record Line(long number, KnownEvent event) {}

    SingleEvents(StateReader state, Document document, SourceId source) {
        this.state = state;
        this.document = document;
        this.source = source;
        this.folding = new Folding(document.terms(), document.opening());
    }

    /// Adds an event that the ledger would book.
    ///
    /// @return what is known by now to be too many
    List<LineFault> add(long line, KnownEvent event) throws LedgerException {
        if (Booking.isFact(event.event())) {
            return List.of();
        }
        lines.add(new Line(line, event));
        return lines.size() < AT_ONCE ? List.of() : rest();
    }

    /// Counts what was added and is not counted yet.
    List<LineFault> rest() throws LedgerException {
        Map<Folding.Kept, Long> more =
                folding.kept(folding.fold(lines.stream().map(Line::event).toList()));
        List<LineFault> faults = new ArrayList<>();
        for (Map.Entry<Folding.Kept, Long> kept : more.entrySet()) {
            long before = count(kept.getKey());
            counts.put(kept.getKey(), before + kept.getValue());
            if (before + kept.getValue() > document.singleEvents() && full.add(kept.getKey())) {
                faults.add(fault(kept.getKey(), firstAbove(kept.getKey(), before)));
            }
        }
        lines.clear();
        return faults;
    }

    private long count(Folding.Kept kept) throws LedgerException {
        Long known = counts.get(kept);
        if (known != null) {
            return known;
        }
        String key = Keys.singles(
                document.id().text(),
                source.text(),
                kept.clause(),
                kept.window().text());
        return state.get(key).map(stored -> stored.whole("count")).orElse(0L);
    }

    /// The line with which there are too many.
    private long firstAbove(Folding.Kept kept, long before) {
        long count = before;
        for (Line line : lines) {
            count += folding.kept(folding.fold(List.of(line.event()))).getOrDefault(kept, 0L);
            if (count > document.singleEvents()) {
                return line.number();
            }
        }
        throw new IllegalStateException("one by one, " + kept + " has only " + count);
    }

    private LineFault fault(Folding.Kept kept, long line) {
        Json.Obj values = Json.object()
                .with("clause", kept.clause())
                .with("limit", document.singleEvents())
                .with("source", source.text())
                .with("window", kept.window().text())
                .build();
        return new LineFault(line, "", "", "single_events_full", Sentences.of("single_events_full", values));
    }
}
