package org.tallystick.agreement.terms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;

/// The text of each form of each clause, byte for byte.
class RenderingTest {

    private static final String CLAIMS = "'claims':{'on':{'type':'mdf-claim'},'reimburse':'1/3','to':'x'}";

    /// The sentence of the only clause, without its number and id.
    private static String sentence(String clause) {
        Terms terms = Documents.accepted(
                Documents.withMeasures(Documents.of("{'id':'c'," + clause + "}"), "'odd':{'plus':[{'type':'sale'}]}"));
        return terms.rendered()
                .lines()
                .filter(line -> line.startsWith("1. [c] "))
                .map(line -> line.substring("1. [c] ".length()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'rate':'1/3' | 1/3 of sales.
            'rate':'0.0725','where':{'attrs':{'a':true,'B':['x',3]}} | 7.25% of sales where B is "x" or 3 and a is true.
            'rate':'1','where':{'type':['sale','refund'],'attrs':{'n':{'gte':3}}} | 100% of sales for sale or refund events where n is at least 3.
            'rate':'1','where':{'attrs':{'n':{'lt':'2026-02-01'},'o':{'gte':1,'lt':1000}}} | 100% of sales where n is below "2026-02-01" and o is at least 1 and below 1000.
            'rate':'1','where':{'days':[{'from':'lead','to':'date','max':30}],'monthsBefore':[{'since':'start','months':12}]} | 100% of sales where the event date is at most 30 days after lead and the origin date is within 12 months from start.
            'rate':'1','where':{'days':[{'from':'saleDate','to':'shipped','max':1}]} | 100% of sales where shipped is at most 1 days after the origin date.
            'rate':'1','where':{'type':['sale','sale']} | 100% of sales for sale or sale events.
            'rate':'0.1','factor':{'kpi':'use share'} | 10% of sales, multiplied by the recorded use share.
            'rate':'0.1','window':'year','cap':{'amount':123456789,'window':'year'} | 10% of sales, added up per calendar year, at most USD 1,234,567.89 per calendar year.
            'rate':'0.1','window':'life','round':'down' | 10% of sales, added up over the life of the agreement, rounded down.
            'rate':'0.1','floor':{'amount':5},'cap':{'of':'sales','rate':'1/2'} | 10% of sales, at least USD 0.05 per month, at most 50% of sales.
            'rate':'0.1','floor':{'of':'units','rate':'12.5'} | 10% of sales, at least USD 0.125 per unit of units.
            'rate':'0.1','per':'event','floor':{'amount':5},'cap':{'price':'1/3'},'round':'up' | 10% of sales, event by event, at least USD 0.05 per event, at most 1/3 minor units of USD per unit of each event, rounded up.
            """)
    void a_fee_with_a_constant_rate(String members, String text) {
        assertThat(sentence("'type':'fee','from':'hub','to':'x','of':'sales'," + members))
                .isEqualTo("hub pays x " + text);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'by':'attr','attr':'k','table':{'*':'0','b':'0.1','B':'0.2'}} | 20% where k is "B"; 10% where k is "b"; 0% otherwise
            {'by':'attr','attr':'k','table':{'b':{'by':'fact','fact':'live','before':'0','after':'1'}}} | (0%, or 100% from the day "live" is recorded) where k is "b"
            {'by':'date','steps':[{'from':'2026-01-01','rate':'0.03'},{'from':'2026-07-01','rate':'0.04'}]} | 3% from 2026-01-01, then 4% from 2026-07-01
            {'by':'event','attr':'agreed','min':'0.01','max':'0.2'} | the agreed agreed on each event, from 1% to 20%
            """)
    void a_fee_with_a_variable_rate(String rate, String text) {
        assertThat(sentence("'type':'fee','from':'hub','to':'x','of':'sales','rate':" + rate))
                .isEqualTo("hub pays x a share of sales: " + text + ".");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'mode':'marginal','steps':[{'rate':'0.1'}] | 10% (each rate for its own band only)
            'mode':'forward','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.2'}] | 10% up to USD 10.00; 20% above (by the total before each event)
            'mode':'per-event','steps':[{'upTo':'0.5','rate':'0.1'},{'rate':'0.2'}] | 10% up to USD 0.005; 20% above (by the size of each event)
            'mode':'whole','measure':'deals','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.2'}] | 10% up to 1,000 events; 20% above (the rate reached by deals for the whole)
            'mode':'blended','measure':'units','steps':[{'upTo':'7/3','rate':'0.1'},{'rate':'0.2'}] | 10% up to 7/3 units; 20% above (averaged over the bands of units)
            'mode':'lookback','measure':'units','steps':[{'upTo':7,'rate':'0.1'},{'rate':'0.2'}] | 10% up to 7 units; 20% above (by units of the month before)
            """)
    void a_fee_with_tiers(String tiers, String text) {
        assertThat(sentence("'type':'fee','from':'hub','to':'x','of':'sales','window':'year','tiers':{" + tiers + "}"))
                .isEqualTo("hub pays x on sales, per calendar year: " + text + ".");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'type':'unit','from':'hub','to':'x','of':'use','price':'0.7' | hub pays x USD 0.007 per unit of use.
            'type':'unit','from':'hub','to':'x','of':'use','price':{'by':'attr','attr':'k','table':{'*':'250'}} | hub pays x a price per unit of use: USD 2.50 otherwise.
            'type':'unit','from':'hub','to':'x','of':'use','tiers':{'mode':'marginal','steps':[{'upTo':10,'rate':'5'},{'rate':'4'}]} | hub pays x on use, per month: USD 0.05 up to 10 units; USD 0.04 above (each rate for its own band only).
            'type':'split','holder':'hub','of':'sales','shares':{'z':'1/3','hub':'2/3'},'per':'event','when':{'from':'2026-01-01','to':'2027-01-01'} | from 2026-01-01 until 2027-01-01: sales, held by hub, is shared hub 2/3, z 1/3, per event, odd minor units by largest remainder.
            'type':'split','holder':'hub','of':'sales','shares':{'hub':'0.25'},'proRata':{'share':'3/4','by':'who','among':['y','x'],'of':'use','ifNone':'z'} | sales, held by hub, is shared hub 25%, and 75% among y, x in proportion to use by who (to z if there is none), per month, odd minor units by largest remainder.
            'type':'fixed','from':'hub','to':'x','amount':'100000000000000000000','on':{'type':'milestone'},'when':{'from':'2026-01-01'} | from 2026-01-01: hub pays x USD 1,000,000,000,000,000,000.00 for each of the milestone events.
            'type':'fixed','from':'hub','to':'x','amount':5,'on':{'type':'sale','attrs':{'a':'"'}},'cap':{'amount':7},'when':{'to':'2026-01-01'} | until 2026-01-01: hub pays x USD 0.05 for each of the sale events where a is "\\"", at most USD 0.07 per month.
            'type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'n p s','steps':[{'gte':'1000','rate':'0.01'}]}],'collar':{'max':'1'} | hub pays x, or is paid if negative, a percentage of sales: by "n p s" 1% from 1,000, nothing for a figure not recorded, in total not above 100%.
            'type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'k','steps':[{'gte':'1/3','rate':'-0.01'}]}],'collar':{'min':'-1'} | hub pays x, or is paid if negative, a percentage of sales: by "k" -1% from 1/3, nothing for a figure not recorded, in total not below -100%.
            'type':'fund','from':'hub','of':'sales','rate':'0.02','round':'half-even',%s | hub sets aside in fund c 2%% of sales, rounded half to even; x is paid 1/3 of each of the mdf-claim events from it while it lasts.
            """)
    void other_clauses(String clause, String text) {
        assertThat(sentence(clause.replace("'\"'", "'\\\"'").replace("%s", CLAIMS)))
                .isEqualTo(text.replace("\\\\", "\\").replace("%%", "%"));
    }

    /// Every clause type with every modifier; the golden files were written from section 17, not from the code.
    @ParameterizedTest(name = "{0}.txt")
    @ValueSource(strings = {"everything", "prices", "years"})
    void a_golden_document_reads_as_its_text(String name) {
        assertThat(Documents.accepted(golden(name)).rendered()).isEqualTo(EditedDocument.resource(name + ".txt"));
    }

    private static Json golden(String name) {
        return Documents.json(EditedDocument.resource(name + ".json"));
    }

    @Test
    void every_part_of_the_language_stands_in_a_golden_document() {
        SortedSet<String> missing = LanguageParts.all();

        assertThat(missing).contains("fee", "fund.rate.by=fact", "unit per event.cap.price", "filter.attrs.*.gte");
        for (String name : List.of("everything", "prices", "years")) {
            SortedSet<String> parts = LanguageParts.of(golden(name));
            assertThat(LanguageParts.all()).containsAll(parts);
            missing.removeAll(parts);
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void the_frame_around_the_clauses() {
        Json.Obj document = Documents.withMeasures(
                Documents.of("{'id':'a','type':'fee','from':'hub','to':'x','of':'costs','rate':'1'},"
                        + "{'id':'b','type':'fee','from':'hub','to':'x','of':'net','rate':'1'}"),
                "'net':{'minus':[{'type':'refund'},{'type':'return','attrs':{'a':1}}],'plusClauses':['a'],"
                        + "'lessClauses':['a','a']}");
        document = Documents.with(document, "title", "'A title'");
        document = Documents.with(document, "calendar", "{'frequency':'quarter','timeZone':'Europe/Paris'}");
        document = Documents.with(document, "parties", "[{'id':'hub','name':'The Hub'},{'id':'x'},{'id':'y'}]");
        document = Documents.with(document, "settlement", "{'minimumPayout':{'y':100000,'x':0}}");

        assertThat(Documents.accepted(document).rendered()).isEqualTo("""
                A title: settled every quarter in USD; The Hub keeps the books.
                Days are counted in Europe/Paris.
                costs means the amounts of cost events.
                deals means the number of sale events.
                net means less the amounts of refund events and return events where a is 1 plus the result of [a] less \
                the result of [a], [a].
                sales means the amounts of sale events less the amounts of refund events.
                units means the quantities of sale or usage events less the quantities of refund events.
                use means the quantities of usage events.
                1. [a] The Hub pays x 100% of costs.
                2. [b] The Hub pays x 100% of net.
                Balances of y below USD 1,000.00 are carried forward.
                Negative balances are carried forward.
                Amounts are rounded half away from zero unless stated otherwise; shares by largest remainder, ties in \
                the order of the parties.
                """);
    }

    @ParameterizedTest(name = "{0} minor units of {1} are {2}")
    @CsvSource(delimiter = '|', textBlock = """
            0       | USD | USD 0.00
            -123456 | USD | USD -1,234.56
            5       | JPY | JPY 5
            1234    | JPY | JPY 1,234
            1250    | KWD | KWD 1.250
            12345   | CLF | CLF 1.2345
            1/2     | JPY | JPY 0.5
            1/3     | USD | 1/3 minor units of USD
            -1/3    | USD | -1/3 minor units of USD
            -7/2    | USD | USD -0.035
            99999   | USD | USD 999.99
            100000  | USD | USD 1,000.00
            999999999999999999999999999999 | USD | USD 9,999,999,999,999,999,999,999,999,999.99
            1/128   | JPY | JPY 0.0078125
            1/100000000000000000000000000000000000000 | JPY | JPY 0.00000000000000000000000000000000000001
            """)
    void money_has_the_decimals_of_its_currency(String units, String currency, String text) {
        assertThat(new NumberText(currency).price(Rational.ofText(units))).isEqualTo(text);
    }
}
