package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Markers;
import org.tallystick.agreement.state.PartyRecord;

/// The example instructions of `docs/spec`, decided by the whole of the rules: the good ones tell one story, each bad
/// one is met where that story has come to.
final class ExampleInstructionsTest {

    private static final Path FOLDER =
            SharedVectors.path("docs/spec/examples-instruction", "spec/examples-instruction");

    @Test
    void the_good_examples_tell_a_story_from_the_first_registrar_to_a_party_that_is_recovered() {
        List<Path> good = SharedVectors.files(FOLDER.resolve("good"), ".json");
        MemoryLedger ledger = begun(good.getFirst());
        TreeMap<String, String> answers = new TreeMap<>();

        for (Path file : good) {
            Json.Obj answer = submit(ledger, file);
            answers.put(name(file), MemoryLedger.told(answer));
        }

        assertThat(answers.values()).containsOnly("applied");
        assertThat(ledger.json("agr/north/platform/creators").text("settled")).isEqualTo("2026-01");
        assertThat(ledger.json("set/north/platform/creators/2026-01").object("payments"))
                .isEqualTo(expectedPayments());
        assertThat(ledger.json("adj/north/platform/creators/2026-02").items("lines"))
                .hasSize(1);
        assertThat(ledger.json("pty/west/cleo").text("host")).isEqualTo("east");
        assertThat(ledger.json("pty/east/ana").text("host")).isEqualTo("west");
        assertThat(ledger.json("pty/east/ana").whole("keys")).isEqualTo(1);
        assertThat(ledger.json("pty/east/ana").object("recovery").whole("threshold"))
                .isEqualTo(2);
        assertThat(ledger.json("mark/north/platform/market/shop/0000000001").text("booked"))
                .isEqualTo("2026-04");
        assertThat(ledger.json("mark/north/platform/market/shop/0000000002").items("contradicted"))
                .containsExactly(Json.text("west/cleo"));
        assertThat(ledger.json("src/north/platform/market/shop").whole("held")).isEqualTo(3);
        assertThat(ledger.json("set/north/platform/market/2026-04").items("consumed"))
                .allMatch(source -> ((Json.Obj) source).bool("sealed"))
                .hasSize(1);
        assertThat(ledger.json("dec/north/platform/noticed/sales/2026-06").whole("released"))
                .isEqualTo(3);
        assertThat(ledger.json("set/north/platform/noticed/2026-06").items("consumed"))
                .extracting(source -> ((Json.Obj) source).text("source"))
                .containsExactly("sales");
    }

    static Stream<Path> bad() {
        return SharedVectors.files(FOLDER.resolve("bad"), ".json").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void a_bad_example_is_answered_with_its_one_reason(Path file) {
        Json.Obj example = SharedVectors.json(file);
        MemoryLedger ledger = offered(name(file));
        lay(ledger, example);

        Json.Obj answer = submit(ledger, file);

        assertThat(MemoryLedger.told(answer)).isEqualTo(example.text("expect"));
    }

    private static Json.Obj expectedPayments() {
        Json.Obj settled = SharedVectors.json(SharedVectors.path(
                "docs/spec/examples/09a-rounding-per-event.json", "spec/examples/09a-rounding-per-event.json"));
        return ((Json.Obj) settled.items("settlements").getFirst())
                .object("expected")
                .object("payments");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static MemoryLedger begun(Path first) {
        Json.Obj example = SharedVectors.json(first);
        return MemoryLedger.begun(new Hash(example.object("state").text("ledger")), false, example.text("time"));
    }

    /// Members, parties and the offer; an example that is an offer itself comes before it.
    private static MemoryLedger offered(String example) {
        List<Path> good = SharedVectors.files(FOLDER.resolve("good"), ".json");
        MemoryLedger ledger = begun(good.getFirst());
        String until = example.contains("offer") ? "08" : "09";
        for (Path file : good) {
            if (name(file).compareTo(until) < 0) {
                assertThat(MemoryLedger.told(submit(ledger, file)))
                        .as(name(file))
                        .isEqualTo("applied");
            }
        }
        return ledger;
    }

    /// The keys, markers and recoveries that the example says are there, and no other keys.
    private static void lay(MemoryLedger ledger, Json.Obj example) {
        ledger.state.keySet().removeIf(key -> key.matches("(key|kid|once)/.*"));
        for (Map.Entry<String, Json> key : example.object("keys").members().entrySet()) {
            TreeMap<String, Json> members = new TreeMap<>(((Json.Obj) key.getValue()).members());
            members.putIfAbsent("at", Json.text("2025-01-01T00:00:00Z"));
            ledger.state.put("key/" + key.getKey().replace('#', '/'), new Json.Obj(members).canonical());
        }
        Json.Obj state = example.object("state");
        for (Map.Entry<String, Json> marker : state.object("once").members().entrySet()) {
            Json.Obj value = Json.object()
                    .with("hash", ((Json.Text) marker.getValue()).value())
                    .with("verdict", Json.Obj.EMPTY)
                    .build();
            int id = marker.getKey().lastIndexOf('/') + 1;
            ledger.state.put(
                    "once/" + marker.getKey().substring(0, id + Markers.SHORTEST),
                    Json.object()
                            .with(
                                    "markers",
                                    Json.object()
                                            .with(marker.getKey().substring(id), value)
                                            .build())
                            .build()
                            .canonical());
        }
        if (state.has("recovery")) {
            for (Map.Entry<String, Json> named :
                    state.object("recovery").members().entrySet()) {
                String key = Keys.party(named.getKey());
                PartyRecord before = PartyRecord.decode(ledger.json(key));
                TreeMap<String, Json> members = new TreeMap<>(before.encode().members());
                TreeMap<String, Json> recovery = new TreeMap<>(((Json.Obj) named.getValue()).members());
                Optional.ofNullable(recovery.remove("replaced"))
                        .ifPresent(replaced -> members.put("replaced", replaced));
                members.put("recovery", new Json.Obj(recovery));
                ledger.state.put(key, new Json.Obj(members).canonical());
            }
        }
    }

    /// Sent by the member whose registrar the file's name says; who carries another act makes no difference.
    private static Json.Obj submit(MemoryLedger ledger, Path file) {
        Json.Obj example = SharedVectors.json(file);
        String member = name(file).replaceFirst(".*-registrar-(.*)\\.json", "$1");
        return ledger.submit(example.text("time"), member, Bytes.ofUtf8(example.text("envelope")))
                .getFirst();
    }
}
