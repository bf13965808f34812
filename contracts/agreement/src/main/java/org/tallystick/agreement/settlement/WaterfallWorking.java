package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.settlement.Working.Kind;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Works out what each tier of a waterfall pays in one settlement (terms/1 section 11.9).
final class WaterfallWorking {

    private static final Rational DAYS_OF_YEAR = Rational.whole(365);

    private final Terms terms;
    private final Clause.Waterfall waterfall;
    private final Distribution before;
    private final Period period;
    private final AccrualWorking working;
    private final List<Period> periods;
    private final SortedMap<String, BigInteger> capital;
    private final SortedMap<String, Rational> due;
    private final SortedMap<Paid, Trail> trails = new TreeMap<>();
    private BigInteger available = BigInteger.ZERO;
    private BigInteger cash = BigInteger.ZERO;
    private BigInteger preferred;

    /// What a tier pays somebody.
    private record Paid(String tier, String to) implements Comparable<Paid> {
        private static final Comparator<Paid> ORDER =
                Comparator.comparing(Paid::tier).thenComparing(Paid::to);

        @Override
        public int compareTo(Paid other) {
            return ORDER.compare(this, other);
        }
    }

    /// @param periods from the opening to the one being settled
    /// @param booked what is booked in the period, in event order
    WaterfallWorking(
            Terms terms,
            Clause.Waterfall waterfall,
            Distribution before,
            AccrualWorking working,
            List<Period> periods,
            List<Figures.Booking> booked) {
        this.terms = terms;
        this.waterfall = waterfall;
        this.before = before;
        this.working = working;
        this.periods = periods;
        this.period = periods.getLast();
        this.capital = new TreeMap<>(before.capital());
        this.due = new TreeMap<>(before.due());
        this.preferred = before.preferred();
        accrue(booked);
        cash = total(waterfall.of(), new Trail());
        available = cash.subtract(before.used());
        if (available.signum() > 0) {
            waterfall.tiers().forEach(this::pay);
        }
    }

    /// The steps to what a tier pays somebody; none if it pays nothing.
    Trail trail(String tier, String to) {
        return trails.getOrDefault(new Paid(tier, to), new Trail());
    }

    private void accrue(List<Figures.Booking> booked) {
        for (String investor : waterfall.investors()) {
            long days = ChronoUnit.DAYS.between(period.start(), period.end());
            accrue(investor, capital.getOrDefault(investor, BigInteger.ZERO), days);
        }
        for (Figures.Booking booking : booked) {
            if (booking.act() == Figures.Act.CAPITAL) {
                capital.merge(booking.whom(), booking.amount(), BigInteger::add);
                long days = ChronoUnit.DAYS.between(booking.place().date(), period.end());
                accrue(booking.whom(), booking.amount(), days);
            }
        }
    }

    private void accrue(String investor, BigInteger amount, long days) {
        Rational accrued = Rational.whole(amount)
                .times(waterfall.preferredRate())
                .times(Rational.whole(days))
                .dividedBy(DAYS_OF_YEAR);
        due.merge(investor, accrued, Rational::plus);
    }

    /// The sum of a measure over all periods.
    private BigInteger total(String measure, Trail trail) {
        Rational total = Rational.ZERO;
        for (Period each : periods) {
            Rational value = working.whole(measure, each, new Trail());
            total = total.plus(value);
            if (value.signum() != 0 || each.equals(period)) {
                Rational _ = trail.value(Kind.TOTAL, measure, each, value, Working.Unit.MONEY);
            }
        }
        return total.numerator();
    }

    /// Where every tier begins: the cash, less what was distributed before and what the tiers above take now.
    private Trail begun() {
        Trail trail = new Trail();
        BigInteger _ = total(waterfall.of(), trail);
        if (before.used().signum() != 0) {
            BigInteger _ = trail.money(Kind.USED, "", period.previous(), before.used());
        }
        BigInteger taken = cash.subtract(before.used()).subtract(available);
        if (taken.signum() != 0) {
            BigInteger _ = trail.money(Kind.USED, waterfall.id(), taken);
        }
        BigInteger _ = trail.money(Kind.AVAILABLE, waterfall.id(), available);
        return trail;
    }

    private void pay(Clause.Rank rank) {
        Trail trail = begun();
        switch (rank) {
            case Clause.Recover(var id, var party, var of) -> payUpTo(id, party, total(of, trail), trail);
            case Clause.CatchUp(var id, var party, var target) -> {
                Rational share = target.dividedBy(Rational.ONE.minus(target));
                Rational promised = trail.rated(Kind.RATED, "", share, Working.Figure.money(preferred));
                payUpTo(id, party, trail.rounded(Rounding.HALF_UP, promised), trail);
            }
            case Clause.Preferred(var id) -> prefer(id, trail);
            case Clause.ReturnOfCapital(var id) -> giveBack(id, trail);
            case Clause.Remainder(var id, var shares) -> {
                SortedMap<String, BigInteger> _ = divide(id, available, shares, trail);
            }
        }
    }

    private void payUpTo(String tier, String party, BigInteger limit, Trail trail) {
        BigInteger paid = before.paid().getOrDefault(tier, BigInteger.ZERO);
        BigInteger _ = trail.money(Kind.POSTED, tier, paid);
        BigInteger missing = trail.money(Kind.MISSING, "", limit.subtract(paid).max(BigInteger.ZERO));
        BigInteger amount = trail.atMost(available, missing);
        available = available.subtract(amount);
        trails.put(new Paid(tier, party), trail);
    }

    private void prefer(String tier, Trail trail) {
        SortedMap<String, Rational> weights = new TreeMap<>();
        for (String investor : waterfall.investors()) {
            Rational own = due.getOrDefault(investor, Rational.ZERO).max(Rational.ZERO);
            weights.put(investor, trail.exact(Kind.RETURN, investor, own));
        }
        Rational all = trail.sum(List.copyOf(weights.values()));
        BigInteger amount = trail.atMost(available, trail.rounded(Rounding.HALF_UP, all));
        preferred = preferred.add(amount);
        divide(tier, amount, weights, trail)
                .forEach((investor, part) -> due.merge(investor, Rational.whole(part.negate()), Rational::plus));
    }

    private void giveBack(String tier, Trail trail) {
        SortedMap<String, Rational> weights = new TreeMap<>();
        for (String investor : waterfall.investors()) {
            BigInteger own = capital.getOrDefault(investor, BigInteger.ZERO);
            weights.put(investor, Rational.whole(trail.money(Kind.CAPITAL, investor, own)));
        }
        Rational all = trail.sum(List.copyOf(weights.values()));
        BigInteger amount = trail.atMost(available, all.numerator());
        divide(tier, amount, weights, trail)
                .forEach((investor, part) -> capital.merge(investor, part.negate(), BigInteger::add));
    }

    private SortedMap<String, BigInteger> divide(
            String tier, BigInteger amount, SortedMap<String, Rational> weights, Trail trail) {
        SortedMap<String, BigInteger> parts =
                amount.signum() == 0 ? new TreeMap<>() : new Shares(terms, weights).divide(amount);
        Rational all = Rational.sum(List.copyOf(weights.values()));
        parts.forEach((party, part) -> {
            Rational weight =
                    Optional.ofNullable(weights.get(party)).orElseThrow().dividedBy(all);
            Trail own = trail.copy();
            BigInteger _ = own.part(Kind.PART, party, weight, Working.Figure.money(amount), part);
            trails.put(new Paid(tier, party), own);
            available = available.subtract(part);
        });
        return parts;
    }
}
