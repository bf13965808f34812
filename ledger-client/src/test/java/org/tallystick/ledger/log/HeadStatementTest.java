package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.VerifierKey;

final class HeadStatementTest {

    private static final Checkpoint TREE = Some.head(Some.tree(20), 20);
    private static final Hash LEAF = Hash.of(Some.utf8("a leaf"));
    private static final String CHAIN = "agr/north/platform/creators";
    private static final HeadStatement HEAD = new HeadStatement(TREE, CHAIN, 12, LEAF);
    private static final LogSigner NORTH = Some.signer("north/head", VerifierKey.Type.ED25519);
    private static final LogSigner EAST = Some.signer("east/head", VerifierKey.Type.ED25519);

    @Test
    void it_is_written_as_the_specification_says() {
        assertThat(HEAD.text())
                .isEqualTo("tallystick/head/1\n" + Some.ORIGIN + "\n20\n"
                        + TREE.root().toBase64() + "\n" + CHAIN + "\n12\n" + LEAF.hex() + "\n");
        assertThat(new HeadStatement(TREE, CHAIN, 0, Hash.ZERO).text()).endsWith("\n0\n" + "0".repeat(64) + "\n");
    }

    @Test
    void what_a_member_signed_is_opened_with_its_key_and_with_no_other() {
        Note note = HEAD.sign(NORTH);

        assertThat(open(note.octets(), NORTH, EAST))
                .isEqualTo(new HeadStatement.Opened.Stated(HEAD, List.of(NORTH.verifierKey())));
        assertThat(open(note.octets(), EAST)).isInstanceOf(HeadStatement.Opened.Refused.class);
        assertThat(open(new Note(HEAD.text().replace("\n12\n", "\n11\n"), note.signatures()).octets(), NORTH))
                .isInstanceOf(HeadStatement.Opened.Refused.class);
    }

    @Test
    void members_may_sign_one_note_together() {
        Note both = new Note(
                HEAD.text(),
                List.of(
                        HEAD.sign(NORTH).signatures().getFirst(),
                        HEAD.sign(EAST).signatures().getFirst()));

        assertThat(open(both.octets(), NORTH, EAST))
                .isEqualTo(new HeadStatement.Opened.Stated(HEAD, List.of(NORTH.verifierKey(), EAST.verifierKey())));
    }

    @Test
    void a_signed_text_of_another_kind_is_refused() {
        assertThat(open(NORTH.sign("another text\n").octets(), NORTH)).isInstanceOf(HeadStatement.Opened.Refused.class);
        assertThat(open(NORTH.sign(TREE.text()).octets(), NORTH)).isInstanceOf(HeadStatement.Opened.Refused.class);
    }

    static List<String> malformed() {
        String good = HEAD.text();
        return List.of(
                "",
                good.strip(),
                good + "\n",
                good + "more\n",
                good.replace("head/1", "head/2"),
                good.replace("\n20\n", "\n020\n"),
                good.replace("\n20\n", "\n11\n"),
                good.replace("\n12\n", "\n012\n"),
                good.replace("\n12\n", "\n0\n"),
                good.replace("\n12\n", "\n-1\n"),
                good.replace("\n12\n", "\n21\n"),
                good.replace(LEAF.hex(), Hash.ZERO.hex()),
                good.replace(LEAF.hex(), LEAF.hex().toUpperCase(Locale.ROOT)),
                good.replace(LEAF.hex(), LEAF.hex().substring(1)),
                good.replace(CHAIN, ""),
                good.replace(CHAIN, "a chain"),
                good.replace(CHAIN, "a".repeat(301)),
                good.replace(CHAIN, "é"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void what_is_not_spelled_as_a_head_statement_is_refused(String text) {
        assertThat(HeadStatement.parse(text).good()).isEmpty();
    }

    @Test
    void an_end_that_cannot_be_is_not_made() {
        assertThatThrownBy(() -> new HeadStatement(TREE, CHAIN, 0, LEAF)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeadStatement(TREE, CHAIN, 1, Hash.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeadStatement(TREE, CHAIN, 21, LEAF)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeadStatement(TREE, "a chain", 1, LEAF))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HEAD.sign(Some.witness("north"))).isInstanceOf(IllegalStateException.class);
    }

    private static HeadStatement.Opened open(Bytes octets, LogSigner... known) {
        return HeadStatement.open(
                octets, Stream.of(known).map(LogSigner::verifierKey).toList());
    }
}
