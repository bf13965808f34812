package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Deflated;

final class SentArgumentsTest {

    private static final Bytes SUBMIT = Bytes.ofUtf8("submit");
    private static final Bytes DEFLATED = Bytes.ofUtf8("deflated");
    private static final Bytes LONG = Bytes.ofUtf8("{\"payload\":\"" + "eyJh".repeat(200) + "\"}");

    @Test
    void a_submit_travels_deflated_and_is_read_as_it_was() {
        List<Bytes> call = List.of(SUBMIT, LONG, LONG, MemoryLedger.NO_HINTS);

        List<Bytes> sent = SentArguments.of(call);

        assertThat(sent).hasSize(2).first().isEqualTo(DEFLATED);
        assertThat(sent.getLast().size()).isLessThan(LONG.size());
        assertThat(SentArguments.read(sent)).contains(call);
    }

    @Test
    void what_would_not_get_shorter_travels_as_it_is() {
        List<Bytes> call = List.of(SUBMIT, Bytes.ofUtf8("7"), MemoryLedger.NO_HINTS);

        assertThat(SentArguments.of(call)).isEqualTo(call);
        assertThat(SentArguments.read(call)).contains(call);
    }

    @Test
    void other_functions_travel_as_they_are() {
        List<Bytes> call = List.of(Bytes.ofUtf8("sweep"), LONG, LONG);

        assertThat(SentArguments.of(call)).isEqualTo(call);
        assertThat(SentArguments.read(call)).contains(call);
        assertThat(SentArguments.read(List.of())).contains(List.of());
    }

    @Test
    void what_says_it_is_deflated_and_is_not_is_no_call() {
        Bytes good = SentArguments.of(List.of(SUBMIT, LONG, LONG)).getLast();

        assertThat(SentArguments.read(List.of(DEFLATED))).isEmpty();
        assertThat(SentArguments.read(List.of(DEFLATED, LONG))).isEmpty();
        assertThat(SentArguments.read(List.of(DEFLATED, good, good))).isEmpty();
        assertThat(SentArguments.read(List.of(DEFLATED, good.slice(0, good.size() - 1))))
                .isEmpty();
    }

    @Test
    void the_largest_batch_inflates_and_a_larger_one_does_not() {
        List<Bytes> largest = Collections.nCopies(
                Transactions.MAX_ENVELOPES + 1,
                Bytes.ofUtf8("e".repeat(Transactions.MAX_ARGUMENTS / (Transactions.MAX_ENVELOPES + 1))));
        Bytes larger = Deflated.deflate(List.of(Bytes.ofUtf8("e".repeat(SentArguments.MAX_INFLATED))));

        assertThat(SentArguments.read(List.of(DEFLATED, Deflated.deflate(largest))))
                .isPresent();
        assertThat(SentArguments.read(List.of(DEFLATED, larger))).isEmpty();
    }
}
