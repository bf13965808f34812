package org.tallystick.agreement.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;

/// Where a step of a clause's tiers ends.
///
/// @param of what the tier measure adds up, and so what the limit is counted in
/// @param step the number of the step that ends here, from 0
public record TierLimit(Clause clause, Pricing pricing, Tiers tiers, Measure.Of of, int step) {

    /// All limits of the terms, in document order.
    public static List<TierLimit> of(Terms terms) {
        List<TierLimit> limits = new ArrayList<>();
        for (Clause clause : terms.clauses()) {
            Optional<Pricing> pricing = clause.priced();
            if (pricing.isPresent() && pricing.get().charge() instanceof Pricing.Tiered(var tiers)) {
                Measure.Of of = terms.measure(tiers.measure()).of();
                for (int i = 0; i < tiers.steps().size() - 1; i++) {
                    limits.add(new TierLimit(clause, pricing.get(), tiers, of, i));
                }
            }
        }
        return List.copyOf(limits);
    }

    /// The last value that still has the rate of the step.
    public Rational upTo() {
        return tiers.steps().get(step).upTo().orElseThrow();
    }

    public Rational rateUpTo() {
        return tiers.steps().get(step).rate();
    }

    public Rational rateAbove() {
        return tiers.steps().get(step + 1).rate();
    }

    /// The smallest difference between two volumes: 1 minor unit or event; of quantities the largest part of a unit
    /// that
    /// all limits of the clause are whole numbers of.
    public Rational unit() {
        return switch (of) {
            case AMOUNT, COUNT -> Rational.ONE;
            case QUANTITY -> {
                Rational unit = Rational.ONE;
                for (Tiers.Step each : tiers.steps()) {
                    if (each.upTo().isPresent()) {
                        Rational rest = each.upTo().get().dividedBy(unit);
                        unit = unit.dividedBy(Rational.whole(rest.denominator()));
                    }
                }
                yield unit;
            }
        };
    }

    /// The greatest whole number of units that is not above the limit.
    Rational at() {
        return Rational.whole(upTo().dividedBy(unit()).floor()).times(unit());
    }

    Json.Builder encode() {
        return Json.object()
                .with("clause", clause.id())
                .with("limit", upTo().toString())
                .with("measure", tiers.measure())
                .with("mode", tiers.mode().text())
                .with("of", of.text())
                .with("rateAbove", rateAbove().toString())
                .with("rateUpTo", rateUpTo().toString())
                .with("step", step);
    }
}
