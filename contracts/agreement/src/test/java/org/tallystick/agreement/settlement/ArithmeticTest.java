package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.LargestRemainder;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// The quick way of computing is the exact one: longs and fractions, halves and wholes, any order.
class ArithmeticTest {

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    private static final String PRICED = "'type':'fee','from':'hub','to':'x','of':'sales',";

    /// Every way in which the fold computes, folded and one by one.
    private static final List<String> CLAUSES = List.of(
            PRICED + "'rate':'1/7'",
            PRICED + "'rate':'0.125','per':'event','floor':{'amount':5},'cap':{'price':'40'},'round':'half-even'",
            PRICED + "'rate':{'by':'event','attr':'agreed','min':'0','max':'1'},'per':'event','round':'up'",
            PRICED + "'rate':{'by':'fact','fact':'launch','before':'1/3','after':'2/3'},'per':'event','round':'down'",
            PRICED + "'rate':{'by':'attr','attr':'kind','table':{'a':'0.1','*':'1/9'}}",
            PRICED + "'tiers':{'mode':'marginal','steps':[{'upTo':'1000.5','rate':'0.1'},{'rate':'0.2'}]}",
            PRICED + "'tiers':{'mode':'forward','steps':[{'upTo':'1000.5','rate':'0.1'},{'upTo':'99999999999999999999',"
                    + "'rate':'1/3'},{'rate':'0.2'}]},'window':'life'",
            PRICED + "'tiers':{'mode':'per-event','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.2'}]}",
            PRICED + "'tiers':{'mode':'lookback','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.2'}]}",
            "'type':'unit','from':'hub','to':'y','of':'units','price':'0.7','per':'event'",
            "'type':'unit','from':'hub','to':'y','of':'deals','price':'0.7'",
            "'type':'fixed','from':'hub','to':'y','amount':7,'on':{'type':'sale'}",
            "'type':'unit','from':'hub','to':'y','of':'units','tiers':{'mode':'forward','steps':[{'upTo':'5/2',"
                    + "'rate':'3'},{'rate':'1/3'}]}",
            "'type':'split','holder':'hub','of':'sales','per':'event','shares':{'hub':'1/7','x':'2/7','z':'4/7'}",
            "'type':'split','holder':'hub','of':'sales','per':'event','shares':{'hub':'1/2'},"
                    + "'proRata':{'share':'1/2','by':'kind','among':['x','y'],'of':'units','ifNone':'z'}");

    private static Terms terms() {
        List<String> clauses = new ArrayList<>();
        for (String clause : CLAUSES) {
            clauses.add("{'id':'c" + clauses.size() + "'," + clause + "}");
        }
        return Documents.accepted(SpecExamplesTest.converting(String.join(",", clauses), "transaction", "original"));
    }

    private static final List<String> AMOUNTS = List.of(
            "0",
            "1",
            "999",
            "1000",
            "1001",
            "9007199254740991",
            "4611686018427387904",
            "9223372036854775807",
            "9223372036854775808",
            // As a long it would be -7.
            "18446744073709551609",
            "999999999999999999999999999999");
    private static final List<String> QUANTITIES = List.of("0", "1", "5", "1/3", "0.5", "9223372036854775807");

    /// Events of January around the limits of a long.
    private static List<KnownEvent> events(Terms terms, long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        lines.add("x fx 2026-01-01 pair=EUR/USD rate=1.0" + random.nextInt(10));
        if (random.nextBoolean()) {
            lines.add("m milestone 2026-01-04 name=launch");
        }
        for (int i = 0; i < 30; i++) {
            String date = "2026-01-0" + (1 + random.nextInt(7));
            String sold = " a=" + any(random, AMOUNTS) + " q=" + any(random, QUANTITIES) + " kind="
                    + any(random, List.of("a", "x", "y")) + " agreed=" + any(random, List.of("0.3", "1/9"))
                    + (random.nextInt(4) == 0 ? " cur=EUR" : "");
            lines.add("s" + i + " sale " + date + sold);
            if (random.nextInt(3) == 0) {
                lines.add("r" + i + " refund 2026-01-08 a=" + any(random, AMOUNTS) + " q=1 ref=s" + i);
            }
        }
        return Books.known(terms, lines.stream().<Json>map(Books::event).toList());
    }

    private static String any(Random random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String settled(Terms terms, Figures figures, Arithmetic arithmetic) {
        Outcome outcome = Settlement.settle(terms, History.open(terms, Period.ofText("2026-01")), figures, arithmetic);
        return switch (outcome) {
            case Outcome.Settled(var statement, var _) -> statement.encode().toString();
            case Outcome.Refused(var codes) -> throw new AssertionError(codes.toString());
        };
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void longs_come_to_what_fractions_come_to(long seed) {
        Terms terms = terms();
        List<KnownEvent> events = events(terms, seed);

        Figures quick = Figures.of(new Plan(terms), events, Arithmetic.LONGS);
        Figures exact = Figures.of(new Plan(terms), events, Arithmetic.FRACTIONS);

        assertThat(quick).isEqualTo(exact);
        assertThat(settled(terms, quick, Arithmetic.LONGS)).isEqualTo(settled(terms, exact, Arithmetic.FRACTIONS));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void halves_in_any_order_add_up_to_the_whole(long seed) {
        Terms terms = terms();
        List<KnownEvent> events = events(terms, seed);
        List<KnownEvent> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, new Random(seed));
        int half = shuffled.size() / 2;

        Figures one = Figures.of(terms, shuffled.subList(0, half));
        Figures other = Figures.of(terms, shuffled.subList(half, shuffled.size()));

        assertThat(one.plus(other)).isEqualTo(Figures.of(terms, events));
        assertThat(Figures.decode(other.encode()).plus(Figures.decode(one.encode())))
                .isEqualTo(Figures.of(terms, events));
    }

    /// Another formulation: the nearest whole number is looked for, rather than computed.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rounding_finds_the_whole_number_that_its_mode_names(long seed) {
        Random random = new Random(seed);
        long of = 1L + random.nextInt(12);
        long value = random.nextInt(200) - 100L;
        Rational exact = Rational.of(value, of);

        for (Rounding mode : Rounding.values()) {
            BigInteger found = BigInteger.valueOf(-200);
            for (long candidate = -200; candidate <= 200; candidate++) {
                found = isBetter(mode, exact, BigInteger.valueOf(candidate), found)
                        ? BigInteger.valueOf(candidate)
                        : found;
            }
            assertThat(mode.round(exact)).isEqualTo(found);
            assertThat(mode.round(value, of)).isEqualTo(found.longValueExact());
            assertThat(mode.product(Rational.of(1, of), BigInteger.valueOf(value)))
                    .isEqualTo(found);
        }
    }

    /// Whether `a` is a better whole number for `x` than `b`.
    private static boolean isBetter(Rounding mode, Rational x, BigInteger a, BigInteger b) {
        Rational ofA = Rational.whole(a).minus(x).abs();
        Rational ofB = Rational.whole(b).minus(x).abs();
        boolean allowed = switch (mode) {
            case DOWN -> Rational.whole(a).abs().compareTo(x.abs()) <= 0 && a.signum() * x.signum() >= 0;
            case UP -> Rational.whole(a).abs().compareTo(x.abs()) >= 0 && a.signum() * x.signum() >= 0;
            case HALF_UP, HALF_EVEN -> true;
        };
        if (!allowed || ofA.compareTo(ofB) != 0) {
            return allowed && (ofA.compareTo(ofB) < 0);
        }
        return mode == Rounding.HALF_EVEN ? !a.testBit(0) : a.abs().compareTo(b.abs()) > 0;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_division_in_longs_is_the_exact_division(long seed) {
        Random random = new Random(seed);
        List<Rational> weights = new ArrayList<>(List.of(Rational.of(1, 3)));
        for (int i = random.nextInt(6); i > 0; i--) {
            weights.add(Rational.of(random.nextInt(20), 1 + random.nextInt(40)));
        }
        LargestRemainder division = new LargestRemainder(weights);
        long pool = random.nextLong() >> random.nextInt(64);
        long[] parts = new long[weights.size()];

        boolean fits = division.divide(pool, parts);

        List<BigInteger> exact = division.divide(BigInteger.valueOf(pool));
        assertThat(exact.stream().reduce(BigInteger.ZERO, BigInteger::add)).isEqualTo(BigInteger.valueOf(pool));
        if (fits) {
            assertThat(LongStream.of(parts).mapToObj(BigInteger::valueOf).toList())
                    .isEqualTo(exact);
        } else {
            assertThat(Math.abs(pool)).isGreaterThan(1_000_000_000L);
        }
    }
}
