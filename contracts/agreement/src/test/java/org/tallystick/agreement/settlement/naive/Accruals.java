package org.tallystick.agreement.settlement.naive;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// Sections 11.2 to 11.6 and 11.10: what a clause makes due for a period, given what is known.
final class Accruals {

    /// An amount of either sign, due from one account to another.
    record Due(String from, String to, BigInteger amount) {}

    private final Known known;
    private final Measures measures;
    private final Rates rates;

    /// What was computed before at this settlement, by clause and period.
    private final SortedMap<String, List<Due>> computed = new TreeMap<>();

    Accruals(Known known) {
        this.known = known;
        this.measures = new Measures(known, this::one);
        this.rates = new Rates(known);
    }

    Measures measures() {
        return measures;
    }

    private Fraction one(String clause, int q) {
        return Fraction.of(of(clause(known.terms(), clause), q).getFirst().amount());
    }

    static Json.Obj clause(Json.Obj terms, String id) {
        return terms.items("clauses").stream()
                .map(clause -> (Json.Obj) clause)
                .filter(clause -> clause.text("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    /// A(c, q).
    List<Due> of(Json.Obj c, int q) {
        String key = c.text("id") + " " + q;
        List<Due> before = computed.get(key);
        if (before != null) {
            return before;
        }
        List<Due> due = switch (c.text("type")) {
            case "fee", "unit" -> List.of(new Due(c.text("from"), c.text("to"), priced(c, q)));
            case "fund" -> List.of(new Due(c.text("from"), "fund:" + c.text("id"), priced(c, q)));
            case "split" -> split(c, q);
            case "fixed" -> List.of(new Due(c.text("from"), c.text("to"), fixed(c, q)));
            case "kpi" -> List.of(new Due(c.text("from"), c.text("to"), kpi(c, q)));
            default -> throw new IllegalArgumentException(c.text("type"));
        };
        computed.put(key, due);
        return due;
    }

    private static String mode(Json.Obj c) {
        return c.findText("round").orElse("half-up");
    }

    private static boolean isPerEvent(Json.Obj c) {
        return c.findText("per").orElse("period").equals("event");
    }

    private static Json rate(Json.Obj c) {
        return c.get(c.has("rate") ? "rate" : "price");
    }

    // Section 11.2.

    private BigInteger priced(Json.Obj c, int q) {
        if (isPerEvent(c)) {
            return singly(c, q);
        }
        List<Integer> before = new ArrayList<>(window(c, q));
        before.removeLast();
        BigInteger a = rounded(c, q).subtract(before.isEmpty() ? BigInteger.ZERO : rounded(c, before.getLast()));
        if (!c.has("floor") || !Measures.isIn(c, known.calendar().start(q))) {
            return a;
        }
        Json.Obj floor = c.object("floor");
        return a.max(
                floor.has("amount")
                        ? Fraction.read(floor.get("amount")).whole()
                        : Fraction.read(floor.get("rate"))
                                .times(measures.tot(Optional.empty(), floor.text("of"), q))
                                .round(mode(c)));
    }

    private List<Integer> window(Json.Obj c, int q) {
        return known.window(c.findText("window").orElse("period"), q);
    }

    /// R(q).
    private BigInteger rounded(Json.Obj c, int q) {
        Fraction entitlement = c.has("tiers") ? new Tiers(known, measures, c).entitlement(q) : rated(c, q);
        BigInteger r = entitlement.round(mode(c));
        if (!c.has("cap")) {
            return r;
        }
        Json.Obj cap = c.object("cap");
        BigInteger l = cap.has("amount")
                ? Fraction.read(cap.get("amount")).whole()
                : Fraction.read(cap.get("rate"))
                        .times(measures.tot(Optional.empty(), cap.text("of"), window(c, q)))
                        .round(mode(c))
                        .max(BigInteger.ZERO);
        return r.min(l).max(l.negate());
    }

    private Fraction rated(Json.Obj c, int q) {
        Fraction e = Fraction.ZERO;
        for (int p : window(c, q)) {
            List<Event> sel = measures.sel(Optional.of(c), c.text("of"), p);
            Fraction der = measures.der(c.text("of"), p);
            Fraction sum = byRate(c, sel);
            if (rate(c) instanceof Json.Text) {
                sum = sum.plus(Fraction.read(rate(c)).times(der));
            }
            e = e.plus(factor(c, p, !sel.isEmpty() || der.sign() != 0).times(sum));
        }
        return e;
    }

    private Fraction byRate(Json.Obj c, List<Event> sel) {
        List<Fraction> rateOf = sel.stream().map(e -> rates.of(rate(c), e)).toList();
        Fraction sum = Fraction.ZERO;
        for (Fraction r : rateOf.stream().distinct().toList()) {
            List<Event> withRate = new ArrayList<>();
            for (int i = 0; i < sel.size(); i++) {
                if (rateOf.get(i).equals(r)) {
                    withRate.add(sel.get(i));
                }
            }
            sum = sum.plus(r.times(measures.val(c.text("of"), withRate)));
        }
        return sum;
    }

    private Fraction factor(Json.Obj c, int p, boolean isNeeded) {
        if (!c.has("factor")) {
            return Fraction.ONE;
        }
        Optional<Fraction> figure = known.figure(c.object("factor").text("kpi"), p);
        if (figure.isEmpty() && isNeeded) {
            known.missing("FIGURE_MISSING");
        }
        return figure.orElse(Fraction.ZERO);
    }

    // Section 11.3.

    private BigInteger singly(Json.Obj c, int q) {
        BigInteger a = BigInteger.ZERO;
        for (Event e : measures.sel(Optional.of(c), c.text("of"), q)) {
            BigInteger y = rates.of(rate(c), e)
                    .times(measures.val(c.text("of"), List.of(e)))
                    .round(mode(c))
                    .abs();
            if (c.has("cap")) {
                y = y.min(limit(c, c.object("cap"), e));
            }
            if (c.has("floor")) {
                y = y.max(limit(c, c.object("floor"), e));
            }
            a = a.add(y.multiply(BigInteger.valueOf(measures.sign(c.text("of"), e))));
        }
        return a;
    }

    private BigInteger limit(Json.Obj c, Json.Obj limit, Event e) {
        return limit.has("amount")
                ? Fraction.read(limit.get("amount")).whole()
                : Fraction.read(limit.get("price")).times(measures.quantity(e)).round(mode(c));
    }

    // Section 11.4.

    private List<Due> split(Json.Obj c, int q) {
        List<Event> sel = measures.sel(Optional.of(c), c.text("of"), q);
        List<BigInteger> pools = isPerEvent(c)
                ? sel.stream()
                        .map(e -> measures.val(c.text("of"), List.of(e)).whole())
                        .toList()
                : List.of(measures.tot(Optional.of(c), c.text("of"), q).whole());
        SortedMap<String, BigInteger> parts = new TreeMap<>();
        if (!pools.isEmpty()) {
            SortedMap<String, Fraction> weights = weights(c, q);
            pools.forEach(pool -> Shares.divide(known.terms(), pool, weights)
                    .forEach((party, part) -> parts.merge(party, part, BigInteger::add)));
        }
        parts.remove(c.text("holder"));
        List<Due> due = new ArrayList<>();
        parts.forEach((party, part) -> due.add(new Due(c.text("holder"), party, part)));
        return due;
    }

    private SortedMap<String, Fraction> weights(Json.Obj c, int q) {
        SortedMap<String, Fraction> weights = Shares.read(c.object("shares"));
        if (!c.has("proRata")) {
            return weights;
        }
        Json.Obj pro = c.object("proRata");
        SortedMap<String, Fraction> use = new TreeMap<>();
        for (Json party : pro.items("among")) {
            List<Event> own = measures.sel(Optional.empty(), pro.text("of"), q).stream()
                    .filter(e -> party.equals(e.attrs().get(pro.text("by"))))
                    .toList();
            use.put(
                    ((Json.Text) party).value(),
                    measures.val(pro.text("of"), own).most(Fraction.ZERO));
        }
        Fraction all = use.values().stream().reduce(Fraction.ZERO, Fraction::plus);
        Fraction share = Fraction.read(pro.get("share"));
        if (all.sign() == 0) {
            weights.merge(pro.text("ifNone"), share, Fraction::plus);
        } else {
            use.forEach((party, own) -> weights.merge(party, share.times(own).over(all), Fraction::plus));
        }
        return weights;
    }

    // Section 11.5.

    private BigInteger fixed(Json.Obj c, int q) {
        BigInteger amount = Fraction.read(c.get("amount")).whole();
        BigInteger here = amount.multiply(count(c, q));
        if (!c.has("cap")) {
            return here;
        }
        Json.Obj cap = c.object("cap");
        BigInteger limit = Fraction.read(cap.get("amount")).whole();
        BigInteger s = known.window(cap.findText("window").orElse("period"), q).stream()
                .map(p -> amount.multiply(count(c, p)))
                .reduce(BigInteger.ZERO, BigInteger::add);
        return s.min(limit).subtract(s.subtract(here).min(limit));
    }

    /// N(q).
    private BigInteger count(Json.Obj c, int q) {
        return BigInteger.valueOf(known.datedIn(q).stream()
                .filter(e -> Measures.isIn(c, e.orig()) && Filter.matches(c.object("on"), e))
                .count());
    }

    // Section 11.6.

    private BigInteger kpi(Json.Obj c, int q) {
        Fraction r = Fraction.ZERO;
        for (Json item : c.items("table")) {
            Json.Obj table = (Json.Obj) item;
            Optional<Fraction> v = known.figure(table.text("kpi"), q);
            r = r.plus(v.map(figure -> step(table, figure)).orElse(Fraction.ZERO));
        }
        Json.Obj collar = c.has("collar") ? c.object("collar") : Json.Obj.EMPTY;
        if (collar.has("max")) {
            r = r.least(Fraction.read(collar.get("max")));
        }
        if (collar.has("min")) {
            r = r.most(Fraction.read(collar.get("min")));
        }
        return r.times(measures.tot(Optional.of(c), c.text("of"), q)).round();
    }

    private static Fraction step(Json.Obj table, Fraction v) {
        return table.items("steps").stream()
                .map(step -> (Json.Obj) step)
                .filter(step -> v.compareTo(Fraction.read(step.get("gte"))) >= 0)
                .findFirst()
                .map(step -> Fraction.read(step.get("rate")))
                .orElse(Fraction.ZERO);
    }
}
