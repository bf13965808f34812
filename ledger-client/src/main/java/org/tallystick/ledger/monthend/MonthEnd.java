package org.tallystick.ledger.monthend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.HeldEvents;
import org.tallystick.ledger.client.PeriodFigures;

/// What the agreements of a party lack for a period.
///
/// A period is that of each agreement's own calendar which ends on the same day: with March ends the first quarter.
public final class MonthEnd {

    private final Courier courier;
    private final PartyId party;
    private final LedgerTime now;

    /// @param now ledger time
    public MonthEnd(Courier courier, PartyId party, LedgerTime now) {
        this.courier = courier;
        this.party = party;
        this.now = now;
    }

    /// Every agreement of the party that has a period ending with this one, in order. Several are asked for at once.
    public List<Readiness> of(Period period) throws LedgerException {
        List<Optional<Readiness>> found = Together.each(courier.agreements(), id -> readiness(id, period));
        return found.stream().flatMap(Optional::stream).toList();
    }

    /// How one agreement stands; nothing if the party has no part in it, or it has no such period.
    public Optional<Readiness> readiness(AgreementId id, Period asked) throws LedgerException {
        Optional<AgreementView> view = new Agreements(courier).find(id);
        Optional<Document> document = view.flatMap(AgreementView::inEffect).filter(adopted -> adopted.binds(party));
        if (document.isEmpty()) {
            return Optional.empty();
        }
        Optional<Period> period = ending(asked, document.get());
        if (period.isEmpty()) {
            return Optional.empty();
        }
        AgreementHead head = view.get().head();
        if (period.get().compareTo(head.unsettled()) >= 0 && head.stage() == AgreementHead.Stage.CLOSED) {
            return Optional.empty();
        }
        return Optional.of(readiness(view.get(), document.get(), period.get()));
    }

    /// The agreement's own period that ends on the same day, unless that is before its opening.
    private static Optional<Period> ending(Period asked, Document document) {
        Period own = document.terms().frequency().periodOf(asked.end().minusDays(1));
        return Optional.of(own)
                .filter(period -> period.end().equals(asked.end()))
                .filter(period -> period.compareTo(document.opening()) >= 0);
    }

    private Readiness readiness(AgreementView view, Document document, Period period) throws LedgerException {
        List<Readiness.Missing> open = new ArrayList<>(held(view, document));
        open.addAll(OpenClaims.of(courier, view.id(), document));
        if (period.compareTo(view.head().unsettled()) < 0) {
            String hash = courier.get(Keys.settlement(view.id().text(), period.text()))
                    .map(settlement -> Hash.of(settlement.canonical()).hex())
                    .orElse("");
            return new Readiness(view.id(), period, new Readiness.Settled(hash), List.of(), open);
        }
        List<Readiness.Missing> missing = new ArrayList<>();
        Document inEffect = new Agreements(courier)
                .version(view.id(), view.head().inEffect(period).hash())
                .document();
        LedgerTime end = LedgerTime.startOf(period.end());
        if (now.compareTo(end) < 0) {
            missing.add(new Readiness.Time(end));
        }
        PeriodFigures booked = PeriodFigures.of(courier, view.id(), inEffect, period);
        for (String source : booked.undeclared()) {
            Document.Source of = inEffect.source(source).orElseThrow();
            LedgerTime sealable =
                    LedgerTime.startOf(period.end().plusDays(document.days().grace()));
            missing.add(new Readiness.Declaration(source, document.ledgerParty(of.owner()), sealable));
        }
        Period next = view.head().unsettled();
        if (period.equals(next)) {
            missing.addAll(lacking(view, inEffect, booked, period));
        } else {
            missing.add(new Readiness.Earlier(next));
        }
        LedgerTime anybody =
                LedgerTime.startOf(period.end().plusDays(document.days().close()));
        Readiness.State state = missing.isEmpty()
                ? new Readiness.Ready(new TreeSet<>(document.closers()), anybody)
                : new Readiness.Waiting();
        return new Readiness(view.id(), period, state, missing, open);
    }

    /// What an attestation makes count; what never counts is nobody's to do.
    private List<Readiness.Missing> held(AgreementView view, Document document) throws LedgerException {
        List<Readiness.Missing> held = new ArrayList<>();
        for (HeldEvents.Held event : new HeldEvents(courier, view, document).all()) {
            if (event.ended().isEmpty()) {
                held.add(new Readiness.Attestation(event.id(), event.missing(), event.heldBy()));
            }
        }
        return held;
    }

    /// What a settlement with what is booked now would lack.
    private List<Readiness.Missing> lacking(AgreementView view, Document document, PeriodFigures booked, Period period)
            throws LedgerException {
        Function<History, Outcome> settle = before -> Settlement.settle(document.terms(), before, booked.figures());
        Outcome outcome = period.equals(document.opening())
                ? settle.apply(History.open(document.terms(), document.opening()))
                : new Agreements(courier).after(view.id(), period.previous(), settle);
        return switch (outcome) {
            case Outcome.Settled _ -> List.of();
            case Outcome.Refused(var codes) ->
                codes.stream()
                        .<Readiness.Missing>map(code -> fact(document, code))
                        .toList();
        };
    }

    /// Who could report what a code asks for.
    private static Readiness.Fact fact(Document document, String code) {
        String type = switch (code) {
            case "FX_MISSING" -> "fx";
            case "FIGURE_MISSING" -> "kpi";
            default -> "";
        };
        List<String> sources = new ArrayList<>();
        SortedSet<PartyId> owners = new TreeSet<>();
        for (Document.Source source : document.sources()) {
            if (source.types().contains(type)) {
                sources.add(source.id());
                owners.add(document.ledgerParty(source.owner()));
            }
        }
        return new Readiness.Fact(code, sources, owners);
    }
}
