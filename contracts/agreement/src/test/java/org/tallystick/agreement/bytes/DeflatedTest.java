package org.tallystick.agreement.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeflatedTest {

    private static final int MOST = 1_000_000;

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_was_deflated_inflates_to_the_same_parts(int seed) {
        Random random = new Random(seed);
        List<Bytes> parts = new ArrayList<>();
        for (int count = random.nextInt(20); count > 0; count--) {
            byte[] part = new byte[random.nextInt(1 << random.nextInt(1, 14))];
            random.nextBytes(part);
            Arrays.fill(part, 0, random.nextInt(part.length + 1), (byte) 'a');
            parts.add(Bytes.copyOf(part));
        }

        Bytes stream = Deflated.deflate(parts);

        assertThat(Deflated.inflate(stream, MOST)).contains(parts);
    }

    @Test
    void parts_that_say_the_same_take_little() {
        List<Bytes> parts = Collections.nCopies(440, Bytes.ofUtf8("{\"payload\":\"" + "x".repeat(900) + "\"}"));

        Bytes stream = Deflated.deflate(parts);

        assertThat(stream.size()).isLessThan(440 * 920 / 50);
        assertThat(Deflated.inflate(stream, MOST)).contains(parts);
    }

    @Test
    void a_stream_is_inflated_up_to_the_limit_and_no_further() {
        Bytes stream = Deflated.deflate(List.of(Bytes.ofUtf8("z".repeat(1_000)), Bytes.EMPTY));

        assertThat(Deflated.inflate(stream, 1_008)).isPresent();
        assertThat(Deflated.inflate(stream, 1_007)).isEmpty();
    }

    @Test
    void nothing_but_exactly_one_whole_stream_inflates() {
        Bytes stream = Deflated.deflate(List.of(Bytes.ofUtf8("one part"), Bytes.ofUtf8("another part")));

        for (int size = 0; size < stream.size(); size++) {
            assertThat(Deflated.inflate(stream.slice(0, size), MOST))
                    .as("the first %s bytes", size)
                    .isEmpty();
        }
        assertThat(Deflated.inflate(Bytes.concat(stream, Bytes.ofHex("00")), MOST))
                .as("a byte more")
                .isEmpty();
        assertThat(Deflated.inflate(Bytes.concat(stream, stream), MOST))
                .as("twice")
                .isEmpty();
    }

    @Test
    void a_changed_stream_inflates_to_nothing_or_to_the_same() {
        List<Bytes> parts = List.of(Bytes.ofUtf8("one part"), Bytes.ofUtf8("another part"));
        byte[] stream = Deflated.deflate(parts).toArray();

        for (int bit = 0; bit < stream.length * 8; bit++) {
            byte[] changed = stream.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Deflated.inflate(Bytes.copyOf(changed), MOST).stream())
                    .as("bit %s", bit)
                    .allMatch(parts::equals);
        }
    }

    static Stream<String> frames() {
        return Stream.of(
                "00",
                "000000",
                "00000001" + "61" + "ff",
                "00000002" + "61",
                "80000000",
                "7fffffff" + "61",
                "ffffffff" + "61");
    }

    @ParameterizedTest
    @MethodSource("frames")
    void parts_that_are_not_whole_are_none(String frame) {
        assertThat(Deflated.inflate(zlib(Bytes.ofHex(frame)), MOST)).isEmpty();
    }

    @Test
    void a_stream_that_needs_a_dictionary_is_none() {
        Deflater deflater = new Deflater();
        deflater.setDictionary("known before".getBytes(UTF_8));

        assertThat(Deflated.inflate(zlib(deflater, Bytes.ofHex("00000000")), MOST))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Deflater.NO_COMPRESSION, Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION})
    void any_writer_of_the_same_parts_is_read(int level) {
        Bytes frames = Bytes.concat(Bytes.ofHex("00000003"), Bytes.ofUtf8("abc"), Bytes.ofHex("00000000"));

        assertThat(Deflated.inflate(zlib(new Deflater(level), frames), MOST))
                .contains(List.of(Bytes.ofUtf8("abc"), Bytes.EMPTY));
    }

    private static Bytes zlib(Bytes content) {
        return zlib(new Deflater(), content);
    }

    private static Bytes zlib(Deflater deflater, Bytes content) {
        byte[] room = new byte[1_000];
        deflater.setInput(content.toArray());
        deflater.finish();
        int size = deflater.deflate(room);
        deflater.end();
        return Bytes.copyOf(Arrays.copyOf(room, size));
    }
}
