package org.tallystick.ledger.monthend;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.rules.Life;
import org.tallystick.agreement.rules.Poll;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OfferRecord;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementStory;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.MotionView;
import org.tallystick.ledger.client.StoryJson;

/// What falls due in the agreements of a party: what is late, and what comes within some days.
public final class Dues {

    /// Of periods that ended so many days ago nothing comes due any more.
    private static final int LONGEST_BACK = 730;
    /// Of a hash.
    private static final int SHOWN_DIGITS = 12;

    private final Courier courier;
    private final PartyId party;
    private final LedgerTime now;
    private final LocalDate today;
    private final LocalDate last;

    /// @param now ledger time
    /// @param days how far to look
    public Dues(Courier courier, PartyId party, LedgerTime now, int days) {
        this.courier = courier;
        this.party = party;
        this.now = now;
        this.today = now.day();
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
                if (view.head().stage() != AgreementHead.Stage.CLOSED) {
                    dues.addAll(unsettled(view, document.get()));
                    dues.addAll(claimsEnd(view.id(), document.get()));
                    expiry(view, document.get()).ifPresent(dues::add);
                    renewal(view, document.get()).ifPresent(dues::add);
                    dues.addAll(claims(view, document.get()));
                    dues.addAll(open(AgreementStory.readOpen(courier, view, now), document.get()));
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
                        shown(claim.claim()) + " of " + claim.source(),
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
        Agreements agreements = new Agreements(courier);
        for (Period period = view.head().unsettled(); !period.end().isAfter(last); period = period.next()) {
            Document inEffect = agreements
                    .version(view.id(), view.head().inEffect(period).hash())
                    .document();
            for (Document.Source source : inEffect.sources()) {
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
        SortedMap<String, OpenItem> items = courier.get(Keys.openItems(id.text(), period.text()))
                .map(OpenItem.CODEC.decode())
                .orElse(new TreeMap<>());
        for (Map.Entry<String, OpenItem> one : items.entrySet()) {
            String terms = one.getKey();
            OpenItem item = one.getValue();
            if (item.open().signum() != 0 && !item.due().isBefore(today)) {
                String payer = item.open().signum() > 0 ? document.terms().hub() : terms;
                String payee = payer.equals(terms) ? document.terms().hub() : terms;
                SortedSet<PartyId> owing = new TreeSet<>();
                Optional.ofNullable(document.parties().get(payer)).ifPresent(owing::add);
                dues.add(new Due(item.due(), Due.Kind.PAYMENT, id, Optional.of(period), payer + " to " + payee, owing));
            }
        }
        return dues;
    }

    /// The end, unless it is one that is moved by a renewal.
    private Optional<Due> expiry(AgreementView view, Document document) {
        Document.Term term = document.term();
        boolean renewed = view.head().ends().isEmpty()
                && term.renewal()
                        .flatMap(renewal ->
                                term.until().flatMap(until -> renewal.next(until, renewal.end(until, today))))
                        .isPresent();
        return view.life(today)
                .flatMap(Life::lastDay)
                .map(day -> day.plusDays(1))
                .filter(end -> !renewed && !end.isBefore(today))
                .map(end -> ofAll(view, document, end, Due.Kind.EXPIRY));
    }

    private Optional<Due> renewal(AgreementView view, Document document) {
        return StoryJson.noRenewalBy(view, document, today).map(day -> ofAll(view, document, day, Due.Kind.RENEWAL));
    }

    private static Due ofAll(AgreementView view, Document document, LocalDate day, Due.Kind kind) {
        return new Due(
                day,
                kind,
                view.id(),
                Optional.empty(),
                "",
                new TreeSet<>(document.parties().values()));
    }

    /// What was moved and is not carried out, and breaches that may still be cured.
    private List<Due> open(AgreementStory story, Document document) {
        List<Due> dues = new ArrayList<>();
        story.open().forEach(motion -> dues.addAll(open(story.view().id(), motion, document)));
        for (AgreementStory.Notice breach : story.uncured()) {
            LocalDate day = breach.record()
                    .at()
                    .plus(Duration.ofDays(document.term().cureDays()))
                    .day();
            if (!day.isBefore(today)) {
                TreeSet<PartyId> owing = new TreeSet<>();
                breach.record().against().flatMap(PartyId::parse).ifPresent(owing::add);
                dues.add(new Due(day, Due.Kind.CURE, story.view().id(), Optional.empty(), shown(breach.hash()), owing));
            }
        }
        return dues;
    }

    private static List<Due> open(AgreementId id, MotionView motion, Document document) {
        List<Due> dues = new ArrayList<>();
        for (MotionView.Counted ballot : motion.ballots()) {
            if (ballot.readiness() == Poll.Readiness.VOTING) {
                TreeSet<PartyId> owing = new TreeSet<>();
                ballot.silent().forEach(one -> one.voter().ifPresent(owing::add));
                dues.add(new Due(
                        ballot.ballot().deadline().day(),
                        Due.Kind.VOTE,
                        id,
                        Optional.empty(),
                        shown(motion.hash()),
                        owing));
            }
        }
        switch (motion.state()) {
            case WAITING, READY ->
                dues.add(new Due(
                        motion.executable().orElse(motion.record().moved()).day(),
                        Due.Kind.EXECUTE,
                        id,
                        Optional.empty(),
                        shown(motion.hash()),
                        new TreeSet<>(document.parties().values())));
            case ENTERING, VOTING -> {
                if (!motion.entering().isEmpty()) {
                    dues.add(new Due(
                            motion.record().expires().day(),
                            Due.Kind.ENTRANCE,
                            id,
                            Optional.empty(),
                            shown(motion.hash()),
                            motion.entering()));
                }
            }
            case NOT_CARRIED, CARRIED, FAILED, LOST, WITHDRAWN, EXPIRED -> {
                // Not open.
            }
        }
        return dues;
    }

    private static String shown(Hash hash) {
        return hash.hex().substring(0, SHOWN_DIGITS);
    }
}
