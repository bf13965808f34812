package org.tallystick.agreement.terms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;

/// Every check of terms/1 section 14, each with a document that triggers it alone.
class TermsChecksTest {

    private static final String OK = "{'id':'ok','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}";

    private static List<Finding> findings(Json document) {
        return switch (TermsReader.read(document)) {
            case TermsReading.Accepted _ -> List.of();
            case TermsReading.Refused(var findings) -> findings;
        };
    }

    /// `CODE POINTER` for each finding.
    private static List<String> places(Json document) {
        return findings(document).stream()
                .map(finding -> finding.code() + " " + finding.pointer())
                .toList();
    }

    @Test
    void a_document_without_a_fault_is_accepted() {
        assertThat(findings(Documents.of(OK))).isEmpty();
    }

    @Test
    void findings_say_the_values_in_a_sentence() {
        assertThat(findings(Documents.of(
                        "{'id':'s','type':'split','holder':'hub','of':'sales'," + "'shares':{'hub':'1/3','x':'1/3'}}")))
                .containsExactly(new Finding("SHARES_NOT_ONE", "/clauses/0/shares", "shares add up to 2/3, not to 1"));
    }

    @Test
    void all_findings_are_reported_by_code_and_then_by_place() {
        assertThat(places(Documents.of("""
                        {'id':'dispute','type':'fee','from':'hub','to':'hub','of':'none','rate':'-1'},
                        {'id':'f','type':'fee','from':'who','to':'x','of':'units','rate':'-1'}
                        """)))
                .containsExactly(
                        "ID_RESERVED /clauses/0/id",
                        "MEASURE_KIND /clauses/1/of",
                        "MEASURE_UNKNOWN /clauses/0/of",
                        "PARTY_UNKNOWN /clauses/1/from",
                        "RATE_RANGE /clauses/0/rate",
                        "RATE_RANGE /clauses/1/rate",
                        "SELF_PAYMENT /clauses/0");
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # code | place | members of a fee besides id, type, from, to
            NOT_EXACT | /rate | 'of':'sales','rate':0.15
            NOT_EXACT | /rate | 'of':'sales','rate':'15%'
            NOT_EXACT | /rate | 'of':'sales','rate':1
            NOT_EXACT | /rate | 'of':'sales','rate':null
            NOT_EXACT | /rate | 'of':'sales','rate':['0.1']
            NOT_EXACT | /rate | 'of':'sales','rate':'1234567890123456789012345678901234567890.1'
            NOT_EXACT | /rate/table/a | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'a':0.1}}
            NOT_EXACT | /rate/table/a/min | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'a':{'by':'event','attr':'r','min':0,'max':'1'}}}
            NOT_EXACT | /rate/steps/0/rate | 'of':'sales','rate':{'by':'date','steps':[{'from':'2026-01-01','rate':0.1}]}
            NOT_EXACT | /rate/before | 'of':'sales','rate':{'by':'fact','fact':'f','before':1,'after':'1'}
            NOT_EXACT | /tiers/steps/0/upTo | 'of':'sales','tiers':{'mode':'whole','steps':[{'upTo':-1,'rate':'0'},{'rate':'1'}]}
            NOT_EXACT | /tiers/steps/0/rate | 'of':'sales','tiers':{'mode':'whole','steps':[{'rate':0}]}
            NOT_EXACT | /cap/amount | 'of':'sales','rate':'1','cap':{'amount':-1}
            NOT_EXACT | /cap/amount | 'of':'sales','rate':'1','cap':{'amount':'1.5'}
            NOT_EXACT | /cap/rate | 'of':'sales','rate':'1','cap':{'of':'sales','rate':0.5}
            NOT_EXACT | /floor/price | 'of':'sales','rate':'1','per':'event','floor':{'price':5}
            TIER_MODE | /tiers/mode | 'of':'sales','tiers':{'mode':'stepped','steps':[{'rate':'1'}]}
            TIER_MODE | /tiers/mode | 'of':'sales','tiers':{'mode':3,'steps':[{'rate':'1'}]}
            FORM | /tiers | 'of':'sales','tiers':{'steps':[{'rate':'1'}]}
            FORM | /tiers/steps/0/rate | 'of':'sales','tiers':{'mode':'whole','steps':[{'rate':{'by':'event','attr':'a','min':'0','max':'1'}}]}
            FORM | | 'of':'sales'
            FORM | | 'of':'sales','rate':'1','tiers':{'mode':'whole','steps':[{'rate':'1'}]}
            FORM | | 'of':'sales','factor':{'kpi':'k'},'tiers':{'mode':'whole','steps':[{'rate':'1'}]}
            FORM | | 'of':'sales','per':'event','factor':{'kpi':'k'},'rate':'1'
            FORM | | 'of':'sales','per':'event','tiers':{'mode':'whole','steps':[{'rate':'1'}]}
            FORM | /window | 'of':'sales','per':'event','rate':'1','window':'year'
            FORM | /floor/of | 'of':'sales','per':'event','rate':'1','floor':{'amount':1,'of':'sales'}
            FORM | /cap/per | 'of':'sales','rate':'1','cap':{'amount':1,'per':'event'}
            FORM | /floor/window | 'of':'sales','rate':'1','floor':{'amount':1,'window':'year'}
            FORM | /price | 'of':'sales','rate':'1','price':'1'
            FORM | /round | 'of':'sales','rate':'1','round':'bankers'
            FORM | /when | 'of':'sales','rate':'1','when':{}
            FORM | /when/from | 'of':'sales','rate':'1','when':{'from':'2026-02-30'}
            FORM | /where | 'of':'sales','rate':'1','where':{}
            FORM | /where/type | 'of':'sales','rate':'1','where':{'type':'kpi'}
            FORM | /where/type | 'of':'sales','rate':'1','where':{'type':[]}
            FORM | /where/attrs/date | 'of':'sales','rate':'1','where':{'attrs':{'date':'x'}}
            FORM | /where/attrs/a | 'of':'sales','rate':'1','where':{'attrs':{'a':{}}}
            FORM | /where/attrs/a | 'of':'sales','rate':'1','where':{'attrs':{'a':1.5}}
            FORM | /where/attrs/a/lt | 'of':'sales','rate':'1','where':{'attrs':{'a':{'lt':'soon'}}}
            FORM | /where/days/0/max | 'of':'sales','rate':'1','where':{'days':[{'from':'a','to':'b','max':36501}]}
            FORM | /where/monthsBefore/0/months | 'of':'sales','rate':'1','where':{'monthsBefore':[{'since':'a','months':0}]}
            FORM | /rate | 'of':'sales','rate':{'by':'moon'}
            FORM | /rate/table | 'of':'sales','rate':{'by':'attr','attr':'k','table':{}}
            FORM | /rate/attr | 'of':'sales','rate':{'by':'event','attr':'saleDate','min':'0','max':'1'}
            FORM | /of | 'of':'1st','rate':'1'
            RATE_RANGE | /rate | 'of':'sales','rate':'-0.1'
            RATE_RANGE | /rate/min | 'of':'sales','rate':{'by':'event','attr':'a','min':'-1','max':'1'}
            RATE_RANGE | /rate/table/a/after | 'of':'sales','rate':{'by':'attr','attr':'k','table':{'a':{'by':'fact','fact':'f','before':'0','after':'-1'}}}
            RATE_RANGE | /rate/steps/0/rate | 'of':'sales','rate':{'by':'date','steps':[{'from':'2026-01-01','rate':'-1'}]}
            RATE_RANGE | /tiers/steps/0/rate | 'of':'sales','tiers':{'mode':'whole','steps':[{'rate':'-1'}]}
            RATE_RANGE | /cap/rate | 'of':'sales','rate':'1','cap':{'of':'sales','rate':'-1'}
            RATE_RANGE | /cap/price | 'of':'sales','rate':'1','per':'event','cap':{'price':'-1'}
            BOUNDS_EMPTY | /rate | 'of':'sales','rate':{'by':'event','attr':'a','min':'0.2','max':'0.1'}
            CAP_BELOW_FLOOR | | 'of':'sales','rate':'1','cap':{'amount':1},'floor':{'amount':2}
            CAP_BELOW_FLOOR | | 'of':'sales','rate':'1','per':'event','cap':{'price':'1'},'floor':{'price':'2'}
            CAP_BELOW_FLOOR | | 'of':'sales','rate':'1','cap':{'of':'sales','rate':'0.1'},'floor':{'of':'sales','rate':'0.2'}
            CAP_WINDOW | /cap | 'of':'sales','rate':'1','cap':{'amount':1,'window':'year'}
            CAP_WINDOW | /cap | 'of':'sales','rate':'1','window':'year','cap':{'amount':1}
            FLOOR_WINDOW | /floor | 'of':'sales','rate':'1','window':'life','floor':{'amount':1}
            MEASURE_KIND | /of | 'of':'units','rate':'1'
            MEASURE_UNKNOWN | /of | 'of':'none','rate':'1'
            MEASURE_UNKNOWN | /tiers/measure | 'of':'sales','tiers':{'mode':'whole','measure':'none','steps':[{'rate':'1'}]}
            MEASURE_UNKNOWN | /floor/of | 'of':'sales','rate':'1','floor':{'of':'none','rate':'1'}
            TIER_GAP | /tiers/steps/0 | 'of':'sales','tiers':{'mode':'whole','steps':[{'upTo':1,'rate':'1'}]}
            TIER_MIXED_MARGINAL | /tiers/measure | 'of':'sales','tiers':{'mode':'marginal','measure':'units','steps':[{'rate':'1'}]}
            TIER_MIXED_MARGINAL | /tiers/measure | 'of':'sales','tiers':{'mode':'forward','measure':'units','steps':[{'rate':'1'}]}
            TIER_UNREACHABLE | /tiers/steps/1 | 'of':'sales','tiers':{'mode':'whole','steps':[{'rate':'1'},{'rate':'1'}]}
            TIER_UNREACHABLE | /tiers/steps/1 | 'of':'sales','tiers':{'mode':'whole','steps':[{'upTo':1,'rate':'1'},{'upTo':'1.0','rate':'1'},{'rate':'1'}]}
            TIER_UNREACHABLE | /rate/steps/1 | 'of':'sales','rate':{'by':'date','steps':[{'from':'2026-01-01','rate':'1'},{'from':'2026-01-01','rate':'1'}]}
            WHEN_EMPTY | /when | 'of':'sales','rate':'1','when':{'from':'2026-01-01','to':'2026-01-01'}
            """)
    void a_fee_with_one_mistake_has_one_code(String code, String place, String members) {
        String clause = "{'id':'f','type':'fee','from':'hub','to':'x'," + members + "}";

        assertThat(places(Documents.of(clause))).containsExactly(code + " /clauses/0" + (place == null ? "" : place));
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # code | place | clause after OK, which is clause 0
            CLAUSE_DUP | /id | 'id':'ok','type':'fee','from':'hub','to':'x','of':'sales','rate':'1'
            ID_RESERVED | /id | 'id':'dispute','type':'fee','from':'hub','to':'x','of':'sales','rate':'1'
            PARTY_UNKNOWN | /from | 'id':'f','type':'fee','from':'who','to':'x','of':'sales','rate':'1'
            PARTY_UNKNOWN | /to | 'id':'f','type':'unit','from':'x','to':'who','of':'units','price':'1'
            SELF_PAYMENT | | 'id':'f','type':'fee','from':'x','to':'x','of':'sales','rate':'1'
            MEASURE_KIND | /of | 'id':'f','type':'unit','from':'hub','to':'x','of':'sales','price':'1'
            FORM | | 'id':'f','type':'loan','from':'hub','to':'x'
            FORM | | 'id':'f'
            FORM | /id | 'id':'1','type':'fee','from':'hub','to':'x','of':'sales','rate':'1'
            PARTY_UNKNOWN | /claims/to | 'id':'f','type':'fund','from':'hub','of':'sales','rate':'1','claims':{'on':{'type':'mdf-claim'},'reimburse':'1','to':'who'}
            RATE_RANGE | /claims/reimburse | 'id':'f','type':'fund','from':'hub','of':'sales','rate':'1','claims':{'on':{'type':'mdf-claim'},'reimburse':'1.01','to':'x'}
            NOT_EXACT | /claims/reimburse | 'id':'f','type':'fund','from':'hub','of':'sales','rate':'1','claims':{'on':{'type':'mdf-claim'},'reimburse':1,'to':'x'}
            FORM | /claims/on | 'id':'f','type':'fund','from':'hub','of':'sales','rate':'1','claims':{'on':{},'reimburse':'1','to':'x'}
            CAP_WINDOW | /cap | 'id':'f','type':'fund','from':'hub','of':'sales','rate':'1','cap':{'amount':1,'window':'life'},'claims':{'on':{'type':'mdf-claim'},'reimburse':'1','to':'x'}
            HOLDER_NO_SHARE | /shares | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'x':'1'}
            PARTY_UNKNOWN | /shares/who | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'0','who':'1'}
            SHARE_NEGATIVE | /shares/x | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'2','x':'-1'}
            SHARES_NOT_ONE | /shares | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'0.99'}
            NOT_EXACT | /shares/hub | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':1}
            MEASURE_KIND | /of | 'id':'f','type':'split','holder':'hub','of':'deals','shares':{'hub':'1'}
            SHARES_NOT_ONE | /shares | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'1'},'proRata':{'share':'1','by':'a','among':['x'],'of':'use','ifNone':'hub'}
            SHARE_NEGATIVE | /proRata/share | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'2'},'proRata':{'share':'-1','by':'a','among':['x'],'of':'use','ifNone':'hub'}
            PARTY_UNKNOWN | /proRata/among/1 | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'0'},'proRata':{'share':'1','by':'a','among':['x','who'],'of':'use','ifNone':'hub'}
            PARTY_UNKNOWN | /proRata/ifNone | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'0'},'proRata':{'share':'1','by':'a','among':['x'],'of':'use','ifNone':'who'}
            MEASURE_UNKNOWN | /proRata/of | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'0'},'proRata':{'share':'1','by':'a','among':['x'],'of':'none','ifNone':'x'}
            NOT_EXACT | /amount | 'id':'f','type':'fixed','from':'hub','to':'x','amount':'1.5','on':{'type':'sale'}
            FORM | /on | 'id':'f','type':'fixed','from':'hub','to':'x','amount':1,'on':{'attrs':{}}
            WHEN_EMPTY | /when | 'id':'f','type':'fixed','from':'hub','to':'x','amount':1,'on':{'type':'sale'},'when':{'from':'2026-02-01','to':'2026-01-01'}
            BOUNDS_EMPTY | /collar | 'id':'f','type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'k','steps':[{'gte':'0','rate':'-1'}]}],'collar':{'min':'1','max':'0'}
            TIER_UNREACHABLE | /table/0/steps/1 | 'id':'f','type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'k','steps':[{'gte':'0','rate':'1'},{'gte':'0.0','rate':'1'}]}]
            NOT_EXACT | /table/0/steps/0/gte | 'id':'f','type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'k','steps':[{'gte':4,'rate':'1'}]}]
            FORM | /collar | 'id':'f','type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'k','steps':[{'gte':'0','rate':'1'}]}],'collar':{}
            """)
    void a_clause_with_one_mistake_has_one_code(String code, String place, String clause) {
        assertThat(places(Documents.of(OK + ",{" + clause + "}")))
                .containsExactly(code + " /clauses/1" + (place == null ? "" : place));
    }

    /// What is not settled yet is said beside every other fault of meaning.
    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # code | place | clause after OK, which is clause 0
            | | 'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['ok'],'window':'year','amount':5
            CLAUSE_UNKNOWN | /clauses/0 | 'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['no'],'window':'year','amount':5
            FORWARD_REFERENCE | /clauses/0 | 'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['g'],'window':'year','amount':5
            MEASURE_KIND | /perUnit/of | 'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['ok'],'window':'year','perUnit':{'of':'sales','price':'1'}
            RATE_RANGE | /perUnit/price | 'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['ok'],'window':'year','perUnit':{'of':'units','price':'-1'}
            | | 'id':'a','type':'advance','from':'hub','to':'x','clauses':['ok']
            FORWARD_REFERENCE | /clauses/0 | 'id':'a','type':'advance','from':'hub','to':'x','clauses':['a']
            RATE_RANGE | /recoupRate | 'id':'a','type':'advance','from':'hub','to':'x','clauses':['ok'],'recoupRate':'1.1'
            | | 'id':'r','type':'reserve','party':'x','clauses':['ok'],'rate':'0.1','releaseAfter':1
            CLAUSE_KIND | /clauses/0 | 'id':'r','type':'reserve','party':'x','clauses':['r'],'rate':'0.1','releaseAfter':1
            RATE_RANGE | /rate | 'id':'r','type':'reserve','party':'x','clauses':['ok'],'rate':'1.1','releaseAfter':1
            | | 'id':'w','type':'withholding','party':'x','authority':'y','clauses':['ok'],'rate':'0.1'
            SELF_PAYMENT | | 'id':'w','type':'withholding','party':'x','authority':'x','clauses':['ok'],'rate':'0.1'
            CLAUSE_KIND | /clauses/0 | 'id':'w','type':'withholding','party':'x','authority':'y','clauses':['w'],'rate':'0.1'
            | | 'id':'w','type':'waterfall','holder':'hub','of':'sales','investors':['x'],'preferredRate':'0','dayCount':'actual/365','compounding':'none','tiers':[{'id':'s','kind':'split','shares':{'x':'1'}}]
            WATERFALL_OPEN | /tiers | 'id':'w','type':'waterfall','holder':'hub','of':'sales','investors':['x'],'preferredRate':'0','dayCount':'actual/365','compounding':'none','tiers':[{'id':'s','kind':'preferred'}]
            TIER_UNREACHABLE | /tiers/1 | 'id':'w','type':'waterfall','holder':'hub','of':'sales','investors':['x'],'preferredRate':'0','dayCount':'actual/365','compounding':'none','tiers':[{'id':'s','kind':'split','shares':{'x':'1'}},{'id':'t','kind':'split','shares':{'x':'1'}}]
            CLAUSE_DUP | /tiers/1/id | 'id':'w','type':'waterfall','holder':'hub','of':'sales','investors':['x'],'preferredRate':'0','dayCount':'actual/365','compounding':'none','tiers':[{'id':'s','kind':'preferred'},{'id':'s','kind':'split','shares':{'x':'1'}}]
            RATE_RANGE | /tiers/0/target | 'id':'w','type':'waterfall','holder':'hub','of':'sales','investors':['x'],'preferredRate':'0','dayCount':'actual/365','compounding':'none','tiers':[{'id':'t','kind':'catch-up','party':'x','target':'1'},{'id':'s','kind':'split','shares':{'x':'1'}}]
            """)
    void a_clause_that_reads_what_others_made_due_has_its_own_mistakes(String code, String place, String clause) {
        List<String> expected = code == null ? List.of() : List.of(code + " /clauses/1" + (place == null ? "" : place));

        assertThat(places(Documents.of(OK + ",{" + clause + "}"))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} at {1}: {2} is {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            VERSION_UNKNOWN | /terms | terms | '2'
            VERSION_UNKNOWN | /terms | terms | 1
            VERSION_UNKNOWN | /terms | terms | ``
            FORM | | id | ``
            FORM | /id | id | 'a.b'
            FORM | /hub | hub | null
            FORM | /color | color | 'red'
            FORM | /version | version | 0
            FORM | /version | version | 1.5
            FORM | /supersedes | supersedes | 'ABC'
            FORM | /title | title | ''
            FORM | /currency | currency | 'usd'
            FORM | /calendar/frequency | calendar | {'frequency':'week'}
            FORM | /parties | parties | []
            FORM | /clauses | clauses | []
            FORM | /clauses/0 | clauses | [1]
            FORM | /measures | measures | []
            FORM | /rounding/ties | rounding | {'single':'half-away-from-zero','split':'largest-remainder','ties':'random','negative':'symmetric'}
            FORM | /settlement/negative | settlement | {'negative':'ignore'}
            NOT_EXACT | /settlement/minimumPayout/x | settlement | {'minimumPayout':{'x':1.5}}
            PARTY_UNKNOWN | /settlement/minimumPayout/who | settlement | {'minimumPayout':{'who':1}}
            PARTY_UNKNOWN | /settlement/minimumPayout/hub | settlement | {'minimumPayout':{'hub':1}}
            PARTY_UNKNOWN | /hub | hub | 'who'
            PARTY_DUP | /parties/2/id | parties | [{'id':'hub'},{'id':'x'},{'id':'x'}]
            CURRENCY_UNKNOWN | /currency | currency | 'XAU'
            FORM | /settlement/fx/fixing | settlement | {'fx':{'fixing':'weekly','refunds':'original'}}
            """)
    void a_document_with_one_mistake_has_one_code(String code, String place, String member, String value) {
        Json document = Documents.with(Documents.of(OK), member, value);

        assertThat(places(document)).containsExactly(code + " " + (place == null ? "" : place));
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            FORM | /measures/m | {}
            FORM | /measures/m | {'plus':[]}
            FORM | /measures/m | {'of':'count','plus':[{'type':'sale'}],'lessClauses':['ok']}
            FORM | /measures/m/plus/0 | {'plus':[{'attrs':{'a':1}}]}
            MEASURE_KIND | /measures/m/plus/0 | {'plus':[{'type':'usage'}]}
            MEASURE_KIND | /measures/m/minus/0 | {'minus':[{'type':['sale','milestone']}]}
            MEASURE_KIND | /measures/m/plus/0 | {'of':'quantity','plus':[{'type':'milestone'}]}
            CLAUSE_UNKNOWN | /measures/m/lessClauses/0 | {'lessClauses':['no']}
            CLAUSE_KIND | /measures/m/plusClauses/0 | {'plusClauses':['shared']}
            """)
    void a_measure_with_one_mistake_has_one_code_used_or_not(String code, String place, String measure) {
        Json.Obj document =
                Documents.of(OK + ",{'id':'shared','type':'split','holder':'hub','of':'sales','shares':{'hub':'1'}}");

        assertThat(places(Documents.withMeasures(document, "'m':" + measure))).containsExactly(code + " " + place);
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # a measure that deducts what clause ok made due
            DERIVED_BASE | /clauses/1/of | 'id':'f','type':'fee','from':'hub','to':'x','of':'net','rate':{'by':'event','attr':'a','min':'0','max':'1'}
            DERIVED_BASE | /clauses/1/of | 'id':'f','type':'fee','from':'hub','to':'x','of':'net','rate':'1','per':'event'
            DERIVED_BASE | /clauses/1/of | 'id':'f','type':'fee','from':'hub','to':'x','of':'net','tiers':{'mode':'lookback','steps':[{'rate':'1'}]}
            DERIVED_BASE | /clauses/1/of | 'id':'f','type':'split','holder':'hub','of':'net','shares':{'hub':'1'},'per':'event'
            DERIVED_BASE | /clauses/1/proRata/of | 'id':'f','type':'split','holder':'hub','of':'sales','shares':{'hub':'0'},'proRata':{'share':'1','by':'a','among':['x'],'of':'net','ifNone':'x'}
            """)
    void what_clauses_made_due_cannot_be_priced_event_by_event(String code, String place, String clause) {
        Json.Obj document = Documents.of(OK + ",{" + clause + "}");

        assertThat(places(Documents.withMeasures(document, "'net':{'plus':[{'type':'sale'}],'lessClauses':['ok']}")))
                .containsExactly(code + " " + place);
    }

    @Test
    void a_clause_may_use_only_what_earlier_clauses_made_due() {
        Json.Obj document = Documents.of("{'id':'f','type':'fee','from':'hub','to':'x','of':'net','rate':'1'}," + OK);

        assertThat(places(Documents.withMeasures(document, "'net':{'lessClauses':['ok']}")))
                .containsExactly("FORWARD_REFERENCE /measures/net/lessClauses/0");
        assertThat(places(Documents.withMeasures(document, "'net':{'lessClauses':['f']}")))
                .containsExactly("FORWARD_REFERENCE /measures/net/lessClauses/0");
    }

    @Test
    void only_one_waterfall_can_distribute_the_money() {
        String waterfall = "{'id':'%s','type':'waterfall','holder':'hub','of':'sales','investors':['x'],"
                + "'preferredRate':'0','dayCount':'actual/365','compounding':'none',"
                + "'tiers':[{'id':'s','kind':'split','shares':{'x':'1'}}]}";

        assertThat(places(Documents.of(waterfall.formatted("v") + "," + waterfall.formatted("w"))))
                .containsExactly("WATERFALL_MANY /clauses/1");
    }

    @Test
    void text_that_is_not_json_has_no_form() {
        assertThat(codes("{'terms':'1'")).containsExactly("FORM");
        assertThat(codes("{'terms':'1','terms':'1'}")).containsExactly("FORM");
        assertThat(codes("[]")).containsExactly("FORM");
        assertThat(codes("{'terms':'1'," + "'a':" + "[".repeat(500) + "]".repeat(500) + "}"))
                .containsExactly("TOO_LARGE");
    }

    private static SortedSet<String> codes(String text) {
        return switch (TermsReader.read(Bytes.ofUtf8(text.replace('\'', '"')))) {
            case TermsReading.Accepted _ -> new TreeSet<>();
            case TermsReading.Refused refused -> refused.codes();
        };
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({
        "parties, 500",
        "clauses, 500",
        "measures, 500",
        "filters, 100",
        "steps, 200",
        "dates, 200",
        "figures, 200",
        "rows, 2000",
        "depth, 32",
    })
    void a_document_may_reach_every_limit_but_not_pass_it(String what, int limit) {
        assertThat(places(large(what, limit))).doesNotContain("TOO_LARGE ");
        assertThat(places(large(what, limit + 1))).containsExactly("TOO_LARGE ");
    }

    private static Json large(String what, int size) {
        Json.Obj document = Documents.of(OK);
        String fee = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',";
        return switch (what) {
            case "parties" -> Documents.with(document, "parties", "[" + many(size, "{'id':'p%d'}") + "]");
            case "clauses" -> Documents.of(many(size, "{'id':'c%d','type':'fee'}"));
            case "measures" -> Documents.with(document, "measures", "{" + many(size, "'m%d':{}") + "}");
            case "filters" ->
                Documents.withMeasures(
                        document, "'m':{'plus':[" + many(size - 1, "{'type':'sale'}") + "],'minus':[{'type':'cost'}]}");
            case "steps" ->
                Documents.of(fee + "'tiers':{'mode':'whole','steps':[" + many(size, "{'rate':'%d'}") + "]}}");
            case "dates" ->
                Documents.of(fee + "'rate':{'by':'attr','attr':'a','table':{'x':{'by':'date','steps':["
                        + many(size, "{'rate':'%d'}") + "]}}}}");
            case "figures" ->
                Documents.of(
                        "{'id':'k','type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'a','steps':[]},"
                                + "{'kpi':'b','steps':[" + many(size, "{'gte':'%d'}") + "]}]}");
            case "rows" ->
                Documents.of(fee + "'rate':{'by':'attr','attr':'a','table':{'x':{'by':'attr','attr':'b','table':{"
                        + many(size - 1, "'r%d':'1'") + "}}}}}");
            default -> Documents.with(document, "deep", "[".repeat(size - 1) + "]".repeat(size - 1));
        };
    }

    private static String many(int size, String item) {
        return IntStream.range(0, size).mapToObj(item::formatted).collect(Collectors.joining(","));
    }

    @Test
    void a_document_may_have_192_KiB_of_canonical_form() {
        Json.Obj document = Documents.of(OK);
        int rest = 192 * 1024 - document.canonical().size() - ",\"long\":\"\"".length();

        assertThat(places(Documents.with(document, "long", "'" + "a".repeat(rest) + "'")))
                .containsExactly("FORM /long");
        assertThat(places(Documents.with(document, "long", "'" + "a".repeat(rest + 1) + "'")))
                .containsExactly("TOO_LARGE ");
    }

    @Test
    void the_version_is_judged_before_the_size() {
        assertThat(places(Documents.with((Json.Obj) large("parties", 501), "terms", "'2'")))
                .containsExactly("VERSION_UNKNOWN /terms");
    }

    @Test
    void terms_know_whom_and_what_they_need() {
        Terms terms =
                Documents.accepted(Documents.withMeasures(Documents.of("""
                        {'id':'s','type':'split','holder':'hub','of':'paid','shares':{'hub':'0','x':'1','z':'0'}},
                        {'id':'f','type':'fee','from':'hub','to':'y','of':'paid','factor':{'kpi':'k'},'rate':
                            {'by':'attr','attr':'a','table':{'*':{'by':'fact','fact':'f','before':'0','after':'1'},
                             'b':{'by':'event','attr':'agreed','min':'0','max':'1'}}}}
                        """), "'paid':{'plus':[{'type':'delivery'}]}"));

        assertThat(terms.engagedParties()).containsExactly("hub", "x", "y");
        assertThat(terms.reportedTypes())
                .containsExactly("cost", "delivery", "kpi", "milestone", "refund", "sale", "usage");
        assertThat(terms.agreedRates()).containsExactly("agreed");
    }
}
