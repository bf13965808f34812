package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Boundaries, late events and the end of a settlement, with numbers worked by hand.
class SettlementTest {

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',";

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # mode   | sold | due; 10% up to 1000, 50% above
            whole    |  999 | 100
            whole    | 1000 | 100
            whole    | 1001 | 501
            marginal |  999 | 100
            marginal | 1000 | 100
            marginal | 1001 | 101
            marginal | 2000 | 600
            """)
    void a_limit_is_inclusive(String mode, int sold, int due) {
        String clause = FEE + "'tiers':{'mode':'" + mode + "','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.5'}]}}";

        assertThat(Books.january(clause, "s sale 2026-01-01 a=" + sold)).containsExactly("f hub>x " + due);
    }

    @Test
    void forward_tiers_have_the_lower_rate_at_exactly_the_limit() {
        // a at 10%: 100; b after exactly 1000, still 10%: 100; c after 2000, 50%: 500.
        assertThat(Books.january(
                        FEE + "'tiers':{'mode':'forward','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.5'}]}}", """
                        a sale 2026-01-01 a=1000
                        b sale 2026-01-02 a=1000
                        c sale 2026-01-03 a=1000
                        """))
                .containsExactly("f hub>x 700");
    }

    @Test
    void events_of_one_day_are_ordered_by_their_ids_byte_by_byte() {
        // S10 before S9: S10 at 10% is 100, S9 after 1000 still at 10%: 10; then S9a after 1100, 50%: 500.
        assertThat(Books.january(
                        FEE + "'tiers':{'mode':'forward','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.5'}]}}", """
                        S9a sale 2026-01-01 a=1000
                        S9 sale 2026-01-01 a=100
                        S10 sale 2026-01-01 a=1000
                        """))
                .containsExactly("f hub>x 610");
    }

    @Test
    void a_refund_of_an_old_sale_stays_under_the_old_clause() {
        String old =
                "{'id':'old','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1','when':{'to':'2026-02-01'}}";
        String young =
                "{'id':'young','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.2','when':{'from':'2026-02-01'}}";

        assertThat(Books.months(old + "," + young, """
                a sale 2026-01-31 a=1000
                b sale 2026-02-01 a=1000
                c refund 2026-02-02 a=500 ref=a
                """, "2026-01", "2026-02"))
                .containsExactly(List.of("old hub>x 100"), List.of("old x>hub 50", "young hub>x 200"));
    }

    @Test
    void a_floor_ends_with_its_clause_and_holds_without_events() {
        assertThat(Books.months(
                        FEE + "'rate':'0.1','floor':{'amount':50},'when':{'to':'2026-03-01'}}",
                        "a sale 2026-01-31 a=1000\nb refund 2026-03-02 a=500 ref=a",
                        "2026-01",
                        "2026-03"))
                .containsExactly(List.of("f hub>x 100"), List.of("f hub>x 50"), List.of("f x>hub 50"));
    }

    @Test
    void what_an_earlier_clause_made_due_can_be_deducted() {
        // 10% of 1000 is 100; 20% of 1000 less 100 is 180. A late sale of 100 adds 10 and 20% of 90.
        Json terms = Documents.withMeasures(
                Documents.of(
                        FEE + "'rate':'0.1'},{'id':'g','type':'fee','from':'hub','to':'y','of':'net','rate':'0.2'}"),
                "'net':{'plus':[{'type':'sale'}],'lessClauses':['f']}");
        String events = "a sale 2026-01-10 a=1000\nb sale 2026-01-20 a=100 in=2026-02";

        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-01")))
                .containsExactly("f hub>x 100", "g hub>y 180");
        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-02")))
                .containsExactly("f hub>x 10 for 2026-01", "g hub>y 18 for 2026-01");
    }

    @Test
    void a_late_figure_a_late_milestone_and_a_late_sale_restate_what_they_priced() {
        String clauses = FEE + "'rate':{'by':'fact','fact':'launch','before':'0.1','after':'0.2'}},"
                + "{'id':'k','type':'kpi','from':'hub','to':'y','of':'sales',"
                + "'table':[{'kpi':'csat','steps':[{'gte':'4','rate':'0.1'},{'gte':'0','rate':'-0.1'}]}]}";

        assertThat(Books.months(clauses, """
                a sale 2026-01-10 a=1000
                b sale 2026-01-20 a=1000
                l kpi 2026-01-31 kpi=csat value=5 in=2026-02
                m milestone 2026-01-15 name=launch in=2026-03
                n kpi 2026-01-31 kpi=csat value=3 in=2026-03
                """, "2026-01", "2026-03"))
                .containsExactly(
                        List.of("f hub>x 200"),
                        List.of("k hub>y 200 for 2026-01"),
                        List.of("f hub>x 100 for 2026-01", "k y>hub 400 for 2026-01"));
    }

    @Test
    void a_late_event_moves_the_postings_of_the_window_that_follow_it() {
        // Yearly, 10% up to 1000, 20% above, whole. January 900: 90. February 50: 95. Late in March, 100 of January:
        // January 1000: 100 (+10). February 1050: 210, less 100 = 110 (+105).
        assertThat(Books.months(
                        FEE + "'window':'year','tiers':{'mode':'whole',"
                                + "'steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.2'}]}}",
                        """
                        a sale 2026-01-10 a=900
                        b sale 2026-02-10 a=50
                        c sale 2026-01-20 a=100 in=2026-03
                        """,
                        "2026-01",
                        "2026-03"))
                .containsExactly(
                        List.of("f hub>x 90"),
                        List.of("f hub>x 5"),
                        List.of("f hub>x 10 for 2026-01", "f hub>x 105 for 2026-02"));
    }

    @Test
    void a_milestone_that_no_clause_waited_for_counts_for_clauses_that_an_amendment_adds() {
        // Launched in January, when no rate looked at it; the amendment of February adds a clause whose rate does: 20%.
        String old = FEE + "'rate':'0.1'}";
        String young = "{'id':'n','type':'fee','from':'hub','to':'y','of':'sales','when':{'from':'2026-02-01'},"
                + "'rate':{'by':'fact','fact':'launch','before':'0.1','after':'0.2'}}";
        Terms before = Documents.accepted(old);
        Terms after = Documents.accepted(old + "," + young);
        List<KnownEvent> january = Books.known(before, Books.events("m milestone 2026-01-15 name=launch"));
        List<KnownEvent> february = Books.known(after, Books.events("s sale 2026-02-10 a=1000"));

        Outcome first = Settlement.settle(before, History.open(before, Period.ofText("2026-01")), january);

        assertThat(first)
                .isInstanceOfSatisfying(
                        Outcome.Settled.class,
                        settled -> assertThat(Settlement.settle(after, new Shelf().keep(settled.after()), february))
                                .isInstanceOfSatisfying(
                                        Outcome.Settled.class,
                                        next -> assertThat(Books.lines(next.statement()))
                                                .containsExactly("f hub>x 100", "n hub>y 200")));
    }

    @Test
    void a_split_per_event_may_change_hands_when_it_is_restated() {
        // Use x : y = 1 : 0, then a late usage makes it 1 : 1: half of what x got goes to y.
        assertThat(Books.months(
                        "{'id':'s','type':'split','holder':'hub','of':'sales','per':'event','shares':{'hub':'0'},"
                                + "'proRata':{'share':'1','by':'who','among':['x','y'],'of':'use','ifNone':'hub'}}",
                        """
                        a sale 2026-01-10 a=101
                        b sale 2026-01-11 a=101
                        c refund 2026-01-12 a=101 ref=a
                        u usage 2026-01-13 q=3 who=x
                        v usage 2026-01-14 q=3 who=y in=2026-02
                        """,
                        "2026-01",
                        "2026-02"))
                .containsExactly(List.of("s hub>x 101"), List.of("s hub>y 50 for 2026-01", "s x>hub 50 for 2026-01"));
    }

    @Test
    void claims_come_in_event_order_and_a_refund_may_leave_the_fund_in_debt() {
        Json terms = Documents.of("{'id':'m','type':'fund','from':'hub','of':'sales','rate':'0.1',"
                + "'claims':{'on':{'type':'mdf-claim'},'reimburse':'1','to':'x'}}");
        String events = """
                s sale 2026-01-10 a=1000
                c2 mdf-claim 2026-01-12 a=80
                c1 mdf-claim 2026-01-11 a=70
                r refund 2026-02-10 a=1000 ref=s
                c3 mdf-claim 2026-02-11 a=5
                t sale 2026-03-10 a=1500
                """;

        Statement january = Books.statement(terms, events, "2026-01", "2026-01");
        Statement february = Books.statement(terms, events, "2026-01", "2026-02");
        Statement march = Books.statement(terms, events, "2026-01", "2026-03");

        assertThat(Books.lines(january))
                .containsExactly("m fund:m>x 30 claim", "m fund:m>x 70 claim", "m hub>fund:m 100");
        assertThat(Books.lines(february)).containsExactly("m fund:m>hub 100");
        assertThat(february.balances()).hasToString("{fund={m=-100}}");
        assertThat(march.balances()).hasToString("{fund={m=50}}");
    }

    @ParameterizedTest(name = "negative balances: {0}")
    @CsvSource({
        "carry, {x=0; y=0; z=0}, {carried={x=-100}}, {x=50; y=0; z=0}",
        "invoice, {x=-100; y=0; z=0}, {}, {x=150; y=0; z=0}"
    })
    void what_a_party_owes_is_carried_or_invoiced(String rule, String payments, String balances, String then) {
        Json terms = Documents.with(Documents.of(FEE + "'rate':'0.1'}"), "settlement", "{'negative':'" + rule + "'}");
        String events = "r refund 2026-01-10 a=1000 cur=USD\ns sale 2026-02-10 a=1500";

        Statement january = Books.statement(terms, events, "2026-01", "2026-01");
        Statement february = Books.statement(terms, events, "2026-01", "2026-02");

        assertThat(january.payments()).hasToString(payments.replace(';', ','));
        assertThat(january.balances()).hasToString(balances);
        assertThat(february.payments()).hasToString(then.replace(';', ','));
    }

    @Test
    void a_suspended_party_is_neither_paid_nor_invoiced_until_it_resumes() {
        Json terms = Documents.of(FEE + "'rate':'0.1'}");
        String events = """
                a sale 2026-01-10 a=1000
                p suspend 2026-01-20 party=x
                b sale 2026-02-10 a=1000
                q suspend 2026-03-01 party=x
                r resume 2026-03-02 party=x
                """;

        assertThat(Books.statement(terms, events, "2026-01", "2026-01").payments())
                .hasToString("{x=0, y=0, z=0}");
        assertThat(Books.statement(terms, events, "2026-01", "2026-02").payments())
                .hasToString("{x=0, y=0, z=0}");
        assertThat(Books.statement(terms, events, "2026-01", "2026-03").payments())
                .hasToString("{x=200, y=0, z=0}");
    }

    @Test
    void a_dispute_holds_money_and_releases_no_more_than_it_holds() {
        Json terms = Documents.of(FEE + "'rate':'0.1'}");
        String events = """
                a sale 2026-01-10 a=1000
                h dispute-hold 2026-01-20 a=60 party=x
                i dispute-release 2026-02-20 a=20 party=x to=x
                j dispute-release 2026-02-21 a=40 party=x to=hub
                """;

        Statement january = Books.statement(terms, events, "2026-01", "2026-01");
        Statement february = Books.statement(terms, events, "2026-01", "2026-02");

        assertThat(Books.lines(january)).containsExactly("dispute x>dispute:x 60 hold", "f hub>x 100");
        assertThat(january.payments()).hasToString("{x=40, y=0, z=0}");
        assertThat(Books.lines(february))
                .containsExactly("dispute dispute:x>hub 40 release", "dispute dispute:x>x 20 release");
        assertThat(february.payments()).hasToString("{x=20, y=0, z=0}");
        assertThat(Books.refused(terms, events + "k dispute-release 2026-03-01 a=1 party=x to=x", "2026-01", "2026-03"))
                .containsExactly("DISPUTE_OVERDRAWN");
    }

    @Test
    void a_cap_limits_what_is_taken_back_to_the_unit() {
        // 10% of -900 is -90, and no more than 50 either way.
        String capped = FEE + "'rate':'0.1','cap':{'amount':50}}";

        assertThat(Books.january(capped, "r refund 2026-01-10 a=900 cur=USD")).containsExactly("f x>hub 50");
        assertThat(Books.january(capped, "r refund 2026-01-10 a=490 cur=USD")).containsExactly("f x>hub 49");
        assertThat(Books.january(capped, "s sale 2026-01-10 a=900")).containsExactly("f hub>x 50");
    }

    @ParameterizedTest(name = "in force {0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # g takes 20% of what is left of the fees of f, by the factor. January earns 100, which is needed at once,
            # unless the clause is not yet in force when January ends.
                         | [FIGURE_MISSING]
            'from':'2026-01-31' | [FIGURE_MISSING]
            'from':'2026-02-01' | f hub>x 100
            """, quoteCharacter = '`')
    void a_factor_is_needed_for_what_other_clauses_made_due_and_not_before_the_clause_begins(
            String when, String lines) {
        Json terms = Documents.withMeasures(
                Documents.of(FEE + "'rate':'0.1'},{'id':'g','type':'fee','from':'x','to':'y','of':'fees','rate':'0.2',"
                        + "'factor':{'kpi':'k'}" + (when == null ? "" : ",'when':{" + when + "}") + "}"),
                "'fees':{'plusClauses':['f']}");

        List<Outcome> outcomes = Books.settle(terms, Books.events("s sale 2026-01-10 a=1000"), "2026-01", "2026-01")
                .outcomes();

        assertThat(
                        switch (outcomes.getFirst()) {
                            case Outcome.Settled(var statement, var _) -> String.join(", ", Books.lines(statement));
                            case Outcome.Refused(var codes) -> codes.toString();
                        })
                .isEqualTo(lines);
    }

    @Test
    void a_missing_factor_refuses_only_a_period_that_needs_it() {
        String clause = FEE + "'rate':'0.1','factor':{'kpi':'share'}}";

        assertThat(Books.months(clause, "a sale 2026-02-10 a=1000", "2026-01", "2026-03"))
                .containsExactly(List.of(), List.of("[FIGURE_MISSING]"), List.of("[FIGURE_MISSING]"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # codes of the period in which it is first known, and of the one after
            2026-02: EVENT_DUP    | a sale 2026-02-01 a=1 ; a sale 2026-01-01 a=1
            2026-02: EVENT_REF    | r refund 2026-02-01 a=1 ref=s
            2026-02: EVENT_REF    | s sale 2026-01-01 a=1 in=2026-03 ; r refund 2026-02-01 a=1 ref=s
            2026-01: EVENT_PERIOD | s sale 2025-12-31 a=1
            2026-01: EVENT_PERIOD | s sale 2026-02-01 a=1 in=2026-01
            2026-02: EVENT_PERIOD | s sale 2026-02-01 a=1 in=2026-Q1
            2026-01: EVENT_FORM   | s sale 2026-02-01 a=1 in=soon
            2026-01: EVENT_FORM   | s sale 2026-02-01
            2026-03: EVENT_PARTY  | p suspend 2026-03-01 party=who
            """)
    void a_fault_refuses_the_period_it_is_known_in_and_all_that_follow(String refused, String events) {
        String lines = events.replace(" ; ", "\n");
        List<List<String>> months = Books.months(FEE + "'rate':'0.1'}", lines, "2026-01", "2026-03");

        int first = refused.charAt(6) - '1';
        String codes = "[" + refused.substring(9) + "]";
        for (int i = 0; i < months.size(); i++) {
            assertThat(months.get(i).contains(codes)).isEqualTo(i >= first);
        }
    }

    @Test
    void an_event_that_is_no_object_refuses_all() {
        Json terms = Documents.of(FEE + "'rate':'0.1'}");

        CaseFile.Settled settled = Books.settle(terms, List.of(Json.text("sale")), "2026-01", "2026-02");

        assertThat(settled.outcomes()).hasToString("[Refused[codes=[EVENT_FORM]], Refused[codes=[EVENT_FORM]]]");
    }

    @ParameterizedTest(name = "{0} is refused: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ['north/a','south/b'] | false
            []                    | true
            ['north/a','']        | true
            [1]                   | true
            'north/a'             | true
            """)
    void an_event_may_say_who_attested_it(String attestedBy, boolean refused) {
        Json event = Documents.with(Books.event("s sale 2026-01-01 a=1"), "attestedBy", attestedBy);

        CaseFile.Settled settled =
                Books.settle(Documents.of(FEE + "'rate':'0.1'}"), List.of(event), "2026-01", "2026-01");

        assertThat(settled.isRefused()).isEqualTo(refused);
    }

    @Test
    void a_period_that_is_refused_for_several_reasons_says_them_all() {
        String events = """
                s sale 2026-01-01 a=1
                s sale 2026-01-01 a=1
                p suspend 2026-01-01 party=who
                r refund 2026-02-01 a=1 ref=none
                """;

        assertThat(Books.months(FEE + "'rate':'0.1'}", events, "2026-01", "2026-02"))
                .containsExactly(List.of("[EVENT_DUP, EVENT_PARTY]"), List.of("[EVENT_DUP, EVENT_PARTY, EVENT_REF]"));
    }

    @Test
    void nothing_is_refused_without_a_code() {
        assertThatThrownBy(() -> new Outcome.Refused(new TreeSet<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refused without a code");
    }

    @Test
    void a_refused_period_says_its_codes() {
        Json file = Books.file(
                Documents.of(FEE + "'rate':'0.1','factor':{'kpi':'k'}}"),
                Books.events("s sale 2026-01-01 a=1"),
                "2026-01",
                "2026-01");

        assertThat(CaseFile.settle(file)).isInstanceOfSatisfying(CaseFile.Settled.class, settled -> {
            assertThat(settled.isRefused()).isTrue();
            assertThat(settled.encode())
                    .isEqualTo(Documents.json(
                            "[{'codes':['FIGURE_MISSING'],'period':'2026-01','refused':'FIGURE_MISSING'}]"));
        });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                    | {}
            ``                    | []
            /events               | {'terms':{}}
            /settlements          | {'terms':OK,'events':[]}
            /settlements          | {'terms':OK,'events':[],'settlements':[]}
            /settlements          | {'terms':OK,'events':[],'settlements':[{'period':'soon'}]}
            /settlements/0/period | {'terms':OK,'events':[],'settlements':[{'period':'2026-Q1'}]}
            /settlements/1/period | {'terms':OK,'events':[],'settlements':[{'period':'2026-01'},{'period':'2026-03'}]}
            """)
    void what_is_no_case_is_said_with_its_place(String at, String file) {
        String terms = Documents.of(FEE + "'rate':'0.1'}").canonical().utf8().orElseThrow();

        assertThat(CaseFile.settle(Documents.json(file.replace("OK", terms)))).isEqualTo(new CaseFile.NotACase(at));
    }

    @Test
    void a_case_with_faulty_terms_says_the_findings() {
        Json file = Documents.json("{'terms':{'terms':'2'},'events':[],'settlements':[]}");

        assertThat(CaseFile.settle(file))
                .isInstanceOfSatisfying(
                        CaseFile.TermsRefused.class,
                        refused -> assertThat(refused.findings()).hasSize(1));
    }

    @Test
    void amounts_beyond_two_to_the_53_are_exact_and_written_as_digits() {
        Statement statement = Books.statement(
                Documents.of(FEE + "'rate':'1/3'}"),
                "s sale 2026-01-01 a=999999999999999999999999999998",
                "2026-01",
                "2026-01");

        assertThat(statement.encode().get("payments"))
                .isEqualTo(Documents.json("{'x':'333333333333333333333333333333','y':0,'z':0}"));
    }
}
