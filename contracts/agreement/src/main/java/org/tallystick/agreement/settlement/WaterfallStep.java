package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What a waterfall does in one settlement (terms/1 section 11.9).
final class WaterfallStep {

    private static final BigInteger DAYS_OF_YEAR = BigInteger.valueOf(365);

    private final Terms terms;
    private final Clause.Waterfall waterfall;
    private final Accruals accruals;
    private final Postings postings;
    private final SortedMap<String, BigInteger> capital;
    private final SortedMap<String, Rational> due;
    private final SortedMap<String, BigInteger> paid;
    private BigInteger preferred;
    private BigInteger used;
    private BigInteger available = BigInteger.ZERO;

    WaterfallStep(Terms terms, Clause.Waterfall waterfall, Distribution before, Accruals accruals, Postings postings) {
        this.terms = terms;
        this.waterfall = waterfall;
        this.accruals = accruals;
        this.postings = postings;
        capital = new TreeMap<>(before.capital());
        due = new TreeMap<>(before.due());
        paid = new TreeMap<>(before.paid());
        preferred = before.preferred();
        used = before.used();
    }

    /// @param booked what is booked in the period, in event order
    Distribution run(Period period, List<Figures.Booking> booked) {
        accrue(period, booked);
        available = total(waterfall.of()).subtract(used);
        if (available.signum() > 0) {
            used = used.add(available);
            waterfall.tiers().forEach(this::pay);
        }
        return new Distribution(capital, due, paid, preferred, used);
    }

    /// Late capital accrues from its own day.
    private void accrue(Period period, List<Figures.Booking> booked) {
        for (String investor : waterfall.investors()) {
            accrue(investor, capital.getOrDefault(investor, BigInteger.ZERO), period.start(), period.end());
        }
        for (Figures.Booking booking : booked) {
            if (booking.act() == Figures.Act.CAPITAL) {
                capital.merge(booking.whom(), booking.amount(), BigInteger::add);
                accrue(booking.whom(), booking.amount(), booking.place().date(), period.end());
            }
        }
    }

    private void accrue(String investor, BigInteger amount, LocalDate from, LocalDate to) {
        BigInteger days = BigInteger.valueOf(to.toEpochDay() - from.toEpochDay());
        Rational accrued = new Rational(days.multiply(amount), DAYS_OF_YEAR).times(waterfall.preferredRate());
        due.merge(investor, accrued, Rational::plus);
    }

    /// The sum of a measure over all periods.
    private BigInteger total(String measure) {
        return accruals.total(measure).numerator();
    }

    private void pay(Clause.Rank rank) {
        switch (rank) {
            case Clause.Recover(var id, var party, var of) -> payUpTo(id, party, total(of));
            case Clause.CatchUp(var id, var party, var target) -> {
                Rational share = target.dividedBy(Rational.ONE.minus(target));
                payUpTo(id, party, Rounding.HALF_UP.round(share.times(preferred)));
            }
            case Clause.Preferred(var id) -> prefer(id);
            case Clause.ReturnOfCapital(var id) -> giveBack(id);
            case Clause.Remainder(var id, var shares) -> pay(id, divided(available, shares));
        }
    }

    /// Pays one party until the tier has paid this much in all.
    private void payUpTo(String tier, String party, BigInteger limit) {
        BigInteger before = paid.getOrDefault(tier, BigInteger.ZERO);
        BigInteger amount = available.min(limit.subtract(before).max(BigInteger.ZERO));
        paid.put(tier, before.add(amount));
        available = available.subtract(amount);
        postings.post(waterfall.id(), tier, waterfall.holder(), party, amount);
    }

    private void prefer(String tier) {
        SortedMap<String, Rational> weights = new TreeMap<>();
        Rational all = Rational.ZERO;
        for (String investor : waterfall.investors()) {
            Rational own = due.getOrDefault(investor, Rational.ZERO).max(Rational.ZERO);
            weights.put(investor, own);
            all = all.plus(own);
        }
        BigInteger amount = available.min(Rounding.HALF_UP.round(all));
        preferred = preferred.add(amount);
        SortedMap<String, BigInteger> parts = divided(amount, weights);
        pay(tier, parts);
        parts.forEach((investor, part) -> due.merge(investor, Rational.whole(part.negate()), Rational::plus));
    }

    private void giveBack(String tier) {
        SortedMap<String, Rational> weights = new TreeMap<>();
        BigInteger all = BigInteger.ZERO;
        for (String investor : waterfall.investors()) {
            BigInteger own = capital.getOrDefault(investor, BigInteger.ZERO);
            weights.put(investor, Rational.whole(own));
            all = all.add(own);
        }
        SortedMap<String, BigInteger> parts = divided(available.min(all), weights);
        pay(tier, parts);
        parts.forEach((investor, part) -> capital.merge(investor, part.negate(), BigInteger::add));
    }

    private SortedMap<String, BigInteger> divided(BigInteger amount, SortedMap<String, Rational> weights) {
        return amount.signum() == 0 ? new TreeMap<>() : new Shares(terms, weights).divide(amount);
    }

    private void pay(String tier, SortedMap<String, BigInteger> parts) {
        parts.forEach((party, part) -> {
            available = available.subtract(part);
            postings.post(waterfall.id(), tier, waterfall.holder(), party, part);
        });
    }
}
