package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// The total of a tier measure that adds or deducts earlier clauses: what it comes to is known only when these are
/// settled (terms/1 section 7.3).
///
/// @param value what a volume of 1 adds to the measure itself, nothing of its clauses counted
record DerivedTotal(Terms terms, TierLimit limit, Rational value) {

    /// No volume that is tried has more digits.
    private static final Rational LARGEST = Rational.whole(BigInteger.TEN.pow(Limits.DIGITS_OF_VOLUME - 1));

    /// @param unit what a volume of 1 adds to the measure if it counts such events
    static DerivedTotal of(Terms terms, TierLimit limit, Specimen specimen, Period period, Rational unit) {
        Measure measure = terms.measure(limit.tiers().measure());
        boolean own = Counted.own(
                        measure, limit.pricing().where(), limit.pricing().when())
                .stream()
                .anyMatch(each -> Specimens.isCounted(specimen, each, period));
        return new DerivedTotal(terms, limit, own ? unit : Rational.ZERO);
    }

    /// The last volume at which the total is not above the limit, to the next whole number; none if it is above from
    /// the start, or never.
    ///
    /// @param first what a volume comes to in its first period; one that cannot be settled counts as above
    Optional<Rational> lastWithin(Function<Rational, Simulated> first) {
        Predicate<Rational> isWithin = volume -> isWithin(volume, first.apply(volume));
        Rational within = Rational.ZERO;
        Rational above = Rational.ONE;
        if (!isWithin.test(within)) {
            return Optional.empty();
        }
        while (isWithin.test(above)) {
            within = above;
            above = above.plus(above);
            if (above.compareTo(LARGEST) > 0) {
                return Optional.empty();
            }
        }
        while (above.minus(within).compareTo(Rational.ONE) > 0) {
            Rational middle =
                    Rational.whole(within.plus(above).times(Rational.of(1, 2)).floor());
            if (isWithin.test(middle)) {
                within = middle;
            } else {
                above = middle;
            }
        }
        return Optional.of(within);
    }

    private boolean isWithin(Rational volume, Simulated simulated) {
        return simulated.statements().stream()
                .findFirst()
                .filter(statement -> total(volume, statement).compareTo(limit.upTo()) <= 0)
                .isPresent();
    }

    private Rational total(Rational volume, Statement statement) {
        return Rational.whole(statement.lines().stream().map(this::derived).reduce(BigInteger.ZERO, BigInteger::add))
                .plus(value.times(volume));
    }

    /// What a line adds to the measure: an accrual of a clause that it adds or deducts.
    private BigInteger derived(Line line) {
        if (line.kind().isPresent()) {
            return BigInteger.ZERO;
        }
        Measure measure = terms.measure(limit.tiers().measure());
        BigInteger accrual = isForward(line) ? line.amount() : line.amount().negate();
        if (measure.plusClauses().contains(line.clause())) {
            return accrual;
        }
        return measure.lessClauses().contains(line.clause()) ? accrual.negate() : BigInteger.ZERO;
    }

    /// Whether it goes from the one who pays under its clause; a measure names no clauses but these.
    private boolean isForward(Line line) {
        return terms.clauses().stream()
                .filter(clause -> clause.id().equals(line.clause()))
                .anyMatch(clause -> switch (clause) {
                    case Clause.Fee(var _, var from, var _, var _) -> from.equals(line.from());
                    case Clause.Unit(var _, var from, var _, var _) -> from.equals(line.from());
                    case Clause.Fixed fixed -> fixed.from().equals(line.from());
                    case Clause.Kpi kpi -> kpi.from().equals(line.from());
                    case Clause.Fund _,
                            Clause.Split _,
                            Clause.Guarantee _,
                            Clause.Advance _,
                            Clause.Reserve _,
                            Clause.Withholding _,
                            Clause.Waterfall _ -> false;
                });
    }
}
