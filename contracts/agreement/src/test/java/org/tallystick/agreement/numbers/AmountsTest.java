package org.tallystick.agreement.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.json.Json;

class AmountsTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "9007199254740991", "9007199254740992", "999999999999999999999999999999"})
    void an_amount_may_be_written_in_up_to_thirty_digits(String digits) {
        assertThat(Amounts.read(Json.text(digits))).hasValue(new BigInteger(digits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "01", "1.0", "+1", "1000000000000000000000000000000"})
    void nothing_else_is_an_amount(String text) {
        assertThat(Amounts.read(Json.text(text))).isEmpty();
    }

    @Test
    void a_negative_integer_is_no_amount() {
        assertThat(Amounts.read(Json.whole(-1))).isEmpty();
        assertThat(Amounts.read(Json.bool(true))).isEmpty();
        assertThat(Amounts.read(new Json.Inexact("1.5"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-7", "9007199254740991", "9007199254740992", "-9007199254740992", "1000000000000000000000"
            })
    void what_is_beyond_two_to_the_53_is_spelled_as_a_string(String digits) {
        BigInteger amount = new BigInteger(digits);

        Json spelled = Amounts.encode(amount);

        assertThat(spelled instanceof Json.Whole).isEqualTo(amount.abs().bitLength() <= 53);
        assertThat(Amounts.decode(spelled)).isEqualTo(amount);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+1", "-0", "01", "1.0", "x"})
    void what_was_never_encoded_is_not_decoded(String text) {
        assertThatThrownBy(() -> Amounts.decode(Json.text(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an amount: ");
    }
}
