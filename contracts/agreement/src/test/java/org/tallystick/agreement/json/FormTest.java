package org.tallystick.agreement.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.bytes.Bytes;

final class FormTest {

    private static final Form POINT =
            Form.object(Map.of("x", Form.whole(0, 9), "y", Form.whole(0, 9)), Map.of("a/b", Form.bool()));
    private static final Form SHAPE = Form.tagged(
            "kind",
            Map.of(
                    "dot", Form.object(Map.of("at", POINT, "kind", Form.oneOf("dot"))),
                    "path", Form.object(Map.of("kind", Form.oneOf("path"), "points", Form.array(POINT, 1, 2)))));

    @ParameterizedTest(name = "{0} is at fault in \"{1}\"")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"at":{"x":1,"y":2},"kind":"dot"}                    | fits
            {"at":{"a/b":true,"x":1,"y":2},"kind":"dot"}         | fits
            {"kind":"path","points":[{"x":1,"y":2}]}             | fits
            7                                                    | ``
            {}                                                   | /kind
            {"kind":3}                                           | /kind
            {"kind":"line"}                                      | /kind
            {"kind":"dot"}                                       | /at
            {"at":{"x":1},"kind":"dot"}                          | /at/y
            {"at":{"a/b":1,"x":1,"y":2},"kind":"dot"}            | /at/a~1b
            {"at":{"x":1,"y":2,"z":3},"kind":"dot"}              | /at/z
            {"kind":"path","points":[]}                          | /points
            {"kind":"path","points":[{"x":1,"y":2},{"x":1,"y":10}]} | /points/1/y
            """)
    void a_fault_is_named_by_its_pointer(String text, String fault) {
        Json json = read(text);

        assertThat(SHAPE.fault(json).orElse("fits")).isEqualTo(fault);
    }

    @Test
    void what_must_ascend_may_not_repeat() {
        Form words = Form.ascendingTexts(Form.oneOf("a", "b", "c"), 0, 3);

        assertThat(words.fault(read("[\"a\",\"c\"]"))).isEmpty();
        assertThat(words.fault(read("[\"a\",\"a\"]"))).contains("/1");
        assertThat(words.fault(read("[\"a\",\"c\",\"b\"]"))).contains("/2");
        assertThat(words.fault(read("[\"a\",\"d\"]"))).contains("/1");
    }

    private static Json read(String text) {
        return switch (JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.SIGNED)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault fault -> throw new IllegalArgumentException(text + ": " + fault);
        };
    }
}
