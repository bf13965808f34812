package org.tallystick.agreement.settlement.naive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;

/// Every example with numbers in the text of terms/1, settled by the naive evaluator.
class TextExamplesTest {

    /// @param section of the text
    /// @param lines of each month from January 2026 (or 2027) on, in one string
    record Example(String section, String settlement, String clauses, String events, List<String> lines) {
        @Override
        public String toString() {
            return section + ": " + lines;
        }
    }

    private static Example example(String section, String clauses, String events, String... lines) {
        return new Example(section, "{}", clauses, events, List.of(lines));
    }

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',";
    private static final String STEPS = "'steps':[{'upTo':2000,'rate':'0.05'},{'rate':'0.08'}]}}";
    private static final String SPLIT = "{'id':'s','type':'split','holder':'hub','of':'sales','shares':{'hub':'1/4'},"
            + "'proRata':{'share':'3/4','by':'who','among':['x','y'],'of':'use','ifNone':'hub'}}";
    private static final String THIRDS = "{'id':'s','type':'split','holder':'z','of':'sales',"
            + "'shares':{'z':'0','y':'1/3','x':'1/3','hub':'1/3'}}";
    private static final String RESERVE =
            "{'id':'r','type':'reserve','party':'x','clauses':['f'],'rate':'0.1'," + "'releaseAfter':1}";

    private static final String TIERED = """
            a sale 2026-01-10 amount=1500 currency=USD quantity=3
            b sale 2026-01-20 amount=1000 currency=USD quantity=2
            c sale 2026-02-10 amount=600 currency=USD quantity=1
            d refund 2026-02-20 amount=400 quantity=1 refOf=b
            """;

    private static Example tiers(String mode, String january, String february) {
        String clause = FEE + "'window':'year','tiers':{'mode':'" + mode + "'," + STEPS;
        return example("10 " + mode, clause, TIERED, january, february);
    }

    static Stream<Example> examples() {
        return Stream.of(
                tiers("marginal", "f hub>x 140", "f hub>x 16"),
                tiers("whole", "f hub>x 200", "f hub>x 16"),
                tiers("forward", "f hub>x 125", "f hub>x 28"),
                tiers("per-event", "f hub>x 125", "f hub>x 10"),
                tiers("lookback", "f hub>x 125", "f hub>x 28"),
                example(
                        "10 blended",
                        FEE + "'window':'year','tiers':{'mode':'blended','measure':'units',"
                                + "'steps':[{'upTo':4,'rate':'0.05'},{'rate':'0.08'}]}}",
                        TIERED,
                        "f hub>x 140",
                        "f hub>x 11"),
                example(
                        "2.2, 11.4 with a party that holds and has no share",
                        THIRDS,
                        "s sale 2026-01-10 amount=8 currency=USD\nr refund 2026-02-10 amount=8 currency=USD",
                        "s z>hub 3; s z>x 3; s z>y 2",
                        "s hub>z 3; s x>z 3; s y>z 2"),
                example(
                        "2.2",
                        "{'id':'s','type':'split','holder':'z','of':'sales',"
                                + "'shares':{'z':'0','hub':'1/6','x':'1/2','y':'1/3'}}",
                        "s sale 2026-01-10 amount=10 currency=USD",
                        "s z>hub 2; s z>x 5; s z>y 3"),
                new Example(
                        "8, another exponent",
                        "{'fx':{'fixing':'period-end','refunds':'original'}}",
                        FEE + "'rate':'1'}",
                        "s sale 2026-01-10 amount=1250 currency=KWD\nx fx 2026-01-31 pair=KWD/USD rate=3.25",
                        List.of("f hub>x 406")),
                new Example(
                        "8, once a group",
                        "{'fx':{'fixing':'transaction','refunds':'original'}}",
                        FEE + "'rate':'1'}",
                        """
                        s sale 2026-01-10 amount=33 currency=EUR
                        t sale 2026-01-11 amount=34 currency=EUR
                        x fx 2026-01-04 pair=EUR/USD rate=1.05
                        """,
                        List.of("f hub>x 70")),
                example(
                        "9 by date",
                        FEE + "'rate':{'by':'date','steps':[{'from':'2026-01-01','rate':'0.03'},"
                                + "{'from':'2026-02-01','rate':'0.04'}]}}",
                        """
                        a sale 2026-01-31 amount=1000 currency=USD
                        b sale 2026-02-01 amount=1000 currency=USD
                        r refund 2026-03-15 amount=1000 refOf=a
                        """,
                        "f hub>x 30",
                        "f hub>x 40",
                        "f x>hub 30"),
                example(
                        "9 by fact",
                        FEE + "'rate':{'by':'fact','fact':'launch','before':'0.03','after':'0.04'}}",
                        """
                        a sale 2026-01-31 amount=1000 currency=USD
                        m milestone 2026-02-01 name=launch
                        b sale 2026-02-01 amount=1000 currency=USD
                        r refund 2026-03-15 amount=1000 refOf=a
                        """,
                        "f hub>x 30",
                        "f hub>x 40",
                        "f x>hub 30"),
                example(
                        "11.2",
                        FEE + "'rate':'0.125'}",
                        "s sale 2026-01-10 amount=1203 currency=USD\nr refund 2026-01-20 amount=200 refOf=s",
                        "f hub>x 125"),
                example(
                        "11.2, a third over a year",
                        FEE + "'rate':'1/3','window':'year'}",
                        """
                        a sale 2026-01-10 amount=100 currency=USD
                        b sale 2026-02-10 amount=100 currency=USD
                        c sale 2026-03-10 amount=100 currency=USD
                        """,
                        "f hub>x 33",
                        "f hub>x 34",
                        "f hub>x 33"),
                example(
                        "11.2, units",
                        "{'id':'u','type':'unit','from':'hub','to':'x','of':'use','price':'0.7'}",
                        "u usage 2026-01-10 quantity=1234",
                        "u hub>x 864"),
                example(
                        "11.2, a relative cap",
                        "{'id':'f','type':'fee','from':'hub','to':'x','of':'costs','rate':'1',"
                                + "'cap':{'of':'sales','rate':'0.06'}}",
                        "s sale 2026-01-10 amount=12345 currency=USD\nc cost 2026-01-10 amount=900 currency=USD",
                        "f hub>x 741"),
                example(
                        "11.2, a yearly cap",
                        FEE + "'rate':'0.1','window':'year','cap':{'amount':500,'window':'year'}}",
                        "a sale 2026-01-10 amount=4000 currency=USD\nb sale 2026-02-10 amount=3000 currency=USD",
                        "f hub>x 400",
                        "f hub>x 100"),
                example(
                        "11.2, a floor",
                        FEE + "'rate':'0.1','floor':{'amount':50}}",
                        "s sale 2026-01-10 amount=300 currency=USD\nr refund 2026-01-20 amount=900 currency=USD",
                        "f hub>x 50"),
                example(
                        "11.2, a factor",
                        FEE + "'rate':'0.4','factor':{'kpi':'share'}}",
                        "s sale 2026-01-10 amount=1010 currency=USD\nk kpi 2026-01-31 kpi=share value=0.25",
                        "f hub>x 101"),
                example("11.3", FEE + "'rate':'0.1','per':'event','floor':{'price':'15'}}", """
                        a sale 2026-01-10 amount=1000 currency=USD quantity=5
                        b sale 2026-01-11 amount=300 currency=USD quantity=4
                        r refund 2026-01-20 amount=150 quantity=2 refOf=b
                        """, "f hub>x 130"),
                example("11.4, by use", SPLIT, """
                        s sale 2026-01-10 amount=1001 currency=USD
                        u usage 2026-01-11 quantity=1 who=x
                        v usage 2026-01-12 quantity=2 who=y
                        r refund 2026-02-10 amount=1001 currency=USD
                        w usage 2026-02-11 quantity=1 who=x
                        z usage 2026-02-12 quantity=2 who=y
                        t sale 2026-03-10 amount=1001 currency=USD
                        """, "s hub>x 250; s hub>y 501", "s x>hub 250; s y>hub 501", ""),
                example(
                        "11.5",
                        "{'id':'m','type':'fixed','from':'hub','to':'x','amount':700,'on':{'type':'milestone'},"
                                + "'cap':{'amount':1500,'window':'year'}}",
                        """
                        a milestone 2026-01-10 name=a
                        b milestone 2026-01-11 name=b
                        c milestone 2026-03-10 name=c
                        d milestone 2026-05-10 name=d
                        """,
                        "m hub>x 1400",
                        "",
                        "m hub>x 100",
                        "",
                        ""),
                example(
                        "11.6",
                        "{'id':'k','type':'kpi','from':'hub','to':'x','of':'sales','table':["
                                + "{'kpi':'csat','steps':[{'gte':'90','rate':'0.015'}]},"
                                + "{'kpi':'delay','steps':[{'gte':'0','rate':'-0.01'}]}]}",
                        "s sale 2026-01-10 amount=40010 currency=USD\nk kpi 2026-01-31 kpi=csat value=92",
                        "k hub>x 600"),
                example(
                        "11.7",
                        FEE + "'rate':'1'},{'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['f'],"
                                + "'window':'period','amount':5000}",
                        """
                        a sale 2026-01-10 amount=3210 currency=USD
                        b sale 2026-02-10 amount=6000 currency=USD
                        c refund 2026-03-10 amount=100 currency=USD
                        """,
                        "f hub>x 3210; g hub>x 1790",
                        "f hub>x 6000",
                        "f x>hub 100; g hub>x 5100"),
                example(
                        "11.8",
                        FEE + "'rate':'1'},{'id':'a','type':'advance','from':'hub','to':'x','clauses':['f'],"
                                + "'recoupRate':'1/2'}",
                        "p advance 2026-01-02 amount=10000 clause=a\ns sale 2026-01-10 amount=7001 currency=USD",
                        "a hub>x 10000 advance; a x>hub 3501 recoup; f hub>x 7001"),
                example(
                        "11.10",
                        "{'id':'m','type':'fund','from':'hub','of':'sales','rate':'0.02',"
                                + "'claims':{'on':{'type':'mdf-claim'},'reimburse':'0.5','to':'x'}}",
                        "s sale 2026-01-10 amount=30000 currency=USD\nc mdf-claim 2026-01-11 amount=1500",
                        "m fund:m>x 600 claim; m hub>fund:m 600"),
                example(
                        "11.11",
                        FEE + "'rate':'1'}," + RESERVE,
                        "a sale 2026-01-10 amount=2005 currency=USD\nb refund 2026-02-10 amount=300 currency=USD",
                        "f hub>x 2005; r x>reserve:x 201 hold",
                        "f x>hub 300; r reserve:x>x 201 release"),
                example(
                        "11.12",
                        FEE + "'rate':'1'}," + RESERVE
                                + ",{'id':'w','type':'withholding','party':'x','authority':'y',"
                                + "'clauses':['f','r'],'rate':'0.15'}",
                        "a sale 2026-01-10 amount=2005 currency=USD",
                        "f hub>x 2005; r x>reserve:x 201 hold; w x>y 271"),
                example("12.3", FEE + "'rate':'0.1'}", """
                        a sale 2026-01-10 amount=1004 currency=USD
                        b sale 2026-01-20 amount=42 currency=USD booked=2026-02
                        """, "f hub>x 100", "f hub>x 5 for 2026-01"));
    }

    @ParameterizedTest(name = "section {0}")
    @MethodSource("examples")
    void the_examples_of_the_text_come_out(Example example) {
        Json.Obj terms = Documents.with(Documents.of(example.clauses()), "settlement", example.settlement());
        String last = "2026-0" + example.lines().size();

        Json.Arr said = new Evaluator(terms, Lines.events(example.events()), "2026-01").settle(last);

        assertThat(said.items().stream().map(Lines::lines)).isEqualTo(example.lines());
    }

    /// Section 11.9: 7.3%, two quarters.
    @ParameterizedTest(name = "11.9: the waterfall pays {0} in {1}")
    @CsvSource(delimiter = '|', textBlock = """
            rec.z 3000; pref.x 990; pref.y 810; roc.x 24860; roc.y 20340                                   | 0
            pref.x 548; pref.y 449; roc.x 30140; roc.y 24660; cat.z 699; rest.x 6752; rest.y 4051; rest.z 2701 | 1
            """)
    void the_waterfall_of_the_text_pays_in_this_order(String paid, int quarter) {
        Json.Obj terms = Documents.with(
                Documents.of("{'id':'w','type':'waterfall','holder':'hub','of':'sales','investors':['x','y'],"
                        + "'preferredRate':'0.073','dayCount':'actual/365','compounding':'none','tiers':["
                        + "{'id':'rec','kind':'recover','party':'z','of':'costs'},{'id':'pref','kind':'preferred'},"
                        + "{'id':'roc','kind':'return-of-capital'},"
                        + "{'id':'cat','kind':'catch-up','party':'z','target':'0.2'},"
                        + "{'id':'rest','kind':'split','shares':{'x':'0.5','y':'0.3','z':'0.2'}}]}"),
                "calendar",
                "{'frequency':'quarter'}");
        List<Json> events = Lines.events("""
                a capital 2027-01-01 amount=55000 party=x
                b capital 2027-01-01 amount=45000 party=y
                c cost 2027-02-01 amount=3000 currency=USD
                d sale 2027-03-01 amount=50000 currency=USD
                e sale 2027-05-01 amount=70000 currency=USD
                """);

        Json said = new Evaluator(terms, events, "2027-Q1")
                .settle("2027-Q2")
                .items()
                .get(quarter);

        assertThat(Stream.of(Lines.lines(said).split("; ", -1))
                        .map(line -> line.replaceFirst("w\\.([a-z]+) hub>", "$1."))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(paid.split("; ", -1)).map(String::strip).collect(Collectors.toList()));
    }

    @ParameterizedTest(name = "2.1: {0} half up, half even, down, up")
    @CsvSource({"0.5, 1, 0, 0, 1", "1.5, 2, 2, 1, 2", "-1.5, -2, -2, -1, -2", "1.01, 1, 1, 1, 2", "5/2, 3, 2, 2, 3"})
    void rounding_goes_by_its_mode(String x, int halfUp, int halfEven, int down, int up) {
        Fraction fraction = Fraction.read(Json.text(x));

        assertThat(Stream.of("half-up", "half-even", "down", "up")
                        .map(fraction::round)
                        .map(Number::intValue))
                .containsExactly(halfUp, halfEven, down, up);
    }

    @ParameterizedTest(name = "5, 7.2: {2} {0} to {1}: {3}")
    @CsvSource({
        "2026-03-01, 2026-03-31, days, true",
        "2026-03-01, 2026-04-01, days, false",
        "2026-03-01, 2026-02-28, days, false",
        "2026-01-31, 2026-02-27, monthsBefore, true",
        "2026-01-31, 2026-02-28, monthsBefore, false",
    })
    void filters_count_days_and_months(String from, String to, String kind, boolean matches) {
        String where = kind.equals("days")
                ? "{'days':[{'from':'lead','to':'date','max':30}]}"
                : "{'monthsBefore':[{'since':'lead','months':1}]}";
        String month = to.substring(0, 7);

        Json said = new Evaluator(
                        Documents.of(FEE + "'rate':'1','where':" + where + "}"),
                        Lines.events("s sale " + to + " amount=5 currency=USD lead=" + from),
                        month)
                .settle(month)
                .items()
                .getFirst();

        assertThat(Lines.lines(said)).isEqualTo(matches ? "f hub>x 5" : "");
    }

    @ParameterizedTest(name = "13.2: with {0}, January pays {1} and February {2}")
    @CsvSource(delimiter = '|', textBlock = """
            {'minimumPayout':{'x':1000}} | 0   | 1000
            {}                           | 999 | 1
            """)
    void exactly_the_minimum_is_paid(String settlement, int january, int february) {
        Json.Obj terms = Documents.with(Documents.of(FEE + "'rate':'1'}"), "settlement", settlement);
        List<Json> events =
                Lines.events("a sale 2026-01-10 amount=999 currency=USD\nb sale 2026-02-10 amount=1 currency=USD");

        Json.Arr said = new Evaluator(terms, events, "2026-01").settle("2026-02");

        assertThat(said.items().stream()
                        .map(statement ->
                                ((Json.Obj) statement).object("payments").whole("x")))
                .containsExactly((long) january, (long) february);
    }
}
