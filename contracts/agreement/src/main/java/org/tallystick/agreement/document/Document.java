package org.tallystick.agreement.document;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// One version of an agreement, checked: everything in it is enforced.
///
/// @param version hash of the document's canonical bytes
/// @param parties which ledger party stands for each party of the terms
/// @param mustAccept ledger parties that must accept besides the sides
/// @param starts first period settled under this version
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
        List<PartyId> closers,
        Days days,
        int singleEvents,
        int netDays) {

    public Document {
        parties = Collections.unmodifiableSortedMap(new TreeMap<>(parties));
        mustAccept = List.copyOf(mustAccept);
        sources = List.copyOf(sources);
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
    public record Source(String id, String owner, List<String> types, Period first, Optional<Period> last) {
        public Source {
            types = List.copyOf(types);
        }

        /// Whether this source has to declare `period` before it can be closed.
        public boolean covers(Period period) {
            return first.compareTo(period) <= 0
                    && last.map(end -> period.compareTo(end) <= 0).orElse(true);
        }
    }

    /// Deadlines in days: when a silent source may be sealed, and when anybody bound may close.
    public record Days(int grace, int close) {}

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
        return parties.containsValue(party) || mustAccept.contains(party) || closers.contains(party);
    }

    /// The ledger parties that must accept the first version, in order, each once.
    public List<PartyId> mustAcceptFirst() {
        TreeSet<PartyId> all = new TreeSet<>(parties.values());
        all.addAll(mustAccept);
        return List.copyOf(all);
    }
}
