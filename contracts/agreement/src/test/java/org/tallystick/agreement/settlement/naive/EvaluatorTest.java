package org.tallystick.agreement.settlement.naive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Examples;

/// The naive evaluator is held to the published examples before anything is held to it.
class EvaluatorTest {

    static Stream<String> names() {
        return Examples.NAMES.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void settles_the_public_examples(String name) {
        Json.Obj file = Examples.read(name);
        List<Json> settlements = file.items("settlements");
        String first = ((Json.Obj) settlements.getFirst()).text("period");
        String last = ((Json.Obj) settlements.getLast()).text("period");

        Json.Arr said = new Evaluator(file.object("terms"), file.items("events"), first).settle(last);

        assertThat(said)
                .isEqualTo(Json.array(
                        settlements.stream().map(EvaluatorTest::expected).toList()));
    }

    /// What the case expects, its lines in the order of section 13.3.
    private static Json expected(Json settlement) {
        Json.Obj expected = ((Json.Obj) settlement).object("expected");
        List<Json> lines = expected.items("lines").stream()
                .map(line -> (Json.Obj) line)
                .map(line -> new Posted(
                        line.text("clause"),
                        line.text("from"),
                        line.text("to"),
                        Fraction.read(line.get("amount")).whole(),
                        line.findText("kind"),
                        line.findText("adjusts")))
                .sorted(Posted.ORDER)
                .map(Posted::encode)
                .toList();
        return Json.object()
                .with("period", ((Json.Obj) settlement).text("period"))
                .with("lines", Json.array(lines))
                .with("payments", expected.get("payments"))
                .with("balances", expected.find("balances").orElse(Json.Obj.EMPTY))
                .build();
    }
}
