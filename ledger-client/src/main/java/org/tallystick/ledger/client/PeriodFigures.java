package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Figures;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PeriodTotal;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// What the events of a period add up to, as the ledger has added it up and as a close takes it.
///
/// It is read in a few keys, however many events there are. Whoever does not take the ledger's word for it asks
/// [PeriodEvents].
///
/// @param figures of all that is booked in the period, facts included
/// @param undeclared sources that have not declared it: theirs are as far as they were reported
public record PeriodFigures(Figures figures, SortedSet<String> undeclared) {

    public PeriodFigures {
        undeclared = new TreeSet<>(undeclared);
    }

    /// @param document the version in effect for the period
    public static PeriodFigures of(StateReader state, AgreementId agreement, Document document, Period period)
            throws LedgerException {
        List<Figures> parts = new ArrayList<>();
        TreeSet<String> undeclared = new TreeSet<>();
        for (Document.Source source : document.sources()) {
            if (source.covers(period)) {
                Optional<PeriodTotal> declared = PeriodEvents.declared(state, agreement, source, period);
                if (declared.isEmpty()) {
                    undeclared.add(source.id());
                }
                PeriodTotal total = declared.isPresent()
                        ? declared.get()
                        : state.get(Keys.total(agreement.text(), source.id(), period.text()))
                                .map(PeriodTotal::decode)
                                .orElse(PeriodTotal.NONE);
                for (int page = 1; page <= total.pages(); page++) {
                    parts.add(page(state, Keys.figures(agreement.text(), source.id(), period.text(), page)));
                }
            }
        }
        List<KnownEvent> facts = PeriodEvents.facts(state, agreement, period);
        parts.add(Figures.of(document.terms(), facts));
        return new PeriodFigures(Figures.sum(parts), undeclared);
    }

    private static Figures page(StateReader state, String key) throws LedgerException {
        Json.Obj stored = state.get(key)
                .orElseThrow(() -> new LedgerException.Refused("the figures " + key + " are not there", null));
        try {
            return Figures.decode(stored);
        } catch (RuntimeException e) {
            throw new LedgerException.Refused("the figures " + key + " cannot be read", e);
        }
    }
}
