package org.tallystick.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.agreement.signing.SigningKey;

/// Keys of a home, and signing of what others wrote, as a person at a terminal meets them. No ledger is asked.
final class KeysTest {

    private static final String VENDOR = "north/vendor";
    private static final LedgerTime FROM = LedgerTime.of("2026-03-01T12:00:00Z");

    @TempDir
    Path home = Path.of("");

    private final Person person = new Person();
    private String out = "";
    private String err = "";

    /// Somebody who types what they were told to.
    private static final class Person implements Terminal {
        private final Deque<String> typed = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();

        @Override
        public Optional<char[]> secret(String question) {
            return line(question).map(String::toCharArray);
        }

        @Override
        public Optional<String> line(String question) {
            asked.add(question);
            return Optional.ofNullable(typed.poll());
        }

        @Override
        public Optional<String> environment(String name) {
            return Optional.ofNullable(environment.get(name));
        }
    }

    private int tally(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        if (!all.contains("--home")) {
            all.addAll(List.of("--home", home.toString()));
        }
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode = new Tally(List.of(), person)
                .run(all, new PrintStream(printed, true, UTF_8), new PrintStream(errors, true, UTF_8));
        out = printed.toString(UTF_8);
        err = errors.toString(UTF_8);
        return exitCode;
    }

    @Test
    void a_key_is_encrypted_with_what_is_typed_twice() throws IOException {
        person.typed.addAll(List.of("correct horse", "correct horse"));

        assertThat(tally("key", "create", VENDOR)).isZero();

        assertThat(person.asked)
                .containsExactly("New passphrase for the key of north/vendor: ", "The same once more: ");
        assertThat(out).startsWith("north/vendor#");
        assertThat(out + err).doesNotContain("correct horse");
        assertThat(tally("key", "show")).isZero();
        assertThat(out).contains("encrypted");
        assertThat(file()).content().contains("ENCRYPTED PRIVATE KEY").doesNotContain("correct horse");
    }

    @Test
    void two_that_differ_one_that_is_short_and_nobody_to_ask_make_no_key() {
        person.typed.addAll(List.of("correct horse", "correct hose"));
        assertThat(tally("key", "create", VENDOR)).isEqualTo(2);
        assertThat(err).contains("the two passphrases differ");

        person.typed.addAll(List.of("horse", "horse"));
        assertThat(tally("key", "create", VENDOR)).isEqualTo(2);
        assertThat(err).contains("the passphrase has 5 characters, and at least 8 are needed");

        assertThat(tally("key", "create", VENDOR)).isEqualTo(2);
        assertThat(err)
                .contains("there is no terminal", "--passphrase-file FILE", "TALLYSTICK_PASSPHRASE", "--unencrypted");
        assertThat(tally("key", "show")).isZero();
        assertThat(out).doesNotContain(VENDOR);
    }

    @Test
    void a_file_or_the_environment_answers_in_a_persons_place() throws IOException {
        Path file = Files.writeString(home.resolve("passphrase"), "correct horse\nand a second line\n");
        assertThat(tally("key", "create", VENDOR, "--passphrase-file", file.toString()))
                .isZero();
        assertThat(tally("key", "passphrase", VENDOR, "--unencrypted", "--passphrase-file", file.toString()))
                .isZero();
        person.environment.put("TALLYSTICK_PASSPHRASE", "battery staple");
        assertThat(tally("key", "create", "north")).isZero();
        assertThat(person.asked).isEmpty();

        assertThat(tally("key", "show")).isZero();
        assertThat(out.lines().filter(line -> line.contains(" encrypted "))).hasSize(1);
        assertThat(out.lines().filter(line -> line.contains(" unencrypted "))).hasSize(1);
        Path _ = Files.writeString(file, "\n");
        assertThat(tally("key", "create", VENDOR, "--passphrase-file", file.toString()))
                .isEqualTo(2);
        assertThat(err).contains("no passphrase in the first line of");
    }

    @Test
    void a_passphrase_is_changed_by_who_knows_the_old_one() {
        person.typed.addAll(List.of("correct horse", "correct horse"));
        assertThat(tally("key", "create", VENDOR)).isZero();
        person.asked.clear();

        person.typed.add("wrong horse");
        assertThat(tally("key", "passphrase", VENDOR)).isEqualTo(2);
        assertThat(err).contains("this is not the passphrase of north/vendor#");
        assertThat(person.asked).hasSize(1);

        person.typed.addAll(List.of("correct horse", "battery staple", "battery staple"));
        assertThat(tally("key", "passphrase", VENDOR)).isZero();
        assertThat(out).contains(" has the new passphrase");
        person.typed.add("battery staple");
        assertThat(tally("key", "passphrase", VENDOR, "--unencrypted")).isZero();
        assertThat(out).contains(" has no passphrase any more");
    }

    @Test
    void a_wallets_key_is_made_and_one_elsewhere_is_noted_once() {
        assertThat(tally("key", "create", VENDOR, "--algorithm", "eip712", "--unencrypted"))
                .isZero();
        assertThat(tally("key", "note", VENDOR, "0x71C7656EC7ab88b098defB751B7401B5f6d8976F"))
                .isZero();
        assertThat(tally("key", "note", VENDOR, "0x71C7656EC7ab88b098defB751B7401B5f6d8976F"))
                .isEqualTo(1);
        assertThat(err).contains("is in the home already");
        assertThat(tally("key", "note", VENDOR, "0x71C7656EC7ab88b098defB751B7401B5f6d8976f"))
                .as("a letter in the wrong case: the checksum does not hold")
                .isEqualTo(2);
        assertThat(tally("key", "note", VENDOR, "0x71")).isEqualTo(2);
        assertThat(err).contains("'0x71' is no public key");
        assertThat(tally("key", "show", "--json")).isZero();
        assertThat(out).contains("\"kept\":\"elsewhere\"", "\"kept\":\"unencrypted\"");
    }

    @Test
    void what_another_wrote_is_shown_asked_for_and_signed_once() throws IOException {
        assertThat(tally("key", "create", VENDOR, "--unencrypted")).isZero();
        Path file = written();
        String before = Files.readString(file);

        person.typed.add("no");
        assertThat(tally("sign", file.toString())).isEqualTo(1);
        assertThat(err)
                .contains(
                        "moves north/vendor to the member east",
                        "act         rehost ",
                        "ledger      " + Hash.ZERO,
                        "good        from 2026-03-01T12:00:00Z until 2026-03-02T12:00:00Z",
                        "member      east",
                        "missing     the registrar of east",
                        "nothing was signed");
        assertThat(Files.readString(file)).isEqualTo(before);

        assertThat(tally("sign", file.toString())).isEqualTo(2);
        assertThat(err).contains("there is no terminal to ask at", "--yes signs without asking");

        person.typed.add("yes");
        assertThat(tally("sign", file.toString())).isZero();
        assertThat(out).contains("signed by north/vendor#", "missing: the registrar of east");
        assertThat(partlySigned(file).kids()).hasSize(1);

        assertThat(tally("sign", file.toString(), "--yes")).isEqualTo(1);
        assertThat(err).contains("north/vendor has signed this already", "missing: the registrar of east");
    }

    @Test
    void who_has_no_part_in_it_does_not_sign_nor_does_a_home_for_another_ledger() throws IOException {
        Path file = written();
        assertThat(tally("key", "create", "north", "--unencrypted")).isZero();
        assertThat(tally("sign", file.toString(), "--yes")).isEqualTo(2);
        assertThat(err).contains("nobody who may sign this has a key in");
        assertThat(tally("sign", file.toString(), "--yes", "--as", "north")).isEqualTo(1);
        assertThat(err).contains("a signature of north has no place on this rehost of north/vendor");

        assertThat(tally("key", "create", "east", "--unencrypted")).isZero();
        Path _ = Files.writeString(home.resolve("ledger"), "f".repeat(64) + "\n");
        assertThat(tally("sign", file.toString(), "--yes", "--as", "east")).isEqualTo(2);
        assertThat(err).contains("this home signs for ledger " + "f".repeat(64));
        assertThat(partlySigned(file).kids()).isEmpty();

        Files.delete(home.resolve("ledger"));
        assertThat(tally("sign", file.toString(), "--yes", "--as", "east")).isZero();
        assertThat(partlySigned(file).kids()).hasSize(1);
    }

    @Test
    void a_damaged_file_is_named_and_nothing_is_signed() throws IOException {
        assertThat(tally("key", "create", VENDOR, "--unencrypted")).isZero();
        Path file = written();
        String text = Files.readString(file);
        Path _ = Files.writeString(file, text.substring(0, text.length() - 20) + "\n");

        assertThat(tally("sign", file.toString(), "--yes")).isEqualTo(1);
        assertThat(err).contains("envelope 1 of " + file + " is refused", "nothing was signed or sent");

        Path _ = Files.writeString(file, "\n");
        assertThat(tally("sign", file.toString(), "--yes")).isEqualTo(2);
        assertThat(err).contains(" has no envelopes");
        assertThat(tally("submit", file.toString())).isEqualTo(2);
    }

    @Test
    void a_wallet_elsewhere_signs_the_typed_data_and_another_does_not() throws IOException {
        SigningKey wallet = SigningKey.generate(Algorithm.EIP712, new Random(1));
        SigningKey other = SigningKey.generate(Algorithm.EIP712, new Random(2));
        PartyId vendor = new PartyId(VENDOR);
        String address = wallet.key().toJson().text("address");
        assertThat(tally("key", "note", VENDOR, address)).isZero();
        Path file = written();
        PartlySigned partlySigned = partlySigned(file);

        assertThat(tally("sign", file.toString(), "--typed-data")).isZero();
        assertThat(out.strip())
                .isEqualTo(partlySigned
                        .input(vendor, wallet.key())
                        .typedData()
                        .canonical()
                        .utf8()
                        .orElseThrow());
        assertThat(err).contains("moves north/vendor to the member east");

        String byOther =
                "0x" + other.sign(partlySigned.input(vendor, other.key())).toHex();
        assertThat(tally("sign", file.toString(), "--yes", "--signature", byOther))
                .isEqualTo(1);
        assertThat(err).contains("this is not over this instruction by a wallet of north/vendor");
        assertThat(tally("sign", file.toString(), "--yes", "--signature", "0x12"))
                .isEqualTo(1);
        assertThat(err).contains("this is no signature of a wallet");

        String good =
                "0x" + wallet.sign(partlySigned.input(vendor, wallet.key())).toHex();
        assertThat(tally("sign", file.toString(), "--yes", "--signature", good)).isZero();
        assertThat(partlySigned(file).isSignedBy(vendor, wallet.key())).isTrue();
        assertThat(tally("sign", file.toString(), "--yes", "--signature", good)).isEqualTo(1);
        assertThat(err).contains("has signed this already");
    }

    @Test
    void a_key_elsewhere_signs_by_a_program() throws IOException {
        SigningKey key = SigningKey.generate(Algorithm.ED25519, new Random(3));
        PartyId vendor = new PartyId(VENDOR);
        Path file = written();
        Bytes made = key.sign(partlySigned(file).input(vendor, key.key()));
        Path noted = Files.writeString(
                home.resolve("key.json"), key.key().toJson().canonical().utf8().orElseThrow());
        assertThat(tally("key", "note", VENDOR, noted.toString())).isZero();

        assertThat(tally("sign", file.toString(), "--yes")).isEqualTo(2);
        assertThat(err).contains("is kept elsewhere", "--signer COMMAND");
        assertThat(tally("sign", file.toString(), "--yes", "--signer", "echo " + made.toHex()))
                .isZero();
        assertThat(partlySigned(file).isSignedBy(vendor, key.key())).isTrue();
    }

    /// Each signs a copy; what they signed is put together by whoever sends it.
    @Test
    void an_instruction_of_which_somebodys_signature_is_missing_is_not_sent() throws IOException {
        assertThat(tally("key", "create", VENDOR, "--unencrypted")).isZero();
        Path file = written();
        assertThat(tally("sign", file.toString(), "--yes")).isZero();

        assertThat(tally("submit", file.toString())).isEqualTo(1);
        assertThat(err).contains("not all have signed rehost ", "missing is the registrar of east", "nothing was sent");

        Path copy = written();
        assertThat(tally("key", "create", "east", "--unencrypted")).isZero();
        assertThat(tally("sign", copy.toString(), "--yes", "--as", "east")).isZero();
        assertThat(tally("submit", file.toString(), copy.toString())).isEqualTo(2);
        assertThat(err).contains("no way to the ledger was given");
    }

    @Test
    void several_instructions_in_one_file_are_asked_about_once_and_so_is_the_passphrase() throws IOException {
        person.typed.addAll(List.of("correct horse", "correct horse"));
        assertThat(tally("key", "create", VENDOR)).isZero();
        Path one = written();
        Path both = Files.writeString(
                home.resolve("both.jsonl"), Files.readString(one).repeat(2));
        person.asked.clear();

        person.typed.addAll(List.of("yes", "correct horse"));
        assertThat(tally("sign", both.toString())).isZero();

        assertThat(person.asked).hasSize(2);
        assertThat(person.asked.getFirst()).isEqualTo("Sign these 2? [yes/no] ");
        assertThat(person.asked.getLast()).startsWith("Passphrase of north/vendor#");
        assertThat(Files.readAllLines(both)).hasSize(2).allMatch(line -> line.contains("\"signature\":"));
    }

    private int written;

    private Path written() throws IOException {
        PartlySigned partlySigned = PartlySigned.of(Payload.of(
                Hash.ZERO,
                new PartyId(VENDOR),
                Ulid.of(FROM.seconds() * 1000, Bytes.ofHex("00".repeat(10))),
                FROM,
                LedgerTime.of("2026-03-02T12:00:00Z"),
                Optional.empty(),
                new Act.Rehost(new MemberId("east"))));
        return Files.writeString(
                home.resolve("unsent-" + ++written + ".jsonl"),
                partlySigned.envelope().utf8().orElseThrow() + "\n");
    }

    private static PartlySigned partlySigned(Path file) throws IOException {
        return switch (PartlySigned.read(Bytes.ofUtf8(Files.readString(file).strip()))) {
            case PartlySigned partlySigned -> partlySigned;
            case Answered(var no) -> throw new AssertionError(no.toString());
        };
    }

    private Path file() throws IOException {
        try (var files = Files.list(home.resolve("keys/north/vendor"))) {
            return files.findFirst().orElseThrow();
        }
    }
}
