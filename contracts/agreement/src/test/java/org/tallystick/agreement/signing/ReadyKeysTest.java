package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Key;

class ReadyKeysTest {

    private static final Bytes SAID = Bytes.ofUtf8("the same bytes");

    private static Key.P256 key(int secret) {
        return Es256.publicKey(BigInteger.valueOf(secret));
    }

    @Test
    void a_key_that_is_ready_is_the_same_key_each_time() {
        ReadyKeys keys = new ReadyKeys();

        assertThat(keys.of(key(7)).orElseThrow()).isSameAs(keys.of(key(7)).orElseThrow());
        assertThat(keys.of(key(7))).isNotEqualTo(keys.of(key(8)));
    }

    @Test
    void what_is_no_point_of_the_curve_stays_none() {
        ReadyKeys keys = new ReadyKeys();
        Key.P256 moved = new Key.P256(key(7).x(), key(8).y());

        assertThat(keys.of(moved)).isEmpty();
        assertThat(keys.of(moved)).isEmpty();
        assertThat(Es256.verify(moved, SAID, Es256.sign(BigInteger.valueOf(7), SAID)))
                .isFalse();
    }

    @Test
    void the_keys_used_longest_ago_are_forgotten() {
        ReadyKeys keys = new ReadyKeys();

        for (int secret = 1; secret <= ReadyKeys.MAX_KEYS + 10; secret++) {
            assertThat(keys.of(key(secret))).isPresent();
        }

        assertThat(keys.size()).isEqualTo(ReadyKeys.MAX_KEYS);
    }

    @Test
    void the_second_check_with_a_key_answers_as_the_first() {
        Bytes good = Es256.sign(BigInteger.valueOf(9), SAID);
        Bytes others = Es256.sign(BigInteger.valueOf(10), SAID);

        for (int time = 0; time < 20; time++) {
            assertThat(Es256.verify(key(9), SAID, good)).isTrue();
            assertThat(Es256.verify(key(9), SAID, others)).isFalse();
            assertThat(Es256.verify(key(9), Bytes.ofUtf8("other bytes"), good)).isFalse();
        }
    }
}
