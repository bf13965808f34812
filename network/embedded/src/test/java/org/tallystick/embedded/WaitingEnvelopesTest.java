package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingEnvelopesTest {
    private static final Duration NO_PATIENCE = Duration.ZERO;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static ByteString bytes(int size) {
        return ByteString.copyFrom(new byte[size]);
    }

    @Test
    void a_full_queue_turns_envelopes_away() throws Exception {
        var waiting = new WaitingEnvelopes(2, 10);

        assertThat(waiting.offer(bytes(1), NO_PATIENCE)).isTrue();
        assertThat(waiting.offer(bytes(10), NO_PATIENCE)).isFalse();
        assertThat(waiting.offer(bytes(9), NO_PATIENCE)).isTrue();
        assertThat(waiting.offer(bytes(0), NO_PATIENCE)).isFalse();
        assertThat(waiting.poll(0)).contains(bytes(1));
        assertThat(waiting.offer(bytes(1), NO_PATIENCE)).isTrue();
    }

    @Test
    void an_envelope_above_the_bytes_is_taken_when_it_is_alone() throws Exception {
        var waiting = new WaitingEnvelopes(2, 10);

        assertThat(waiting.offer(bytes(11), NO_PATIENCE)).isTrue();
        assertThat(waiting.offer(bytes(1), NO_PATIENCE)).isFalse();
    }

    @Test
    void who_is_patient_gets_the_place_that_becomes_free() throws Exception {
        var waiting = new WaitingEnvelopes(1, 10);
        assertThat(waiting.offer(bytes(1), NO_PATIENCE)).isTrue();

        var patient = CompletableFuture.supplyAsync(() -> offer(waiting, bytes(2)));

        assertThat(waiting.poll(SECOND)).contains(bytes(1));
        assertThat(patient.get(5, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.poll(SECOND)).contains(bytes(2));
    }

    @Test
    void a_closed_queue_takes_nothing_and_gives_what_it_has() throws Exception {
        var waiting = new WaitingEnvelopes(2, 10);
        assertThat(waiting.offer(bytes(1), NO_PATIENCE)).isTrue();

        waiting.close();

        assertThat(waiting.offer(bytes(1), Duration.ofSeconds(1))).isFalse();
        assertThat(waiting.isClosedAndEmpty()).isFalse();
        assertThat(waiting.poll(SECOND)).contains(bytes(1));
        assertThat(waiting.poll(SECOND)).isEmpty();
        assertThat(waiting.isClosedAndEmpty()).isTrue();
    }

    private static boolean offer(WaitingEnvelopes waiting, ByteString envelope) {
        try {
            return waiting.offer(envelope, Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
