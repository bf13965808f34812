package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Booking;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.state.DeclarationRecord;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PeriodTotal;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// How the events that the settlement of a period takes stand on the ledger. They are handed out as a close gathers
/// them
/// (`docs/spec/ledger-1.md` section 8), a run of a source at a time.
///
/// @param undeclared sources that have not declared it: theirs are as far as they were reported
/// @param held how many events of all sources are held, whatever period they will be booked in
public record PeriodEvents(SortedSet<String> undeclared, long held) {

    public PeriodEvents {
        undeclared = new TreeSet<>(undeclared);
    }

    /// @param document the version in effect for the period
    /// @param taker is given the events booked in the period
    public static PeriodEvents read(
            StateReader state,
            AgreementId agreement,
            Document document,
            Period period,
            Consumer<List<KnownEvent>> taker)
            throws LedgerException {
        TreeSet<String> undeclared = new TreeSet<>();
        long held = 0;
        for (Document.Source source : document.sources()) {
            SourceHistory history = new SourceHistory(state, agreement, new SourceId(source.id()));
            held += history.head().map(SourceHead::held).orElse(0L);
            if (source.covers(period)) {
                Optional<PeriodTotal> declared = declared(state, agreement, source, period);
                if (declared.isPresent()) {
                    history.settling(document, period, declared.get(), taker);
                } else {
                    undeclared.add(source.id());
                    history.settling(document, period, taker);
                }
            }
        }
        taker.accept(facts(state, agreement, period));
        return new PeriodEvents(undeclared, held);
    }

    /// What a source, or a side in its place, has declared for a period.
    static Optional<PeriodTotal> declared(
            StateReader state, AgreementId agreement, Document.Source source, Period period) throws LedgerException {
        return state.get(Keys.declaration(agreement.text(), source.id(), period.text()))
                .map(DeclarationRecord::decode)
                .map(DeclarationRecord::total);
    }

    /// The facts that are booked in a period.
    static List<KnownEvent> facts(StateReader state, AgreementId agreement, Period period) throws LedgerException {
        List<KnownEvent> facts = new ArrayList<>();
        for (String type : Booking.READ_ALONE) {
            for (FactPage.Fact fact : facts(state, agreement, type, period)) {
                facts.add(new KnownEvent(fact.id(), event(fact), period, Optional.empty()));
            }
        }
        return facts;
    }

    private static Event event(FactPage.Fact fact) throws LedgerException {
        if (EventReader.read(fact.event()) instanceof EventReading.Formed(var event)) {
            return event;
        }
        throw new LedgerException.Refused("the fact " + fact.id() + " has not the form of an event", null);
    }

    private static List<FactPage.Fact> facts(StateReader state, AgreementId agreement, String type, Period period)
            throws LedgerException {
        List<FactPage.Fact> facts = new ArrayList<>();
        for (int page = 1; ; page++) {
            Optional<Json.Obj> stored = state.get(Keys.facts(agreement.text(), type, period.text(), page));
            if (stored.isEmpty()) {
                return facts;
            }
            facts.addAll(FactPage.decode(stored.get()));
        }
    }
}
