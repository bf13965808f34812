package org.tallystick.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockFileTest {
    private static final List<String> FRAMES = List.of("first", "the second frame", "3");

    @TempDir
    private Path folder;

    private Path path;
    private byte[] whole = new byte[0];

    /// Where each frame begins, and where the last one ends.
    private final List<Long> boundaries = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        path = folder.resolve("blocks");
        try (var file = open()) {
            file.scan((_, _) -> {});
            for (String frame : FRAMES) {
                boundaries.add(file.append(frame.getBytes(UTF_8)));
            }
        }
        whole = Files.readAllBytes(path);
        boundaries.add((long) whole.length);
    }

    private BlockFile open() throws IOException {
        return new BlockFile(
                path,
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private List<String> scan() throws IOException {
        var frames = new ArrayList<String>();
        try (var file = open()) {
            file.scan((_, body) -> frames.add(new String(body, UTF_8)));
        }
        return frames;
    }

    /// The frame in which this byte lies.
    private long frameOf(int offset) {
        return boundaries.stream()
                .filter(start -> start <= offset)
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    @Test
    void what_was_appended_is_read() throws IOException {
        assertThat(scan()).isEqualTo(FRAMES);
    }

    @Test
    void frames_are_appended_after_those_that_were_read() throws IOException {
        try (var file = open()) {
            file.scan((_, _) -> {});
            long offset = file.append("fourth".getBytes(UTF_8));
            assertThat(new String(file.read(offset), UTF_8)).isEqualTo("fourth");
        }

        assertThat(scan()).containsExactly("first", "the second frame", "3", "fourth");
    }

    @Test
    void a_file_that_ends_anywhere_loses_the_incomplete_last_frame_only() throws IOException {
        for (int length = 0; length <= whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));

            List<String> frames = scan();

            int complete = frames.size();
            assertThat(frames).as("cut at %d", length).isEqualTo(FRAMES.subList(0, complete));
            assertThat(boundaries.get(complete)).isLessThanOrEqualTo(length);
            assertThat(complete == FRAMES.size() || boundaries.get(complete + 1) > length)
                    .isTrue();
            assertThat(Files.size(path)).isEqualTo(boundaries.get(complete));
        }
    }

    @Test
    void a_changed_byte_anywhere_is_refused_with_the_offset_of_its_frame_and_nothing_is_cut() throws IOException {
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) (1 << bit);
                Files.write(path, changed);

                Throwable refusal = catchThrowable(this::scan);

                assertThat(refusal).as("bit %d of byte %d", bit, at).isInstanceOf(DamagedLedgerException.class);
                assertThat(((DamagedLedgerException) refusal).offset()).isEqualTo(frameOf(at));
                assertThat(refusal).hasMessageContaining("damaged at offset " + frameOf(at));
                assertThat(Files.readAllBytes(path)).isEqualTo(changed);
            }
        }
    }

    @Test
    void a_tail_of_zeros_is_a_frame_that_was_never_filled_and_is_cut() throws IOException {
        for (int zeros : List.of(1, BlockFile.HEADER_BYTES, 5_000, 200_000)) {
            Files.write(path, Arrays.copyOf(whole, whole.length + zeros));

            assertThat(scan()).isEqualTo(FRAMES);
            assertThat(Files.size(path)).isEqualTo(whole.length);
        }
    }

    @Test
    void zeros_with_anything_behind_them_are_damage() throws IOException {
        byte[] tail = Arrays.copyOf(whole, whole.length + 100_000);
        tail[tail.length - 1] = 1;
        Files.write(path, tail);

        assertThatThrownBy(this::scan).hasMessageContaining("damaged at offset " + whole.length);
    }

    @Test
    void a_complete_last_frame_that_was_only_half_filled_is_damage() throws IOException {
        byte[] halfFilled = whole.clone();
        halfFilled[whole.length - 1] = 0;
        Files.write(path, halfFilled);

        assertThatThrownBy(this::scan).hasMessageContaining("damaged at offset " + boundaries.get(2));
    }

    @Test
    void a_length_out_of_bounds_is_damage_even_with_the_right_checksum() throws IOException {
        for (int length : List.of(0, -1, Limits.FRAME_BYTES + 1)) {
            var header =
                    ByteBuffer.allocate(BlockFile.HEADER_BYTES).putInt(length).putInt(7);
            var crc = new CRC32C();
            crc.update(header.array(), 0, 8);
            header.putInt((int) crc.getValue());
            try (var out = Files.newByteChannel(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                int _ = out.write(ByteBuffer.wrap(whole));
                int _ = out.write(header.flip());
                int _ = out.position(whole.length + (long) Limits.FRAME_BYTES + 100)
                        .write(ByteBuffer.wrap(new byte[1]));
            }

            assertThatThrownBy(this::scan)
                    .isInstanceOf(DamagedLedgerException.class)
                    .hasMessageContaining("damaged at offset " + whole.length)
                    .hasMessageContaining("cannot be " + length + " bytes long");
        }
    }

    @Test
    void what_a_full_disk_took_of_a_frame_is_cut_by_the_next_start() throws IOException {
        for (int free = 0; free < 30; free++) {
            Files.write(path, whole);
            try (var file = new BlockFile(
                    path,
                    new FailingDisk(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), free))) {
                file.scan((_, _) -> {});
                assertThatThrownBy(() -> {
                            long _ = file.append("a frame of twenty bytes".getBytes(UTF_8));
                        })
                        .hasMessage("No space left on device");
            }

            assertThat(scan()).isEqualTo(FRAMES);
        }
    }
}
