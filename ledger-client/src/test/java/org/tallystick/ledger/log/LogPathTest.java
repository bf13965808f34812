package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;

final class LogPathTest {

    @Test
    void the_example_of_c2sp_is_where_it_says() {
        assertThat(new LogPath.Tile(0, 1_234_067, 256).text()).isEqualTo("tile/0/x001/x234/067");
    }

    @Test
    void each_path_is_read_as_it_is_written() {
        for (long index : new long[] {0, 1, 999, 1000, 1001, 999_999, 1_000_000, 1_234_067, 1L << 55, Long.MAX_VALUE}) {
            for (int width : new int[] {1, 9, 10, 100, 255, 256}) {
                for (LogPath path : List.of(
                        new LogPath.Tile(0, index, width),
                        new LogPath.Tile(63, index, width),
                        new LogPath.Entries(index, width))) {
                    assertThat(LogPath.parse(path.text())).contains(path);
                }
            }
        }
        assertThat(LogPath.parse("checkpoint")).contains(new LogPath.Head());
        assertThat(LogPath.parse("tile/entries/000.p/7")).contains(new LogPath.Entries(0, 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/checkpoint",
                "checkpoint/",
                "Checkpoint",
                "tile",
                "tile/",
                "tile/0",
                "tile/0/",
                "tile/0/0",
                "tile/0/00",
                "tile/0/0000",
                "tile/00/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/+1/000",
                "tile//000",
                "tile/0/x000",
                "tile/0/x000/000",
                "tile/0/000/000",
                "tile/0/x001/x000",
                "tile/0/001/000",
                "tile/0/x001/00",
                "tile/0/x001/000/",
                "tile/0/x001//000",
                "tile/0/X001/000",
                "tile/0/00a",
                "tile/0/٠٠١",
                "tile/0/000.p",
                "tile/0/000.p/",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/256",
                "tile/0/000.p/257",
                "tile/0/000.p/1/",
                "tile/0/000.p/1.p/1",
                "tile/0/000?",
                "tile/0/../000",
                "tile/entries",
                "tile/entries/",
                "tile/entries/0",
                "tile/0/entries/000",
                "tile/0/x009/x223/x372/x036/x854/x775/808",
                "tile/0/x999/x999/x999/x999/x999/x999/x999/999"
            })
    void what_is_not_the_one_spelling_of_a_path_is_nothing(String text) {
        assertThat(LogPath.parse(text)).isEqualTo(Optional.empty());
    }

    @Test
    void a_bundle_is_read_as_it_is_written_and_has_as_many_entries_as_it_should() {
        List<Bytes> entries = IntStream.range(0, 256)
                .mapToObj(i -> Bytes.copyOf(new byte[i == 9 ? 0xffff : i]))
                .toList();
        for (int width : new int[] {1, 9, 10, 256}) {
            Bytes octets = new EntryBundle(entries.subList(0, width)).octets();

            assertThat(Some.good(EntryBundle.parse(octets, width)).entries()).isEqualTo(entries.subList(0, width));
            assertThat(EntryBundle.parse(octets, width - 1).good()).isEmpty();
            assertThat(EntryBundle.parse(octets, width + 1).good()).isEmpty();
            assertThat(EntryBundle.parse(octets.slice(0, octets.size() - 1), width)
                            .good())
                    .isEmpty();
            assertThat(EntryBundle.parse(Bytes.concat(octets, Bytes.ofHex("00")), width)
                            .good())
                    .isEmpty();
            assertThat(EntryBundle.parse(Bytes.concat(octets, Bytes.ofHex("0000")), width)
                            .good())
                    .isEmpty();
        }
        assertThat(EntryBundle.parse(Bytes.EMPTY, 0).good()).isEmpty();
    }
}
