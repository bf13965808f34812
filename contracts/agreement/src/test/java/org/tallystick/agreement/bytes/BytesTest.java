package org.tallystick.agreement.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    /// A part that is not copied is what a copied one is.
    @Test
    void a_part_within_others_is_like_one_that_stands_alone() {
        Bytes whole = Bytes.ofUtf8("abcdefgh");

        Bytes within = whole.within(2, 6);
        Bytes inner = within.within(1, 3);

        assertThat(within).isEqualTo(Bytes.ofUtf8("cdef")).hasSameHashCodeAs(Bytes.ofUtf8("cdef"));
        assertThat(inner).isEqualTo(within.slice(1, 3)).isEqualTo(inner.alone()).hasToString("6465 (2 bytes)");
        assertThat(inner.at(0)).isEqualTo('d');
        assertThat(inner.utf8()).contains("de");
        assertThat(inner.toHex()).isEqualTo("6465");
        assertThat(inner.toBase64()).isEqualTo("ZGU=");
        assertThat(inner.toArray()).hasSize(2);
        assertThat(within.compareTo(whole)).isPositive();
        assertThat(Bytes.concat(inner, within)).isEqualTo(Bytes.ofUtf8("decdef"));
        assertThat(Hash.of(within)).isEqualTo(Hash.of(Bytes.ofUtf8("cdef")));
        assertThatThrownBy(() -> inner.at(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> within.within(2, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> within.slice(0, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.sharing(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest(name = "{0} in {1} at {2}")
    @CsvSource({"a,abca,3", "ab,abca,0", "abca,abca,0", "x,abca,-1", "abcab,abca,-1", "a,'',-1"})
    void octets_are_found_where_they_stand_last(String octets, String in, int at) {
        assertThat(Bytes.ofUtf8("a" + in + "a").within(1, 1 + in.length()).lastIndexOf(Bytes.ofUtf8(octets)))
                .isEqualTo(at);
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
