package org.tallystick.agreement.simulation;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Sieve;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Filter;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;
import org.tallystick.agreement.terms.Validity;

/// Events that are added up with sign +1: those that pass all of these filters while the clause is in force (terms/1
/// section 7.3).
///
/// @param of what is added up of them
record Counted(Measure.Of of, List<Filter> filters, Validity when) {

    Counted {
        filters = List.copyOf(filters);
    }

    boolean counts(KnownEvent known) {
        return when.contains(known.event().date())
                && filters.stream().allMatch(filter -> new Sieve(filter).matches(known));
    }

    /// What moves a clause: each entry alone does.
    static List<Counted> of(Terms terms, Clause clause) {
        return switch (clause) {
            case Clause.Fee(var _, var _, var _, var pricing) -> of(terms, pricing);
            case Clause.Unit(var _, var _, var _, var pricing) -> of(terms, pricing);
            case Clause.Fund(var _, var _, var pricing, var _) -> of(terms, pricing);
            case Clause.Split split -> of(terms, split.of(), split.where(), split.when());
            case Clause.Kpi kpi -> of(terms, kpi.of(), kpi.where(), kpi.when());
            case Clause.Fixed fixed -> List.of(new Counted(Measure.Of.COUNT, List.of(fixed.on()), fixed.when()));
            case Clause.Waterfall waterfall -> of(terms, waterfall.of(), Filter.ANY, Validity.ALWAYS);
            case Clause.Guarantee _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _ -> List.of();
        };
    }

    private static List<Counted> of(Terms terms, Pricing pricing) {
        return of(terms, pricing.of(), pricing.where(), pricing.when());
    }

    /// What moves the measure that decides the tiers of a clause.
    static List<Counted> of(Terms terms, Pricing pricing, Tiers tiers) {
        return of(terms, tiers.measure(), pricing.where(), pricing.when());
    }

    /// Events that the measure adds, and then those that move the earlier clauses it adds.
    private static List<Counted> of(Terms terms, String measure, Filter where, Validity when) {
        Measure of = terms.measure(measure);
        List<Counted> counted = new ArrayList<>(own(of, where, when));
        for (Clause clause : terms.clauses()) {
            if (of.plusClauses().contains(clause.id())) {
                counted.addAll(of(terms, clause));
            }
        }
        return counted;
    }

    /// The events that the measure adds itself.
    static List<Counted> own(Measure measure, Filter where, Validity when) {
        return measure.plus().stream()
                .map(plus -> new Counted(measure.of(), List.of(plus, where), when))
                .toList();
    }
}
