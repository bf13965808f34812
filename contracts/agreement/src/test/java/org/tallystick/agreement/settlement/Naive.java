package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;

/// Settles months straight from the text of terms/1, with all events at hand and nothing remembered: slow, and easy to
/// hold against the text. It shares no code with the engine but fractions and JSON.
final class Naive {

    /// Something a formula needs is not recorded.
    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Missing(String code) {
            super(code);
        }

        @Override
        public String getMessage() {
            return Optional.ofNullable(super.getMessage()).orElseThrow();
        }
    }

    private record E(
            String id,
            String type,
            LocalDate date,
            LocalDate orig,
            int booked,
            SortedMap<String, Json> attrs,
            Rational amount,
            Optional<Rational> quantity,
            Optional<String> refOf,
            Json.Obj json) {}

    private final Json.Obj terms;
    private final List<E> events = new ArrayList<>();
    private final int opening;

    /// What was computed before, by clause, period and knowledge: it saves time, not thought.
    private final SortedMap<String, SortedMap<String, BigInteger>> accruals = new TreeMap<>();

    Naive(Json.Obj terms, List<Json> events, LocalDate opening) {
        this.terms = terms;
        this.opening = month(opening);
        for (Json json : events) {
            Json.Obj e = (Json.Obj) json;
            LocalDate date = LocalDate.parse(e.text("date"));
            SortedMap<String, Json> attrs = new TreeMap<>();
            LocalDate orig = date;
            for (Json other : events) {
                Json.Obj o = (Json.Obj) other;
                if (e.findText("refOf").filter(o.text("id")::equals).isPresent()) {
                    orig = LocalDate.parse(o.text("date"));
                    o.find("attrs").ifPresent(found -> attrs.putAll(((Json.Obj) found).members()));
                }
            }
            e.find("attrs").ifPresent(found -> attrs.putAll(((Json.Obj) found).members()));
            this.events.add(new E(
                    e.text("id"),
                    e.text("type"),
                    date,
                    orig,
                    e.findText("booked")
                            .map(text -> month(LocalDate.parse(text + "-01")))
                            .orElse(month(date)),
                    attrs,
                    e.find("amount").map(Naive::number).orElse(Rational.ZERO),
                    e.find("quantity").map(Naive::number),
                    e.findText("refOf"),
                    e));
        }
        this.events.sort(Comparator.comparing(E::date).thenComparing(E::id));
    }

    private static int month(LocalDate date) {
        return date.getYear() * 12 + date.getMonthValue() - 1;
    }

    private static String text(int month) {
        return "%04d-%02d".formatted(month / 12, month % 12 + 1);
    }

    private static Rational number(Json value) {
        return switch (value) {
            case Json.Whole(var whole) -> Rational.whole(whole);
            case Json.Text(var text) -> Rational.ofText(text);
            default -> throw new IllegalArgumentException("no number: " + value);
        };
    }

    // What a statement says: lines as Books.line writes them, then payments and balances.

    /// For each period up to the one that begins here; after a refusal all say its code.
    List<List<String>> settle(LocalDate last) {
        SortedMap<String, BigInteger> carried = new TreeMap<>();
        SortedMap<String, BigInteger> funds = new TreeMap<>();
        List<List<String>> said = new ArrayList<>();
        Optional<String> missing = Optional.empty();
        for (int p = opening; p <= month(last); p++) {
            try {
                said.add(missing.isPresent() ? List.of("[" + missing.get() + "]") : settle(p, carried, funds));
            } catch (Missing e) {
                missing = Optional.of(e.getMessage());
                said.add(List.of("[" + missing.get() + "]"));
            }
        }
        return said;
    }

    private List<String> settle(int p, SortedMap<String, BigInteger> carried, SortedMap<String, BigInteger> funds) {
        List<String> lines = new ArrayList<>();
        SortedMap<String, BigInteger> balance = new TreeMap<>();
        for (boolean fund : new boolean[] {false, true}) {
            for (Json.Obj c : clauses()) {
                if (c.text("type").equals("fund") == fund) {
                    post(c, p, lines, balance);
                }
                if (fund && c.text("type").equals("fund")) {
                    claims(c, p, lines, balance, funds);
                }
            }
        }
        Collections.sort(lines);
        Json.Obj rules = terms.object("settlement");
        SortedMap<String, BigInteger> payments = new TreeMap<>();
        for (Json party : terms.items("parties")) {
            String id = ((Json.Obj) party).text("id");
            if (id.equals(terms.text("hub"))) {
                continue;
            }
            BigInteger bal = carried.getOrDefault(id, BigInteger.ZERO).add(balance.getOrDefault(id, BigInteger.ZERO));
            BigInteger minimum =
                    rules.has("minimumPayout") && rules.object("minimumPayout").has(id)
                            ? number(rules.object("minimumPayout").get(id)).numerator()
                            : BigInteger.ZERO;
            boolean pays = bal.signum() < 0
                    ? rules.findText("negative").orElse("carry").equals("invoice")
                    : bal.compareTo(minimum) >= 0;
            payments.put(id, pays ? bal : BigInteger.ZERO);
            carried.put(id, pays ? BigInteger.ZERO : bal);
        }
        List<String> said = new ArrayList<>(lines);
        said.add("payments " + payments);
        said.add("carried " + nonZero(carried));
        said.add("funds " + nonZero(funds));
        return said;
    }

    static SortedMap<String, BigInteger> nonZero(SortedMap<String, BigInteger> amounts) {
        SortedMap<String, BigInteger> kept = new TreeMap<>(amounts);
        kept.values().removeIf(amount -> amount.signum() == 0);
        return kept;
    }

    private List<Json.Obj> clauses() {
        return terms.items("clauses").stream().map(c -> (Json.Obj) c).toList();
    }

    private Json.Obj clause(String id) {
        return clauses().stream()
                .filter(c -> c.text("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void post(Json.Obj c, int p, List<String> lines, SortedMap<String, BigInteger> balance) {
        String from = c.has("holder") ? c.text("holder") : c.text("from");
        for (int q = opening; q <= p; q++) {
            SortedMap<String, BigInteger> difference = new TreeMap<>(accrual(c, q, p));
            if (q < p) {
                accrual(c, q, p - 1).forEach((to, amount) -> difference.merge(to, amount.negate(), BigInteger::add));
            }
            String suffix = q < p ? " for " + text(q) : "";
            difference.forEach((to, amount) -> {
                if (amount.signum() > 0) {
                    lines.add(c.text("id") + " " + from + ">" + to + " " + amount + suffix);
                } else if (amount.signum() < 0) {
                    lines.add(c.text("id") + " " + to + ">" + from + " " + amount.negate() + suffix);
                }
                balance.merge(to, amount, BigInteger::add);
                balance.merge(from, amount.negate(), BigInteger::add);
            });
        }
    }

    private void claims(
            Json.Obj c,
            int p,
            List<String> lines,
            SortedMap<String, BigInteger> balance,
            SortedMap<String, BigInteger> funds) {
        String id = c.text("id");
        String account = "fund:" + id;
        BigInteger left = funds.getOrDefault(id, BigInteger.ZERO).add(balance.getOrDefault(account, BigInteger.ZERO));
        Json.Obj claims = c.object("claims");
        for (E e : events) {
            if (e.booked() == p && matches(claims.object("on"), e)) {
                Rational pay = number(claims.get("reimburse")).times(e.amount());
                BigInteger paid = round(pay, c.findText("round")).min(left);
                if (paid.signum() > 0) {
                    lines.add(id + " " + account + ">" + claims.text("to") + " " + paid + " claim");
                    balance.merge(claims.text("to"), paid, BigInteger::add);
                    left = left.subtract(paid);
                }
            }
        }
        funds.put(id, left);
    }

    // Section 11: the accrual A(c,q) given what is known at settlement k, by receiver.

    private SortedMap<String, BigInteger> accrual(Json.Obj c, int q, int k) {
        String key = c.text("id") + " " + q + " " + k;
        if (!accruals.containsKey(key)) {
            accruals.put(key, computed(c, q, k));
        }
        return accruals.getOrDefault(key, new TreeMap<>());
    }

    private SortedMap<String, BigInteger> computed(Json.Obj c, int q, int k) {
        SortedMap<String, BigInteger> a = new TreeMap<>();
        switch (c.text("type")) {
            case "fee", "unit" -> a.put(c.text("to"), priced(c, q, k));
            case "fund" -> a.put("fund:" + c.text("id"), priced(c, q, k));
            case "split" -> {
                a.putAll(split(c, q, k));
                a.remove(c.text("holder"));
            }
            case "fixed" -> a.put(c.text("to"), fixed(c, q, k));
            case "kpi" -> a.put(c.text("to"), kpi(c, q, k));
            default -> throw new IllegalArgumentException(c.text("type"));
        }
        return a;
    }

    private List<Integer> win(String window, int q) {
        List<Integer> periods = new ArrayList<>();
        for (int p = opening; p <= q; p++) {
            if (window.equals("life") || p == q || (window.equals("year") && p / 12 == q / 12)) {
                periods.add(p);
            }
        }
        return periods;
    }

    private BigInteger priced(Json.Obj c, int q, int k) {
        if (c.findText("per").orElse("").equals("event")) {
            return perEvent(c, q, k);
        }
        String window = c.findText("window").orElse("period");
        BigInteger a = rounded(c, q, k);
        if (win(window, q).contains(q - 1)) {
            a = a.subtract(rounded(c, q - 1, k));
        }
        LocalDate start = LocalDate.parse(text(q) + "-01");
        if (c.has("floor") && isIn(c, start)) {
            Json.Obj floor = c.object("floor");
            BigInteger least = floor.has("amount")
                    ? number(floor.get("amount")).numerator()
                    : round(
                            number(floor.get("rate")).times(tot(Optional.empty(), floor.text("of"), q, k)),
                            c.findText("round"));
            a = a.max(least);
        }
        return a;
    }

    private BigInteger rounded(Json.Obj c, int q, int k) {
        List<Integer> periods = win(c.findText("window").orElse("period"), q);
        BigInteger r = round(c.has("tiers") ? tiers(c, q, k) : rated(c, periods, k), c.findText("round"));
        if (c.has("cap")) {
            Json.Obj cap = c.object("cap");
            BigInteger limit;
            if (cap.has("amount")) {
                limit = number(cap.get("amount")).numerator();
            } else {
                Rational sum = Rational.ZERO;
                for (int p : periods) {
                    sum = sum.plus(tot(Optional.empty(), cap.text("of"), p, k));
                }
                limit = round(number(cap.get("rate")).times(sum), c.findText("round"))
                        .max(BigInteger.ZERO);
            }
            r = r.min(limit).max(limit.negate());
        }
        return r;
    }

    private Rational rated(Json.Obj c, List<Integer> periods, int k) {
        Json rate = c.has("rate") ? c.get("rate") : c.get("price");
        Rational total = Rational.ZERO;
        for (int p : periods) {
            Rational sum = Rational.ZERO;
            List<E> sel = sel(Optional.of(c), c.text("of"), p, k);
            for (E e : sel) {
                sum = sum.plus(rate(rate, e, k).times(value(c.text("of"), e)));
            }
            Rational der = der(c.text("of"), p, k);
            if (der.signum() != 0) {
                sum = sum.plus(number(rate).times(der));
            }
            if (c.has("factor")) {
                Optional<Rational> factor = figure(c.object("factor").text("kpi"), p, k);
                if (factor.isEmpty() && (!sel.isEmpty() || der.signum() != 0)) {
                    throw new Missing("FIGURE_MISSING");
                }
                sum = sum.times(factor.orElse(Rational.ONE));
            }
            total = total.plus(sum);
        }
        return total;
    }

    private BigInteger perEvent(Json.Obj c, int q, int k) {
        Json rate = c.has("rate") ? c.get("rate") : c.get("price");
        BigInteger a = BigInteger.ZERO;
        for (E e : sel(Optional.of(c), c.text("of"), q, k)) {
            BigInteger y = round(rate(rate, e, k).times(value(c.text("of"), e)), c.findText("round"))
                    .abs();
            if (c.has("cap")) {
                y = y.min(limit(c, c.object("cap"), e));
            }
            if (c.has("floor")) {
                y = y.max(limit(c, c.object("floor"), e));
            }
            a = sign(c.text("of"), e) > 0 ? a.add(y) : a.subtract(y);
        }
        return a;
    }

    private static BigInteger limit(Json.Obj c, Json.Obj limit, E e) {
        return limit.has("amount")
                ? number(limit.get("amount")).numerator()
                : round(number(limit.get("price")).times(e.quantity().orElseThrow()), c.findText("round"));
    }

    // Section 10.

    private Rational tiers(Json.Obj c, int q, int k) {
        Json.Obj tiers = c.object("tiers");
        String measure = tiers.findText("measure").orElse(c.text("of"));
        List<Integer> periods = win(c.findText("window").orElse("period"), q);
        Rational base = Rational.ZERO;
        Rational x = Rational.ZERO;
        for (int p : periods) {
            base = base.plus(tot(Optional.of(c), c.text("of"), p, k));
            x = x.plus(tot(Optional.of(c), measure, p, k));
        }
        return switch (tiers.text("mode")) {
            case "marginal" -> bands(tiers, base);
            case "whole" -> step(tiers, x).times(base);
            case "blended" ->
                x.signum() == 0
                        ? base.times(number(((Json.Obj) tiers.items("steps").getFirst()).get("rate")))
                        : base.times(bands(tiers, x)).dividedBy(x);
            default -> single(c, tiers, measure, periods, q, k);
        };
    }

    private Rational single(Json.Obj c, Json.Obj tiers, String measure, List<Integer> periods, int q, int k) {
        SortedMap<String, Rational> rates = new TreeMap<>();
        Rational worth = Rational.ZERO;
        for (int p = opening; p <= q; p++) {
            for (E e : sel(Optional.of(c), c.text("of"), p, k)) {
                Rational v = value(c.text("of"), e);
                Rational r;
                if (e.refOf().isPresent() && rates.containsKey(e.refOf().get())) {
                    r = Optional.ofNullable(rates.get(e.refOf().get())).orElseThrow();
                } else {
                    r = switch (tiers.text("mode")) {
                        case "forward" -> step(tiers, run(c, e, p, k));
                        case "per-event" -> step(tiers, v.abs());
                        default -> step(tiers, p == opening ? Rational.ZERO : tot(Optional.of(c), measure, p - 1, k));
                    };
                }
                rates.put(e.id(), r);
                if (periods.contains(p)) {
                    worth = worth.plus(r.times(v));
                }
            }
        }
        return worth;
    }

    private Rational run(Json.Obj c, E until, int q, int k) {
        Rational run = Rational.ZERO;
        for (int p : win(c.findText("window").orElse("period"), q)) {
            for (E e : sel(Optional.of(c), c.text("of"), p, k)) {
                if (e.id().equals(until.id())) {
                    return run;
                }
                run = run.plus(value(c.text("of"), e));
            }
        }
        throw new IllegalStateException("not selected: " + until);
    }

    private static Rational step(Json.Obj tiers, Rational x) {
        for (Json step : tiers.items("steps")) {
            Json.Obj s = (Json.Obj) step;
            if (!s.has("upTo") || x.compareTo(number(s.get("upTo"))) <= 0) {
                return number(s.get("rate"));
            }
        }
        throw new IllegalStateException("no last step");
    }

    private static Rational bands(Json.Obj tiers, Rational x) {
        if (x.signum() < 0) {
            return bands(tiers, x.negate()).negate();
        }
        Rational sum = Rational.ZERO;
        Rational below = Rational.ZERO;
        for (Json step : tiers.items("steps")) {
            Json.Obj s = (Json.Obj) step;
            Rational upTo = s.has("upTo") ? number(s.get("upTo")) : x.max(below);
            Rational part = x.min(upTo).minus(below).max(Rational.ZERO);
            sum = sum.plus(number(s.get("rate")).times(part));
            below = upTo;
        }
        return sum;
    }

    // Sections 11.4 to 11.6.

    private SortedMap<String, BigInteger> split(Json.Obj c, int q, int k) {
        SortedMap<String, Rational> weights = new TreeMap<>();
        c.object("shares").members().forEach((party, share) -> weights.put(party, number(share)));
        if (c.has("proRata")) {
            Json.Obj pro = c.object("proRata");
            SortedMap<String, Rational> use = new TreeMap<>();
            for (Json party : pro.items("among")) {
                String id = ((Json.Text) party).value();
                Rational own = Rational.ZERO;
                for (E e : sel(Optional.empty(), pro.text("of"), q, k)) {
                    if (party.equals(e.attrs().get(pro.text("by")))) {
                        own = own.plus(value(pro.text("of"), e));
                    }
                }
                use.put(id, own.max(Rational.ZERO));
            }
            Rational all = use.values().stream().reduce(Rational.ZERO, Rational::plus);
            Rational share = number(pro.get("share"));
            if (all.signum() == 0) {
                weights.merge(pro.text("ifNone"), share, Rational::plus);
            } else {
                use.forEach((id, own) -> weights.merge(id, share.times(own).dividedBy(all), Rational::plus));
            }
        }
        if (!c.findText("per").orElse("").equals("event")) {
            return remainder(tot(Optional.of(c), c.text("of"), q, k).numerator(), weights);
        }
        SortedMap<String, BigInteger> parts = new TreeMap<>();
        for (E e : sel(Optional.of(c), c.text("of"), q, k)) {
            remainder(value(c.text("of"), e).numerator(), weights)
                    .forEach((party, part) -> parts.merge(party, part, BigInteger::add));
        }
        return parts;
    }

    /// Section 2.2, one unit after the other.
    private SortedMap<String, BigInteger> remainder(BigInteger total, SortedMap<String, Rational> weights) {
        SortedMap<String, BigInteger> parts = new TreeMap<>();
        if (total.signum() < 0) {
            remainder(total.negate(), weights).forEach((party, part) -> parts.put(party, part.negate()));
            return parts;
        }
        Rational sum = weights.values().stream().reduce(Rational.ZERO, Rational::plus);
        SortedMap<String, Rational> lost = new TreeMap<>();
        weights.forEach((party, weight) -> {
            Rational exact = weight.times(total).dividedBy(sum);
            parts.put(party, exact.floor());
            lost.put(party, exact.minus(Rational.whole(exact.floor())));
        });
        BigInteger left = total.subtract(parts.values().stream().reduce(BigInteger.ZERO, BigInteger::add));
        for (; left.signum() > 0; left = left.subtract(BigInteger.ONE)) {
            String best = "";
            for (Json party : terms.items("parties")) {
                String id = ((Json.Obj) party).text("id");
                if (lost.containsKey(id) && (best.isEmpty() || get(lost, id).compareTo(get(lost, best)) > 0)) {
                    best = id;
                }
            }
            parts.merge(best, BigInteger.ONE, BigInteger::add);
            lost.remove(best);
        }
        return parts;
    }

    private static Rational get(SortedMap<String, Rational> map, String key) {
        return Optional.ofNullable(map.get(key)).orElseThrow();
    }

    private BigInteger fixed(Json.Obj c, int q, int k) {
        BigInteger amount = number(c.get("amount")).numerator();
        BigInteger here = amount.multiply(count(c, q, k));
        if (!c.has("cap")) {
            return here;
        }
        Json.Obj cap = c.object("cap");
        BigInteger limit = number(cap.get("amount")).numerator();
        BigInteger s = BigInteger.ZERO;
        for (int p : win(cap.findText("window").orElse("period"), q)) {
            s = s.add(amount.multiply(count(c, p, k)));
        }
        return s.min(limit).subtract(s.subtract(here).min(limit));
    }

    private BigInteger count(Json.Obj c, int q, int k) {
        return BigInteger.valueOf(events.stream()
                .filter(e -> e.booked() <= k && month(e.date()) == q && isIn(c, e.orig()))
                .filter(e -> matches(c.object("on"), e))
                .count());
    }

    private BigInteger kpi(Json.Obj c, int q, int k) {
        Rational r = Rational.ZERO;
        for (Json table : c.items("table")) {
            Optional<Rational> v = figure(((Json.Obj) table).text("kpi"), q, k);
            for (Json step : ((Json.Obj) table).items("steps")) {
                if (v.isPresent() && v.get().compareTo(number(((Json.Obj) step).get("gte"))) >= 0) {
                    r = r.plus(number(((Json.Obj) step).get("rate")));
                    break;
                }
            }
        }
        Json.Obj collar = c.has("collar") ? c.object("collar") : Json.Obj.EMPTY;
        if (collar.has("max")) {
            r = r.min(number(collar.get("max")));
        }
        if (collar.has("min")) {
            r = r.max(number(collar.get("min")));
        }
        return round(r.times(tot(Optional.of(c), c.text("of"), q, k)), Optional.empty());
    }

    private Optional<Rational> figure(String kpi, int q, int k) {
        Optional<Rational> last = Optional.empty();
        for (E e : events) {
            if (e.booked() <= k
                    && month(e.date()) == q
                    && e.json().findText("kpi").equals(Optional.of(kpi))) {
                last = Optional.of(number(e.json().get("value")));
            }
        }
        return last;
    }

    // Section 7.

    private List<E> sel(Optional<Json.Obj> c, String m, int q, int k) {
        return events.stream()
                .filter(e -> e.booked() <= k && month(e.date()) == q && sign(m, e) != 0)
                .filter(e -> c.isEmpty() || isIn(c.get(), e.orig()))
                .filter(e ->
                        c.isEmpty() || !c.get().has("where") || matches(c.get().object("where"), e))
                .toList();
    }

    private Rational tot(Optional<Json.Obj> c, String m, int q, int k) {
        Rational total = der(m, q, k);
        for (E e : sel(c, m, q, k)) {
            total = total.plus(value(m, e));
        }
        return total;
    }

    private Rational der(String m, int q, int k) {
        Rational der = Rational.ZERO;
        Json.Obj measure = terms.object("measures").object(m);
        for (String list : List.of("plusClauses", "lessClauses")) {
            for (Json id : measure.has(list) ? measure.items(list) : List.<Json>of()) {
                BigInteger a = accrual(clause(((Json.Text) id).value()), q, k)
                        .values()
                        .iterator()
                        .next();
                der = der.plus(Rational.whole(list.equals("plusClauses") ? a : a.negate()));
            }
        }
        return der;
    }

    private Rational value(String m, E e) {
        Rational value =
                switch (terms.object("measures").object(m).findText("of").orElse("amount")) {
                    case "count" -> Rational.ONE;
                    case "quantity" -> e.quantity().orElseThrow(() -> new Missing("FIGURE_MISSING"));
                    default -> e.amount();
                };
        return sign(m, e) > 0 ? value : value.negate();
    }

    private int sign(String m, E e) {
        Json.Obj measure = terms.object("measures").object(m);
        if (measure.has("plus") && measure.items("plus").stream().anyMatch(f -> matches((Json.Obj) f, e))) {
            return 1;
        }
        return measure.has("minus") && measure.items("minus").stream().anyMatch(f -> matches((Json.Obj) f, e)) ? -1 : 0;
    }

    private static boolean isIn(Json.Obj c, LocalDate date) {
        Json.Obj when = c.has("when") ? c.object("when") : Json.Obj.EMPTY;
        return when.findText("from")
                        .map(from -> !date.isBefore(LocalDate.parse(from)))
                        .orElse(true)
                && when.findText("to")
                        .map(to -> date.isBefore(LocalDate.parse(to)))
                        .orElse(true);
    }

    private static boolean matches(Json.Obj filter, E e) {
        if (filter.has("type")) {
            Json type = filter.get("type");
            Json own = Json.text(e.type());
            if (!(type instanceof Json.Arr(var types) ? types.contains(own) : type.equals(own))) {
                return false;
            }
        }
        Json.Obj attrs = filter.has("attrs") ? filter.object("attrs") : Json.Obj.EMPTY;
        return attrs.members().entrySet().stream().allMatch(attr -> {
            Json value = e.attrs().get(attr.getKey());
            return value != null
                    && switch (attr.getValue()) {
                        case Json.Arr(var values) -> values.contains(value);
                        case Json.Obj range ->
                            value instanceof Json.Whole
                                    && range.find("gte")
                                            .map(a -> number(value).compareTo(number(a)) >= 0)
                                            .orElse(true)
                                    && range.find("lt")
                                            .map(b -> number(value).compareTo(number(b)) < 0)
                                            .orElse(true);
                        case Json wanted -> wanted.equals(value);
                    };
        });
    }

    // Section 9.

    private Rational rate(Json rate, E e, int k) {
        if (rate instanceof Json.Text) {
            return number(rate);
        }
        Json.Obj by = (Json.Obj) rate;
        switch (by.text("by")) {
            case "attr" -> {
                Json value = Optional.ofNullable(e.attrs().get(by.text("attr"))).orElse(Json.text("*"));
                String key = switch (value) {
                    case Json.Text(var text) -> text;
                    case Json.Bool(var truth) -> Boolean.toString(truth);
                    case Json.Whole(var whole) -> Long.toString(whole);
                    default -> "*";
                };
                Json.Obj table = by.object("table");
                return rate(
                        table.find(key).or(() -> table.find("*")).orElseThrow(() -> new Missing("RATE_MISSING")), e, k);
            }
            case "date" -> {
                Optional<Rational> found = Optional.empty();
                for (Json step : by.items("steps")) {
                    if (!LocalDate.parse(((Json.Obj) step).text("from")).isAfter(e.orig())) {
                        found = Optional.of(number(((Json.Obj) step).get("rate")));
                    }
                }
                return found.orElseThrow(() -> new Missing("RATE_MISSING"));
            }
            case "fact" -> {
                for (E fact : events) {
                    if (fact.booked() <= k
                            && fact.type().equals("milestone")
                            && by.get("fact").equals(fact.attrs().get("name"))) {
                        return number(by.get(e.orig().isBefore(fact.date()) ? "before" : "after"));
                    }
                }
                return number(by.get("before"));
            }
            default -> {
                return number(Optional.ofNullable(e.attrs().get(by.text("attr")))
                        .orElseThrow(() -> new Missing("RATE_MISSING")));
            }
        }
    }

    // Section 2.1, word by word.

    private static BigInteger round(Rational x, Optional<String> mode) {
        Rational size = x.abs();
        BigInteger n = size.floor();
        Rational f = size.minus(Rational.whole(n));
        int half = f.compareTo(Rational.of(1, 2));
        boolean u = switch (mode.orElse("half-up")) {
            case "half-up" -> half >= 0;
            case "half-even" -> half > 0 || (half == 0 && n.testBit(0));
            case "down" -> false;
            case "up" -> f.signum() > 0;
            default -> throw new IllegalArgumentException("mode " + mode);
        };
        BigInteger rounded = u ? n.add(BigInteger.ONE) : n;
        return x.signum() < 0 ? rounded.negate() : rounded;
    }
}
