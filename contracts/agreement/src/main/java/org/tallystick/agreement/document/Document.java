package org.tallystick.agreement.document;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// One version of an agreement, checked: everything in it is enforced.
///
/// @param version hash of the document's canonical bytes
/// @param parties which ledger party stands for each party of the terms
/// @param mustAccept ledger parties that must accept besides the sides
/// @param starts first period settled under this version
/// @param attesters who must attest each event of a type, as the document names them; a type that is absent has the
/// default
/// @param holding attributes that have a sale-like event held when they are true
/// @param matching whose reports of the same sales are held side by side, by the source of the notices
/// @param closers ledger parties that may close a period as soon as all is declared
/// @param arbiter who reports the facts that others withhold
/// @param auditors who was engaged to look at this, and at what of it
public record Document(
        Hash version,
        AgreementId id,
        long number,
        Terms terms,
        SortedMap<String, PartyId> parties,
        List<PartyId> mustAccept,
        Period opening,
        Period starts,
        Term term,
        List<Source> sources,
        SortedMap<String, List<PartyId>> attesters,
        List<String> holding,
        List<Matching> matching,
        List<PartyId> closers,
        Optional<PartyId> arbiter,
        List<Engagement> auditors,
        Governance governance,
        Days days,
        int singleEvents,
        int netDays) {

    /// The source in which the arbiter reports what others withhold.
    public static final String ARBITER = "arbiter";
    /// Renewals by the month reach beyond the last year that a date can have.
    private static final int MAX_RENEWALS = 100_000;
    private static final List<String> OF_ARBITER = List.of("fx", "kpi", "milestone");

    /// Types that say that something was sold or used.
    public static final List<String> SALE_LIKE =
            List.of("cost", "delivery", "mdf-claim", "sale", "subscribers", "usage");
    /// Types whose events count only once the hub has attested them, unless the agreement says otherwise.
    private static final List<String> ATTESTED_BY_HUB = List.of("capital", "fx", "kpi", "milestone");

    public Document {
        parties = Collections.unmodifiableSortedMap(new TreeMap<>(parties));
        mustAccept = List.copyOf(mustAccept);
        sources = List.copyOf(sources);
        attesters = Collections.unmodifiableSortedMap(new TreeMap<>(attesters));
        holding = List.copyOf(holding);
        matching = List.copyOf(matching);
        closers = List.copyOf(closers);
        auditors = List.copyOf(auditors);
    }

    /// Sale-like events are dated from `from` on, and before the agreement ends.
    ///
    /// @param until first day no longer covered, but for renewals
    /// @param leaveDays notice with which each side may leave, if it may
    /// @param cureDays how long a breach may be cured
    public record Term(
            LocalDate from,
            Optional<LocalDate> until,
            Optional<Renewal> renewal,
            Optional<Integer> leaveDays,
            int cureDays,
            int runOffPeriods) {

        /// The last day covered, seen from `day`: of an agreement that is renewed, of the term that this day is in.
        public Optional<LocalDate> lastDay(LocalDate day) {
            return until.map(first -> renewal.map(renewed -> renewed.end(first, day))
                    .orElse(first)
                    .minusDays(1));
        }
    }

    /// How an agreement goes on when nobody objects in time.
    ///
    /// @param times how often at most; nothing: for ever
    public record Renewal(int months, int noticeDays, Optional<Integer> times) {

        /// The first day after the term that `day` is in, or after the last one.
        public LocalDate end(LocalDate until, LocalDate day) {
            int renewed = 0;
            LocalDate end = until;
            if (!day.isBefore(until)) {
                renewed = (int) Math.min(ChronoUnit.MONTHS.between(until, day) / months, atMost());
                end = until.plusMonths((long) renewed * months);
            }
            while (!end.isAfter(day) && renewed < atMost()) {
                renewed++;
                end = until.plusMonths((long) renewed * months);
            }
            return end;
        }

        private int atMost() {
            return times.orElse(MAX_RENEWALS);
        }

        /// The first day after the term behind the one that ends there; nothing if that is the last.
        public Optional<LocalDate> next(LocalDate until, LocalDate end) {
            LocalDate next = end(until, end);
            return next.isAfter(end) ? Optional.of(next) : Optional.empty();
        }
    }

    /// An auditor, from when until when (the first day no longer), and the periods it may look at.
    ///
    /// @param events whether it may read events, or statements only
    public record Engagement(
            PartyId party, LocalDate from, LocalDate until, Period first, Optional<Period> last, boolean events) {}

    /// A gap-free numbered stream of revenue events of one party.
    ///
    /// @param owner the party of the terms that reports it
    /// @param notices whether its events never count, and are only matched with those of another source
    public record Source(
            String id, String owner, List<String> types, Period first, Optional<Period> last, boolean notices) {
        public Source {
            types = List.copyOf(types);
        }

        /// Whether this source has to declare `period` before it can be closed.
        public boolean covers(Period period) {
            return !notices
                    && !isArbiters()
                    && first.compareTo(period) <= 0
                    && last.map(end -> period.compareTo(end) <= 0).orElse(true);
        }

        /// Whether the arbiter reports in it: facts, which need no attestation and are never declared.
        public boolean isArbiters() {
            return id.equals(ARBITER);
        }

        /// Whether nothing can be booked in `period` any more.
        public boolean endsBefore(Period period) {
            return last.filter(end -> period.compareTo(end) > 0).isPresent();
        }
    }

    /// Two sources that report the same sales, of which one counts.
    ///
    /// @param by the attribute in which both give the reference of a sale
    /// @param compared what must be equal of two events
    /// @param counts the source whose events count, `notices` the other
    /// @param agree whether an event counts only once its other report says the same, or the owner of the notices
    /// attests it
    public record Matching(
            String by, List<Compared> compared, String counts, String notices, boolean agree, List<String> types) {
        public Matching {
            compared = List.copyOf(compared);
            types = List.copyOf(types);
        }

        /// Whether an event of this source and type is looked for on the other side.
        public boolean covers(Source source, String type) {
            return (source.id().equals(counts) || source.id().equals(notices)) && types.contains(type);
        }
    }

    /// A member of an event that two reports of one sale are compared by.
    public enum Compared {
        AMOUNT,
        CURRENCY,
        DATE,
        QUANTITY;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Deadlines in days: when a silent source may be sealed, when any side may close, until when a missing event
    /// may be claimed, by when that has to be answered, and from when on the arbiter decides.
    public record Days(int grace, int close, int claim, int answer, int decide) {}

    /// The version hash of a document: SHA-256 of its canonical bytes.
    public static Hash versionOf(Bytes canonical) {
        return Hash.of(canonical);
    }

    /// A source by its id: one that the document names, or the arbiter's.
    public Optional<Source> source(String id) {
        if (id.equals(ARBITER)) {
            return arbiter.map(
                    party -> new Source(ARBITER, party.text(), OF_ARBITER, opening, Optional.empty(), false));
        }
        return sources.stream().filter(source -> source.id().equals(id)).findFirst();
    }

    /// The ledger party of a person: who stands for a party of the terms, or whom the document names itself.
    ///
    /// @throws IllegalStateException if it is a party of the terms that is not bound
    public PartyId ledgerParty(String person) {
        return person(person)
                .orElseThrow(() -> new IllegalStateException("terms party " + person + " is not bound in " + id));
    }

    private Optional<PartyId> person(String person) {
        PartyId bound = parties.get(person);
        return bound == null ? PartyId.parse(person) : Optional.of(bound);
    }

    /// Whether `party` is a side, or is named in the roles.
    public boolean binds(PartyId party) {
        return isSide(party) || persons().contains(party);
    }

    /// Who may move a decision.
    public boolean mayMove(PartyId party) {
        return governance
                .movers()
                .map(movers -> movers.stream().map(this::ledgerParty).anyMatch(party::equals))
                .orElseGet(() -> isSide(party));
    }

    /// Whether `party` stands for a party of the terms: it has a balance and gets statements.
    public boolean isSide(PartyId party) {
        return parties.containsValue(party);
    }

    /// Who is named besides the sides: in the roles, in the governance, and those who must accept.
    public SortedSet<PartyId> persons() {
        TreeSet<PartyId> persons = new TreeSet<>(mustAccept);
        persons.addAll(closers);
        attesters.values().forEach(persons::addAll);
        arbiter.ifPresent(persons::add);
        auditors.forEach(auditor -> persons.add(auditor.party()));
        governance.persons().forEach(person -> persons.add(ledgerParty(person)));
        return persons;
    }

    /// The sides, and who is named besides them.
    public SortedSet<PartyId> bound() {
        SortedSet<PartyId> bound = persons();
        bound.addAll(parties.values());
        return bound;
    }

    /// By which it is compared with events of other sources; none for most.
    public List<Matching> matching(Source source, String type) {
        return matching.isEmpty()
                ? matching
                : matching.stream().filter(one -> one.covers(source, type)).toList();
    }

    /// Who attests an event of this type and these attributes: all of them must, but who owns its source.
    public SortedSet<PartyId> attesters(Source source, String type, SortedMap<String, Json> attrs) {
        if (source.notices() || source.isArbiters()) {
            return Collections.emptySortedSet();
        }
        List<PartyId> named = ofType(type, attrs);
        if (named.isEmpty() && holding.isEmpty() && matching.isEmpty()) {
            return Collections.emptySortedSet();
        }
        TreeSet<PartyId> all = new TreeSet<>(named);
        PartyId owner = ledgerParty(source.owner());
        boolean nobody = all.stream().allMatch(owner::equals);
        if (nobody && isHeld(type, attrs)) {
            all.add(ledgerParty(terms.hub()));
        }
        matching(source, type).stream()
                .filter(Matching::agree)
                .map(this::noticed)
                .forEach(all::add);
        return all;
    }

    /// Who owns the source of the notices.
    public PartyId noticed(Matching matching) {
        return ledgerParty(source(matching.notices()).orElseThrow().owner());
    }

    /// Whether such an event waits for somebody from its report on.
    public boolean waits(Source source, String type, SortedMap<String, Json> attrs) {
        SortedSet<PartyId> all = attesters(source, type, attrs);
        if (all.isEmpty()) {
            return false;
        }
        PartyId owner = ledgerParty(source.owner());
        return all.stream().anyMatch(party -> !party.equals(owner));
    }

    private boolean isHeld(String type, SortedMap<String, Json> attrs) {
        return !holding.isEmpty()
                && SALE_LIKE.contains(type)
                && holding.stream().anyMatch(flag -> Json.bool(true).equals(attrs.get(flag)));
    }

    private List<PartyId> ofType(String type, SortedMap<String, Json> attrs) {
        List<PartyId> named = attesters.get(type);
        if (named != null) {
            return named;
        }
        if (type.equals("advance")) {
            return terms.clauses().stream()
                    .filter(clause -> Json.text(clause.id()).equals(attrs.get("clause")))
                    .flatMap(clause -> clause instanceof Clause.Advance advance
                            ? Stream.of(ledgerParty(advance.from()))
                            : Stream.empty())
                    .toList();
        }
        return ATTESTED_BY_HUB.contains(type) ? List.of(ledgerParty(terms.hub())) : List.of();
    }

    /// The ledger parties that must accept the first version, in order, each once.
    public List<PartyId> mustAcceptFirst() {
        TreeSet<PartyId> all = new TreeSet<>(parties.values());
        all.addAll(mustAccept);
        return List.copyOf(all);
    }
}
