package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;

final class VerifierKeyTest {

    private static final String FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    @Test
    void the_example_of_c2sp_is_a_key_and_verifies_its_note() {
        List<String> examples = Some.examples("signed-note.md");
        String key = examples.stream()
                .filter(text -> text.startsWith("example.com/foo+"))
                .findFirst()
                .orElseThrow();
        String note = examples.stream()
                .filter(text -> text.startsWith("This is an"))
                .findFirst()
                .orElseThrow();

        VerifierKey foo = VerifierKey.parse(key.strip()).orElseThrow();

        assertThat(foo.text()).isEqualTo(FOO);
        assertThat(foo.type()).isEqualTo(VerifierKey.Type.ED25519);
        KnownKeys.Opened opened = new KnownKeys(List.of(foo)).open(Some.good(Note.parse(Some.utf8(note))));
        assertThat(opened).isInstanceOf(KnownKeys.Opened.Signed.class);
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_of_key_is_read_as_it_is_written(VerifierKey.Type type) {
        VerifierKey key = Some.signer("north/clé", type).verifierKey();

        assertThat(VerifierKey.parse(key.text()).orElseThrow()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "++",
                "example.com/foo",
                "example.com/foo+530d903a",
                "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/fo o+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k ",
                " example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==",
                "example.com/foo+530d903a+A+kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AQ==",
                "example.com/foo+530d903a+"
            })
    void what_is_not_the_one_spelling_of_a_key_is_refused(String text) {
        assertThat(VerifierKey.parse(text)).isEmpty();
    }

    @Test
    void a_key_for_which_anybody_can_sign_is_refused_even_with_the_right_id() {
        Bytes weak = Bytes.ofHex("01" + "00".repeat(31));
        Bytes id = Hash.sha256(Some.utf8("weak\n"), Bytes.ofHex("01"), weak).slice(0, 4);
        String text = "weak+" + id.toHex() + "+"
                + Bytes.concat(Bytes.ofHex("01"), weak).toBase64();

        assertThat(VerifierKey.parse(text)).isEmpty();
    }

    @Test
    void base64_with_bits_that_mean_nothing_is_refused() {
        // 33 octets have no padding, 1313 end with two of its characters.
        String pq = Some.quantumWitness("north").verifierKey().text();
        assertThat(pq).endsWith("=");
        char last = pq.charAt(pq.indexOf('=') - 1);

        String stray = pq.substring(0, pq.indexOf('=') - 1) + (char) (last + 1) + pq.substring(pq.indexOf('='));

        assertThat(VerifierKey.parse(stray)).isEmpty();
        assertThat(VerifierKey.parse(pq.replace("=", ""))).isEmpty();
    }

    @Test
    void names_have_no_spaces_of_any_script_and_no_plus() {
        SeedKey key = SeedKey.ofSeed(SeedKey.Kind.ED25519, Bytes.ofHex("00".repeat(32)))
                .orElseThrow();
        for (String name :
                List.of("", "a b", "a\u00a0b", "a\u2003b", "a\u0085b", "a\u3000b", "a+b", "a\tb", "a\nb", "\ud800")) {
            assertThatThrownBy(() -> new LogSigner(name, VerifierKey.Type.ED25519, key))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new LogSigner("a".repeat(256), VerifierKey.Type.ED25519, key))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new LogSigner("é/" + "a".repeat(252), VerifierKey.Type.ED25519, key)
                        .verifierKey()
                        .name())
                .hasSize(254);
    }
}
