package org.tallystick.agreement.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BytesTest {

    @Test
    void octets_do_not_change_with_the_array_they_came_from_or_went_to() {
        byte[] array = {1, 2, 3};
        Bytes bytes = Bytes.copyOf(array);

        array[0] = 9;
        bytes.toArray()[1] = 9;

        assertThat(bytes).isEqualTo(Bytes.ofHex("010203")).hasSameHashCodeAs(Bytes.ofHex("010203"));
    }

    @Test
    void octets_are_ordered_as_unsigned_numbers() {
        assertThat(Bytes.ofHex("7f")).isLessThan(Bytes.ofHex("80"));
        assertThat(Bytes.ofHex("00")).isLessThan(Bytes.ofHex("0000"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ff", "c080", "eda080", "f4908080", "e282", "80"})
    void what_is_not_well_formed_utf_8_is_no_text(String hex) {
        assertThat(Bytes.ofHex(hex).utf8()).isEmpty();
    }

    /// Java reads what is no UTF-8 as this character, which may as well stand there.
    @Test
    void the_replacement_character_is_a_character() {
        assertThat(Bytes.ofHex("41efbfbd").utf8()).contains("A\ufffd");
        assertThat(Bytes.ofHex("efbfbdff").utf8()).isEmpty();
    }

    /// RFC 4648 section 10, without its padding.
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "'',''",
        "66,Zg",
        "666f,Zm8",
        "666f6f,Zm9v",
        "666f6f62,Zm9vYg",
        "666f6f6261,Zm9vYmE",
        "fbff,-_8",
        "ffffff,____"
    })
    void base64url_has_one_spelling(String hex, String text) {
        assertThat(Base64Url.encode(Bytes.ofHex(hex))).isEqualTo(text);
        assertThat(Base64Url.decode(text)).contains(Bytes.ofHex(hex));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"Z", "Zg==", "Zg=", "Zh", "Zm9", "Zm 8", "+/8", "Zm8\n", "Zm9vY", "=", "Zm9v\u00e9"})
    void any_other_spelling_is_none(String text) {
        assertThat(Base64Url.decode(text)).isEmpty();
    }

    /// Of the 64 last characters after one, four carry whole octets; of those after two, sixteen.
    @Test
    void bits_that_belong_to_no_octet_are_0() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        assertThat(alphabet.chars().filter(last -> decodes("Z" + (char) last))).hasSize(4);
        assertThat(alphabet.chars().filter(last -> decodes("Zm" + (char) last))).hasSize(16);
        assertThat(alphabet.chars().filter(last -> decodes("Zm9" + (char) last)))
                .hasSize(64);
    }

    private static boolean decodes(String text) {
        return Base64Url.decode(text)
                .filter(octets -> Base64Url.encode(octets).equals(text))
                .isPresent();
    }
}
