package org.tallystick.agreement.document;

import java.time.LocalDate;
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
        Days days,
        int singleEvents,
        int netDays) {

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
    }

    /// Sale-like events are dated in `[from, until)`.
    public record Term(LocalDate from, Optional<LocalDate> until, int runOffPeriods) {
        /// The last day covered, if there is one.
        public Optional<LocalDate> lastDay() {
            return until.map(day -> day.minusDays(1));
        }
    }

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
                    && first.compareTo(period) <= 0
                    && last.map(end -> period.compareTo(end) <= 0).orElse(true);
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
    /// may be claimed, and by when that has to be answered.
    public record Days(int grace, int close, int claim, int answer) {}

    /// The version hash of a document: SHA-256 of its canonical bytes.
    public static Hash versionOf(Bytes canonical) {
        return Hash.of(canonical);
    }

    public Optional<Source> source(String id) {
        return sources.stream().filter(source -> source.id().equals(id)).findFirst();
    }

    public PartyId ledgerParty(String termsParty) {
        PartyId party = parties.get(termsParty);
        if (party == null) {
            throw new IllegalStateException("terms party " + termsParty + " is not bound in " + id);
        }
        return party;
    }

    /// Whether `party` is a side, or is named in the roles.
    public boolean binds(PartyId party) {
        return isSide(party) || persons().contains(party);
    }

    /// Whether `party` stands for a party of the terms: it has a balance and gets statements.
    public boolean isSide(PartyId party) {
        return parties.containsValue(party);
    }

    /// Who is named besides the sides: those who must accept, attest or may close.
    public SortedSet<PartyId> persons() {
        TreeSet<PartyId> persons = new TreeSet<>(mustAccept);
        persons.addAll(closers);
        attesters.values().forEach(persons::addAll);
        return persons;
    }

    /// By which it is compared with events of other sources; none for most.
    public List<Matching> matching(Source source, String type) {
        return matching.isEmpty()
                ? matching
                : matching.stream().filter(one -> one.covers(source, type)).toList();
    }

    /// Who attests an event of this type and these attributes: all of them must, but who owns its source.
    public SortedSet<PartyId> attesters(Source source, String type, SortedMap<String, Json> attrs) {
        if (source.notices()) {
            return Collections.emptySortedSet();
        }
        TreeSet<PartyId> all = new TreeSet<>(ofType(type, attrs));
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
        PartyId owner = ledgerParty(source.owner());
        return attesters(source, type, attrs).stream().anyMatch(party -> !party.equals(owner));
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
