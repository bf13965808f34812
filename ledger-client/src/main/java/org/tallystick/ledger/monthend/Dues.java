package org.tallystick.ledger.monthend;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OfferRecord;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;

/// What falls due in the agreements of a party: what is late, and what comes within some days.
public final class Dues {

    /// Of periods that ended so many days ago nothing comes due any more.
    private static final int LONGEST_BACK = 730;
    /// Of a claim's hash.
    private static final int SHOWN_DIGITS = 12;

    private final Courier courier;
    private final PartyId party;
    private final LocalDate today;
    private final LocalDate last;

    /// @param today the day of ledger time
    /// @param days how far to look
    public Dues(Courier courier, PartyId party, LocalDate today, int days) {
        this.courier = courier;
        this.party = party;
        this.today = today;
        this.last = today.plusDays(days);
    }

    /// In order of day.
    public List<Due> all() throws LedgerException {
        TreeSet<Due> all = new TreeSet<>();
        Together.each(courier.agreements(), this::of).forEach(all::addAll);
        return List.copyOf(all);
    }

    private List<Due> of(AgreementId id) throws LedgerException {
        Optional<AgreementView> found = new Agreements(courier).find(id);
        List<Due> dues = new ArrayList<>();
        if (found.isPresent()) {
            AgreementView view = found.get();
            offered(view).ifPresent(dues::add);
            Optional<Document> document = view.inEffect().filter(adopted -> adopted.binds(party));
            if (document.isPresent()) {
                // A closed agreement is still paid.
                dues.addAll(settled(view, document.get()));
                if (view.head().stage() == AgreementHead.Stage.ACTIVE) {
                    dues.addAll(unsettled(view, document.get()));
                    dues.addAll(claimsEnd(view.id(), document.get()));
                    expiry(view, document.get()).ifPresent(dues::add);
                    dues.addAll(claims(view, document.get()));
                }
            }
        }
        return dues.stream().filter(due -> !due.day().isAfter(last)).toList();
    }

    private List<Due> claims(AgreementView view, Document document) throws LedgerException {
        return OpenClaims.of(courier, view.id(), document).stream()
                .map(claim -> new Due(
                        claim.due().day(),
                        Due.Kind.ANSWER,
                        view.id(),
                        Optional.empty(),
                        claim.claim().hex().substring(0, SHOWN_DIGITS) + " of " + claim.source(),
                        claim.owing()))
                .toList();
    }

    /// An offer that this party could still accept.
    private Optional<Due> offered(AgreementView view) {
        if (view.head().stage() != AgreementHead.Stage.OFFERED || view.offer().isEmpty()) {
            return Optional.empty();
        }
        Document document = view.offer().get().version().document();
        OfferRecord record = view.offer().get().record();
        SortedSet<PartyId> owing = new TreeSet<>(document.mustAcceptFirst());
        owing.removeIf(one -> record.accepted().containsKey(one.text()));
        LocalDate day = record.expires().day();
        return document.binds(party) && !day.isBefore(today)
                ? Optional.of(new Due(day, Due.Kind.OFFER_ENDS, view.id(), Optional.empty(), "", owing))
                : Optional.empty();
    }

    /// Of every period that ends soon enough and is not settled: who declares, and who closes.
    private List<Due> unsettled(AgreementView view, Document document) throws LedgerException {
        List<Due> dues = new ArrayList<>();
        for (Period period = view.head().unsettled(); !period.end().isAfter(last); period = period.next()) {
            for (Document.Source source : document.sources()) {
                if (source.covers(period) && !isDeclared(view.id(), source.id(), period)) {
                    dues.add(new Due(
                            period.end().plusDays(document.days().grace()),
                            Due.Kind.DECLARATION,
                            view.id(),
                            Optional.of(period),
                            source.id(),
                            new TreeSet<>(List.of(document.ledgerParty(source.owner())))));
                }
            }
            dues.add(new Due(
                    period.end(),
                    Due.Kind.CLOSE,
                    view.id(),
                    Optional.of(period),
                    "",
                    new TreeSet<>(document.closers())));
            dues.add(new Due(
                    period.end().plusDays(document.days().close()),
                    Due.Kind.CLOSE_BY_ANYBODY,
                    view.id(),
                    Optional.of(period),
                    "",
                    new TreeSet<>(document.parties().values())));
        }
        return dues;
    }

    private boolean isDeclared(AgreementId id, String source, Period period) throws LedgerException {
        return courier.get(Keys.declaration(id.text(), source, period.text())).isPresent();
    }

    /// Of every period, settled or not: until when an event that was not reported can be claimed.
    private List<Due> claimsEnd(AgreementId id, Document document) {
        List<Due> dues = new ArrayList<>();
        int days = document.days().claim();
        for (Period period = document.opening(); !period.end().plusDays(days).isAfter(last); period = period.next()) {
            LocalDate day = period.end().plusDays(days);
            if (day.isAfter(today)) {
                dues.add(new Due(
                        day,
                        Due.Kind.CLAIMS_END,
                        id,
                        Optional.of(period),
                        "",
                        new TreeSet<>(document.parties().values())));
            }
        }
        return dues;
    }

    /// Of settled periods: payments that come due.
    private List<Due> settled(AgreementView view, Document document) throws LedgerException {
        List<Due> dues = new ArrayList<>();
        Optional<Period> newest = view.head().settled();
        for (Optional<Period> at = newest; at.isPresent(); at = before(at.get(), document)) {
            Period period = at.get();
            List<Due> payments = payments(view.id(), document, period);
            dues.addAll(payments);
            if (payments.isEmpty() && period.end().plusDays(LONGEST_BACK).isBefore(today)) {
                return dues;
            }
        }
        return dues;
    }

    private static Optional<Period> before(Period period, Document document) {
        return Optional.of(period.previous()).filter(earlier -> earlier.compareTo(document.opening()) >= 0);
    }

    private List<Due> payments(AgreementId id, Document document, Period period) throws LedgerException {
        List<Due> dues = new ArrayList<>();
        for (String terms : document.terms().parties()) {
            Optional<OpenItem> item =
                    courier.get(Keys.openItem(id.text(), period.text(), terms)).map(OpenItem::decode);
            if (item.isPresent()
                    && item.get().computed().signum() != 0
                    && !item.get().due().isBefore(today)) {
                String payer =
                        item.get().computed().signum() > 0 ? document.terms().hub() : terms;
                String payee = payer.equals(terms) ? document.terms().hub() : terms;
                SortedSet<PartyId> owing = new TreeSet<>();
                Optional.ofNullable(document.parties().get(payer)).ifPresent(owing::add);
                dues.add(new Due(
                        item.get().due(), Due.Kind.PAYMENT, id, Optional.of(period), payer + " to " + payee, owing));
            }
        }
        return dues;
    }

    private Optional<Due> expiry(AgreementView view, Document document) {
        return document.term()
                .until()
                .filter(until -> !until.isBefore(today))
                .map(until -> new Due(
                        until,
                        Due.Kind.EXPIRY,
                        view.id(),
                        Optional.empty(),
                        "",
                        new TreeSet<>(document.parties().values())));
    }
}
