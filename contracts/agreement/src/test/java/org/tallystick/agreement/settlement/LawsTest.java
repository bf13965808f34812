package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What holds for every agreement, shown for two hundred.
class LawsTest {

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static CaseFile.Settled settle(Json terms, List<Json> events) {
        return Books.settle(terms, events, Generated.FIRST, Generated.LAST);
    }

    /// The engine, which remembers roll-ups, says what the text says, which has all events at hand.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_statement_is_that_of_a_naive_reading(long seed) {
        Generated generated = new Generated(seed);
        Json.Obj terms = generated.terms();
        List<Json> events = generated.events();

        CaseFile.Settled settled = settle(terms, events);

        List<List<String>> said = new Naive(terms, events, Generated.OPENING)
                .settle(settled.periods().getLast().start());
        for (int i = 0; i < settled.periods().size(); i++) {
            assertThat(said(settled.outcomes().get(i)))
                    .as("%s of %s", settled.periods().get(i), terms.canonical().utf8())
                    .isEqualTo(said.get(i));
        }
    }

    private static List<String> said(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused(var codes) -> List.of(codes.toString());
            case Outcome.Settled(var statement, var _) -> {
                List<String> said = new ArrayList<>(Books.lines(statement));
                Collections.sort(said);
                said.add("payments " + statement.payments());
                said.add("carried " + statement.balances().getOrDefault("carried", new TreeMap<>()));
                said.add("funds " + statement.balances().getOrDefault("fund", new TreeMap<>()));
                yield said;
            }
        };
    }

    @Test
    void the_seeds_cover_every_kind_of_clause_and_modifier() {
        SortedMap<String, Integer> drawn = new TreeMap<>();
        int settled = 0;
        for (long seed : seeds().toArray()) {
            Generated generated = new Generated(seed);
            Json terms = generated.terms();
            generated.kinds().forEach(kind -> drawn.merge(kind, 1, Integer::sum));
            settled += settle(terms, generated.events()).isRefused() ? 0 : 1;
        }

        System.out.println("settled " + settled + " of 200 agreements with " + drawn);
        assertThat(settled).isGreaterThan(150);
        assertThat(drawn).hasSizeGreaterThanOrEqualTo(29);
        assertThat(drawn.values()).allMatch(times -> times >= 10);
    }

    /// No statement creates or loses anything, over all accounts.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_paid_and_what_is_carried_is_what_was_credited(long seed) {
        Generated generated = new Generated(seed);
        Json.Obj terms = generated.terms();
        SortedMap<String, BigInteger> credited = new TreeMap<>();
        SortedMap<String, BigInteger> paid = new TreeMap<>();

        for (Outcome outcome : settle(terms, generated.events()).outcomes()) {
            if (outcome instanceof Outcome.Settled(var statement, var after)) {
                statement.lines().forEach(line -> {
                    credited.merge(line.to(), line.amount(), BigInteger::add);
                    credited.merge(line.from(), line.amount().negate(), BigInteger::add);
                });
                statement.payments().forEach((party, payment) -> paid.merge(party, payment, BigInteger::add));

                assertThat(credited.values().stream().reduce(BigInteger.ZERO, BigInteger::add))
                        .isEqualTo(BigInteger.ZERO);
                paid.forEach((party, payment) -> assertThat(
                                payment.add(after.carried().getOrDefault(party, BigInteger.ZERO)))
                        .isEqualTo(credited.getOrDefault(party, BigInteger.ZERO)));
                after.funds().forEach((fund, balance) -> assertThat(credited).containsEntry("fund:" + fund, balance));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_order_of_submission_has_no_effect(long seed) {
        Generated generated = new Generated(seed);
        Json.Obj terms = generated.terms();
        List<Json> events = generated.events();
        List<Json> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(settle(terms, shuffled).encode())
                .isEqualTo(settle(terms, events).encode());
    }

    /// Figures of parts, merged in any order, and even by way of their JSON, are the figures of the whole.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void figures_of_parts_add_up_to_the_figures_of_all(long seed) {
        Generated generated = new Generated(seed);
        Terms terms = Documents.accepted(generated.terms());
        List<KnownEvent> events = Books.known(terms, generated.events());
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
        Generated generated = new Generated(seed);
        Json.Obj document = generated.terms();
        Terms terms = Documents.accepted(document);
        List<Json> events = generated.events();
        List<KnownEvent> known = Books.known(terms, events);
        CaseFile.Settled expected = settle(document, events);

        History history = History.open(terms, Period.ofText(Generated.FIRST));
        for (int i = 0; i < expected.periods().size(); i++) {
            Period period = expected.periods().get(i);
            History before = History.decode(history.encode());
            assertThat(before.encode().canonical()).isEqualTo(history.encode().canonical());
            Outcome outcome = Settlement.settle(
                    terms,
                    before,
                    known.stream()
                            .filter(event -> event.booked().equals(period))
                            .toList());
            assertThat(said(outcome)).isEqualTo(said(expected.outcomes().get(i)));
            if (!(outcome instanceof Outcome.Settled(var _, var after))) {
                return;
            }
            history = after;
        }
    }

    /// Whoever is late is paid late, but not less: claims aside, which take what the fund has at that moment.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void booking_late_ends_where_booking_in_time_would_have(long seed) {
        Generated generated = new Generated(seed);
        Json.Obj terms = generated.terms();
        List<Json> late = generated.events();
        List<Json> inTime = late.stream()
                .<Json>map(event -> Documents.with((Json.Obj) event, "booked", ""))
                .filter(event -> ((Json.Obj) event).text("date").compareTo("2027-04-01") < 0)
                .toList();
        List<Json> lateToo = late.stream()
                .filter(event -> ((Json.Obj) event).text("date").compareTo("2027-04-01") < 0)
                .toList();

        CaseFile.Settled one = Books.settle(terms, inTime, Generated.FIRST, "2027-06");
        CaseFile.Settled other = Books.settle(terms, lateToo, Generated.FIRST, "2027-06");

        if (!one.isRefused() && !other.isRefused()) {
            assertThat(accrued(other)).isEqualTo(accrued(one));
        }
    }

    /// By clause, period and accounts, what all statements together moved.
    private static SortedMap<String, BigInteger> accrued(CaseFile.Settled settled) {
        SortedMap<String, BigInteger> sums = new TreeMap<>();
        for (Outcome outcome : settled.outcomes()) {
            if (outcome instanceof Outcome.Settled(var statement, var _)) {
                for (Line line : statement.lines()) {
                    if (line.kind().isEmpty()) {
                        String period =
                                line.adjusts().orElse(statement.period()).text();
                        String key = line.clause() + " " + period + " ";
                        sums.merge(key + line.to(), line.amount(), BigInteger::add);
                        sums.merge(key + line.from(), line.amount().negate(), BigInteger::add);
                    }
                }
            }
        }
        return Naive.nonZero(sums);
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
                    + "'steps':[{'upTo':4,'rate':'0.1'},{'rate':'1/3'}]}");

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
