package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.settlement.naive.Comparison;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// A settlement reads of the periods before only those that it needs, and that changes nothing.
class ReachTest {

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    static LongStream someSeeds() {
        return seeds().limit(30);
    }

    // The law.

    /// @param periods up to the first that is refused
    /// @param spared how many of them booked something late, and still did not read every period
    private record Settled(int periods, int spared) {}

    /// Settles period after period twice: with what a settlement reaches, and with the whole history. Both must say the
    /// same, and leave the same behind.
    ///
    /// @param amended in force from `start` on
    private static Settled settlesAsWithTheWholeHistory(
            Terms old, Terms amended, Period start, Period opening, Period last, List<Json> events) {
        Shelf reaching = new Shelf();
        Shelf whole = new Shelf();
        History one = reaching.keep(History.open(old, opening));
        History two = whole.keep(History.open(old, opening));
        int spared = 0;
        for (Period period = opening; period.compareTo(last) <= 0; period = period.next()) {
            Terms terms = period.compareTo(start) >= 0 ? amended : old;
            Figures booked = Figures.of(terms, bookedIn(terms, events, opening, period));
            Outcome reached = Settlement.settle(terms, one, booked);
            SortedSet<String> read = reaching.read();
            Outcome expected = Settlement.settle(terms, two, booked, Reach.whole(terms, two, booked), Arithmetic.LONGS);
            if (!(reached instanceof Outcome.Settled(var statement, var after)
                    && expected instanceof Outcome.Settled(var expectedStatement, var expectedAfter))) {
                assertThat(reached).isEqualTo(expected);
                return new Settled(period.ordinal() - opening.ordinal(), spared);
            }
            assertThat(statement).isEqualTo(expectedStatement);
            one = reaching.keep(after);
            two = whole.keep(expectedAfter);
            assertThat(reaching.texts()).isEqualTo(whole.texts());
            Period now = period;
            boolean late = booked.periods(terms.frequency()).stream().anyMatch(each -> each.compareTo(now) < 0);
            long settled = (long) period.ordinal() - opening.ordinal();
            spared += late
                            && read.stream()
                                            .filter(name -> name.startsWith("sums"))
                                            .count()
                                    < settled
                    ? 1
                    : 0;
        }
        return new Settled(last.ordinal() - opening.ordinal() + 1, spared);
    }

    private static Settled settles(Case one, List<Json> events) {
        Terms terms = Documents.accepted(one.terms());
        Period last = Period.ofText(one.last());
        return settlesAsWithTheWholeHistory(terms, terms, last, Period.ofText(one.first()), last, events);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_settlement_with_the_periods_that_it_reaches_is_that_with_all(long seed) {
        Case one = Case.settled(seed, Comparison.FEATURES);

        Settled _ = settles(one, one.events());
        Settled _ = settles(one, scattered(one, seed));
    }

    /// Cases of a few clauses over years, in which most settlements leave most periods unread.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void so_it_is_over_years(long seed) {
        assertThat(settlesYears(seed).periods()).isEqualTo(30);
    }

    private static Settled settlesYears(long seed) {
        Terms terms = Documents.accepted(GeneratedYears.terms(seed));
        return settlesAsWithTheWholeHistory(
                terms,
                terms,
                GeneratedYears.LAST,
                GeneratedYears.OPENING,
                GeneratedYears.LAST,
                GeneratedYears.events(seed));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("someSeeds")
    void so_it_is_over_years_with_a_clause_added(long seed) {
        Json.Obj terms = GeneratedYears.terms(seed);
        Period start = GeneratedYears.OPENING.plus(5 + new Random(seed).nextInt(12));

        Settled _ = settlesAsWithTheWholeHistory(
                Documents.accepted(terms),
                Documents.accepted(GeneratedYears.amended(terms, start, seed)),
                start,
                GeneratedYears.OPENING,
                GeneratedYears.LAST,
                GeneratedYears.events(seed));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("someSeeds")
    void so_it_is_after_an_amendment(long seed) {
        Case one = Case.settled(seed, Comparison.FEATURES);
        Terms terms = Documents.accepted(one.terms());
        Period opening = Period.ofText(one.first());
        Period last = Period.ofText(one.last());
        Period start = opening.plus(1 + new Random(seed).nextInt(last.ordinal() - opening.ordinal()));
        Terms amended = Documents.accepted(new GeneratedAmendment(one, start, seed).terms());

        Settled _ = settlesAsWithTheWholeHistory(terms, amended, start, opening, last, one.events());
        Settled _ = settlesAsWithTheWholeHistory(terms, amended, start, opening, last, scattered(one, seed));
    }

    /// Else the laws above would hold for want of anything late, or because everything is read.
    @Test
    @Tag("census")
    void many_settlements_book_something_late_and_do_not_read_everything() {
        long spared = someSeeds()
                .mapToObj(ReachTest::settlesYears)
                .mapToLong(Settled::spared)
                .sum();

        assertThat(spared).isGreaterThan(150);
    }

    private static List<KnownEvent> bookedIn(Terms terms, List<Json> events, Period opening, Period period) {
        return Books.known(terms, events).stream()
                .filter(event -> event.booked().equals(period)
                        || (period.equals(opening) && event.booked().compareTo(period) < 0))
                .toList();
    }

    /// The case with some events booked as late as can be, whatever names them no earlier.
    private static List<Json> scattered(Case one, long seed) {
        Random random = new Random(seed);
        Period last = Period.ofText(one.last());
        SortedMap<String, Period> booked = new TreeMap<>();
        List<Json.Obj> events = one.events().stream().map(Json.Obj.class::cast).toList();
        for (boolean named : List.of(false, true)) {
            for (Json.Obj event : events) {
                if (event.has("refOf") == named) {
                    booked.put(event.text("id"), scattered(event, booked, last, random));
                }
            }
        }
        List<Json> scattered = new ArrayList<>();
        for (Json.Obj event : events) {
            TreeMap<String, Json> members = new TreeMap<>(event.members());
            members.put("booked", Json.text(String.valueOf(booked.get(event.text("id")))));
            scattered.add(new Json.Obj(members));
        }
        return scattered;
    }

    /// Most settlements would lack these if they came late.
    private static final List<String> STAYS = List.of("dispute-hold", "dispute-release", "fx", "kpi");

    private static Period scattered(Json.Obj event, SortedMap<String, Period> booked, Period last, Random random) {
        Period own = last.frequency().periodOf(Books.read(event).date());
        Period period = event.findText("booked").map(Period::ofText).orElse(own);
        boolean stays = STAYS.contains(event.text("type")) && random.nextInt(8) > 0;
        int later = !stays && random.nextInt(8) == 0 ? random.nextInt(8) : 0;
        period = period.plus(later).compareTo(last) > 0 && period.compareTo(last) <= 0 ? last : period.plus(later);
        Period origin = event.findText("refOf").map(booked::get).orElse(period);
        return origin.compareTo(period) > 0 ? origin : period;
    }

    // What is read, by hand.

    /// Sixty months under these clauses, from January 2026 on.
    ///
    /// @param events in each month, with `MONTH`, `BEFORE` and `N` in the place of months and of the month's number
    /// @param late also booked, as the first column says
    /// @return by month, what its settlement read
    private static SortedMap<Period, SortedSet<String>> readIn(Terms terms, String events, String... late) {
        List<Json> all = new ArrayList<>();
        Period opening = Period.ofText("2026-01");
        Period last = opening.plus(59);
        for (Period period = opening; period.compareTo(last) <= 0; period = period.next()) {
            String text = events.replace("MONTH", period.text())
                    .replace("BEFORE", period.previous().text())
                    .replace("N", String.valueOf(period.ordinal() - opening.ordinal()));
            Period now = period;
            all.addAll(Books.events(text).stream()
                    .filter(event -> !now.equals(opening) || !((Json.Obj) event).has("refOf"))
                    .toList());
        }
        all.addAll(Books.events(String.join("\n", late)));
        SortedMap<Period, SortedSet<String>> read = new TreeMap<>();
        Shelf shelf = new Shelf();
        History history = shelf.keep(History.open(terms, opening));
        for (Period period = opening; period.compareTo(last) <= 0; period = period.next()) {
            Figures booked = Figures.of(terms, bookedIn(terms, all, opening, period));
            history = shelf.keep(((Outcome.Settled) Settlement.settle(terms, history, booked)).after());
            read.put(period, shelf.read());
        }
        return read;
    }

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',";

    private static Terms fee(String mode, String window) {
        return Documents.accepted(FEE + "'tiers':{'mode':'" + mode
                + "','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.5'}]},'window':'" + window + "'}");
    }

    private static final String SALE = "MONTH/s sale MONTH-10 a=700\n";
    private static final String REFUND = "MONTH/r refund MONTH-11 a=70 ref=BEFORE/s\n";

    private static SortedSet<String> in(SortedMap<Period, SortedSet<String>> read, String period) {
        return read.getOrDefault(Period.ofText(period), new TreeSet<>());
    }

    @ParameterizedTest(name = "{0} tiers over a {1}")
    @CsvSource({
        "marginal, period",
        "marginal, year",
        "marginal, life",
        "whole, year",
        "blended, life",
        "per-event, year",
        "forward, period",
        "forward, year",
        "forward, life"
    })
    void a_settlement_with_nothing_late_reads_no_period_before(String mode, String window) {
        assertThat(readIn(fee(mode, window), SALE).values()).allMatch(SortedSet::isEmpty);
    }

    @ParameterizedTest(name = "over a {0}")
    @ValueSource(strings = {"period", "year", "life"})
    void a_refund_reads_the_period_of_its_sale_however_old_the_agreement_is(String window) {
        SortedMap<Period, SortedSet<String>> read = readIn(fee("forward", window), SALE + REFUND);

        assertThat(in(read, "2027-02")).containsExactly("singles 2027-01", "sums 2027-01");
        assertThat(in(read, "2030-12")).containsExactly("singles 2030-11", "sums 2030-11");
    }

    /// The total of November decides on the rate of December.
    @Test
    void look_back_reads_the_sums_of_the_period_before() {
        SortedMap<Period, SortedSet<String>> read = readIn(fee("lookback", "period"), SALE);

        assertThat(in(read, "2027-02")).containsExactly("sums 2027-01");
        assertThat(in(read, "2030-12")).containsExactly("sums 2030-11");
    }

    @Test
    void daily_fixings_are_read_of_the_period_before_for_the_first_days_of_the_next() {
        Terms terms = Documents.accepted(
                SpecExamplesTest.converting(FEE + "'rate':'0.1','per':'event'}", "transaction", "original"));
        SortedMap<Period, SortedSet<String>> read = readIn(
                terms,
                "MONTH/s sale MONTH-02 a=700 cur=EUR\nMONTH/x fx MONTH-28 pair=EUR/USD rate=1.1\n"
                        + "MONTH/y fx MONTH-01 pair=EUR/USD rate=1.1\n" + REFUND);

        assertThat(in(read, "2027-02")).containsExactly("sums 2027-01");
        assertThat(in(read, "2030-12")).containsExactly("sums 2030-11");
    }

    /// Booked in August 2030, dated in October 2027.
    private static final String LATE = "late sale 2027-10-20 a=900 in=2030-08";

    private static List<String> months(String what, String from, String to) {
        List<String> months = new ArrayList<>();
        for (Period p = Period.ofText(from); p.compareTo(Period.ofText(to)) <= 0; p = p.next()) {
            months.add(what + " " + p);
        }
        return months;
    }

    @Test
    void what_is_late_reads_its_own_period_where_no_window_is_longer() {
        assertThat(in(readIn(fee("marginal", "period"), SALE, LATE), "2030-08")).containsExactly("sums 2027-10");
        assertThat(in(readIn(fee("forward", "period"), SALE, LATE), "2030-08"))
                .containsExactly("singles 2027-10", "sums 2027-10");
    }

    /// November's refund had the step of October's sale, which may be another one now.
    @Test
    void what_is_late_reads_the_periods_with_refunds_of_its_own() {
        assertThat(in(readIn(fee("forward", "period"), SALE + REFUND.replace("70", "7"), LATE), "2030-08"))
                .containsExactly(
                        "singles 2027-09",
                        "singles 2027-10",
                        "singles 2027-11",
                        "singles 2030-07",
                        "sums 2027-09",
                        "sums 2027-10",
                        "sums 2027-11",
                        "sums 2030-07");
    }

    @Test
    void what_is_late_reads_the_rest_of_its_year_and_the_sums_before_it() {
        List<String> year = new ArrayList<>(months("singles", "2027-10", "2027-12"));
        year.addAll(months("sums", "2027-01", "2027-12"));

        assertThat(in(readIn(fee("forward", "year"), SALE, LATE), "2030-08")).containsExactlyElementsOf(year);
    }

    @Test
    void what_is_late_reads_all_that_follows_where_a_clause_adds_up_for_ever() {
        assertThat(in(readIn(fee("marginal", "life"), SALE, LATE), "2030-08"))
                .containsExactlyElementsOf(months("sums", "2027-10", "2030-07"));
    }

    @Test
    void a_late_milestone_reads_all_that_follows_it() {
        Terms terms = Documents.accepted(FEE + "'rate':{'by':'fact','fact':'launch','before':'0.1','after':'0.2'}}");

        assertThat(in(readIn(terms, SALE, "m milestone 2028-02-03 name=launch in=2030-08"), "2030-08"))
                .containsExactlyElementsOf(months("sums", "2028-02", "2030-07"));
        assertThat(in(readIn(terms, SALE, "m milestone 2028-02-03 name=other in=2030-08"), "2030-08"))
                .isEmpty();
    }
}
