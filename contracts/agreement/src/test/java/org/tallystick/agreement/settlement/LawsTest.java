package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.settlement.naive.Comparison;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What holds for every agreement that the engine settles, shown for two hundred of each.
class LawsTest {

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    /// Cases in which every period is settled, so that no law holds for want of statements.
    private static final List<Case> DRAWN =
            seeds().mapToObj(seed -> Case.settled(seed, Comparison.FEATURES)).toList();

    private static Case drawn(long seed) {
        return DRAWN.get(Math.toIntExact(seed));
    }

    private static CaseFile.Settled settle(Case one) {
        CaseFile.Settled settled = Books.settle(one.terms(), one.events(), one.first(), one.last());
        assertThat(settled.isRefused()).isFalse();
        return settled;
    }

    private static List<Statement> statements(Case one) {
        return settle(one).outcomes().stream()
                .map(outcome -> ((Outcome.Settled) outcome).statement())
                .toList();
    }

    /// No statement creates or loses anything, over all accounts, and each balance is what its account holds.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_paid_and_what_is_carried_is_what_was_credited(long seed) {
        Case one = drawn(seed);
        SortedMap<String, BigInteger> credited = new TreeMap<>();
        SortedMap<String, BigInteger> paid = new TreeMap<>();

        for (Statement statement : statements(one)) {
            statement.lines().forEach(line -> {
                credited.merge(line.to(), line.amount(), BigInteger::add);
                credited.merge(line.from(), line.amount().negate(), BigInteger::add);
            });
            statement.payments().forEach((party, payment) -> paid.merge(party, payment, BigInteger::add));

            assertThat(sum(credited.values())).isEqualTo(BigInteger.ZERO);
            paid.forEach((party, payment) -> assertThat(payment.add(balance(statement, "carried", party)))
                    .as(party)
                    .isEqualTo(credited.getOrDefault(party, BigInteger.ZERO)));
            for (Json clause : one.terms().items("clauses")) {
                Json.Obj c = (Json.Obj) clause;
                if (c.text("type").equals("fund")) {
                    assertThat(balance(statement, "fund", c.text("id")))
                            .isEqualTo(credited.getOrDefault("fund:" + c.text("id"), BigInteger.ZERO));
                }
                if (c.text("type").equals("reserve")) {
                    assertThat(sum(reserves(one.terms(), c.text("party"))
                                    .map(id -> balance(statement, "reserve", id))
                                    .toList()))
                            .isEqualTo(credited.getOrDefault("reserve:" + c.text("party"), BigInteger.ZERO));
                }
            }
        }
    }

    private static BigInteger balance(Statement statement, String group, String key) {
        return Optional.ofNullable(statement.balances().get(group))
                .flatMap(balances -> Optional.ofNullable(balances.get(key)))
                .orElse(BigInteger.ZERO);
    }

    private static BigInteger sum(Collection<BigInteger> amounts) {
        return amounts.stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static Stream<String> reserves(Json.Obj terms, String party) {
        return terms.items("clauses").stream()
                .map(clause -> (Json.Obj) clause)
                .filter(c -> c.text("type").equals("reserve") && c.text("party").equals(party))
                .map(c -> c.text("id"));
    }

    /// An advance is paid or recouped, and nothing is recouped twice.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_not_recouped_of_an_advance_is_its_balance(long seed) {
        SortedMap<String, BigInteger> open = new TreeMap<>();

        for (Statement statement : statements(drawn(seed))) {
            statement.lines().forEach(line -> {
                if (line.kind().equals(Optional.of("advance"))) {
                    open.merge(line.clause(), line.amount(), BigInteger::add);
                }
                if (line.kind().equals(Optional.of("recoup"))) {
                    open.merge(line.clause(), line.amount().negate(), BigInteger::add);
                }
            });

            assertThat(open.values()).allMatch(balance -> balance.signum() >= 0);
            open.forEach((clause, balance) ->
                    assertThat(balance(statement, "advance", clause)).isEqualTo(balance));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_order_of_submission_has_no_effect(long seed) {
        Case one = drawn(seed);
        List<Json> shuffled = new ArrayList<>(one.events());
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(settle(one.withEvents(shuffled)).encode())
                .isEqualTo(settle(one).encode());
        assertThat(settle(one.withEvents(one.events().reversed())).encode())
                .isEqualTo(settle(one).encode());
    }

    /// Figures of parts, merged in any order, and even by way of their JSON, are the figures of the whole.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void figures_of_parts_add_up_to_the_figures_of_all(long seed) {
        Case one = drawn(seed);
        Terms terms = Documents.accepted(one.terms());
        List<KnownEvent> events = Books.known(terms, one.events());
        Random random = new Random(seed);
        List<List<KnownEvent>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        events.forEach(event -> parts.get(random.nextInt(3)).add(event));
        List<Figures> figures = new ArrayList<>(
                parts.stream().map(part -> Figures.of(terms, part)).toList());
        Collections.shuffle(figures, random);

        Figures left = figures.get(0).plus(figures.get(1)).plus(figures.get(2));
        Figures right = figures.get(0)
                .plus(Figures.decode(figures.get(1).plus(figures.get(2)).encode()));

        assertThat(left).isEqualTo(Figures.of(terms, events));
        assertThat(right).isEqualTo(left);
    }

    /// What is kept between two settlements survives its encoding, byte for byte.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void settling_by_way_of_encoded_histories_is_settling_in_one_go(long seed) {
        Case one = drawn(seed);
        Terms terms = Documents.accepted(one.terms());
        List<KnownEvent> known = Books.known(terms, one.events());
        CaseFile.Settled expected = settle(one);

        History history = History.open(terms, Period.ofText(one.first()));
        Shelf shelf = new Shelf();
        for (int i = 0; i < expected.periods().size(); i++) {
            Period period = expected.periods().get(i);
            History before = shelf.keep(history);
            assertThat(before.encode().canonical()).isEqualTo(history.encode().canonical());
            Outcome outcome = Settlement.settle(
                    terms,
                    before,
                    known.stream().filter(event -> isNew(event, period, one)).toList());
            Outcome.Settled settled = (Outcome.Settled) outcome;
            assertThat(settled.statement())
                    .isEqualTo(((Outcome.Settled) expected.outcomes().get(i)).statement());
            history = settled.after();
        }
    }

    /// Booked in this period, or a fixing of the time before the opening, which the first settlement knows.
    private static boolean isNew(KnownEvent event, Period period, Case one) {
        return event.booked().equals(period)
                || (period.text().equals(one.first()) && event.booked().compareTo(period) < 0);
    }

    /// Whoever is late is paid late, but not less, under the clauses that section 12.3 restates.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void booking_late_ends_where_booking_in_time_would_have(long seed) {
        Case late = known(drawn(seed));

        SortedMap<String, BigInteger> accrued = accrued(late);

        assertThat(accrued).isEqualTo(accrued(inTime(late)));
    }

    /// Else the law above would hold for want of anything late.
    @Test
    @Tag("census")
    void most_of_the_cases_drawn_book_something_late() {
        List<Case> cases = DRAWN.stream().map(LawsTest::known).toList();

        assertThat(cases.stream().filter(one -> !one.events().equals(inTime(one).events())))
                .hasSizeGreaterThan(150);
    }

    private static Case inTime(Case late) {
        return late.withEvents(late.events().stream()
                .<Json>map(event -> Documents.with((Json.Obj) event, "booked", ""))
                .toList());
    }

    /// Only what is booked in a period that is settled, and of disputes nothing: a release must not come before its
    /// hold.
    private static Case known(Case one) {
        return one.withEvents(one.events().stream()
                .map(event -> (Json.Obj) event)
                .filter(event -> event.findText("booked").orElse("").compareTo(one.last()) <= 0)
                .filter(event -> !event.text("type").startsWith("dispute-"))
                .<Json>map(event -> event)
                .toList());
    }

    /// By clause, period and accounts, what all statements together moved.
    private static SortedMap<String, BigInteger> accrued(Case one) {
        List<String> restated = one.terms().items("clauses").stream()
                .map(clause -> (Json.Obj) clause)
                .filter(c ->
                        List.of("fee", "unit", "split", "fixed", "kpi", "fund").contains(c.text("type")))
                .map(c -> c.text("id"))
                .toList();
        SortedMap<String, BigInteger> sums = new TreeMap<>();
        for (Statement statement : statements(one)) {
            for (Line line : statement.lines()) {
                if (restated.contains(line.clause()) && line.kind().isEmpty()) {
                    String period = line.adjusts().orElse(statement.period()).text();
                    String key = line.clause() + " " + period + " ";
                    sums.merge(key + line.to(), line.amount(), BigInteger::add);
                    sums.merge(key + line.from(), line.amount().negate(), BigInteger::add);
                }
            }
        }
        sums.values().removeIf(amount -> amount.signum() == 0);
        return sums;
    }

    /// A case, and what the amendment that a seed draws for it comes to, where both settle every period.
    ///
    /// @param start the first period under the amended terms
    /// @param before the outcomes under the old terms
    /// @param at the outcomes of the old terms up to the start, and of the amended ones from it on
    private record Amended(Case one, GeneratedAmendment amendment, int start, List<Outcome> before, List<Outcome> at) {

        private static final Map<Long, Amended> DRAWN = new TreeMap<>();

        static Amended drawn(long seed) {
            return DRAWN.computeIfAbsent(seed, Amended::draw);
        }

        private static Amended draw(long seed) {
            for (long next = seed; ; next += 1_000) {
                Case one = LawsTest.drawn(seed);
                List<Outcome> before = settle(one).outcomes();
                int start = 1 + new Random(next).nextInt(before.size() - 1);
                GeneratedAmendment amendment = new GeneratedAmendment(one, period(before, start), next);
                List<Outcome> at = amendedAt(one, amendment.terms(), start, before);
                if (at.size() == before.size()) {
                    return new Amended(one, amendment, start, before, at);
                }
            }
        }

        private static Period period(List<Outcome> outcomes, int index) {
            return statement(outcomes.get(index)).period();
        }

        Period first() {
            return period(before, start);
        }
    }

    private static Statement statement(Outcome outcome) {
        return ((Outcome.Settled) outcome).statement();
    }

    /// What the old terms settled before `start`, and from there on what the amended ones do, up to the first refusal.
    private static List<Outcome> amendedAt(Case one, Json.Obj amended, int start, List<Outcome> before) {
        Terms terms = Documents.accepted(amended);
        List<KnownEvent> known = Books.known(terms, one.events());
        List<Outcome> outcomes = new ArrayList<>(before.subList(0, start));
        Shelf shelf = new Shelf();
        for (Outcome outcome : outcomes) {
            History _ = shelf.keep(((Outcome.Settled) outcome).after());
        }
        while (outcomes.size() < before.size() && outcomes.getLast() instanceof Outcome.Settled(var _, var after)) {
            History history = shelf.keep(after);
            outcomes.add(Settlement.settle(
                    terms,
                    history,
                    known.stream()
                            .filter(event -> event.booked().equals(history.next()))
                            .toList()));
        }
        if (outcomes.getLast() instanceof Outcome.Refused) {
            outcomes.removeLast();
        }
        return outcomes;
    }

    static LongStream someSeeds() {
        return seeds().limit(30);
    }

    static LongStream otherSeeds() {
        return seeds().skip(30);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("someSeeds")
    void an_amendment_that_is_allowed_never_changes_a_settled_period(long seed) {
        assertAdjustsSettledPeriodsAlike(Amended.drawn(seed));
        assertSettlesEachPeriodInItsTime(Amended.drawn(seed));
    }

    /// The rest of the two hundred: to draw an amendment takes longer than to settle under it.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("otherSeeds")
    @Tag("slow")
    void no_other_amendment_that_is_allowed_changes_a_settled_period(long seed) {
        assertAdjustsSettledPeriodsAlike(Amended.drawn(seed));
        assertSettlesEachPeriodInItsTime(Amended.drawn(seed));
    }

    /// What is late for a settled period adjusts it as it would have without the amendment, no more and no less.
    private static void assertAdjustsSettledPeriodsAlike(Amended drawn) {
        List<Outcome> paidOtherwise =
                amendedAt(drawn.one(), drawn.amendment().withOtherPayments(), drawn.start(), drawn.before());

        assertThat(paidOtherwise).hasSameSizeAs(drawn.before());
        for (int i = drawn.start(); i < drawn.before().size(); i++) {
            assertThat(ofSettled(drawn.at().get(i), drawn.first()))
                    .isEqualTo(ofSettled(drawn.before().get(i), drawn.first()));
            assertThat(ofSettled(paidOtherwise.get(i), drawn.first()))
                    .isEqualTo(ofSettled(drawn.before().get(i), drawn.first()));
        }
    }

    /// The lines that adjust a period before this one.
    private static List<Line> ofSettled(Outcome outcome, Period first) {
        return statement(outcome).lines().stream()
                .filter(line -> line.adjusts()
                        .filter(period -> period.compareTo(first) < 0)
                        .isPresent())
                .toList();
    }

    /// Whoever has all events settles the periods before the amendment to the same lines under either document, and the
    /// periods after it as whoever went on from the history of the old terms.
    private static void assertSettlesEachPeriodInItsTime(Amended drawn) {
        Case one = drawn.one();
        List<Outcome> all = Books.settle(drawn.amendment().terms(), one.events(), one.first(), one.last())
                .outcomes();

        for (int i = 0; i < all.size(); i++) {
            Statement statement = statement(all.get(i));
            if (i < drawn.start()) {
                assertThat(statement.lines())
                        .isEqualTo(statement(drawn.before().get(i)).lines());
            } else {
                assertThat(statement).isEqualTo(statement(drawn.at().get(i)));
            }
        }
    }

    /// Else the laws above would hold for want of anything amended, or of anything late for a settled period.
    @Test
    @Tag("census")
    void most_amendments_drawn_change_a_lot_and_many_are_followed_by_what_is_late() {
        List<Amended> drawn = someSeeds().mapToObj(Amended::drawn).toList();

        assertThat(drawn.stream().filter(one -> one.amendment().changes() >= 3)).hasSizeGreaterThan(20);
        assertThat(drawn.stream().filter(one -> !lines(one.at()).equals(lines(one.before()))))
                .hasSizeGreaterThan(15);
        assertThat(drawn.stream()
                        .filter(one -> one.at().subList(one.start(), one.at().size()).stream()
                                .anyMatch(outcome ->
                                        !ofSettled(outcome, one.first()).isEmpty())))
                .hasSizeGreaterThan(15);
    }

    private static List<List<Line>> lines(List<Outcome> outcomes) {
        return outcomes.stream().map(outcome -> statement(outcome).lines()).toList();
    }

    private static final List<String> CANCELLING = List.of(
            "'type':'fee','of':'sales','rate':'1/7'",
            "'type':'fee','of':'sales','rate':{'by':'attr','attr':'kind','table':{'a':'1/3','*':'0.1'}}",
            "'type':'fee','of':'sales','rate':{'by':'event','attr':'agreed','min':'0','max':'1'}",
            "'type':'fee','of':'sales','rate':'1/7','per':'event','round':'up','floor':{'amount':20}",
            "'type':'fee','of':'sales','rate':'1/7','per':'event','cap':{'price':'3'}",
            "'type':'unit','of':'units','price':'0.7','window':'year'",
            "'type':'fee','of':'sales','tiers':{'mode':'marginal','steps':[{'upTo':900,'rate':'0.1'},{'rate':'1/3'}]}",
            "'type':'fee','of':'sales','tiers':{'mode':'whole','steps':[{'upTo':900,'rate':'0.1'},{'rate':'1/3'}]}",
            "'type':'fee','of':'sales','tiers':{'mode':'per-event','steps':[{'upTo':900,'rate':'0.1'},{'rate':'1/3'}]}",
            "'type':'fee','of':'sales','tiers':{'mode':'lookback','steps':[{'upTo':900,'rate':'0.1'},{'rate':'1/3'}]}",
            "'type':'fee','of':'sales','tiers':{'mode':'blended','measure':'units',"
                    + "'steps':[{'upTo':4,'rate':'0.1'},{'rate':'1/3'}]}",
            "'type':'fee','of':'sales','rate':{'by':'date','steps':[{'from':'2026-01-01','rate':'1/9'},"
                    + "{'from':'2026-01-15','rate':'0.4'}]},'round':'half-even'",
            "'type':'unit','of':'units','price':'33.3','per':'event','round':'down'",
            "'type':'kpi','of':'sales','table':[{'kpi':'csat','steps':[{'gte':'0','rate':'0.1'}]}]");

    /// A sale and its refund in one window leave what the other events alone come to.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_sale_and_its_refund_cancel_within_one_window(long seed) {
        Random random = new Random(seed);
        String clause = "{'id':'c','from':'hub','to':'x'," + CANCELLING.get((int) (seed % CANCELLING.size())) + "}";
        int amount = random.nextInt(3000);
        int quantity = random.nextInt(9);
        String others =
                "o sale 2026-01-0%d kind=b agreed=0.15 a=%d q=2\np sale 2026-01-2%d kind=a agreed=1/9 a=%d q=3\n"
                        .formatted(
                                1 + random.nextInt(9), random.nextInt(1500), random.nextInt(9), random.nextInt(1500));
        String pair = "s sale 2026-01-10 kind=a agreed=0.3 a=%d q=%d\nt refund 2026-01-%d a=%d q=%d ref=s\n"
                .formatted(amount, quantity, 10 + random.nextInt(21), amount, quantity);

        assertThat(Books.january(clause, others + pair)).isEqualTo(Books.january(clause, others));
        assertThat(Books.january(clause, pair)).isEmpty();
    }
}
