package org.tallystick.agreement.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HashTest {

    @Test
    void the_hash_of_nothing_and_of_abc_are_those_of_fips_180() {
        assertThat(Hash.of(Bytes.EMPTY))
                .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Hash.of(Bytes.ofUtf8("abc")))
                .hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void parts_are_hashed_as_if_they_were_one() {
        Bytes whole = Hash.sha256(Bytes.ofUtf8("abc"));

        assertThat(Hash.sha256(Bytes.ofUtf8("a"), Bytes.EMPTY, Bytes.ofUtf8("bc")))
                .isEqualTo(whole);
    }

    @Test
    void no_hash_is_64_zeros() {
        assertThat(Hash.ZERO.bytes()).isEqualTo(Bytes.copyOf(new byte[32]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"})
    void anything_but_64_lower_case_digits_is_no_hash(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Hash(text));
    }
}
