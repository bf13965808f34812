package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What an event must be, and what can be wrong with it under given terms.
class EventsTest {

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}";
    private static final Period OPENING = Period.ofText("2026-01");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'sale','date':'2026-01-01','amount':0,'currency':'USD'}",
                "{'type':'cost','date':'2024-02-29','amount':'999999999999999999999999999999','currency':'USD','quantity':'1/3','attrs':{}}",
                "{'type':'refund','date':'2026-01-01','amount':5,'refOf':'s/0000000001'}",
                "{'type':'return','date':'2026-01-01','amount':5,'currency':'EUR'}",
                "{'type':'return','date':'2026-01-01','amount':5,'currency':'AZZ'}",
                "{'type':'usage','date':'2026-01-01','quantity':'0.5','attrs':{'a':'b','c':1,'d':true}}",
                "{'type':'mdf-claim','date':'2026-01-01','amount':5}",
                "{'type':'milestone','date':'2026-01-01','attrs':{'name':''}}",
                "{'type':'kpi','date':'2026-01-01','kpi':'n','value':'-0.5'}",
                "{'type':'kpi','date':'9999-12-31','kpi':'n','value':-9007199254740991}",
                "{'type':'usage','date':'1000-01-01','quantity':9007199254740991}",
                "{'type':'usage','date':'2028-02-29','quantity':'0.12345678901234567890123456789012345678'}",
                "{'type':'fx','date':'0999-12-31','pair':'EUR/USD','rate':'1.1'}",
                "{'type':'advance','date':'2026-01-01','amount':5,'attrs':{'clause':'a'}}",
                "{'type':'suspend','date':'2026-01-01','attrs':{'party':'x'}}",
                "{'type':'dispute-release','date':'2026-01-01','amount':5,'attrs':{'party':'x','to':'y'}}",
            })
    void every_type_has_its_members(String event) {
        EventReading reading = EventReader.read(Documents.json(event));

        assertThat(reading instanceof EventReading.Formed).isEqualTo(!event.contains("0999"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /type | {'date':'2026-01-01'}
            /type | {'type':'gift','date':'2026-01-01'}
            /date | {'type':'usage','quantity':1}
            /date | {'type':'usage','date':'2026-02-30','quantity':1}
            /id | {'type':'usage','date':'2026-01-01','quantity':1,'id':'e'}
            /booked | {'type':'usage','date':'2026-01-01','quantity':1,'booked':'2026-01'}
            /attestedBy | {'type':'usage','date':'2026-01-01','quantity':1,'attestedBy':['a']}
            /match | {'type':'usage','date':'2026-01-01','quantity':1,'match':'e'}
            /amount | {'type':'usage','date':'2026-01-01','quantity':1,'amount':1}
            /amount | {'type':'sale','date':'2026-01-01','currency':'USD'}
            /amount | {'type':'sale','date':'2026-01-01','amount':-1,'currency':'USD'}
            /amount | {'type':'sale','date':'2026-01-01','amount':1.5,'currency':'USD'}
            /amount | {'type':'sale','date':'2026-01-01','amount':9007199254740992,'currency':'USD'}
            /amount | {'type':'sale','date':'2026-01-01','amount':'1000000000000000000000000000000','currency':'USD'}
            /quantity | {'type':'usage','date':'2026-01-01','quantity':9007199254740992}
            /quantity | {'type':'usage','date':'2026-01-01','quantity':'0.123456789012345678901234567890123456789'}
            /value | {'type':'kpi','date':'2026-01-01','kpi':'k','value':-9007199254740992}
            /currency | {'type':'sale','date':'2026-01-01','amount':1}
            /currency | {'type':'sale','date':'2026-01-01','amount':1,'currency':'us'}
            /currency | {'type':'sale','date':'2026-01-01','amount':1,'currency':'usd'}
            /currency | {'type':'sale','date':'2026-01-01','amount':1,'currency':'US@'}
            /currency | {'type':'sale','date':'2026-01-01','amount':1,'currency':'US['}
            /currency | {'type':'sale','date':'2026-01-01','amount':1,'currency':'USDX'}
            /currency | {'type':'refund','date':'2026-01-01','amount':1}
            /refOf | {'type':'refund','date':'2026-01-01','amount':1,'refOf':'a b'}
            /refOf | {'type':'sale','date':'2026-01-01','amount':1,'currency':'USD','refOf':'a'}
            /quantity | {'type':'usage','date':'2026-01-01','quantity':-1}
            /quantity | {'type':'usage','date':'2026-01-01','quantity':'-0'}
            /attrs/date | {'type':'usage','date':'2026-01-01','quantity':1,'attrs':{'date':'x'}}
            /attrs/a | {'type':'usage','date':'2026-01-01','quantity':1,'attrs':{'a':null}}
            /attrs/a | {'type':'usage','date':'2026-01-01','quantity':1,'attrs':{'a':0.5}}
            /attrs/name | {'type':'milestone','date':'2026-01-01','attrs':{}}
            /attrs/name | {'type':'milestone','date':'2026-01-01','attrs':{'name':1}}
            /value | {'type':'kpi','date':'2026-01-01','kpi':'k','value':0.5}
            /kpi | {'type':'kpi','date':'2026-01-01','kpi':'','value':1}
            /rate | {'type':'fx','date':'2026-01-01','pair':'EUR/USD','rate':'0.0'}
            /rate | {'type':'fx','date':'2026-01-01','pair':'EUR/USD','rate':'0/5'}
            /attrs/to | {'type':'dispute-release','date':'2026-01-01','amount':5,'attrs':{'party':'x'}}
            """)
    void anything_else_is_no_event(String at, String event) {
        assertThat(EventReader.read(Documents.json(event))).isEqualTo(new EventReading.Misformed(at));
    }

    @Test
    void what_is_no_object_is_no_event() {
        assertThat(EventReader.read(Documents.json("[]"))).isEqualTo(new EventReading.Misformed(""));
    }

    /// The origin is the event `s`, if it is given.
    @ParameterizedTest(name = "{0}: {1} of {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # code | event | origin
                           | s sale 2026-01-01 a=1                       |
            EVENT_PERIOD   | s sale 2025-12-31 a=1                       |
            EVENT_PERIOD   | k kpi 2025-12-31 kpi=k value=1              |
            EVENT_CURRENCY | s sale 2026-01-01 a=1 cur=XAU               |
            EVENT_CURRENCY | x fx 2026-01-01 pair=XAU/USD rate=1.1       |
            EVENT_CURRENCY | x fx 2026-01-01 pair=USD/UDS rate=1.1       |
                           | x fx 2026-01-01 pair=EUR/JPY rate=1.1       |
            FX_MISSING     | s sale 2026-01-01 a=1 cur=EUR               |
                           | c cost 2026-01-01 a=1 cur=EUR               |
            EVENT_REF      | r refund 2026-01-01 a=1 ref=s               |
                           | r refund 2026-01-02 a=1 ref=s               | s sale 2026-01-02 a=9
            EVENT_REF      | r refund 2026-01-01 a=1 ref=s               | s sale 2026-01-02 a=9
            EVENT_REF      | r refund 2026-01-02 a=1 ref=s               | s milestone 2026-01-01 name=a
            EVENT_REF      | r refund 2026-01-02 a=1 ref=s               | s refund 2026-01-01 a=9
            EVENT_REF      | r refund 2026-01-02 a=1 cur=EUR ref=s       | s sale 2026-01-01 a=9
            EVENT_REF      | r refund 2026-01-02 a=1 cur=EUR ref=s       | s mdf-claim 2026-01-01 a=9
                           | r refund 2026-01-02 a=1 cur=USD ref=s       | s mdf-claim 2026-01-01 a=9
                           | r refund 2026-01-02 a=0 cur=USD q=1 ref=s   | s usage 2026-01-01 q=9
            FX_MISSING     | r refund 2026-01-02 a=1 ref=s               | s sale 2026-01-01 a=9 cur=EUR
            EVENT_REF      | r refund 2026-01-02 a=1 ref=s k=b           | s sale 2026-01-01 a=9 k=a
            EVENT_REF      | r refund 2026-01-02 a=1 ref=s k=1           | s sale 2026-01-01 a=9 k=true
                           | r refund 2026-01-02 a=1 ref=s k=a l=b       | s sale 2026-01-01 a=9 k=a
            EVENT_PARTY    | p suspend 2026-01-01 party=hub              |
            EVENT_PARTY    | p suspend 2026-01-01 party=who              |
                           | p resume 2026-01-01 party=x                 |
            EVENT_PARTY    | p dispute-hold 2026-01-01 a=1 party=who     |
            EVENT_PARTY    | p dispute-release 2026-01-01 a=1 party=x to=who |
            EVENT_CURRENCY | p dispute-hold 2026-01-01 a=1 cur=EUR party=x |
            EVENT_PARTY    | a advance 2026-01-01 a=1 clause=f           |
            EVENT_PARTY    | c capital 2026-01-01 a=1 party=x            |
            """)
    void an_event_that_terms_would_refuse_is_known_at_once(String code, String event, String origin) {
        Terms terms = Documents.accepted(FEE);

        assertThat(faults(terms, event, origin)).isEqualTo(code == null ? List.of() : List.of(code));
    }

    private static List<String> faults(Terms terms, String event, @Nullable String origin) {
        Optional<Event> named = Optional.ofNullable(origin).map(line -> Books.read(Books.event(line)));
        return List.copyOf(new EventFaults(terms, OPENING).of(Books.read(Books.event(event)), named));
    }

    @ParameterizedTest(name = "{0}: {1} under {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            RATE_MISSING   | s sale 2026-01-01 a=1     | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'a':'1'}}
            RATE_MISSING   | s sale 2026-01-01 a=1 k=b | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'a':'1'}}
                           | s sale 2026-01-01 a=1 k=b | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'a':'1','*':'0'}}
                           | s sale 2026-01-01 a=1 k=5 | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'5':'1'}}
                           | s sale 2026-01-01 a=1 k=true | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'true':'1'}}
                           | c cost 2026-01-01 a=1     | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'a':'1'}}
                           | s sale 2026-01-01 a=1     | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'a':'1'}},'when':{'from':'2026-01-02'}
            RATE_MISSING   | s sale 2026-01-01 a=1     | 'of':'sales','rate':{'by':'date','steps':[{'from':'2026-01-02','rate':'1'}]}
            RATE_MISSING   | s sale 2026-01-01 a=1     | 'of':'sales','rate':{'by':'event','attr':'k','min':'0','max':'1'}
            RATE_MISSING   | s sale 2026-01-01 a=1 k=1 | 'of':'sales','rate':{'by':'event','attr':'k','min':'0','max':'1'}
            RATE_MISSING   | s sale 2026-01-01 a=1 k=x | 'of':'sales','rate':{'by':'event','attr':'k','min':'0','max':'1'}
            RATE_BOUNDS    | s sale 2026-01-01 a=1 k=1.1 | 'of':'sales','rate':{'by':'event','attr':'k','min':'0','max':'1'}
            RATE_BOUNDS    | s sale 2026-01-01 a=1 k=1/11 | 'of':'sales','rate':{'by':'event','attr':'k','min':'1/10','max':'1'}
            FIGURE_MISSING | s sale 2026-01-01 a=1     | 'of':'sales','tiers':{'mode':'whole','measure':'units','steps':[{'rate':'1'}]}
            FIGURE_MISSING | s sale 2026-01-01 a=1     | 'of':'sales','rate':'1','per':'event','cap':{'price':'1'}
                           | s sale 2026-01-01 a=1     | 'of':'sales','rate':'1','per':'event','cap':{'amount':1},'floor':{'amount':1}
            FIGURE_MISSING | s sale 2026-01-01 a=1     | 'of':'costs','rate':'1','cap':{'of':'units','rate':'1'}
                           | s sale 2026-01-01 a=1     | 'of':'sales','rate':'1'
            FX_MISSING     | s sale 2026-01-01 a=1 cur=EUR | 'of':'sales','rate':'1','per':'event'
            FX_MISSING     | s sale 2026-01-01 a=1 cur=EUR | 'of':'sales','tiers':{'mode':'forward','steps':[{'rate':'1'}]}
                           | s sale 2026-01-01 a=1     | 'of':'sales','tiers':{'mode':'forward','steps':[{'rate':'1'}]}
                           | c cost 2026-01-01 a=1 cur=EUR | 'of':'sales','rate':'1','per':'event'
            """)
    void what_a_formula_needs_is_missed_only_where_it_is_needed(String code, String event, String fee) {
        Terms terms = Documents.accepted("{'id':'f','type':'fee','from':'hub','to':'x'," + fee + "}");

        assertThat(faults(terms, event, null)).isEqualTo(code == null ? List.of() : List.of(code));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            FX_MISSING | c mdf-claim 2026-01-01 a=1 cur=EUR
                       | c mdf-claim 2026-01-01 a=1
            """)
    void a_claim_is_paid_in_the_currency_of_the_terms_or_converted(String code, String event) {
        String fund = "{'id':'m','type':'fund','from':'hub','of':'sales','rate':'0.1',"
                + "'claims':{'on':{'type':'mdf-claim'},'reimburse':'1','to':'x'}}";

        assertThat(faults(Documents.accepted(fund), event, null)).isEqualTo(code == null ? List.of() : List.of(code));
        assertThat(faults(
                        Documents.accepted(SpecExamplesTest.converting(fund, "transaction", "original")), event, null))
                .isEmpty();
    }

    @Test
    void a_pool_that_waits_for_usage_is_not_foreign() {
        Terms terms = Documents.accepted("{'id':'s','type':'split','holder':'hub','of':'sales','per':'event',"
                + "'shares':{'hub':'0'},'proRata':{'share':'1','by':'who','among':['x'],'of':'use','ifNone':'hub'}}");

        assertThat(faults(terms, "s sale 2026-01-01 a=1", null)).isEmpty();
        assertThat(faults(terms, "s sale 2026-01-01 a=1 cur=EUR", null)).containsExactly("FX_MISSING");
    }

    @Test
    void the_numbers_of_an_event_are_those_it_states() {
        Event event = Books.read(Books.event("s sale 2026-01-01 a=1 q=1/3 agreed=0.125 name=1/7"));
        Terms terms = Documents.accepted("{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',"
                + "'rate':{'by':'event','attr':'agreed','min':'0','max':'1'}}");

        assertThat(event.type()).isEqualTo("sale");
        assertThat(event.numbers()).hasToString("[1/3]");
        assertThat(event.numbers(terms.agreedRates())).hasToString("[1/3, 1/8]");
    }

    @Test
    void settling_refuses_what_is_booked_in_a_settled_period_and_what_is_there_twice() {
        Terms terms = Documents.accepted(FEE);
        History january = History.open(terms, OPENING);
        History february = ((Outcome.Settled) Settlement.settle(terms, january, List.of())).after();
        List<KnownEvent> late = Books.known(terms, Books.events("s sale 2026-01-01 a=1"));
        List<KnownEvent> twice = Books.known(terms, Books.events("s sale 2026-01-01 a=1\ns sale 2026-01-01 a=1"));
        List<KnownEvent> before = Books.known(terms, Books.events("x fx 2025-12-31 pair=EUR/USD rate=1.1"));

        assertThat(Settlement.settle(terms, february, late)).hasToString("Refused[codes=[EVENT_CLOSED]]");
        assertThat(Settlement.settle(terms, january, late)).isInstanceOf(Outcome.Settled.class);
        assertThat(Settlement.settle(terms, january, twice)).hasToString("Refused[codes=[EVENT_DUP]]");
        assertThat(Settlement.settle(terms, january, before)).isInstanceOf(Outcome.Settled.class);
        assertThat(Settlement.settle(terms, february, before)).isInstanceOf(Outcome.Settled.class);
    }

    @Test
    void settling_takes_only_what_is_booked_in_the_next_period() {
        Terms terms = Documents.accepted(FEE);
        List<KnownEvent> events = Books.known(terms, Books.events("s sale 2026-02-01 a=1"));

        assertThatThrownBy(() -> Settlement.settle(terms, History.open(terms, OPENING), events))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s is booked in 2026-02, not in 2026-01");
        assertThatThrownBy(() -> History.open(terms, Period.ofText("2026-Q1")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void totals_stand_by_type_and_currency() {
        Terms terms = Documents.accepted(FEE);
        List<KnownEvent> events = Books.known(terms, Books.events("""
                a sale 2026-01-01 a=5 q=1/2
                b sale 2026-01-02 a=9007199254740991
                c sale 2026-01-03 a=7 cur=EUR
                d refund 2026-01-04 a=2 ref=c
                e usage 2026-01-05 q=1.5
                f usage 2026-01-05 q=1.5
                g milestone 2026-01-06 name=m
                h mdf-claim 2026-01-07 a=3
                """));

        Totals totals = Totals.of(events);

        assertThat(totals.encode()).isEqualTo(Documents.json("""
                [{'amount':3,'count':1,'type':'mdf-claim'},
                 {'count':1,'type':'milestone'},
                 {'amount':2,'count':1,'currency':'EUR','type':'refund'},
                 {'amount':7,'count':1,'currency':'EUR','type':'sale'},
                 {'amount':'9007199254740996','count':2,'currency':'USD','quantity':'1/2','type':'sale'},
                 {'count':2,'quantity':3,'type':'usage'}]
                """));
        assertThat(Totals.decode(totals.encode().items())).isEqualTo(totals);
        assertThat(Totals.of(events.subList(0, 7))).isNotEqualTo(totals);
        assertThat(Totals.of(events.subList(0, 3)).plus(Totals.of(events.subList(3, 8))))
                .isEqualTo(totals);
        assertThat(Totals.NONE.plus(totals)).isEqualTo(totals);
        assertThat(Totals.decode(List.of(Documents.json("{'type':'usage','count':2,'quantity':'6/2'}"))))
                .isEqualTo(Totals.decode(List.of(Documents.json("{'type':'usage','count':2,'quantity':3}"))));
    }
}
