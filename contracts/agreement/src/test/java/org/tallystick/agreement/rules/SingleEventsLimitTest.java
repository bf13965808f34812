package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.json.Json;

/// How many events an agreement may let clauses keep one by one: 20,000 of all sources and clauses together.
class SingleEventsLimitTest {

    private static final String TIERS =
            "'steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.2'}]},'from':'platform','to':'a','of':'sales','type':'fee'}";
    private static final String FORWARD = "{'id':'f','tiers':{'mode':'forward'," + TIERS;
    private static final String MARGINAL = "{'id':'m','tiers':{'mode':'marginal'," + TIERS;
    private static final String PER_EVENT =
            "{'id':'e','type':'fee','from':'platform','to':'b','of':'sales','rate':'1/7','per':'event'}";
    private static final String BY_USE = "{'id':'s','type':'split','holder':'platform','of':'sales','per':'event',"
            + "'shares':{'platform':'1/2'},'proRata':{'share':'1/2','by':'who','among':['a','b'],'of':'use','ifNone':'c'}}";

    private final Story story = Story.withParties();

    /// @param sources how many report sales; one more reports costs and usage
    private DocumentReading read(String clauses, boolean converts, int sources, String limits) {
        String terms = """
                {'terms':'1','id':'T','hub':'platform','currency':'USD','calendar':{'frequency':'month'},
                 'parties':[{'id':'platform'},{'id':'a'},{'id':'b'},{'id':'c'}],
                 'measures':{'sales':{'plus':[{'type':'sale'}],'minus':[{'type':'refund'}]},
                             'use':{'of':'quantity','plus':[{'type':'usage'}]}},
                 'clauses':[CLAUSES],'settlement':{FX}}""".replace(
                        "CLAUSES",
                        clauses.replace("FORWARD", FORWARD)
                                .replace("MARGINAL", MARGINAL)
                                .replace("PER_EVENT", PER_EVENT)
                                .replace("BY_USE", BY_USE))
                .replace("FX", converts ? "'fx':{'fixing':'transaction','refunds':'original'}" : "");
        List<String> named = new ArrayList<>();
        for (int i = 0; i < sources; i++) {
            named.add("{'first':'2026-01','id':'shop%d','owner':'platform','types':['refund','sale']}".formatted(i));
        }
        named.add("{'first':'2026-01','id':'books','owner':'platform','types':['cost','usage']}");
        Json.Obj document = Story.with(story.document(), "terms", terms.replace('\'', '"'));
        document = Story.with(
                document,
                "roles",
                ("{'sources':[" + String.join(",", named) + "FX]}")
                        .replace(
                                "FX",
                                converts ? ",{'first':'2026-01','id':'rates','owner':'platform','types':['fx']}" : "")
                        .replace('\'', '"'));
        return DocumentReader.read(Story.with(document, "limits", limits.replace('\'', '"')));
    }

    @ParameterizedTest(name = "{0}, converting {1}, {2} sources, stated {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
        FORWARD           | false | 1 | {}                        | 10000
        FORWARD           | false | 2 | {}                        | 10000
        FORWARD           | false | 3 | {}                        | 6666
        FORWARD,BY_USE    | false | 3 | {}                        | 3333
        FORWARD,PER_EVENT | false | 3 | {}                        | 6666
        FORWARD,PER_EVENT | true  | 3 | {}                        | 3333
        FORWARD           | false | 3 | {'singleEvents':6666}     | 6666
        FORWARD           | false | 1 | {'singleEvents':20000}    | 20000
        MARGINAL          | true  | 3 | {'singleEvents':1000000}  | 1000000
        PER_EVENT         | false | 3 | {'singleEvents':1000000}  | 1000000
        """)
    void what_is_left_for_each_source_and_clause(
            String clauses, boolean converts, int sources, String limits, int singleEvents) {
        assertThat(read(clauses, converts, sources, limits))
                .isInstanceOfSatisfying(
                        DocumentReading.Accepted.class,
                        accepted ->
                                assertThat(accepted.document().singleEvents()).isEqualTo(singleEvents));
    }

    @Test
    void more_than_a_close_can_compute_with_is_a_fault_that_says_what_is_left() {
        DocumentReading reading = read("FORWARD,MARGINAL,BY_USE", false, 2, "{'singleEvents':5001}");

        assertThat(reading)
                .isEqualTo(new DocumentReading.Refused(List.of(new DocumentReading.Fault(
                        "single_events_many",
                        "/limits/singleEvents",
                        Story.object("{\"atMost\":5000,\"clauses\":[\"f\",\"s\"],\"limit\":20000,\"singleEvents\":5001,"
                                + "\"sources\":[\"shop0\",\"shop1\"]}")))));
        assertThat(read("FORWARD,MARGINAL,BY_USE", false, 2, "{'singleEvents':5000}"))
                .isInstanceOf(DocumentReading.Accepted.class);
    }
}
