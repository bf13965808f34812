package org.tallystick.agreement.settlement.naive;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// Section 11.9: what is kept of the waterfall from one settlement to the next, and what it pays.
final class Waterfall {

    /// Takes a payment of a tier to a party.
    interface Pay {
        void to(String tier, String party, BigInteger amount);
    }

    private final Json.Obj terms;
    private final Json.Obj c;
    private final SortedMap<String, BigInteger> capital = new TreeMap<>();
    private final SortedMap<String, Fraction> due = new TreeMap<>();
    private final SortedMap<String, BigInteger> paid = new TreeMap<>();
    private BigInteger prefPaid = BigInteger.ZERO;
    private BigInteger used = BigInteger.ZERO;

    Waterfall(Json.Obj terms, Json.Obj c) {
        this.terms = terms;
        this.c = c;
        for (Json investor : c.items("investors")) {
            capital.put(((Json.Text) investor).value(), BigInteger.ZERO);
            due.put(((Json.Text) investor).value(), Fraction.ZERO);
        }
    }

    SortedMap<String, BigInteger> capital() {
        return capital;
    }

    /// @param booked the events booked in the period, in event order
    void settle(Known known, Measures measures, int period, List<Event> booked, Pay pay) {
        accrue(known.calendar(), period, booked);
        List<Integer> history = known.window("life", period);
        BigInteger avail =
                measures.tot(Optional.of(c), c.text("of"), history).whole().subtract(used);
        if (avail.signum() <= 0) {
            return;
        }
        used = used.add(avail);
        for (Json item : c.items("tiers")) {
            Json.Obj tier = (Json.Obj) item;
            SortedMap<String, BigInteger> parts = parts(tier, avail, measures, history);
            for (var part : parts.entrySet()) {
                avail = avail.subtract(part.getValue());
                pay.to(tier.text("id"), part.getKey(), part.getValue());
            }
        }
    }

    private void accrue(Calendar calendar, int period, List<Event> booked) {
        Fraction aDay = Fraction.read(c.get("preferredRate")).over(Fraction.of(365));
        capital.forEach((investor, amount) -> due.merge(
                investor, Fraction.of(amount).times(aDay).times(Fraction.of(calendar.days(period))), Fraction::plus));
        for (Event x : booked) {
            if (x.is("capital")) {
                BigInteger amount = x.amount().orElseThrow().whole();
                long days = calendar.end(period).toEpochDay() - x.date().toEpochDay();
                capital.merge(x.attr("party"), amount, BigInteger::add);
                due.merge(x.attr("party"), Fraction.of(amount).times(aDay).times(Fraction.of(days)), Fraction::plus);
            }
        }
    }

    /// What a tier pays to whom, with all that follows from it for the state.
    private SortedMap<String, BigInteger> parts(
            Json.Obj tier, BigInteger avail, Measures measures, List<Integer> history) {
        String id = tier.text("id");
        return switch (tier.text("kind")) {
            case "recover" -> {
                BigInteger costs =
                        measures.tot(Optional.empty(), tier.text("of"), history).whole();
                yield toOne(tier, avail, costs);
            }
            case "catch-up" -> {
                Fraction g = Fraction.read(tier.get("target"));
                yield toOne(
                        tier,
                        avail,
                        g.over(Fraction.ONE.minus(g))
                                .times(Fraction.of(prefPaid))
                                .round());
            }
            case "preferred" -> {
                SortedMap<String, Fraction> owed = new TreeMap<>();
                due.forEach((investor, amount) -> owed.put(investor, amount.most(Fraction.ZERO)));
                BigInteger a = avail.min(owed.values().stream()
                        .reduce(Fraction.ZERO, Fraction::plus)
                        .round());
                SortedMap<String, BigInteger> parts = divide(a, owed);
                parts.forEach((investor, part) -> due.merge(investor, Fraction.of(part.negate()), Fraction::plus));
                prefPaid = prefPaid.add(a);
                yield parts;
            }
            case "return-of-capital" -> {
                SortedMap<String, Fraction> weights = new TreeMap<>();
                capital.forEach((investor, amount) -> weights.put(investor, Fraction.of(amount)));
                BigInteger a = avail.min(capital.values().stream().reduce(BigInteger.ZERO, BigInteger::add));
                SortedMap<String, BigInteger> parts = divide(a, weights);
                parts.forEach((investor, part) -> capital.merge(investor, part.negate(), BigInteger::add));
                yield parts;
            }
            case "split" -> divide(avail, Shares.read(tier.object("shares")));
            default -> throw new IllegalArgumentException("tier " + id + ": " + tier.text("kind"));
        };
    }

    private SortedMap<String, BigInteger> toOne(Json.Obj tier, BigInteger avail, BigInteger goal) {
        BigInteger before = paid.getOrDefault(tier.text("id"), BigInteger.ZERO);
        BigInteger part = avail.min(goal.subtract(before).max(BigInteger.ZERO));
        paid.put(tier.text("id"), before.add(part));
        SortedMap<String, BigInteger> parts = new TreeMap<>();
        parts.put(tier.text("party"), part);
        return parts;
    }

    /// Nothing has no parts: the weights may all be zero then.
    private SortedMap<String, BigInteger> divide(BigInteger amount, SortedMap<String, Fraction> weights) {
        return amount.signum() == 0 ? new TreeMap<>() : Shares.divide(terms, amount, weights);
    }
}
