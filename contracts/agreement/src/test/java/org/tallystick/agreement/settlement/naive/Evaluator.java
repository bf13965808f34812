package org.tallystick.agreement.settlement.naive;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;

/// Sections 12 and 13: settles the periods of a case, one after the other, each from all events that are known to it.
///
/// Kept from one settlement to the next is only what the text itself says is kept: what was posted, what is carried,
/// the
/// balances, and who is suspended.
public final class Evaluator {

    private final Json.Obj terms;
    private final List<Json> given;
    private final Calendar calendar;
    private final int opening;

    /// By clause and period.
    private final SortedMap<String, SortedMap<Pair, BigInteger>> posted = new TreeMap<>();

    private final SortedMap<String, BigInteger> carried = new TreeMap<>();
    private final SortedMap<String, BigInteger> advances = new TreeMap<>();
    private final SortedMap<String, BigInteger> funds = new TreeMap<>();
    private final SortedMap<String, BigInteger> disputed = new TreeMap<>();
    private final SortedMap<String, SortedMap<Integer, BigInteger>> holds = new TreeMap<>();
    private final SortedSet<String> suspended = new TreeSet<>();
    private final Optional<Waterfall> waterfall;

    /// Two accounts, in the direction of what is due.
    private record Pair(String from, String to) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            return Comparator.comparing(Pair::from).thenComparing(Pair::to).compare(this, other);
        }
    }

    /// @param first the opening period
    public Evaluator(Json.Obj terms, List<Json> events, String first) {
        this.terms = terms;
        this.given = List.copyOf(events);
        this.calendar = Calendar.of(terms.object("calendar").text("frequency"));
        this.opening = calendar.read(first);
        this.waterfall = clauses("waterfall").stream().findFirst().map(c -> new Waterfall(terms, c));
    }

    /// The statements of all periods up to this one, in the form of `expected`; from the first that is refused on,
    /// `refused` and all its codes.
    public Json.Arr settle(String last) {
        Events all = new Events(terms, calendar, opening, given);
        List<Event> events = all.read();
        SortedSet<String> refused = new TreeSet<>();
        List<Json> said = new ArrayList<>();
        for (int p = opening; p <= calendar.read(last); p++) {
            if (refused.isEmpty()) {
                Settling settling = new Settling(p, events);
                Json statement = settling.statement();
                refused.addAll(all.faults(p));
                refused.addAll(settling.known.missing());
                said.add(refused.isEmpty() ? statement : refusal(p, refused));
            } else {
                said.add(refusal(p, refused));
            }
        }
        return Json.array(said);
    }

    private Json refusal(int period, SortedSet<String> codes) {
        return Json.object()
                .with("period", calendar.id(period))
                .with("refused", codes.first())
                .with("codes", Json.texts(codes))
                .build();
    }

    private List<Json.Obj> clauses(String... types) {
        return terms.items("clauses").stream()
                .map(clause -> (Json.Obj) clause)
                .filter(clause -> List.of(types).contains(clause.text("type")))
                .toList();
    }

    private static List<String> listed(Json.Obj c) {
        return c.items("clauses").stream().map(id -> ((Json.Text) id).value()).toList();
    }

    /// One settlement: its lines so far.
    private final class Settling {

        private final int period;
        private final Known known;
        private final Accruals accruals;
        private final List<Event> booked;
        private final List<Posted> lines = new ArrayList<>();

        private Settling(int period, List<Event> events) {
            this.period = period;
            this.known = new Known(
                    terms,
                    calendar,
                    opening,
                    events.stream().filter(e -> e.booked() <= period).toList());
            this.accruals = new Accruals(known);
            this.booked = events.stream().filter(e -> e.booked() == period).toList();
        }

        /// The steps of section 12.1.
        private Json statement() {
            clauses("fee", "unit", "split", "fixed", "kpi").forEach(this::accrue);
            clauses("guarantee").forEach(this::guarantee);
            clauses("advance").forEach(this::advance);
            waterfall.ifPresent(this::distribute);
            for (Json.Obj fund : clauses("fund")) {
                accrue(fund);
                claims(fund);
            }
            clauses("reserve").forEach(this::reserve);
            clauses("advance").forEach(this::recoup);
            clauses("withholding").forEach(this::withhold);
            dispute();
            suspend();
            Json payments = payments();
            return Json.object()
                    .with("period", calendar.id(period))
                    .with(
                            "lines",
                            Json.array(lines.stream()
                                    .sorted(Posted.ORDER)
                                    .map(Posted::encode)
                                    .toList()))
                    .with("payments", payments)
                    .with("balances", balances())
                    .build();
        }

        private void post(String clause, String from, String to, BigInteger amount, String kind) {
            if (amount.signum() > 0) {
                Optional<String> named = Optional.of(kind).filter(name -> !name.isEmpty());
                lines.add(new Posted(clause, from, to, amount, named, Optional.empty()));
            }
        }

        private BigInteger into(String account, String clause) {
            return lines.stream()
                    .filter(line -> line.clause().equals(clause))
                    .map(line -> line.into(account))
                    .reduce(BigInteger.ZERO, BigInteger::add);
        }

        /// Section 12.3. A pair of accounts between which nothing is due any more has its difference too.
        private void accrue(Json.Obj c) {
            for (int q = opening; q <= period; q++) {
                SortedMap<Pair, BigInteger> due = new TreeMap<>();
                for (Accruals.Due one : accruals.of(c, q)) {
                    due.put(new Pair(one.from(), one.to()), one.amount());
                }
                SortedMap<Pair, BigInteger> before = Optional.ofNullable(posted.put(c.text("id") + " " + q, due))
                        .orElse(new TreeMap<>());
                SortedMap<Pair, BigInteger> difference = new TreeMap<>(due);
                before.forEach((pair, amount) -> difference.merge(pair, amount.negate(), BigInteger::add));
                Optional<String> adjusts = q < period ? Optional.of(calendar.id(q)) : Optional.empty();
                difference.forEach((pair, amount) -> {
                    String from = amount.signum() > 0 ? pair.from() : pair.to();
                    String to = amount.signum() > 0 ? pair.to() : pair.from();
                    if (amount.signum() != 0) {
                        lines.add(new Posted(c.text("id"), from, to, amount.abs(), Optional.empty(), adjusts));
                    }
                });
            }
        }

        private boolean isInForce(Json.Obj c) {
            return Measures.isIn(c, calendar.start(period));
        }

        /// Section 11.7.
        private void guarantee(Json.Obj c) {
            boolean isLast = c.text("window").equals("period") || calendar.endsTheYear(period);
            if (!isLast || !isInForce(c)) {
                return;
            }
            List<Integer> window = known.window(c.text("window"), period);
            BigInteger got = BigInteger.ZERO;
            for (String k : listed(c)) {
                for (int p : window) {
                    for (Accruals.Due due : accruals.of(Accruals.clause(terms, k), p)) {
                        got = due.to().equals(c.text("to")) ? got.add(due.amount()) : got;
                        got = due.from().equals(c.text("to")) ? got.subtract(due.amount()) : got;
                    }
                }
            }
            BigInteger g = c.has("amount")
                    ? Fraction.read(c.get("amount")).whole()
                    : Fraction.read(c.object("perUnit").get("price"))
                            .times(accruals.measures()
                                    .tot(Optional.empty(), c.object("perUnit").text("of"), window))
                            .round();
            post(c.text("id"), c.text("from"), c.text("to"), g.subtract(got), "");
        }

        /// Section 11.8, what is paid.
        private void advance(Json.Obj c) {
            for (Event e : booked) {
                if (e.is("advance") && e.attr("clause").equals(c.text("id"))) {
                    BigInteger amount = e.amount().orElseThrow().whole();
                    post(c.text("id"), c.text("from"), c.text("to"), amount, "advance");
                    advances.merge(c.text("id"), amount, BigInteger::add);
                }
            }
        }

        private void distribute(Waterfall state) {
            Json.Obj c = clauses("waterfall").getFirst();
            String holder = c.text("holder");
            state.settle(known, accruals.measures(), period, booked, (tier, party, amount) -> {
                if (!party.equals(holder)) {
                    post(c.text("id") + "." + tier, holder, party, amount, "");
                }
            });
        }

        /// Section 11.10, after the accrual.
        private void claims(Json.Obj c) {
            String id = c.text("id");
            String account = "fund:" + id;
            Json.Obj claims = c.object("claims");
            BigInteger balance = funds.getOrDefault(id, BigInteger.ZERO).add(into(account, id));
            for (Event e : booked) {
                if (Filter.matches(claims.object("on"), e)) {
                    BigInteger pay = Fraction.read(claims.get("reimburse"))
                            .times(accruals.measures().worth(e))
                            .round(c.findText("round").orElse("half-up"))
                            .min(balance)
                            .max(BigInteger.ZERO);
                    post(id, account, claims.text("to"), pay, "claim");
                    balance = balance.subtract(pay);
                }
            }
            funds.put(id, balance);
        }

        /// Section 12.2, over the lines posted so far.
        private BigInteger earn(String party, List<String> list) {
            return lines.stream()
                    .filter(line -> list.contains(line.clause().split("\\.", -1)[0]))
                    .map(line -> line.into(party))
                    .reduce(BigInteger.ZERO, BigInteger::add);
        }

        /// Section 11.11.
        private void reserve(Json.Obj c) {
            String id = c.text("id");
            String party = c.text("party");
            String account = "reserve:" + party;
            BigInteger base = earn(party, listed(c));
            BigInteger hold = base.signum() > 0 && isInForce(c)
                    ? Fraction.read(c.get("rate")).times(Fraction.of(base)).round()
                    : BigInteger.ZERO;
            SortedMap<Integer, BigInteger> held = holds.computeIfAbsent(id, _ -> new TreeMap<>());
            held.put(period, hold);
            post(id, party, account, hold, "hold");
            BigInteger release = held.remove(Math.toIntExact(period - c.whole("releaseAfter")));
            if (release != null) {
                post(id, account, party, release, "release");
            }
        }

        /// Section 11.8, what is recouped.
        private void recoup(Json.Obj c) {
            String id = c.text("id");
            List<String> list = listed(c);
            BigInteger earned = lines.stream()
                    .filter(line -> list.contains(line.clause().split("\\.", -1)[0]) && !line.isOfKind("advance"))
                    .map(line -> line.into(c.text("to")))
                    .reduce(BigInteger.ZERO, BigInteger::add);
            BigInteger balance = advances.getOrDefault(id, BigInteger.ZERO);
            BigInteger recouped = Fraction.read(c.find("recoupRate").orElse(Json.text("1")))
                    .times(Fraction.of(earned))
                    .round()
                    .min(balance)
                    .max(BigInteger.ZERO);
            post(id, c.text("to"), c.text("from"), recouped, "recoup");
            advances.put(id, balance.subtract(recouped));
        }

        /// Section 11.12.
        private void withhold(Json.Obj c) {
            BigInteger base = earn(c.text("party"), listed(c));
            if (base.signum() > 0 && isInForce(c)) {
                BigInteger amount =
                        Fraction.read(c.get("rate")).times(Fraction.of(base)).round();
                post(c.text("id"), c.text("party"), c.text("authority"), amount, "");
            }
        }

        /// Section 13.4.
        private void dispute() {
            for (Event e : booked) {
                if (e.is("dispute-hold")) {
                    String party = e.attr("party");
                    BigInteger amount = e.amount().orElseThrow().whole();
                    post("dispute", party, "dispute:" + party, amount, "hold");
                    disputed.merge(party, amount, BigInteger::add);
                }
                if (e.is("dispute-release")) {
                    String party = e.attr("party");
                    BigInteger amount = e.amount().orElseThrow().whole();
                    post("dispute", "dispute:" + party, e.attr("to"), amount, "release");
                    if (disputed.merge(party, amount.negate(), BigInteger::add).signum() < 0) {
                        known.missing("DISPUTE_OVERDRAWN");
                    }
                }
            }
        }

        /// Section 13.5.
        private void suspend() {
            for (Event e : booked) {
                if (e.is("suspend")) {
                    suspended.add(e.attr("party"));
                }
                if (e.is("resume")) {
                    suspended.remove(e.attr("party"));
                }
            }
        }

        /// Section 13.2.
        private Json payments() {
            SortedMap<String, Json> payments = new TreeMap<>();
            for (Json party : terms.items("parties")) {
                String p = ((Json.Obj) party).text("id");
                if (!p.equals(terms.text("hub"))) {
                    BigInteger bal = lines.stream()
                            .map(line -> line.into(p))
                            .reduce(carried.getOrDefault(p, BigInteger.ZERO), BigInteger::add);
                    BigInteger pay = pays(p, bal) ? bal : BigInteger.ZERO;
                    payments.put(p, Posted.encode(pay));
                    carried.put(p, bal.subtract(pay));
                }
            }
            return new Json.Obj(payments);
        }

        private boolean pays(String p, BigInteger bal) {
            Json.Obj rules = terms.object("settlement");
            if (suspended.contains(p)) {
                return false;
            }
            if (bal.signum() < 0) {
                return rules.findText("negative").orElse("carry").equals("invoice");
            }
            BigInteger minimum = rules.find("minimumPayout")
                    .flatMap(minima -> ((Json.Obj) minima).find(p))
                    .map(amount -> Fraction.read(amount).whole())
                    .orElse(BigInteger.ZERO);
            return bal.compareTo(minimum) >= 0;
        }

        private Json balances() {
            SortedMap<String, BigInteger> reserves = new TreeMap<>();
            holds.forEach(
                    (id, held) -> reserves.put(id, held.values().stream().reduce(BigInteger.ZERO, BigInteger::add)));
            SortedMap<String, Json> groups = new TreeMap<>();
            group(groups, "carried", carried);
            group(groups, "advance", advances);
            group(groups, "reserve", reserves);
            group(groups, "fund", funds);
            waterfall.ifPresent(state -> group(groups, "capital", state.capital()));
            return new Json.Obj(groups);
        }

        private static void group(SortedMap<String, Json> groups, String name, SortedMap<String, BigInteger> balances) {
            SortedMap<String, Json> members = new TreeMap<>();
            balances.forEach((key, balance) -> {
                if (balance.signum() != 0) {
                    members.put(key, Posted.encode(balance));
                }
            });
            if (!members.isEmpty()) {
                groups.put(name, new Json.Obj(members));
            }
        }
    }
}
