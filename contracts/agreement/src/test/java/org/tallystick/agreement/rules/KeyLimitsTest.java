package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.agreement.rules.KeyStory.ANA;
import static org.tallystick.agreement.rules.KeyStory.PLATFORM;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Act.EventProof;
import org.tallystick.agreement.instruction.Act.Evidence;
import org.tallystick.agreement.instruction.Act.KeyLimits;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;

/// A key signs events of its types and amounts up to its own, and nothing else.
final class KeyLimitsTest {

    private static final String CLERK = "north/platform 2";
    private static final String ANAS = "east/ana 2";

    private Story story;
    private KeyStory keys;

    @BeforeEach
    void keys_with_limits() {
        story = Story.inForce();
        keys = new KeyStory(story);
        KeyLimits limits = new KeyLimits(Optional.of(BigInteger.valueOf(1000)), Optional.of(List.of("refund", "sale")));
        story.applies(keys.add(CLERK, Purpose.ALL, Optional.of(limits), PLATFORM));
        story.applies(keys.add(ANAS, Purpose.ALL, Optional.of(limits), ANA));
        story.moveTo("2026-01-20T00:00:00Z");
    }

    private Bytes report(String... events) {
        Act act = new Act.Report(
                new SourceId("sales"), 1, Stream.of(events).map(Story::object).toList(), List.of());
        return story.sign(story.payload(PLATFORM, act), CLERK);
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            # event                                                                    | answer          | limit
            {"amount":1000,"currency":"JPY","date":"2026-01-15","type":"sale"}         | applied         |
            {"amount":"1000","currency":"JPY","date":"2026-01-15","type":"sale"}       | applied         |
            {"amount":1001,"currency":"JPY","date":"2026-01-15","type":"sale"}         | key_limit       | amount
            {"amount":"1001","currency":"JPY","date":"2026-01-15","type":"sale"}       | key_limit       | amount
            {"amount":1001,"currency":"USD","date":"2026-01-15","type":"sale"}         | key_limit       | amount
            {"amount":"999999999999999999999999999999","date":"2026-01-15","type":"sale"} | key_limit    | amount
            {"amount":1,"currency":"JPY","date":"2026-01-15","type":"cost"}            | key_limit       | types
            {"amount":1001,"currency":"JPY","date":"2026-01-15","type":"cost"}         | key_limit       | types
            {"amount":1,"date":"2026-01-15"}                                           | key_limit       | types
            {"amount":1,"date":"2026-01-15","type":7}                                  | key_limit       | types
            {"amount":-1,"date":"2026-01-15","type":"sale"}                            | events_refused  |
            {"amount":"1e9","date":"2026-01-15","type":"sale"}                         | events_refused  |
            {"amount":"01001","date":"2026-01-15","type":"sale"}                       | events_refused  |
            """)
    void each_event_of_a_report_is_held_against_the_limits(String event, String code, String limit) {
        Json.Obj answer = story.submit(
                report("{\"amount\":1,\"currency\":\"JPY\",\"date\":\"2026-01-15\",\"type\":\"sale\"}", event));

        assertThat(MemoryLedger.told(answer)).isEqualTo(code);
        if (limit != null) {
            assertThat(answer.object("values"))
                    .isEqualTo(Json.object()
                            .with("kid", PLATFORM + "#" + keys.thumb(CLERK))
                            .with("limit", limit)
                            .build());
        }
    }

    @Test
    void a_refusal_by_a_limit_is_a_verdict_and_takes_no_number() {
        Bytes report = report("{\"amount\":1001,\"date\":\"2026-01-15\",\"type\":\"sale\"}");

        assertThat(story.told(report)).isEqualTo("key_limit");

        assertThat(story.submit(report).bool("repeat")).isTrue();
        assertThat(story.ledger.state).doesNotContainKey("src/" + Story.AGREEMENT + "/sales");
        assertThat(story.told(story.report(1, Story.sale("2026-01-15", 1001)))).isEqualTo("applied");
    }

    @Test
    void the_events_that_a_key_attests_contradicts_or_claims_are_held_against_its_limits() {
        Json.Obj large = Story.sale("2026-01-15", 1001);
        Json.Obj cost = Story.with(Story.sale("2026-01-15", 1), "type", "\"cost\"");
        Evidence evidence = new Evidence(Hash.ZERO, "invoice", 1);

        for (Json.Obj event : List.of(large, cost)) {
            EventProof proof = new EventProof(EventId.parse("sales/0000000001").orElseThrow(), event, 1, List.of());
            for (Act act : List.of(
                    new Act.Attest(List.of(proof)),
                    new Act.Contradict(List.of(proof), "no", Optional.empty()),
                    new Act.Claim(new SourceId("sales"), event, evidence, Optional.empty()))) {
                assertThat(story.told(story.sign(story.payload(ANA, act), ANAS)))
                        .as(act.kind().text())
                        .isEqualTo("key_limit");
                assertThat(story.told(story.sign(story.payload(ANA, act), ANA)))
                        .as(act.kind().text())
                        .isNotEqualTo("key_limit");
            }
        }
    }

    /// These acts come later; the limit is there before them.
    @ParameterizedTest(name = "{0}")
    @CsvSource({"1000,not_supported_yet", "1001,key_limit", "'\"1001\"',key_limit", "'{}',not_supported_yet"})
    void an_amount_in_a_body_is_held_against_the_limit(String amount, String code) {
        Payload asked = story.payload(ANA, new Act.Close("2026-01"));
        Payload paid = new Payload(
                asked.ledger(),
                ActKind.PAYMENT_SENT,
                asked.party(),
                asked.id(),
                asked.from(),
                asked.until(),
                asked.scope(),
                Story.object("{\"amount\":" + amount + "}"));

        assertThat(story.told(story.sign(paid, ANAS))).isEqualTo(code);
    }

    @Test
    void what_has_no_event_and_no_amount_has_no_limit() {
        story.applies(story.report(1, 3, "2026-01-15"));
        story.moveTo("2026-02-01T08:00:00Z");

        assertThat(story.told(story.sign(
                        story.payload(
                                PLATFORM,
                                new Act.Declare(
                                        new SourceId("sales"),
                                        "2026-01",
                                        3,
                                        3,
                                        0,
                                        List.of(new Act.Total(
                                                "sale",
                                                Optional.of("JPY"),
                                                3,
                                                Optional.of(BigInteger.valueOf(300)),
                                                Optional.empty())))),
                        CLERK)))
                .isEqualTo("applied");
        assertThat(story.told(story.sign(story.payload(PLATFORM, new Act.Close("2026-01")), CLERK)))
                .isEqualTo("applied");
    }

    @Test
    void the_purpose_is_looked_at_before_the_limits() {
        KeyLimits none = new KeyLimits(Optional.of(BigInteger.ZERO), Optional.empty());
        story.applies(keys.add("north/platform 3", List.of(Purpose.SIGN), Optional.of(none), PLATFORM));
        Act act = new Act.Report(new SourceId("sales"), 1, List.of(Story.sale("2026-01-15", 100)), List.of());

        assertThat(story.told(story.sign(story.payload(PLATFORM, act), "north/platform 3")))
                .isEqualTo("key_purpose");
    }

    @Test
    void a_key_with_limits_that_administers_registers_keys_without() {
        assertThat(keys.told(keys.add("north/platform 3", Purpose.ALL, CLERK))).isEqualTo("applied");

        assertThat(keys.key("north/platform 3").limits()).isEmpty();
        assertThat(keys.record(new PartyId(PLATFORM).text()).keys()).isEqualTo(3);
    }
}
