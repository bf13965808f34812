package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;

/// The example instructions of the text, as far as the envelope decides them: steps 1, 4 and 5 of the checks.
final class ExamplesTest {

    /// What later steps answer, or those between: the envelope has nothing against it.
    private static final Set<String> OF_OTHER_STEPS = Set.of(
            "ok", "wrong_ledger", "id_reused", "key_purpose", "key_limit", "not_yet_valid", "expired", "version_wrong");
    /// Refused by step 3, before its signature is looked at, which is wrong.
    private static final String REFUSED_BEFORE_ITS_SIGNATURE = "55-long-expired.json";

    @Test
    void the_envelope_answers_each_example_as_the_text_says_or_lets_it_pass_to_later_steps() {
        Path folder = SharedVectors.path("docs/spec/examples-instruction", "spec/examples-instruction");
        Map<String, Integer> answers = new TreeMap<>();

        for (Path file : SharedVectors.files(folder, ".json")) {
            Json.Obj example = SharedVectors.json(file);
            String expected = example.text("expect");
            String name = String.valueOf(file.getFileName());
            boolean passes = OF_OTHER_STEPS.contains(expected) && !name.equals(REFUSED_BEFORE_ITS_SIGNATURE);

            String answer = answer(example);

            assertThat(answer)
                    .as(name)
                    .isEqualTo(
                            passes
                                    ? "passes"
                                    : name.equals(REFUSED_BEFORE_ITS_SIGNATURE) ? "signature_wrong" : expected);
            answers.merge(answer, 1, Integer::sum);
        }

        assertThat(answers.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(85);
        assertThat(answers.get("passes")).isGreaterThanOrEqualTo(20);
    }

    private static String answer(Json.Obj example) {
        return switch (Signed.read(Bytes.ofUtf8(example.text("envelope")))) {
            case Answered(No no) -> no.code().text();
            case Signed signed ->
                switch (signed.verify(
                        LedgerTime.of(example.text("time")),
                        kid -> record(example, kid),
                        party -> recovery(example, party))) {
                    case Answered(No no) -> no.code().text();
                    case Verified verified -> {
                        assertThat(verified.payload().bytes()).isEqualTo(signed.payloadBytes());
                        yield "passes";
                    }
                };
        };
    }

    /// Those replaced less than 14 days ago, then those named last.
    private static List<Recovery> recovery(Json.Obj example, PartyId party) {
        Json.Obj state = example.object("state");
        if (!state.has("recovery") || !state.object("recovery").has(party.text())) {
            return List.of();
        }
        Json.Obj last = state.object("recovery").object(party.text());
        List<Json> replaced = last.has("replaced") ? last.items("replaced") : List.of();
        LedgerTime time = LedgerTime.of(example.text("time"));
        return Stream.concat(
                        replaced.stream()
                                .map(one -> (Json.Obj) one)
                                .filter(one -> time.isBefore(LedgerTime.of(one.text("until")))),
                        Stream.of(last))
                .map(Recovery::of)
                .toList();
    }

    /// The examples leave out when a key was registered.
    private static Optional<KeyRecord> record(Json.Obj example, Kid kid) {
        return example.object("keys").find(kid.text()).map(json -> {
            TreeMap<String, Json> members = new TreeMap<>(((Json.Obj) json).members());
            members.putIfAbsent("at", Json.text("2025-01-01T00:00:00Z"));
            Bytes value = new Json.Obj(members).canonical();
            KeyRecord record = KeyRecord.decode(value);
            assertThat(record.encode()).isEqualTo(value);
            return record;
        });
    }
}
