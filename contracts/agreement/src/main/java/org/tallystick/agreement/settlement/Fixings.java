package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.SettlementRules;
import org.tallystick.agreement.terms.Terms;

/// Converts amounts into the currency of the terms at the fixings known now (terms/1 sections 7.3 and 8).
///
/// What is missing is noted where a formula asks for it, and 0 stands in its place: nothing is posted then.
final class Fixings {

    /// How many days back the fixing of a day may lie.
    private static final int DAYS_BACK = 7;

    private final Terms terms;
    private final Figures figures;
    private final SortedSet<String> faults = new TreeSet<>();
    private final Map<Coin, Rational> rates = new HashMap<>();

    /// The first day whose fixing can be that of `day`.
    static LocalDate first(LocalDate day) {
        return day.minusDays(DAYS_BACK);
    }

    Fixings(Terms terms, Figures figures) {
        this.terms = terms;
        this.figures = figures;
    }

    /// Codes of what was asked for in vain.
    SortedSet<String> faults() {
        return Collections.unmodifiableSortedSet(faults);
    }

    /// What a basket is worth: each group of one currency and one rate is rounded once.
    Rational worth(Basket basket) {
        if (basket.lacks()) {
            faults.add(Refusals.FIGURE_MISSING);
        }
        if (basket.sums().isEmpty()) {
            return Rational.ZERO;
        }
        if (basket.sums().size() == 1 && basket.sums().firstKey().isOwn()) {
            return basket.sums().getOrDefault(Coin.OWN, Rational.ZERO);
        }
        Rational own = Rational.ZERO;
        SortedMap<String, SortedMap<Rational, Rational>> groups = new TreeMap<>();
        for (Map.Entry<Coin, Rational> sum : basket.sums().entrySet()) {
            if (sum.getKey().isOwn()) {
                own = sum.getValue();
            } else {
                groups.computeIfAbsent(sum.getKey().currency(), _ -> new TreeMap<>())
                        .merge(rate(sum.getKey()), sum.getValue(), Rational::plus);
            }
        }
        List<Rational> worth = new ArrayList<>(List.of(own));
        groups.values()
                .forEach(byRate -> byRate.forEach(
                        (rate, sum) -> worth.add(Rational.whole(Rounding.HALF_UP.round(rate.times(sum))))));
        return Rational.sum(worth);
    }

    /// What the amount of one event is worth, which is a group of its own.
    BigInteger worth(Alone.Money money) {
        return worth(money.amount(), money.coin());
    }

    BigInteger worth(BigInteger amount, Coin coin) {
        return coin.isOwn() ? amount : Rounding.HALF_UP.round(rate(coin).times(amount));
    }

    /// In minor units for a minor unit. Many events have the same.
    Rational rate(Coin coin) {
        Rational known = rates.get(coin);
        if (known == null) {
            known = computed(coin);
            rates.put(coin, known);
        }
        return known;
    }

    private Rational computed(Coin coin) {
        Optional<Rational> fixing = fixing(coin);
        if (fixing.isEmpty()) {
            faults.add(Refusals.FX_MISSING);
            return Rational.ZERO;
        }
        int shift = exponent(terms.currency()) - exponent(coin.currency());
        BigInteger power = BigInteger.TEN.pow(Math.abs(shift));
        return shift >= 0 ? fixing.get().times(power) : fixing.get().times(new Rational(BigInteger.ONE, power));
    }

    private static int exponent(String currency) {
        return Currencies.exponent(currency).orElseThrow(() -> new IllegalStateException("no currency " + currency));
    }

    Optional<Rational> fixing(Coin coin) {
        Optional<SettlementRules.Conversion> rules = terms.settlement().fx();
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        LocalDate first = rules.get().daily() ? first(coin.day()) : coin.day();
        SortedMap<LocalDate, Figures.Recorded> allowed =
                figures.fixings(coin.currency()).subMap(first, coin.day().plusDays(1));
        return allowed.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(allowed.get(allowed.lastKey())).map(Figures.Recorded::value);
    }
}
