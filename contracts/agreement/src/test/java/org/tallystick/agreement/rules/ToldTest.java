package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;

/// Answers as a response tells them, and as they are put together again.
final class ToldTest {

    private final Story story = Story.inForce().at("2026-02-01T08:00:00Z");
    private final Bytes report = story.report(1, 3, "2026-01-15");
    private final Bytes again = story.report(2, 1, "2026-01-15");
    private final Bytes declared = story.declare("2026-01", 3, 3, 300);

    private Json.Obj response() {
        return ((Transactions.Done) story.ledger.attempt(
                        "2026-02-01T08:00:00Z", "north", MemoryLedger.NO_HINTS, report, again, declared))
                .response();
    }

    @Test
    void an_applied_report_is_told_briefly_and_every_answer_is_read_at_full_length() {
        Json.Obj response = response();

        List<Json.Obj> answers =
                Told.answers(List.of(report, again, declared), response).orElseThrow();

        assertThat(response.items("items").getFirst()).isEqualTo(Story.object("{\"booked\":{\"2026-01\":3}}"));
        assertThat(response.text("t")).isEqualTo("2026-02-01T08:00:00Z");
        assertThat(answers.getFirst())
                .isEqualTo(Story.object("{\"effects\":[{\"booked\":{\"2026-01\":3},\"first\":1,\"held\":0,"
                        + "\"kind\":\"report\",\"last\":3}],\"hash\":\"" + ((Signed) Signed.read(report)).instruction()
                        + "\",\"result\":\"applied\",\"t\":\"2026-02-01T08:00:00Z\",\"verdict\":\"1\"}"));
        assertThat(answers.subList(1, 3))
                .isEqualTo(response.items("items").subList(1, 3))
                .extracting(MemoryLedger::told)
                .containsExactly("taken", "applied");
    }

    @Test
    void a_response_without_a_brief_answer_tells_no_time() {
        story.applies(report);

        assertThat(response().has("t")).isFalse();
    }

    @Test
    void what_is_held_is_told_if_there_is_any() {
        Act.Report of = (Act.Report) ((Signed) Signed.read(report)).payload().act();

        Json.Obj effect = Told.effect(of, Json.Obj.EMPTY, 2);

        assertThat(Told.briefly(effect)).isEqualTo(Story.object("{\"booked\":{},\"held\":2}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"booked\":{\"2026-01\":3},\"first\":1}",
                "{\"booked\":{\"2026-01\":3},\"held\":0}",
                "{\"booked\":{\"2026-01\":3},\"held\":\"1\"}",
                "{\"booked\":3}",
                "{\"effects\":[{\"booked\":{\"2026-01\":3},\"first\":1,\"held\":0,\"kind\":\"report\",\"last\":3}]}"
            })
    void what_the_ledger_would_tell_otherwise_is_no_answer(String item) {
        Json.Obj response = with(response(), "items", Json.array(List.of(Story.object(item))));

        assertThat(Told.answers(List.of(report), response)).isEmpty();
    }

    @Test
    void a_brief_answer_fits_a_report_at_a_time_and_nothing_else() {
        Json.Obj response = response();
        Json.Obj brief = (Json.Obj) response.items("items").getFirst();
        TreeMap<String, Json> dateless = new TreeMap<>(response.members());
        dateless.remove("t");

        assertThat(Told.whole(response, brief, Signed.read(report))).isPresent();
        assertThat(Told.whole(response, brief, Signed.read(declared))).isEmpty();
        assertThat(Told.whole(response, brief, Signed.read(Bytes.ofUtf8("{}")))).isEmpty();
        assertThat(Told.whole(new Json.Obj(dateless), brief, Signed.read(report)))
                .isEmpty();
        assertThat(Told.answers(List.of(), response)).isEmpty();
        assertThat(Told.answers(List.of(report), Json.Obj.EMPTY)).isEqualTo(Optional.empty());
    }

    private static Json.Obj with(Json.Obj object, String name, Json value) {
        TreeMap<String, Json> members = new TreeMap<>(object.members());
        members.put(name, value);
        return new Json.Obj(members);
    }
}
