package org.tallystick.ledger.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// Every code has a sentence, and the values stand in it.
class SentencesTest {

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void every_code_has_a_sentence(Code code) {
        String sentence = Sentences.of(code, Json.Obj.EMPTY);

        assertThat(sentence).isNotBlank().doesNotEndWith(".").doesNotContain(code.text() + " {");
        assertThat(sentence.charAt(0))
                .satisfiesAnyOf(
                        first -> assertThat(Character.isLowerCase(first)).isTrue(),
                        first -> assertThat(first).isEqualTo('('));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            gap               | {"last":7}                       | numbers are missing in front: the source is at 7
            taken             | {"last":7}                       | the numbers are taken: the source is at 7; if this report was applied, its verdict stands in the block that took them
            period_settled    | {"period":"2026-Q1"}             | 2026-Q1 is settled; what is known later belongs in the next period
            not_declared_yet  | {"sources":["sales","usage"]}    | not yet declared by sales, usage
            document_refused  | {"codes":["SHARES_NOT_ONE"]}     | the agreement document is at fault: SHARES_NOT_ONE
            lacking           | {"codes":["FX_MISSING"]}         | the settlement lacks something: FX_MISSING
            not_owner         | {"owner":"a/b","source":"sales"} | the source sales is that of a/b
            signers_wrong     | {"need":["a/b","a"]}             | the act needs other signers: a/b, a
            signature_high_s  | {"index":1}                      | signature 1 has a high s, so a second one could be made of it
            wrong_ledger      | {"ledger":"00ff"}                | the instruction is for another ledger; this one is 00ff
            not_supported_yet | {"what":"/act"}                  | this release does not enforce /act yet
            clock_back        | {"offset":60}                    | a clock never goes back: it is ahead by 60 s already
            events_refused    | {"lines":[{"code":"EVENT_FORM","line":0},{"code":"before_start","line":3}]} | events are at fault, and none took a number: event 0 lacks what its type requires, or has what it may not have, event 3 is dated before the agreement begins
            declaration_wrong | {"computed":3,"period":"2026-01","stated":2,"what":"count"} | the declared count is not what was reported: declared 2, reported 3
            own_event         | {"event":"pos/0000000009"}       | pos/0000000009 is of a source of the party's own
            own_event         | {"source":"pos"}                 | the source pos is the party's own: what it lacks, it reports
            already_attested  | {"event":"pos/0000000009"}       | the party has attested pos/0000000009 already
            already_contradicted | {"event":"pos/0000000009"}    | the party has contradicted pos/0000000009 already
            not_held          | {"event":"pos/0000000009"}       | pos/0000000009 is not held
            proof_wrong       | {"event":"pos/0000000009"}       | the proof of pos/0000000009 does not lead to the root of its report
            already_declared  | {"period":"2026-Q1","source":"pos"} | 2026-Q1 is declared already by pos
            not_declared      | {"period":"2026-Q1","source":"pos"} | pos has not declared 2026-Q1
            not_newest        | {"period":"2026-Q1","source":"pos"} | 2026-Q1 is not the newest period that pos has declared
            claim_too_late    | {"until":"2026-09-29T00:00:00Z"} | it is too late for this claim: it was possible until 2026-09-29T00:00:00Z
            claim_answered    | {"claim":"00ff"}                 | the claim 00ff is answered already
            claim_unknown     | {"claim":"00ff"}                 | there is no claim 00ff yet
            expires_wrong     | {"latest":"2027-01-01T00:00:00Z"} | it would stay open too long, or is over already: it may stay open until 2027-01-01T00:00:00Z
            same_holder       | {"holder":"kim","seat":"s4"}     | the person behind this key, kim, has voted on seat s4 already: one person has one vote
            same_vote         | {"choice":"none"}                | the party has not voted, so there is no vote to take back
            not_carried       | {"abstain":1,"need":"3","no":1,"yes":2} | the motion is not carried: yes 2, no 1, abstained 1, and it needs 3
            not_accepted_yet  | {"parties":["west/heir"]}        | not yet accepted by who enters with it: west/heir
            class_wrong       | {"class":"govern"}               | the amendment is of another class than it says: govern
            notice_ended      | {"ends":"2027-03-31"}            | the agreement ends no later without this notice: its last day is 2027-03-31
            decision_wrong    | {"earliest":"2027-01-02","ends":"2027-03-31"} | an agreement ends on a day from 2027-01-02 on, and before 2027-03-31
            decision_wrong    | {"party":"nobody"}               | nobody is no party of the terms whose payments can be suspended
            from_the_future   | {"a":1}                          | the answer is from_the_future a: 1
            """)
    void values_stand_in_the_sentence(String code, String values, String sentence) {
        assertThat(Sentences.of(code, object(values))).isEqualTo(sentence);
    }

    @Test
    void a_long_list_is_cut_and_says_so() {
        Json.Obj values = Json.object()
                .with("sources", Json.texts(List.of("a", "b", "c", "d", "e", "f", "g")))
                .build();

        assertThat(Sentences.of(Code.NOT_DECLARED_YET, values))
                .isEqualTo("not yet declared by a, b, c, d, e and 2 more");
    }

    @Test
    void effects_are_said_too() {
        assertThat(Sentences.ofEffect(object("{\"first\":1,\"kind\":\"report\",\"last\":3}")))
                .isEqualTo("numbers 1 to 3 are taken");
        assertThat(Sentences.ofEffect(object("{\"kind\":\"new\",\"what\":1}"))).isEqualTo("kind: new, what: 1");
    }

    private static Json.Obj object(String text) {
        return (Json.Obj) ((JsonReader.Value) JsonReader.readCanonical(Bytes.ofUtf8(text))).json();
    }
}
