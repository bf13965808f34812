package org.tallystick.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The search for values in a pack must find what is there.
final class Base64TextTest {

    @ParameterizedTest(name = "after \"{0}\"")
    @ValueSource(strings = {"", "{", "{\"", "a: ", "{\"id\":\""})
    void a_text_is_found_wherever_it_stands_in_a_longer_one(String before) {
        String longer = before + "north/vendor/tips" + "\",\"number\":1}";

        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(longer.getBytes(UTF_8));

        assertThat(Base64Text.of("north/vendor/tips")).anyMatch(encoded::contains);
        assertThat(Base64Text.of("north/vendor/tops")).noneMatch(encoded::contains);
    }
}
