package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Every refusal of terms/1 section 16, alone: a few events that have it and a near miss that has none.
class EveryRefusalTest {

    private static final Json TERMS = Documents.of("""
            {'id':'all','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'},
            {'id':'agreed','type':'fee','from':'hub','to':'x','of':'sales','where':{'attrs':{'agreed':{'gte':'-9'}}},
             'rate':{'by':'event','attr':'agreed','min':'0.1','max':'0.2'}},
            {'id':'table','type':'fee','from':'hub','to':'x','of':'sales','where':{'attrs':{'kind':['a','b']}},
             'rate':{'by':'attr','attr':'kind','table':{'a':'0.1'}}},
            {'id':'part','type':'fee','from':'hub','to':'y','of':'costs','rate':'1','factor':{'kpi':'share'}},
            {'id':'pieces','type':'unit','from':'hub','to':'y','of':'units','where':{'attrs':{'pieces':true}},'price':'1'},
            {'id':'ahead','type':'advance','from':'hub','to':'x','clauses':['all']}
            """);

    /// @param code `ok` for a near miss
    private record Row(String code, String events) {
        @Override
        public String toString() {
            return code + ": " + events;
        }

        String lines() {
            return events.replace(" ; ", "\n");
        }
    }

    static List<Row> rows() {
        return """
                EVENT_FORM        | s sale 2026-01-01
                EVENT_FORM        | s sale 2026-02-29 a=1
                EVENT_FORM        | s sale 0999-12-31 a=1
                EVENT_FORM        | s sale 2026-01-01 a=1000000000000000000000000000000
                ok                | s sale 2026-01-31 a=999999999999999999999999999999
                EVENT_DUP         | s sale 2026-01-01 a=1 ; s cost 2026-01-02 a=1
                ok                | s sale 2026-01-01 a=1 ; S sale 2026-01-01 a=1
                EVENT_REF         | r refund 2026-01-01 a=1 ref=none
                EVENT_REF         | s sale 2026-01-02 a=1 ; r refund 2026-01-01 a=1 ref=s
                EVENT_REF         | s sale 2026-01-01 a=1 in=2026-02 ; r refund 2026-01-01 a=1 ref=s
                EVENT_REF         | s sale 2026-01-01 a=1 k=a ; r refund 2026-01-01 a=1 ref=s k=b
                ok                | s sale 2026-01-01 a=1 k=a ; r refund 2026-01-01 a=1 ref=s k=a
                EVENT_PERIOD      | s sale 2025-12-31 a=1
                EVENT_PERIOD      | s sale 2026-02-01 a=1 in=2026-01
                EVENT_PERIOD      | s sale 2026-01-31 a=1 in=2026-Q1
                ok                | x fx 2025-12-31 pair=EUR/USD rate=1
                EVENT_PARTY       | p suspend 2026-01-01 party=hub
                EVENT_PARTY       | a advance 2026-01-01 a=1 clause=all
                EVENT_PARTY       | c capital 2026-01-01 a=1 party=x
                ok                | p suspend 2026-01-01 party=x ; a advance 2026-01-01 a=1 clause=ahead
                EVENT_CURRENCY    | d delivery 2026-01-01 a=1 cur=XAU
                EVENT_CURRENCY    | a advance 2026-01-01 a=1 cur=EUR clause=ahead
                ok                | a advance 2026-01-01 a=1 cur=USD clause=ahead
                FX_MISSING        | s sale 2026-01-01 a=1 cur=EUR
                ok                | d delivery 2026-01-01 a=1 cur=EUR
                RATE_MISSING      | s sale 2026-01-01 a=1 kind=b
                ok                | s sale 2026-01-01 a=1 kind=a ; t sale 2026-01-01 a=1 kind=c
                RATE_BOUNDS       | s sale 2026-01-01 a=1 agreed=0.21
                RATE_BOUNDS       | s sale 2026-01-01 a=1 agreed=1/11
                ok                | s sale 2026-01-01 a=1 agreed=0.2 ; t sale 2026-01-01 a=1 agreed=1/10
                FIGURE_MISSING    | c cost 2026-01-01 a=1
                FIGURE_MISSING    | s sale 2026-01-01 a=1 pieces=true
                ok                | c cost 2026-01-01 a=1 ; k kpi 2026-01-31 kpi=share value=0.5
                ok                | s sale 2026-01-01 a=1 ; t sale 2026-01-01 a=1 q=0 pieces=true
                DISPUTE_OVERDRAWN | h dispute-hold 2026-01-01 a=5 party=x ; r dispute-release 2026-01-02 a=6 party=x to=y
                DISPUTE_OVERDRAWN | r dispute-release 2026-01-01 a=5 party=x to=y ; s dispute-hold 2026-01-02 a=5 party=x
                ok                | h dispute-hold 2026-01-01 a=5 party=x ; r dispute-release 2026-01-02 a=5 party=x to=y
                """.lines()
                .map(line -> line.split(" \\| ", -1))
                .map(cells -> new Row(cells[0].strip(), cells[1].strip()))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void one_cause_has_one_code_and_a_near_miss_has_none(Row row) {
        Outcome outcome = Books.settle(TERMS, Books.events(row.lines()), "2026-01", "2026-01")
                .outcomes()
                .getFirst();

        SortedSet<String> codes = outcome instanceof Outcome.Refused(var refused) ? refused : new TreeSet<>();
        assertThat(codes).isEqualTo(row.code().equals("ok") ? new TreeSet<>() : new TreeSet<>(List.of(row.code())));
    }

    /// A case has no arrival, so that no event of it can be closed: it takes a history.
    @Test
    void an_event_booked_in_a_settled_period_is_closed() {
        Terms terms = Documents.accepted(TERMS);
        List<KnownEvent> january = Books.known(terms, Books.events("s sale 2026-01-01 a=1"));
        Outcome.Settled settled =
                (Outcome.Settled) Settlement.settle(terms, History.open(terms, Period.ofText("2026-01")), List.of());

        Outcome late = Settlement.settle(terms, settled.after(), january);
        Outcome booked = Settlement.settle(
                terms, settled.after(), Books.known(terms, Books.events("s sale 2026-01-01 a=1 in=2026-02")));

        assertThat(late).isEqualTo(new Outcome.Refused(new TreeSet<>(List.of("EVENT_CLOSED"))));
        assertThat(booked).isInstanceOf(Outcome.Settled.class);
    }

    /// The codes are read from the text itself, so that none can be forgotten.
    @Test
    void every_code_of_the_text_is_here() {
        String text = SharedVectors.bytes(SharedVectors.path("docs/spec/terms-1.md", "spec/terms-1.md"))
                .utf8()
                .orElseThrow();
        String section = text.substring(text.indexOf("## 16."), text.indexOf("## 17."));
        Matcher row = Pattern.compile("^\\| ([A-Z_]+)(, ([A-Z_]+))? \\|", Pattern.MULTILINE)
                .matcher(section);
        SortedSet<String> codes = new TreeSet<>();
        while (row.find()) {
            codes.add(row.group(1));
            Optional.ofNullable(row.group(3)).ifPresent(codes::add);
        }

        SortedSet<String> tested = new TreeSet<>(List.of("EVENT_CLOSED"));
        rows().stream().map(Row::code).filter(code -> !code.equals("ok")).forEach(tested::add);
        assertThat(tested).isEqualTo(codes);
    }
}
