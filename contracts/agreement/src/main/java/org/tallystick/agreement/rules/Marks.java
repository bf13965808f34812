package org.tallystick.agreement.rules;

import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Mark;

/// The marks of events under one agreement, and whose word they wait for.
final class Marks {

    private final Overlay state;
    private final Engaged engaged;

    Marks(Overlay state, Engaged engaged) {
        this.state = state;
        this.engaged = engaged;
    }

    Mark of(EventId id) {
        return state.read(Keys.mark(engaged.agreement(), id), Mark.CODEC).orElse(Mark.NONE);
    }

    void write(EventId id, Mark mark) {
        state.write(Keys.mark(engaged.agreement(), id), Mark.CODEC, mark);
    }

    Document.Source source(EventId id) {
        String source = id.source().text();
        return engaged.document()
                .source(source)
                .orElseThrow(() -> new IllegalStateException("events of a source that no version names: " + source));
    }

    PartyId owner(EventId id) {
        return engaged.document().ledgerParty(source(id).owner());
    }

    SortedSet<PartyId> attesters(EventId id, Event event) {
        return engaged.document().attesters(source(id), event.type(), event.attrs());
    }

    /// Whether everybody who must attest the event has, and nobody says that it is not so.
    boolean isComplete(EventId id, Event event, Mark mark) {
        TreeSet<PartyId> missing = new TreeSet<>(attesters(id, event));
        missing.remove(owner(id));
        missing.removeAll(mark.attested());
        return missing.isEmpty() && mark.contradicted().isEmpty();
    }
}
