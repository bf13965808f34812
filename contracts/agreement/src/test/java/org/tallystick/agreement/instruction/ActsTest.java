package org.tallystick.agreement.instruction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// The body of every act: one that has all its members, and what happens when one is missing, strange or one too many.
final class ActsTest {

    private static final String HASH = "\"" + "ab".repeat(32) + "\"";
    private static final String THUMB = "\"" + "A".repeat(43) + "\"";
    private static final String TIME = "\"2026-03-01T12:00:00Z\"";
    private static final String KEY = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":" + THUMB + "}";
    private static final String ADDRESS = "\"0x" + "ab".repeat(20) + "\"";
    private static final String EVIDENCE = "{\"hash\":" + HASH + ",\"name\":\"invoice.pdf\",\"size\":0}";
    private static final String EVENT =
            "{\"amount\":\"100\",\"attrs\":{\"ref\":\"INV-1\",\"vat\":true},\"currency\":\"EUR\","
                    + "\"date\":\"2026-03-01\",\"quantity\":\"1/3\",\"refOf\":\"sales/0000000001\",\"type\":\"refund\"}";
    private static final String PROOF =
            "{\"event\":" + EVENT + ",\"first\":1,\"id\":\"sales/0000000001\",\"path\":[" + HASH + "]}";
    private static final String LIMITS = "{\"amount\":5,\"types\":[\"refund\",\"sale\"]}";
    private static final String RECOVERY = "{\"parties\":[\"a/b\",\"c/d\"],\"threshold\":2}";

    /// Members after a `?` may be absent.
    private static final String BODIES = """
            register-registrar key=KEY ?from=TIME ?name="n" ?revoke=THUMB ?until=TIME
            log-key            kind="log" vkey="v+00000000+AAAA" ?until=TIME
            enroll             key=KEY purposes=["decide","sign"] ?holder="h" ?limits=LIMITS ?name="n" ?recovery=RECOVERY
            rehost             member="east"
            recovery-set       parties=["a/b","c/d"] threshold=2
            key-add            key=KEY purposes=["sign"] ?from=TIME ?holder="h" ?limits=LIMITS ?until=TIME
            key-rotate         key=KEY old=THUMB
            key-revoke         key=THUMB reason="lost"
            key-compromised    key=THUMB since=TIME ?evidence=EVIDENCE
            key-recover        key=KEY revoke=[THUMB]
            payout-address     address=ADDRESS chain=1 ?token=ADDRESS
            trial-clock        offset=-5
            offer              document={} expires=TIME
            counter            document={} expires=TIME to=HASH
            accept             ?text=HASH
            decline            ?reason="no"
            withdraw           ?motion=HASH
            amend              class="terms" document={} expires=TIME
            motion             decision={"kind":"pause","reason":"r"} expires=TIME
            vote               choice="none" motion=HASH
            execute            motion=HASH
            notice             kind="breach" against="a/b" ?reason="r" ?evidence=EVIDENCE
            report             events=[EVENT] first=1 source="sales" ?proofs=[PROOF]
            attest             events=["sales/0000000001"] proofs=[PROOF]
            contradict         events=["sales/0000000001"] proofs=[PROOF] reason="r" ?evidence=EVIDENCE
            declare            count=1 held=0 last=1 period="2026-01" source="sales" totals=[{"count":1,"type":"sale"}]
            take-back          period="2026-Q1" source="sales"
            seal               period="2026" source="sales"
            claim              event=EVENT evidence=EVIDENCE source="sales" ?note="n"
            claim-answer       claim=HASH event="sales/0000000001" proof=PROOF ?evidence=EVIDENCE
            close              period="2026-12"
            acknowledge        agreed=false period="2026-01" settlement=HASH ?note="n"
            adjust             amount=1 payee="a" payer="b" period="2026-01" reason="price" text="t" ?evidence=EVIDENCE
            dispute            amount="1" from="a" period="2026-01" settlement=HASH text="t" to="b" ?clause="c" ?events=["sales/0000000001"] ?evidence=EVIDENCE
            dispute-answer     accepts=true dispute=HASH text="t" ?evidence=EVIDENCE
            dispute-settle     amount=0 dispute=HASH text="t"
            dispute-decide     amount=0 dispute=HASH text="t" ?default=true
            payment-sent       amount=1 on="2026-03-01" payee="a" payer="b" period="2026-01" reference="r" ?evidence=EVIDENCE
            payment-received   amount=1 on="2026-03-01" payee="a" payer="b" period="2026-01" reference="r" ?chain={"block":1,"chain":1,"log":0,"tx":"0xHEX"}
            """;

    private record Body(ActKind kind, TreeMap<String, Json> members, List<String> optional) {}

    @Test
    void there_is_a_body_here_for_each_act() {
        assertThat(bodies().map(Body::kind)).containsExactlyElementsOf(EnumSet.allOf(ActKind.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void a_body_has_its_members_and_no_others(Body body) {
        Form form = Bodies.of(body.kind());

        assertThat(form.fault(new Json.Obj(body.members()))).isEmpty();
        for (String name : body.members().keySet()) {
            TreeMap<String, Json> less = new TreeMap<>(body.members());
            less.remove(name);
            assertThat(form.fault(new Json.Obj(less)))
                    .as("without %s", name)
                    .isEqualTo(body.optional().contains(name) ? Optional.empty() : Optional.of("/" + name));

            TreeMap<String, Json> strange = new TreeMap<>(body.members());
            strange.put(name, new Json.Null());
            assertThat(form.fault(new Json.Obj(strange))).as("%s is null", name).contains("/" + name);
        }
        TreeMap<String, Json> more = new TreeMap<>(body.members());
        more.put("zz", Json.whole(1));
        assertThat(form.fault(new Json.Obj(more))).contains("/zz");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void a_body_that_was_read_is_the_body_that_is_written(Body body) {
        Json.Obj whole = new Json.Obj(body.members());
        Act act = Act.of(body.kind(), whole);

        assertThat(act.kind()).isEqualTo(body.kind());
        assertThat(act.body()).isEqualTo(whole);
        assertThat(Act.of(body.kind(), act.body())).isEqualTo(act);
        assertThat(act instanceof Act.Other).isEqualTo(!body.kind().enforced());
    }

    @Test
    void only_what_is_enforced_has_its_form_asked_for() {
        assertThat(Arrays.stream(ActKind.values()).filter(ActKind::enforced))
                .containsExactly(
                        ActKind.REGISTER_REGISTRAR,
                        ActKind.LOG_KEY,
                        ActKind.ENROLL,
                        ActKind.REHOST,
                        ActKind.RECOVERY_SET,
                        ActKind.KEY_ADD,
                        ActKind.KEY_ROTATE,
                        ActKind.KEY_REVOKE,
                        ActKind.KEY_COMPROMISED,
                        ActKind.KEY_RECOVER,
                        ActKind.TRIAL_CLOCK,
                        ActKind.OFFER,
                        ActKind.COUNTER,
                        ActKind.ACCEPT,
                        ActKind.DECLINE,
                        ActKind.WITHDRAW,
                        ActKind.AMEND,
                        ActKind.MOTION,
                        ActKind.VOTE,
                        ActKind.EXECUTE,
                        ActKind.NOTICE,
                        ActKind.REPORT,
                        ActKind.ATTEST,
                        ActKind.CONTRADICT,
                        ActKind.DECLARE,
                        ActKind.TAKE_BACK,
                        ActKind.SEAL,
                        ActKind.CLAIM,
                        ActKind.CLAIM_ANSWER,
                        ActKind.CLOSE,
                        ActKind.ADJUST);
    }

    @ParameterizedTest(name = "{0} with {1} = {2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # act  | member    | value                                                   | fault
            enroll | purposes  | []                                                      | /purposes
            enroll | purposes  | ["sign","decide"]                                       | /purposes/1
            enroll | purposes  | ["sign","sign"]                                         | /purposes/1
            enroll | purposes  | ["vote"]                                                | /purposes/0
            enroll | limits    | {}                                                      | /limits
            enroll | limits    | {"types":["sale","refund"]}                             | /limits/types/1
            enroll | limits    | {"types":["sale","sale"]}                               | /limits/types/1
            enroll | limits    | {"types":[]}                                            | /limits/types
            enroll | limits    | {"amount":-1}                                           | /limits/amount
            key-add | purposes | []                                                      | /purposes
            key-revoke | reason | "compromised"                                          | /reason
            key-recover | revoke | []                                                    | nothing
            key-recover | revoke | ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] | /revoke/1
            enroll | limits    | {"types":["suspend"]}                                   | /limits/types/0
            enroll | name      | ""                                                      | /name
            enroll | name      | "a\\u007fb"                                             | /name
            enroll | name      | "a\\u0085b"                                             | /name
            enroll | name      | "a\\u00a0b"                                             | nothing
            decline | reason   | "a\\nb"                                                 | nothing
            decline | reason   | "a\\tb"                                                 | /reason
            report | events    | []                                                      | /events
            report | events    | ["sale"]                                                | /events/0
            report | events    | [{"date":"2026-03-01","type":"sale"}]                   | nothing
            report | events    | [{"whatever":"a line says"}]                            | nothing
            report | proofs    | []                                                      | /proofs
            report | proofs    | [{"event":{},"first":1,"id":"s/0000000001"}]            | /proofs/0/path
            report | first     | 0                                                       | /first
            report | source    | "a/b"                                                   | /source
            declare | totals   | []                                                      | nothing
            declare | totals   | [{"count":1,"type":"sale"},{"count":1,"currency":"EUR","type":"sale"}] | nothing
            declare | totals   | [{"count":1,"type":"sale"},{"count":1,"type":"refund"}] | /totals/1
            declare | totals   | [{"count":1,"type":"sale"},{"count":1,"type":"sale"}]   | /totals/1
            declare | period   | "2026-13"                                               | /period
            declare | period   | "2026-Q5"                                               | /period
            declare | last     | 10000000000                                             | /last
            adjust | amount    | 0                                                       | /amount
            motion | decision  | {"kind":"terminate","cause":"breach","last":"2026-01-01"} | nothing
            motion | decision  | {"kind":"terminate","cause":"breach"}                   | /decision/last
            motion | decision  | {"kind":"dissolve"}                                     | /decision/kind
            """)
    void a_member_of_another_form_is_named(String act, String member, String value, String fault) {
        ActKind kind = ActKind.ofText(act).orElseThrow();
        Body body = bodies().filter(one -> one.kind() == kind).findFirst().orElseThrow();
        TreeMap<String, Json> members = new TreeMap<>(body.members());
        members.put(member, Texts.json(value));

        assertThat(Bodies.of(kind).fault(new Json.Obj(members)).orElse("nothing"))
                .isEqualTo(fault);
    }

    static Stream<Body> bodies() {
        return BODIES.lines().map(ActsTest::body);
    }

    private static Body body(String line) {
        String[] words = line.split(" +", -1);
        TreeMap<String, Json> members = new TreeMap<>();
        List<String> optional = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String name = words[i].substring(0, equals).replace("?", "");
            members.put(name, Texts.json(whole(words[i].substring(equals + 1))));
            if (words[i].startsWith("?")) {
                optional.add(name);
            }
        }
        return new Body(ActKind.ofText(words[0]).orElseThrow(), members, optional);
    }

    private static String whole(String value) {
        Map<String, String> shorts = new TreeMap<>(Map.of(
                "HASH", HASH, "THUMB", THUMB, "TIME", TIME, "KEY", KEY, "ADDRESS", ADDRESS, "EVIDENCE", EVIDENCE));
        shorts.putAll(Map.of("EVENT", EVENT, "PROOF", PROOF, "LIMITS", LIMITS, "RECOVERY", RECOVERY));
        String out = value.replace("0xHEX", "0x" + "ab".repeat(32));
        for (Map.Entry<String, String> one : shorts.entrySet()) {
            out = out.replace(one.getKey(), one.getValue());
        }
        return out;
    }
}
