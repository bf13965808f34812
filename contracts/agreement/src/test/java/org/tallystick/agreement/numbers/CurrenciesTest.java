package org.tallystick.agreement.numbers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;

class CurrenciesTest {

    @ParameterizedTest(name = "{0} has {1} decimals")
    @CsvSource({"USD, 2", "EUR, 2", "JPY, 0", "KWD, 3", "CLF, 4", "UYW, 4", "XOF, 0", "ZWG, 2"})
    void the_exponent_is_pinned(String code, int exponent) {
        assertThat(Currencies.exponent(code)).hasValue(exponent);
    }

    @Test
    void what_has_no_minor_unit_is_no_currency() {
        assertThat(Currencies.knows("XAU")).isFalse();
        assertThat(Currencies.knows("usd")).isFalse();
        assertThat(Currencies.exponent("ABC")).isEmpty();
    }

    @Test
    void the_table_is_the_published_one() {
        Json.Obj published = SharedVectors.json(SharedVectors.path("data/minor_units.json"));
        SortedMap<String, Integer> exponents = new TreeMap<>();
        published.members().forEach((code, exponent) -> {
            if (exponent instanceof Json.Whole(var decimals)) {
                exponents.put(code, (int) decimals);
            }
        });

        assertThat(Currencies.all()).isEqualTo(exponents);
    }
}
