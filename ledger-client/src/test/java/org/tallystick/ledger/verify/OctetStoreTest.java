package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;

/// Octets that were put away are found again, in memory and in the file behind it.
final class OctetStoreTest {

    private static Bytes octets(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Bytes.copyOf(octets);
    }

    @Test
    void what_is_added_is_read_again_in_any_order_while_more_is_added() {
        Random random = new Random(1);
        try (OctetStore store = new OctetStore()) {
            List<Bytes> added = new ArrayList<>();
            List<Long> places = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                Bytes octets = octets(random, i % 500 == 0 ? 200_000 : random.nextInt(9_000));
                added.add(octets);
                places.add(store.add(octets));
                int any = random.nextInt(added.size());
                assertThat(store.read(places.get(any))).isEqualTo(added.get(any));
            }

            for (int i = 0; i < added.size(); i++) {
                assertThat(store.read(places.get(i))).isEqualTo(added.get(i));
            }
        }
    }

    @Test
    void one_value_may_be_as_large_as_the_largest_message_and_not_larger() {
        try (OctetStore store = new OctetStore()) {
            Bytes large = octets(new Random(2), 16 << 20);

            long place = store.add(large);

            assertThat(store.read(place)).isEqualTo(large);
            assertThatThrownBy(() -> store.add(octets(new Random(3), 32 << 20)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
