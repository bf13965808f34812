package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.LargestRemainder;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Filter;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Rate;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;
import org.tallystick.agreement.terms.Validity;

/// The first stage of settlement: adds events to [Figures], each where a clause will look for it.
///
/// An event that a clause prices alone is priced here already, as far as the event decides; its price then adds up like
/// any other sum.
final class Fold {

    private final Terms terms;
    private final Figures figures = new Figures();

    /// Measures that some clause takes whole.
    private final SortedSet<String> whole = new TreeSet<>();

    /// Figures that some clause looks up.
    private final SortedSet<String> kpis = new TreeSet<>();

    /// Milestones that some rate waits for.
    private final SortedSet<String> facts = new TreeSet<>();

    Fold(Terms terms) {
        this.terms = terms;
        for (Clause clause : terms.clauses()) {
            switch (clause) {
                case Clause.Fee(var _, var _, var _, var pricing) -> need(pricing);
                case Clause.Unit(var _, var _, var _, var pricing) -> need(pricing);
                case Clause.Fund(var _, var _, var pricing, var _) -> need(pricing);
                case Clause.Kpi kpi -> kpi.tables().forEach(table -> kpis.add(table.kpi()));
                case Clause.Split _, Clause.Fixed _ -> {}
                case Clause.Guarantee _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _, Clause.Waterfall _ ->
                    throw unsupported(clause);
            }
        }
    }

    static IllegalStateException unsupported(Clause clause) {
        return new IllegalStateException("clause " + clause.id() + " is not settled yet; the reader refuses it");
    }

    Figures figures() {
        return figures;
    }

    private void need(Pricing pricing) {
        pricing.factor().ifPresent(kpi -> kpis.add(kpi));
        pricing.floor().ifPresent(this::need);
        pricing.cap().ifPresent(cap -> need(cap.limit()));
        if (pricing.charge() instanceof Pricing.Rated(var rate)) {
            need(rate);
        }
    }

    private void need(Pricing.Limit limit) {
        if (limit instanceof Pricing.MeasureLimit(var of, var _)) {
            whole.add(of);
        }
    }

    private void need(Rate rate) {
        switch (rate) {
            case Rate.ByFact(var fact, var _, var _) -> facts.add(fact);
            case Rate.ByAttribute(var _, var table) -> table.values().forEach(this::need);
            case Rate.Constant _, Rate.ByDate _, Rate.ByEvent _ -> {}
        }
    }

    void add(KnownEvent known) {
        Fact fact = Fact.of(known, terms.currency());
        Period period = terms.frequency().periodOf(fact.date());
        switch (fact.type()) {
            case KPI -> record(period, known);
            case FX, ADVANCE, CAPITAL -> {}
            case SUSPEND -> book(known, Figures.Act.SUSPEND);
            case RESUME -> book(known, Figures.Act.RESUME);
            case DISPUTE_HOLD -> book(known, Figures.Act.HOLD);
            case DISPUTE_RELEASE -> book(known, Figures.Act.RELEASE);
            case MILESTONE -> {
                known.event()
                        .textAttribute("name")
                        .filter(name -> facts.contains(name))
                        .ifPresent(name -> figures.fact(name, fact.date()));
                measure(fact, period);
            }
            case SALE, COST, DELIVERY, REFUND, RETURN, USAGE, SUBSCRIBERS, MDF_CLAIM -> measure(fact, period);
        }
    }

    private void record(Period period, KnownEvent known) {
        String kpi = known.event().kpi().orElseThrow();
        if (kpis.contains(kpi)) {
            figures.record(
                    period,
                    kpi,
                    new Figures.Recorded(Place.of(known), known.event().value().orElseThrow()));
        }
    }

    private void book(KnownEvent known, Figures.Act act) {
        Event event = known.event();
        figures.book(
                Place.of(known),
                new Figures.Booking(
                        act,
                        event.textAttribute("party").orElseThrow(),
                        event.textAttribute("to"),
                        event.amount().orElse(BigInteger.ZERO)));
    }

    private void measure(Fact fact, Period period) {
        for (String id : whole) {
            Rational value = signed(terms.measure(id), fact);
            if (value.signum() != 0) {
                figures.add(Figures.Use.MEASURE, id, period, Figures.PLAIN, value);
            }
        }
        for (Clause clause : terms.clauses()) {
            switch (clause) {
                case Clause.Fee(var id, var _, var _, var pricing) -> price(id, pricing, fact, period);
                case Clause.Unit(var id, var _, var _, var pricing) -> price(id, pricing, fact, period);
                case Clause.Fund(var id, var _, var pricing, var claims) -> {
                    price(id, pricing, fact, period);
                    if (Matching.matches(claims.on(), fact)) {
                        figures.claim(id, Place.of(fact), value(Measure.Of.AMOUNT, fact));
                    }
                }
                case Clause.Split split -> divide(split, fact, period);
                case Clause.Fixed fixed -> {
                    if (isSelected(fixed.on(), fixed.when(), fact)) {
                        figures.add(Figures.Use.BASE, fixed.id(), period, Figures.PLAIN, Rational.ONE);
                    }
                }
                case Clause.Kpi kpi -> {
                    if (isSelected(kpi.where(), kpi.when(), fact)) {
                        addSigned(Figures.Use.BASE, kpi.id(), kpi.of(), fact, period, Figures.PLAIN);
                    }
                }
                case Clause.Guarantee _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _, Clause.Waterfall _ ->
                    throw unsupported(clause);
            }
        }
    }

    private static boolean isSelected(Filter where, Validity when, Fact fact) {
        return when.contains(fact.originDate()) && Matching.matches(where, fact);
    }

    private void addSigned(Figures.Use use, String id, String measure, Fact fact, Period period, String key) {
        int sign = Matching.sign(terms.measure(measure), fact);
        if (sign != 0) {
            figures.add(use, id, period, key, signed(terms.measure(measure), sign, fact));
        }
    }

    private Rational signed(Measure measure, Fact fact) {
        int sign = Matching.sign(measure, fact);
        return sign == 0 ? Rational.ZERO : signed(measure, sign, fact);
    }

    private Rational signed(Measure measure, int sign, Fact fact) {
        Rational value = value(measure.of(), fact);
        return sign < 0 ? value.negate() : value;
    }

    /// What one event adds; what it lacks is noted, and 0 stands in its place.
    private Rational value(Measure.Of of, Fact fact) {
        return switch (of) {
            case COUNT -> Rational.ONE;
            case QUANTITY -> quantity(fact);
            case AMOUNT -> {
                if (fact.amount().isPresent() && !fact.currency().equals(terms.currency())) {
                    figures.fault(Refusals.FX_MISSING);
                }
                yield Rational.whole(fact.amount().orElse(BigInteger.ZERO));
            }
        };
    }

    private Rational quantity(Fact fact) {
        if (fact.quantity().isEmpty()) {
            figures.fault(Refusals.FIGURE_MISSING);
        }
        return fact.quantity().orElse(Rational.ZERO);
    }

    // Fees, unit prices and funds.

    private void price(String id, Pricing pricing, Fact fact, Period period) {
        if (!isSelected(pricing.where(), pricing.when(), fact)) {
            return;
        }
        Measure of = terms.measure(pricing.of());
        int sign = Matching.sign(of, fact);
        switch (pricing.charge()) {
            case Pricing.Rated(var rate) -> {
                if (sign != 0) {
                    rated(id, pricing, rate, fact, period, signed(of, sign, fact));
                }
            }
            case Pricing.Tiered(var tiers) -> {
                if (tiers.mode() == Tiers.Mode.LOOKBACK || !tiers.measure().equals(pricing.of())) {
                    addSigned(Figures.Use.TIER, id, tiers.measure(), fact, period, Figures.PLAIN);
                }
                if (sign != 0) {
                    tiered(id, pricing, tiers, fact, period, signed(of, sign, fact));
                }
            }
        }
    }

    private void rated(String id, Pricing pricing, Rate rate, Fact fact, Period period, Rational value) {
        switch (RateKey.of(rate, fact)) {
            case RateKey.Missing(var code) -> figures.fault(code);
            case RateKey.Found(var key) -> {
                if (pricing.perEvent()) {
                    rounded(id, pricing, key, fact, period, value);
                } else {
                    String text = rate.isConstant() ? Figures.PLAIN : key.text();
                    figures.add(Figures.Use.BASE, id, period, text, value);
                }
            }
        }
    }

    /// Rounds and limits the price of one event. While a milestone may still decide, both prices are kept, each under a
    /// key that is 1 if it is the one and 0 if not.
    private void rounded(String id, Pricing pricing, RateKey key, Fact fact, Period period, Rational value) {
        switch (key) {
            case RateKey.Known(var rate) ->
                figures.add(Figures.Use.BASE, id, period, RateKey.Known.ONE.text(), price(pricing, rate, fact, value));
            case RateKey.Waiting(var before, var after, var day, var name) -> {
                RateKey ifBefore = new RateKey.Waiting(Rational.ONE, Rational.ZERO, day, name);
                RateKey ifAfter = new RateKey.Waiting(Rational.ZERO, Rational.ONE, day, name);
                figures.add(Figures.Use.BASE, id, period, ifBefore.text(), price(pricing, before, fact, value));
                figures.add(Figures.Use.BASE, id, period, ifAfter.text(), price(pricing, after, fact, value));
            }
        }
    }

    /// The price of one event with its sign (terms/1 section 11.3).
    private Rational price(Pricing pricing, Rational rate, Fact fact, Rational value) {
        BigInteger price = pricing.round().round(rate.times(value)).abs();
        if (pricing.cap().isPresent()) {
            price = price.min(limit(pricing, pricing.cap().get().limit(), fact));
        }
        if (pricing.floor().isPresent()) {
            price = price.max(limit(pricing, pricing.floor().get(), fact));
        }
        int sign = Matching.sign(terms.measure(pricing.of()), fact);
        return Rational.whole(sign < 0 ? price.negate() : price);
    }

    private BigInteger limit(Pricing pricing, Pricing.Limit limit, Fact fact) {
        return switch (limit) {
            case Pricing.AmountLimit(var amount) -> amount;
            case Pricing.PriceLimit(var price) -> pricing.round().round(price.times(quantity(fact)));
            case Pricing.MeasureLimit _ -> throw new IllegalStateException("a limit by measure for single events");
        };
    }

    private void tiered(String id, Pricing pricing, Tiers tiers, Fact fact, Period period, Rational value) {
        Optional<Fact> priced = fact.origin().filter(origin -> isPriced(pricing, origin));
        switch (tiers.mode()) {
            case MARGINAL, WHOLE, BLENDED -> figures.add(Figures.Use.BASE, id, period, Figures.PLAIN, value);
            case FORWARD -> figures.order(id, Place.of(fact), new Figures.Single(value, priced.map(Fact::id)));
            case PER_EVENT -> {
                Rational size = priced.map(
                                origin -> value(terms.measure(pricing.of()).of(), origin))
                        .orElse(value)
                        .abs();
                RateKey key = new RateKey.Known(tiers.rateAt(size));
                figures.add(Figures.Use.BASE, id, period, key.text(), value);
            }
            case LOOKBACK -> {
                Period rated = priced.map(origin -> terms.frequency().periodOf(origin.date()))
                        .orElse(period);
                figures.add(Figures.Use.BASE, id, period, rated.text(), value);
            }
        }
    }

    private boolean isPriced(Pricing pricing, Fact origin) {
        return isSelected(pricing.where(), pricing.when(), origin)
                && Matching.sign(terms.measure(pricing.of()), origin) != 0;
    }

    // Splits.

    private void divide(Clause.Split split, Fact fact, Period period) {
        split.proRata().ifPresent(proRata -> use(split.id(), proRata, fact, period));
        int sign = Matching.sign(terms.measure(split.of()), fact);
        if (sign == 0 || !isSelected(split.where(), split.when(), fact)) {
            return;
        }
        Rational pool = signed(terms.measure(split.of()), sign, fact);
        if (!split.perEvent()) {
            figures.add(Figures.Use.BASE, split.id(), period, Figures.PLAIN, pool);
            return;
        }
        if (split.proRata().isPresent()) {
            // How an event divides depends on its size and on the use of the whole period: sizes are counted.
            figures.add(Figures.Use.BASE, split.id(), period, pool.abs().toString(), Rational.whole(pool.signum()));
            return;
        }
        parts(terms.parties(), split.shares(), pool.numerator())
                .forEach((party, part) ->
                        figures.add(Figures.Use.PART, split.id(), period, party, Rational.whole(part)));
    }

    private void use(String id, Clause.ProRata proRata, Fact fact, Period period) {
        int sign = Matching.sign(terms.measure(proRata.of()), fact);
        if (sign == 0
                || !(fact.attrs().get(proRata.by()) instanceof Json.Text(var party))
                || !proRata.among().contains(party)) {
            return;
        }
        figures.add(Figures.Use.PRO_RATA, id, period, party, signed(terms.measure(proRata.of()), sign, fact));
    }

    /// Divides a pool; ties go by the order of the parties, whatever the order of the shares.
    static SortedMap<String, BigInteger> parts(
            List<String> parties, SortedMap<String, Rational> weights, BigInteger pool) {
        List<String> sharing =
                parties.stream().filter(party -> weights.containsKey(party)).toList();
        List<BigInteger> parts = LargestRemainder.divide(
                pool,
                sharing.stream()
                        .map(party -> weights.getOrDefault(party, Rational.ZERO))
                        .toList());
        SortedMap<String, BigInteger> byParty = new TreeMap<>();
        for (int i = 0; i < sharing.size(); i++) {
            byParty.put(sharing.get(i), parts.get(i));
        }
        return byParty;
    }
}
