package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What is kept of events, and what becomes of it when parts are put together.
class FiguresTest {

    private static final Period JANUARY = Period.ofText("2026-01");
    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',";
    private static final String FORWARD = FEE + "'tiers':{'mode':'forward','steps':[{'rate':'0.1'}]}}";
    private static final String FUND = "{'id':'m','type':'fund','from':'hub','of':'sales','rate':'0.1',"
            + "'claims':{'on':{'type':'mdf-claim'},'reimburse':'1','to':'x'}}";

    private static Figures figures(Terms terms, String events) {
        return Figures.of(terms, Books.known(terms, Books.events(events)));
    }

    @Test
    void an_event_that_is_kept_by_itself_is_there_once() {
        Terms terms = Documents.accepted(FORWARD);
        Figures figures = figures(terms, "a sale 2026-01-10 a=1\nb sale 2026-01-11 a=2");

        assertThatThrownBy(() -> figures.plus(figures(terms, "b sale 2026-01-11 a=2")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("event b twice");
    }

    @Test
    void a_fault_of_a_part_is_a_fault_of_the_whole() {
        Terms terms = Documents.accepted(FEE + "'rate':{'by':'attr','attr':'kind','table':{'a':'0.1'}}}");
        Figures good = figures(terms, "a sale 2026-01-10 a=10 kind=a");
        Figures bad = figures(terms, "b sale 2026-01-10 a=10 kind=b");

        assertThat(good.faults()).isEmpty();
        assertThat(good.plus(bad).faults()).containsExactly("RATE_MISSING");
        assertThat(bad.plus(good).faults()).containsExactly("RATE_MISSING");
        assertThat(Figures.decode(bad.encode()).faults()).containsExactly("RATE_MISSING");
    }

    @Test
    void figures_are_equal_if_they_hold_the_same() {
        Terms terms = Documents.accepted(FEE + "'rate':'0.1'}");
        Figures one = figures(terms, "a sale 2026-01-10 a=10");

        assertThat(one)
                .isEqualTo(figures(terms, "b sale 2026-01-11 a=4\nc sale 2026-01-12 a=6"))
                .hasSameHashCodeAs(figures(terms, "d sale 2026-01-10 a=10"))
                .isNotEqualTo(figures(terms, "a sale 2026-01-10 a=11"))
                .isNotEqualTo(figures(terms, "a sale 2026-02-10 a=10"));
    }

    @Test
    void claims_and_bookings_are_not_kept_beyond_their_settlement() {
        Terms terms = Documents.accepted(FUND);
        Figures booked =
                figures(terms, "a sale 2026-01-10 a=10\nb mdf-claim 2026-01-11 a=5\nc suspend 2026-01-12 party=x");

        Figures kept = booked.settled();

        assertThat(booked.claims("m")).hasSize(1);
        assertThat(booked.bookings()).hasSize(1);
        assertThat(kept).isEqualTo(figures(terms, "a sale 2026-01-10 a=10"));
    }

    @Test
    void events_that_are_kept_by_themselves_are_counted_by_the_period_of_their_date() {
        Terms terms = Documents.accepted(SpecExamplesTest.converting(
                FORWARD + ",{'id':'g','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1','per':'event'}",
                "transaction",
                "original"));
        Figures figures = figures(terms, """
                a sale 2026-01-10 a=1
                b sale 2026-01-11 a=2 cur=EUR
                c sale 2026-02-10 a=3 cur=EUR
                d sale 2026-02-10 a=4
                e sale 2026-02-10 a=5 cur=EUR
                """);

        assertThat(figures.kept("f", terms.frequency()::periodOf)).hasToString("{2026-01=2, 2026-02=3}");
        assertThat(figures.kept("g", terms.frequency()::periodOf)).hasToString("{2026-01=1, 2026-02=2}");
        assertThat(figures.kept("h", terms.frequency()::periodOf)).isEmpty();
    }

    @Test
    void only_what_a_clause_will_look_for_is_kept() {
        Terms own = Documents.accepted(FEE + "'tiers':{'mode':'marginal','steps':[{'rate':'0.1'}]}}");
        Terms other = Documents.accepted(FEE + "'tiers':{'mode':'whole','measure':'costs','steps':[{'rate':'0.1'}]}}");
        String sale = "a sale 2026-01-10 a=10";

        assertThat(figures(own, sale + "\nk kpi 2026-01-10 kpi=k value=1")).isEqualTo(figures(own, sale));
        assertThat(figures(own, sale).sums(Figures.Use.TIER, "f", JANUARY)).isEmpty();
        assertThat(figures(other, "c cost 2026-01-10 a=10").sums(Figures.Use.TIER, "f", JANUARY))
                .hasSize(1);
    }

    @Test
    void what_is_kept_by_itself_is_read_as_it_was_written() {
        Terms terms = Documents.accepted(FORWARD + "," + FUND);
        Figures written = figures(terms, """
                a sale 2026-01-10 a=10
                b refund 2026-01-11 a=4 ref=a
                c mdf-claim 2026-01-11 a=5
                d suspend 2026-01-12 party=x
                e dispute-release 2026-01-12 a=1 party=x to=y
                """);

        Figures read = Figures.decode(written.encode());

        assertThat(read.ordered("f")).hasSize(2).isEqualTo(written.ordered("f"));
        assertThat(read.claims("m")).hasSize(1).isEqualTo(written.claims("m"));
        assertThat(read.bookings()).hasSize(2).isEqualTo(written.bookings());
    }

    @Test
    void the_last_figure_in_event_order_counts_and_the_first_day_of_a_fact() {
        Terms terms = Documents.accepted(FEE + "'rate':'0.1','factor':{'kpi':'k'}}");
        String one = "a kpi 2026-01-10 kpi=k value=1\nm milestone 2026-01-20 name=go";
        String other = "b kpi 2026-01-10 kpi=k value=2\nn milestone 2026-01-19 name=go";

        for (Figures both : List.of(
                figures(terms, one).plus(figures(terms, other)),
                figures(terms, other).plus(figures(terms, one)))) {
            assertThat(both.recorded(JANUARY, "k"))
                    .hasValueSatisfying(value -> assertThat(value).hasToString("2"));
            assertThat(both.earliest("go")).map(Object::toString).isEqualTo(Optional.of("2026-01-19"));
        }
    }
}
