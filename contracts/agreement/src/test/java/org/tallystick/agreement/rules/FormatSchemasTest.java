package org.tallystick.agreement.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Mutations;
import org.tallystick.agreement.Schemas;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.Act.KeyLimits;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;

/// The schemas of instructions, documents and the ledger's own values hold for what the rules read and write.
final class FormatSchemasTest {

    private static final int MUTATIONS = 10;
    private static final Path FOLDER =
            SharedVectors.path("docs/spec/examples-instruction", "spec/examples-instruction");

    /// Bad examples whose form is that of no instruction; all others are refused for their spelling or what they say.
    private static final List<String> WITHOUT_FORM = List.of(
            "04-unprotected-header",
            "05-flattened",
            "06-no-signature",
            "07-padding",
            "08-trailing-bits",
            "12-extra-member",
            "13-missing-member",
            "14-null",
            "18-too-big-number",
            "19-lone-surrogate",
            "20-bad-utf8",
            "21-too-deep",
            "22-too-large",
            "28-short-signature",
            "49-id-lower-case",
            "50-date-not-real",
            "52-version-2",
            "53-act-unknown",
            "59-not-rfc8785-order",
            "60-proofs-missing-path",
            "71-attest-nothing",
            "72-contradict-no-reason",
            "73-claim-no-evidence",
            "74-claim-no-event",
            "75-claim-answer-both",
            "76-claim-answer-neither",
            "78-seal-no-source",
            "79-take-back-no-period",
            "83-key-add-no-limit",
            "92-key-recover-twice");

    /// Keys whose values are the engine's own: no verifier reads them (`ledger-1` section 3).
    private static boolean isOpen(String key) {
        return key.matches("(fig|one|past|roll)/.*");
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /// The faults of an envelope and, if it can be read, of its payload.
    private static List<String> faults(String envelope) {
        List<String> faults = new ArrayList<>();
        try {
            faults.addAll(Schemas.faults("instruction-1", envelope));
            if (JsonReader.read(Bytes.ofUtf8(envelope), JsonReader.Profile.FILE)
                            instanceof JsonReader.Value(Json.Obj parsed)
                    && parsed.find("payload").orElse(Json.Obj.EMPTY) instanceof Json.Text(var payload)) {
                faults.addAll(Schemas.faults(
                        "instruction-1#/$defs/payload",
                        new String(Base64.getUrlDecoder().decode(payload), UTF_8)));
            }
        } catch (IllegalArgumentException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
        return faults;
    }

    @Test
    void mappings_have_the_form_of_their_schema_and_others_do_not() {
        List<Path> examples =
                SharedVectors.files(SharedVectors.path("docs/spec/examples-mapping", "spec/examples-mapping"), ".json");
        List<String> wrong = List.of(
                "{\"mapping\":\"2\",\"event\":{\"type\":{\"value\":\"sale\"},\"date\":{\"column\":\"d\"}}}",
                "{\"mapping\":\"1\",\"event\":{\"type\":{\"value\":\"sale\"}}}",
                "{\"mapping\":\"1\",\"event\":{\"type\":{\"value\":\"sale\"},\"date\":{\"column\":\"\"}}}",
                "{\"mapping\":\"1\",\"numbers\":\"1.0\",\"event\":{\"type\":{\"value\":\"sale\"},\"date\":{\"column\":\"d\"}}}",
                "{\"mapping\":\"1\",\"event\":{\"type\":{\"column\":\"t\",\"value\":\"sale\"},\"date\":{\"column\":\"d\"}}}");

        assertThat(examples).hasSize(2);
        for (Path example : examples) {
            assertThat(Schemas.faults("mapping-1", SharedVectors.json(example)))
                    .as(example.toString())
                    .isEmpty();
        }
        for (String mapping : wrong) {
            assertThat(Schemas.faults("mapping-1", mapping)).as(mapping).isNotEmpty();
        }
    }

    @Test
    void the_good_examples_have_the_form_of_instructions() {
        for (Path file : SharedVectors.files(FOLDER.resolve("good"), ".json")) {
            assertThat(faults(SharedVectors.json(file).text("envelope")))
                    .as(file.toString())
                    .isEmpty();
        }
    }

    @Test
    void the_bad_examples_without_such_a_form_are_refused_and_the_others_are_not() {
        List<String> refused = new ArrayList<>();
        for (Path file : SharedVectors.files(FOLDER.resolve("bad"), ".json")) {
            if (!faults(SharedVectors.json(file).text("envelope")).isEmpty()) {
                refused.add(String.valueOf(file.getFileName()).replace(".json", ""));
            }
        }

        assertThat(refused).containsExactlyElementsOf(WITHOUT_FORM);
    }

    /// The schema of each value is named after the first part of its key.
    private static String schemaOf(String key) {
        if (key.startsWith("doc/")) {
            return "agreement-1";
        }
        if (key.matches("set/.*/[0-9]+")) {
            return "ledger-1#/$defs/set:lines";
        }
        String first = key.contains("/") ? key.substring(0, key.indexOf('/')) : key;
        return "ledger-1#/$defs/" + (first.equals("set") ? "settlement" : first);
    }

    @Test
    void every_value_response_and_event_that_the_rules_write_has_its_form() {
        Story story = Story.inForce().at("2026-02-01T08:00:00Z");
        List<Json> responses = new ArrayList<>();
        for (Bytes envelope : List.of(
                story.report(1, 3, "2026-01-15"),
                story.report(9, 3, "2026-01-15"),
                story.report(1, 3, "2026-01-15"),
                story.declare("2026-01", 3, 3, 301),
                story.declare("2026-01", 3, 3, 300),
                story.close("2026-01"),
                story.close("2026-02"))) {
            responses.add(story.submit(envelope));
        }

        TreeSet<String> kinds = new TreeSet<>();
        for (Map.Entry<String, Bytes> entry : story.ledger.state.entrySet()) {
            if (isOpen(entry.getKey())) {
                continue;
            }
            String schema = schemaOf(entry.getKey());
            kinds.add(schema.replaceFirst(".*/", ""));
            assertThat(Schemas.faults(schema, story.ledger.json(entry.getKey())))
                    .as(entry.getKey() + " " + entry.getValue().utf8().orElseThrow())
                    .isEmpty();
        }
        for (Json response : responses) {
            assertThat(Schemas.faults("ledger-1#/$defs/item", response))
                    .as(response.toString())
                    .isEmpty();
        }
        for (Json event : story.ledger.events) {
            assertThat(Schemas.faults("ledger-1#/$defs/event", event))
                    .as(event.toString())
                    .isEmpty();
        }
        assertThat(kinds)
                .contains("net", "agr", "off", "src", "run", "ev", "tot", "dec", "settlement", "set:lines", "itm");
    }

    @Test
    void the_records_and_answers_of_acts_on_keys_have_their_form() {
        KeyStory keys = new KeyStory(Story.withParties());
        KeyLimits limits = new KeyLimits(Optional.of(BigInteger.TWO.pow(80)), Optional.of(List.of("refund", "sale")));
        LedgerTime later = keys.story.now().plus(Duration.ofDays(1));
        List<Json> responses = new ArrayList<>();
        for (Bytes envelope : List.of(
                keys.recoverySet("east/ana", KeyStory.recovery(1, "east/ben")),
                keys.recoverySet("east/ana", KeyStory.recovery(1, "west/cleo")),
                keys.add(
                        "east/ana 2",
                        Purpose.ALL,
                        Optional.of(limits),
                        Optional.of(keys.story.now()),
                        Optional.of(later),
                        "east/ana"),
                keys.rotate("east/ana 2", "east/ana 3"),
                keys.revoke("east/ana", "east/ana"),
                keys.revoke("east/ana 2", "east/ana"),
                keys.compromised("east/ana", "2025-12-20T09:00:00Z", "east/ana 3"),
                keys.recover("east/ana 4", List.of("east/ana 3"), "west/cleo"),
                keys.compromised("east/ana 4", "2025-12-20T09:00:00Z", "east/ana 4"))) {
            responses.add(keys.story.submit(envelope));
        }

        assertThat(keys.record("east/ana").keys()).isZero();
        assertThat(keys.record("east/ana").replaced()).isNotEmpty();
        keys.story
                .ledger
                .state
                .keySet()
                .forEach(key -> assertThat(Schemas.faults(schemaOf(key), keys.story.ledger.json(key)))
                        .as(key)
                        .isEmpty());
        assertThat(responses)
                .allSatisfy(response -> assertThat(Schemas.faults("ledger-1#/$defs/item", response))
                        .as(response.toString())
                        .isEmpty());
    }

    @Test
    void a_value_of_the_state_with_a_stranger_in_it_is_refused() {
        Story story = Story.inForce();

        for (String key : story.ledger.state.keySet()) {
            TreeMap<String, Json> members = new TreeMap<>(story.ledger.json(key).members());
            members.put("stranger", Json.whole(1));

            assertThat(Schemas.faults(schemaOf(key), new Json.Obj(members)))
                    .as(key)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_document_that_the_code_accepts_the_schema_accepts(long seed) {
        Json.Obj document = Story.withParties().document();
        Mutations mutations = new Mutations(seed);

        assertThat(Schemas.faults("agreement-1", document)).isEmpty();
        for (int i = 0; i < MUTATIONS; i++) {
            Json mutated = mutations.of(document);
            if (mutated instanceof Json.Obj object && DocumentReader.read(object) instanceof DocumentReading.Accepted) {
                assertThat(Schemas.faults("agreement-1", mutated))
                        .as(mutated.toString())
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_payload_that_the_code_reads_the_schema_accepts(long seed) {
        Mutations mutations = new Mutations(seed);
        for (Path file : SharedVectors.files(FOLDER.resolve("good"), ".json")) {
            Signed signed =
                    (Signed) Signed.read(Bytes.ofUtf8(SharedVectors.json(file).text("envelope")));
            JsonReader.Value payload = (JsonReader.Value) JsonReader.readCanonical(signed.payloadBytes());
            Json mutated = withJudgedBody((Json.Obj) payload.json(), mutations.of(payload.json()));

            if (read(signed.envelope(), mutated).isPresent()) {
                assertThat(Schemas.faults("instruction-1#/$defs/payload", mutated))
                        .as(mutated.toString())
                        .isEmpty();
            }
        }
    }

    /// Documents, events, also those in proofs, and the bodies of acts that are not enforced yet are judged by the
    /// rules, not when they are read: these bodies stay as they were.
    private static Json withJudgedBody(Json.Obj payload, Json mutated) {
        boolean judged = List.of("offer", "report", "attest", "contradict", "claim-answer", "adjust")
                .contains(payload.text("act"));
        if (judged && mutated instanceof Json.Obj(var members) && members.containsKey("body")) {
            TreeMap<String, Json> kept = new TreeMap<>(members);
            kept.put("body", payload.get("body"));
            return new Json.Obj(kept);
        }
        return mutated;
    }

    /// The instruction with another payload, if it can be read; signatures are judged later.
    private static Optional<Signed> read(Bytes envelope, Json payload) {
        if (JsonReader.readCanonical(envelope) instanceof JsonReader.Value(Json.Obj members)) {
            TreeMap<String, Json> changed = new TreeMap<>(members.members());
            changed.put("payload", Json.text(Base64Url.encode(payload.canonical())));
            return Signed.read(new Json.Obj(changed).canonical()) instanceof Signed signed
                    ? Optional.of(signed)
                    : Optional.empty();
        }
        return Optional.empty();
    }
}
