package org.tallystick.agreement.terms;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;

/// The terms of an agreement, checked: who pays whom, how much, on what, and when.
///
/// [TermsReader] is the only maker in earnest; what it made has passed every check of terms/1 section 14.
///
/// @param hash of the canonical form of the document (terms/1 section 18.2)
/// @param roster the parties, in the order that breaks ties
public record Terms(
        Hash hash,
        String id,
        String title,
        long version,
        Optional<Hash> supersedes,
        String hub,
        String currency,
        Frequency frequency,
        Optional<String> timeZone,
        List<Party> roster,
        SortedMap<String, Measure> measures,
        List<Clause> clauses,
        SettlementRules settlement) {

    public Terms {
        roster = List.copyOf(roster);
        measures = Collections.unmodifiableSortedMap(new TreeMap<>(measures));
        clauses = List.copyOf(clauses);
    }

    /// The text the parties read, byte for byte as terms/1 section 17 says.
    public String rendered() {
        return Rendering.of(this);
    }

    /// The line of a clause in that text; of a tier of a waterfall, that of the waterfall. What is posted for a dispute
    /// has
    /// none: an act of a party made it, and no clause.
    public String sentence(String clause) {
        return Rendering.sentence(this, clause.split("\\.", 2)[0]);
    }

    /// The ids of the parties, in the order that breaks ties.
    public List<String> parties() {
        return roster.stream().map(Party::id).toList();
    }

    public boolean hasParty(String id) {
        return roster.stream().anyMatch(party -> party.id().equals(id));
    }

    /// @throws IllegalStateException if there is no such measure: the checks made sure of it
    public Measure measure(String id) {
        Measure measure = measures.get(id);
        if (measure == null) {
            throw new IllegalStateException("no measure " + id + " among " + measures.keySet());
        }
        return measure;
    }

    /// The parties that some clause pays or charges, and the hub, in the order of the parties. An authority is left
    /// out:
    /// it may know nothing of the agreement.
    public List<String> engagedParties() {
        SortedSet<String> engaged = new TreeSet<>(List.of(hub));
        clauses.forEach(clause -> engaged.addAll(Needs.parties(clause)));
        return parties().stream().filter(party -> engaged.contains(party)).toList();
    }

    /// The event types without which something in these terms would always be nothing, by name.
    public List<String> reportedTypes() {
        return Needs.types(this).stream().map(EventType::text).sorted().toList();
    }

    /// The attributes in which events carry a rate that was agreed on them.
    public List<String> agreedRates() {
        return List.copyOf(Needs.agreedRates(this));
    }
}
