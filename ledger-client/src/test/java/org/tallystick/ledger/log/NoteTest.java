package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;

final class NoteTest {

    private static final LogSigner NORTH = Some.signer("north/head", VerifierKey.Type.ED25519);
    private static final LogSigner EAST = Some.signer("east/head", VerifierKey.Type.ED25519);
    private static final LogSigner WEST = Some.signer("west/head", VerifierKey.Type.ED25519);
    private static final String TEXT = "a text\n\nwith an empty line\n";

    @Test
    void the_first_example_of_c2sp_is_a_note_with_an_empty_line_in_its_text() {
        String example = Some.examples("signed-note.md").getFirst();

        Note note = Some.good(Note.parse(Some.utf8(example)));

        assertThat(note.text()).startsWith("Ognuno sta solo").endsWith("raggio di sole:\n\ned è subito sera.\n");
        assertThat(note.signatures())
                .singleElement()
                .extracting(Note.Line::name)
                .isEqualTo("quasimodo.example/salvatore");
        assertThat(note.octets()).isEqualTo(Some.utf8(example));
    }

    @Test
    void a_note_is_read_as_it_is_written_and_each_known_signer_is_named_once() {
        Note twice = note(TEXT, NORTH, EAST, NORTH);

        Note read = Some.good(Note.parse(twice.octets()));

        assertThat(read).isEqualTo(twice);
        assertThat(signers(read, NORTH, EAST, WEST)).containsExactly(NORTH.verifierKey(), EAST.verifierKey());
    }

    @Test
    void unknown_keys_are_passed_over_even_where_they_share_a_name_or_an_id_with_a_known_one() {
        LogSigner namesake = Some.signer("north/head", VerifierKey.Type.ED25519, "another");
        Note.Line sameId = new Note.Line("south/head", NORTH.verifierKey().id(), Bytes.ofHex("00"));
        Note note = new Note(TEXT, List.of(line(namesake), sameId, line(NORTH)));

        assertThat(signers(note, NORTH)).containsExactly(NORTH.verifierKey());
        assertThat(refused(new Note(TEXT, List.of(line(namesake))), NORTH)).isEqualTo("no known key signed it");
    }

    @Test
    void one_failing_signature_of_a_known_key_refuses_the_whole_note_wherever_it_stands() {
        Note.Line good = line(EAST);
        Note.Line bad = new Note.Line("north/head", NORTH.verifierKey().id(), good.signature());

        for (List<Note.Line> lines :
                List.of(List.of(bad, good), List.of(good, bad), List.of(line(NORTH), bad), List.of(bad, line(NORTH)))) {
            assertThat(refused(new Note(TEXT, lines), NORTH, EAST))
                    .contains("north/head")
                    .contains("does not hold");
        }
        assertThat(refused(new Note("another\n", List.of(good)), EAST)).contains("does not hold");
    }

    /// Ids have 32 bits, and members' log keys share one name: whoever made a key with the id of another's would
    /// otherwise have its signatures refused.
    @Test
    void of_known_keys_that_share_name_and_id_one_must_have_signed() {
        LogSigner one = Some.signer(Some.ORIGIN, VerifierKey.Type.ED25519, "seed 37289");
        LogSigner twin = Some.signer(Some.ORIGIN, VerifierKey.Type.ED25519, "seed 156681");
        LogSigner third = Some.signer(Some.ORIGIN, VerifierKey.Type.ED25519, "seed 1");
        assertThat(one.verifierKey().id()).isEqualTo(twin.verifierKey().id());

        assertThat(signers(note(TEXT, one), one, twin)).containsExactly(one.verifierKey());
        assertThat(signers(note(TEXT, twin), one, twin)).containsExactly(twin.verifierKey());
        assertThat(signers(note(TEXT, one, twin), one, twin)).containsExactly(one.verifierKey(), twin.verifierKey());
        assertThat(refused(note(TEXT, twin, third), one, third)).contains("does not hold");
        Note.Line neither =
                new Note.Line(Some.ORIGIN, one.verifierKey().id(), line(third).signature());
        assertThat(refused(new Note(TEXT, List.of(neither, line(one))), one, twin))
                .contains("does not hold");
    }

    @Test
    void a_key_that_cosigns_signs_no_other_text_than_a_checkpoint() {
        LogSigner witness = Some.witness("north");

        assertThatThrownBy(() -> witness.sign(TEXT)).isInstanceOf(IllegalStateException.class);
        Note.Line line = witness.sign(new Checkpoint("o", 0, Checkpoint.EMPTY_ROOT), Some.TIME);
        assertThat(refused(new Note(TEXT, List.of(line)), witness)).contains("does not hold");
    }

    @Test
    void a_note_has_up_to_16_signatures_and_a_checkpoint_up_to_64() {
        String line = line(NORTH).text();

        assertThat(Note.parse(Some.utf8(TEXT + "\n" + line.repeat(16))).good()).isPresent();
        assertThat(Note.parse(Some.utf8(TEXT + "\n" + line.repeat(17))))
                .isEqualTo(new Reading.Fault<>("more than 16 signatures"));
        String checkpoint = new Checkpoint("o", 0, Checkpoint.EMPTY_ROOT).text();
        assertThat(SignedCheckpoint.parse(Some.utf8(checkpoint + "\n" + line.repeat(64)))
                        .good())
                .isPresent();
        assertThat(SignedCheckpoint.parse(Some.utf8(checkpoint + "\n" + line.repeat(65)))
                        .good())
                .isEmpty();
    }

    @Test
    void what_is_too_long_is_refused_and_post_quantum_signatures_of_nearly_5_kb_are_not() {
        String long5 = "— a " + Bytes.copyOf(new byte[5000]).toBase64() + "\n";

        assertThat(Note.parse(Some.utf8(TEXT + "\n" + long5.repeat(16))).good()).isPresent();
        assertThat(Note.parse(Some.utf8("a".repeat(LogLimits.NOTE_TEXT) + "\n\n" + long5))
                        .good())
                .isEmpty();
        assertThat(Note.parse(Some.utf8(
                                TEXT + "\n— a " + Bytes.copyOf(new byte[6200]).toBase64() + "\n"))
                        .good())
                .isEmpty();
    }

    static List<String> malformed() {
        String line = line(NORTH).text();
        String signature = line.substring(line.lastIndexOf(' ') + 1).strip();
        return List.of(
                "",
                "\n",
                "\n\n",
                TEXT,
                TEXT + "\n",
                TEXT + line,
                TEXT + "\n" + line.strip(),
                TEXT + "\n" + line + "\n",
                TEXT + "\n" + line + "x",
                (TEXT + "\n" + line).replace("\n", "\r\n"),
                TEXT.replace("a", "\t") + "\n" + line,
                TEXT.replace("a", "\u0000") + "\n" + line,
                TEXT + "\n" + line.replace("—", "-"),
                TEXT + "\n" + line.replace("—", "–"),
                TEXT + "\n" + line.replace("— ", "—"),
                TEXT + "\n" + line.replace("— ", "—  "),
                TEXT + "\n" + line.replace("north/head", "north/he+ad"),
                TEXT + "\n" + line.replace("north/head", "north/he\u00a0ad"),
                TEXT + "\n" + line.replace("north/head ", " "),
                TEXT + "\n" + line.replace("head ", "head  "),
                TEXT + "\n— north/head\n",
                TEXT + "\n— north/head \n",
                TEXT + "\n— north/head AAAAAA==\n",
                TEXT + "\n— north/head " + signature.replace("=", "") + "\n",
                TEXT + "\n— north/head " + signature + "=\n",
                TEXT + "\n— north/head " + signature + " \n",
                TEXT + "\n— north/head *" + signature.substring(1) + "\n");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void what_is_not_spelled_as_a_note_is_refused(String text) {
        assertThat(Note.parse(Some.utf8(text)).good()).isEmpty();
    }

    @Test
    void octets_that_are_not_utf_8_are_refused() {
        Bytes note = note(TEXT, NORTH).octets();
        for (String broken : List.of("ff", "c080", "eda080", "f4908080", "e2")) {
            assertThat(Note.parse(Bytes.concat(Bytes.ofHex(broken), note)).good())
                    .isEmpty();
        }
    }

    private static Note note(String text, LogSigner... signers) {
        return new Note(
                text,
                Stream.of(signers)
                        .map(signer -> signer.sign(text).signatures().getFirst())
                        .toList());
    }

    private static Note.Line line(LogSigner signer) {
        return signer.sign(TEXT).signatures().getFirst();
    }

    private static List<VerifierKey> signers(Note note, LogSigner... known) {
        return switch (keys(known).open(note)) {
            case KnownKeys.Opened.Signed(KnownKeys.Signers by) -> by.keys();
            case KnownKeys.Opened.Refused(String why) -> throw new AssertionError(why);
        };
    }

    private static String refused(Note note, LogSigner... known) {
        return switch (keys(known).open(note)) {
            case KnownKeys.Opened.Signed(KnownKeys.Signers by) -> throw new AssertionError(by.keys());
            case KnownKeys.Opened.Refused(String why) -> why;
        };
    }

    private static KnownKeys keys(LogSigner... signers) {
        return new KnownKeys(Stream.of(signers).map(LogSigner::verifierKey).toList());
    }
}
