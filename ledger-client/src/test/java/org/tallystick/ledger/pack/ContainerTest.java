package org.tallystick.ledger.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

final class ContainerTest {

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static byte[] small() {
        return written("pack.json", "{}", "config/0000000000", "", "tx/0000000001-000000", "a\nb");
    }

    private static byte[] written(String... namesAndContents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PackWriter writer = new PackWriter(out);
            for (int i = 0; i < namesAndContents.length; i += 2) {
                writer.entry(EntryName.parse(namesAndContents[i]).orElseThrow(), Bytes.ofUtf8(namesAndContents[i + 1]));
            }
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// How reading ends, and every entry whose checksum is wrong.
    private record Read(PackReader.Next end, List<String> wrong) {
        boolean isGood() {
            return end instanceof PackReader.End(long _, var stated, var computed)
                    && stated.equals(computed)
                    && wrong.isEmpty();
        }
    }

    private static Read read(InputStream in) {
        PackReader reader = new PackReader(in);
        List<String> wrong = new ArrayList<>();
        try {
            while (true) {
                PackReader.Next next = reader.next();
                if (next instanceof PackReader.Streamed) {
                    continue;
                }
                if (!(next instanceof PackReader.Entry(var name, var _, var stated, var computed))) {
                    assertThat(reader.next()).isEqualTo(next);
                    return new Read(next, wrong);
                }
                if (!stated.equals(computed)) {
                    wrong.add(name.text());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Read read(byte[] bytes) {
        return read(new ByteArrayInputStream(bytes));
    }

    private static String code(byte[] bytes) {
        return switch (read(bytes).end()) {
            case PackReader.Damaged damaged -> damaged.code();
            case PackReader.NotAPack _ -> "not_a_pack";
            case PackReader.End _, PackReader.Entry _, PackReader.Streamed _ -> "read";
        };
    }

    /// A container with right checksums around these lines, whatever they are.
    private static byte[] container(String lines) {
        int entries = lines.split("(?m)^entry ", -1).length - 1;
        String all = "tallypack/1\n" + lines;
        String hashed = all.lines()
                .filter(line -> line.startsWith("tallypack/") || line.startsWith("entry "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        return (all + "end " + entries + " " + Hash.of(Bytes.ofUtf8(hashed)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String entry(String name, String content) {
        Bytes bytes = Bytes.ofUtf8(content);
        return "entry " + name + " " + bytes.size() + " " + Hash.of(bytes) + "\n" + content + "\n";
    }

    @Test
    void a_container_has_these_bytes() {
        String golden = "tallypack/1\n"
                + "entry pack.json 2 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n{}\n"
                + "entry config/0000000000 0 " + EMPTY + "\n\n"
                + "entry tx/0000000001-000000 3 7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78\na\nb\n";

        String written = new String(small(), StandardCharsets.UTF_8);

        assertThat(written)
                .isEqualTo(golden + "end 3 ecd603da089428a1ad17c2f07e86b5f60f6c5d540fbcc05ca7823bfd15d0cff3\n");
        assertThat(read(small()).isGood()).isTrue();
    }

    @Test
    void every_changed_bit_is_found() {
        byte[] good = small();
        for (int i = 0; i < good.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = good.clone();
                changed[i] ^= (byte) (1 << bit);

                assertThat(read(changed).isGood()).as("byte %d, bit %d", i, bit).isFalse();
            }
        }
    }

    @Test
    void every_truncation_is_found() {
        byte[] good = small();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);

            assertThat(code(cut)).as("%d bytes", length).isEqualTo(length < 12 ? "not_a_pack" : "truncated");
        }
    }

    /// More than what is read at first.
    @Test
    void a_large_entry_is_read_to_its_end() {
        String content = "0123456789abcdef".repeat(200_000);
        byte[] good = container(entry("pack.json", "{}") + entry("tx/0000000001-000000", content));

        assertThat(read(good).isGood()).isTrue();
        assertThat(code(Arrays.copyOf(good, good.length / 2))).isEqualTo("truncated");
        good[good.length - 200] ^= 1;
        assertThat(read(good).wrong()).containsExactly("tx/0000000001-000000");
    }

    /// What an entry holds is in its own checksum, and that in the last line's.
    @Test
    void the_last_line_is_about_the_lines() {
        String whole = new String(container(entry("pack.json", "{}")), StandardCharsets.UTF_8);
        String changed = whole.replace("{}", "[]");
        String renamed = changed.replace(
                Hash.of(Bytes.ofUtf8("{}")).hex(), Hash.of(Bytes.ofUtf8("[]")).hex());

        assertThat(endsRight(whole)).isTrue();
        assertThat(endsRight(changed)).isTrue();
        assertThat(read(changed.getBytes(StandardCharsets.UTF_8)).wrong()).containsExactly("pack.json");
        assertThat(endsRight(renamed)).isFalse();
        assertThat(read(renamed.getBytes(StandardCharsets.UTF_8)).wrong()).isEmpty();
    }

    private static boolean endsRight(String pack) {
        return read(pack.getBytes(StandardCharsets.UTF_8)).end()
                        instanceof PackReader.End(long _, var stated, var computed)
                && stated.equals(computed);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "pack.json",
        "config/0000000000",
        "tx/0000000001-000002",
        "private/0000000001-000002-000003",
        "settlements/2026-Q1",
        "settlements/2026",
        "settlements/2026-12",
        "log/heads",
        "anchor/1-17",
        "later/thing"
    })
    void these_names_are_known(String name) {
        assertThat(EntryName.parse(name)).isPresent();
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                "/pack.json",
                "pack.json/",
                "config",
                "config/1",
                "config/00000000000",
                "tx/0000000001-1",
                "tx/../x",
                "settlements/2026-13",
                "settlements/2026-Q5",
                "settlements/../../etc/passwd",
                "documents/ab",
                "log/other",
                "a//b",
                "./a",
                "..",
                "pack.json ",
                "päck"
            })
    void these_names_are_none(String name) {
        assertThat(EntryName.parse(name)).isEmpty();
    }

    @Test
    void what_departs_from_the_form_is_named() {
        String cover = entry("pack.json", "{}");
        assertThat(code(container(cover))).isEqualTo("read");
        assertThat(code(container(entry("config/0000000000", "")))).isEqualTo("order");
        assertThat(code(container(cover + cover))).isEqualTo("order");
        assertThat(code(container(cover + entry("tx/0000000001-000000", "") + entry("config/0000000000", ""))))
                .isEqualTo("order");
        assertThat(code(container(cover + entry("tx/0000000002-000000", "") + entry("tx/0000000001-000000", ""))))
                .isEqualTo("order");
        assertThat(code(container(cover + entry("documents/../x", "")))).isEqualTo("name_form");
        assertThat(code(container(cover.replace("entry pack", "entry  pack")))).isEqualTo("line_form");
        assertThat(code(container(cover.replace(" 2 ", " 02 ")))).isEqualTo("line_form");
        assertThat(code(container(cover.replace(" 2 ", " 1 ")))).isEqualTo("length");
        assertThat(code(container(cover.replace(" 2 ", " +2 ")))).isEqualTo("line_form");
        assertThat(code(container(cover.replace("{}\n", "{}\r\n")))).isEqualTo("length");
        assertThat(code(container(cover + "entry\n"))).isEqualTo("line_form");
        assertThat(code(container(cover + "x".repeat(5000) + "\n"))).isEqualTo("line_form");
        String whole = new String(container(cover), StandardCharsets.UTF_8);
        assertThat(code((whole + "\n").getBytes(StandardCharsets.UTF_8))).isEqualTo("trailing");
        assertThat(code(whole.replace("end 1", "end 2").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("count");
        assertThat(code("tallypack/2\n".getBytes(StandardCharsets.UTF_8))).isEqualTo("not_a_pack");
    }

    @ParameterizedTest(name = "{0} of {1} bytes: {2}")
    @CsvSource({
        "pack.json, 1048577, too_large",
        "pack.json, 1048576, truncated",
        "tx/0000000001-000000, 16777217, too_large",
        "tx/0000000001-000000, 16777216, truncated",
        "config/0000000000, 16777217, too_large",
        "settlements/2026-01, 67108865, too_large",
        "settlements/2026-01, 67108864, truncated",
        "log/leaves, 2147483649, too_large",
        "log/leaves, 2147483648, truncated",
        "log/leaves, 9999999999999999999, too_large"
    })
    void a_length_is_judged_before_anything_is_read(String name, String length, String code) {
        String cover = name.equals("pack.json") ? "" : entry("pack.json", "{}");

        byte[] bytes = ("tallypack/1\n" + cover + "entry " + name + " " + length + " " + EMPTY + "\n")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(code(bytes)).isEqualTo(code);
    }

    @Test
    void a_name_of_101_characters_is_too_long() {
        String cover = entry("pack.json", "{}");

        assertThat(code(container(cover + entry("x".repeat(100), "")))).isEqualTo("read");
        assertThat(code(container(cover + entry("x".repeat(101), "")))).isEqualTo("too_large");
    }

    @Test
    void documents_are_not_held_in_memory() throws IOException {
        String name = "documents/" + EMPTY;
        byte[] head = ("tallypack/1\n" + entry("pack.json", "{}") + "entry " + name + " 300000000 " + EMPTY + "\n")
                .getBytes(StandardCharsets.UTF_8);
        InputStream zeros = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return length;
            }
        };
        PackReader reader = new PackReader(new SequenceInputStream(new ByteArrayInputStream(head), zeros));

        assertThat(reader.next()).isInstanceOf(PackReader.Entry.class);
        assertThat(reader.next()).isInstanceOf(PackReader.Damaged.class);
    }

    @Test
    void the_writer_keeps_the_order() throws IOException {
        PackWriter writer = new PackWriter(new ByteArrayOutputStream());
        writer.entry(EntryName.COVER, Bytes.EMPTY);
        writer.entry(EntryName.transaction(1, 0), Bytes.EMPTY);

        assertThatThrownBy(() -> writer.entry(EntryName.config(0), Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
