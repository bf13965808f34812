package org.tallystick.ledger.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import picocli.CommandLine;

final class TrustFileTest {

    /// P-256, self-signed, for these tests only.
    private static final String CA = """
            -----BEGIN CERTIFICATE-----
            MIIBkTCCATegAwIBAgIUaUOAhLKiOx5QiBQH8G6/RxCb10wwCgYIKoZIzj0EAwIw
            HTENMAsGA1UECgwEdGVzdDEMMAoGA1UEAwwDY2ExMCAXDTI2MTEyNDAxNDE1OVoY
            DzIxMjYxMDMxMDE0MTU5WjAdMQ0wCwYDVQQKDAR0ZXN0MQwwCgYDVQQDDANjYTEw
            WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARd41q6Lou1QJdVeufPXdcTNW87KIb7
            27f1F/EESGEYFhmIMtSU5T03mFO164wdobFJ8GhUBeF4WgYFJhmcY96/o1MwUTAd
            BgNVHQ4EFgQUmwPvghwNccbS1jMSEl0TaY4fGo4wHwYDVR0jBBgwFoAUmwPvghwN
            ccbS1jMSEl0TaY4fGo4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF
            AiBq+s0jviSZVag+hgyzvlk9w47IYDtshUaNr0QYBo8pUwIhALlTRff/gc0MM2Lu
            Wms+wg7xiyqbtRZ9luqHcCFz1kdZ
            -----END CERTIFICATE-----
            """;

    private static final String OTHER = """
            -----BEGIN CERTIFICATE-----
            MIIBkTCCATegAwIBAgIUcsouh4xNtYgMwwc/TJRBnSpjg7wwCgYIKoZIzj0EAwIw
            HTENMAsGA1UECgwEdGVzdDEMMAoGA1UEAwwDY2EyMCAXDTI2MTEyNDAxNDE1OVoY
            DzIxMjYxMDMxMDE0MTU5WjAdMQ0wCwYDVQQKDAR0ZXN0MQwwCgYDVQQDDANjYTIw
            WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASBTG9OzbshO9AT7JYAgaXQywT0OqjE
            jMx4VUGyHNyp8gmhpAbC/AFcS0zWYdh5S/4tVrSRZkhsXnaliS/qnOu4o1MwUTAd
            BgNVHQ4EFgQUV9fzIZo/iz4FE9CNjvIStdapYU4wHwYDVR0jBBgwFoAUV9fzIZo/
            iz4FE9CNjvIStdapYU4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF
            AiBCy3R+L9V7qBLXUuYjJCEHE9PO9JCg8UUyoLAJ07+MYgIhAJWq6kCdhUUGlmz7
            +YiY/FAshv0lbMHE3gfew66xfbaD
            -----END CERTIFICATE-----
            """;

    private static int trust(Path folder, String... words) throws IOException {
        Path one = Files.writeString(folder.resolve("north.pem"), CA);
        Path other = Files.writeString(folder.resolve("west.pem"), OTHER);
        List<String> all = new ArrayList<>(List.of("north=" + one, "west=" + other));
        all.addAll(List.of(
                "--ledger",
                "0".repeat(64),
                "-o",
                folder.resolve("made.tallytrust").toString()));
        all.addAll(List.of(words));
        return new CommandLine(new TrustCommand(() -> "tallystick")).execute(all.toArray(String[]::new));
    }

    @Test
    void a_member_that_was_admitted_or_removed_counts_for_its_blocks_only(@TempDir Path folder) throws IOException {
        assertThat(trust(folder, "--from", "north=3", "--until", "west=197")).isZero();

        Bytes written = Bytes.copyOf(Files.readAllBytes(folder.resolve("made.tallytrust")));
        assertThat(TrustFile.read(written)).isInstanceOfSatisfying(TrustFile.Parsed.class, made -> {
            assertThat(made.trust().membersAt(2)).containsExactly("west");
            assertThat(made.trust().membersAt(197)).containsExactly("north", "west");
            assertThat(made.trust().membersAt(198)).containsExactly("north");
        });
        assertThat(trust(folder, "--until", "east=197")).isEqualTo(2);
        assertThat(trust(folder, "--from", "west=9", "--until", "west=8")).isEqualTo(2);
        assertThat(trust(folder, "--until", "west")).isEqualTo(2);
    }

    private static TrustFile good() {
        return TrustFile.of(
                Hash.ZERO,
                List.of(
                        new TrustFile.Trusted("north", List.of(CA), Optional.empty(), Optional.empty()),
                        new TrustFile.Trusted("east", List.of(OTHER), Optional.empty(), Optional.empty())));
    }

    private static String spelled() {
        return good().encode().utf8().orElseThrow();
    }

    /// The file spelled canonically again after a change of its text.
    private static Bytes changed(UnaryOperator<String> change) {
        Bytes text = Bytes.ofUtf8(change.apply(spelled()));
        if (JsonReader.read(text, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json json)) {
            return Bytes.concat(json.canonical(), Bytes.ofUtf8("\n"));
        }
        throw new IllegalArgumentException(text.utf8().orElse(""));
    }

    @Test
    void a_trust_file_is_read_as_it_was_written() {
        assertThat(TrustFile.read(good().encode())).isEqualTo(new TrustFile.Parsed(good()));
        assertThat(good().membersAt(7)).containsExactly("east", "north");
        assertThat(good().needAt(7)).isEqualTo(2);
    }

    @Test
    void a_member_counts_for_its_blocks_only() {
        Bytes file = changed(text -> text.replace("\"member\":\"east\"", "\"from\":5,\"member\":\"east\",\"until\":9"));

        assertThat(TrustFile.read(file)).isInstanceOf(TrustFile.Parsed.class);
        TrustFile trust = ((TrustFile.Parsed) TrustFile.read(file)).trust();

        assertThat(trust.membersAt(4)).containsExactly("north");
        assertThat(trust.membersAt(9)).containsExactly("east", "north");
        assertThat(trust.needAt(10)).isEqualTo(1);
    }

    private static Arguments fault(String at, UnaryOperator<String> change) {
        return Arguments.of(at, change);
    }

    private static UnaryOperator<String> with(String member) {
        return text -> text.replace("\"trust\":\"1\"", member + ",\"trust\":\"1\"");
    }

    private static final String LOG = vkey("tallystick/" + Hash.ZERO, VerifierKey.Type.ED25519, 1);
    private static final String HEAD = vkey("east/head", VerifierKey.Type.ED25519, 2);
    private static final String WITNESS = vkey("east/witness", VerifierKey.Type.ED25519_COSIGNATURE, 3);
    private static final String OTHER_WITNESS = vkey("west/witness", VerifierKey.Type.ML_DSA_44_COSIGNATURE, 4);

    private static String vkey(String name, VerifierKey.Type type, int seed) {
        Bytes octets = Hash.of(Bytes.ofUtf8("seed " + seed)).bytes();
        SeedKey key = SeedKey.ofSeed(type.kind(), octets).orElseThrow();
        return new VerifierKey(name, type, key.publicKey()).text();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("/trust", text -> text.replace("\"trust\":\"1\"", "\"trust\":\"2\"")),
                fault("/ledger", text -> text.replace("\"ledger\":\"00", "\"ledger\":\"0x")),
                fault("/unknown", with("\"unknown\":1")),
                fault("/members", text -> "{\"ledger\":\"" + Hash.ZERO + "\",\"members\":[],\"trust\":\"1\"}"),
                fault("/members/0/ca/0", text -> text.replaceFirst("MII", "MIJ")),
                fault("/members/1/ca/0", text -> text.replace(pem(OTHER), pem(CA))),
                fault("/members/1/member", text -> text.replace("\"member\":\"east\"", "\"member\":\"west\"")),
                fault("/members/1/member", text -> text.replace("\"member\":\"north\"", "\"member\":\"east\"")),
                fault(
                        "/members/0/until",
                        text -> text.replace("\"member\":\"east\"", "\"from\":9,\"member\":\"east\",\"until\":5")),
                fault("/endorse/need", with("\"endorse\":{\"need\":3}")),
                fault("/endorse", with("\"endorse\":{\"need\":0}")),
                fault("/endorse", with("\"endorse\":{\"majority\":false}")),
                fault("/heads/keys/0", with("\"heads\":{\"keys\":[\"east/head+00000000+AQ==\"],\"need\":1}")),
                fault("/heads/need", with("\"heads\":{\"keys\":[\"" + HEAD + "\"],\"need\":2}")),
                fault("/policy", with("\"policy\":\"log a+00000000+AQ==\\nquorum none\\n\"")),
                fault("/policy", with("\"policy\":\"log " + LOG + "\\nquorum both\\n\"")),
                fault(
                        "/policy",
                        with("\"policy\":\"log " + LOG + "\\nwitness w " + WITNESS + "\\nwitness v " + WITNESS
                                + "\\nquorum w\\n\"")),
                fault(
                        "/policy",
                        with("\"policy\":\"log " + LOG + "\\nwitness w " + WITNESS + "\\ngroup g 2 w\\nquorum g\\n\"")),
                fault("/policy", with("\"policy\":\"log " + LOG + "\\n\"")),
                fault("/policy", with("\"policy\":\"log " + HEAD + "\\nquorum none\\n\"")),
                fault("/policy", with("\"policy\":\"witness w " + WITNESS + "\\nquorum w\\n\"")),
                fault("/engines", with("\"engines\":[]")),
                fault("/note", with("\"note\":\"\"")));
    }

    private static String pem(String text) {
        return text.replace("\n", "\\n");
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("faults")
    void a_fault_is_named(String at, UnaryOperator<String> change) {
        TrustFile.Reading reading = TrustFile.read(changed(change));

        assertThat(reading).isInstanceOf(TrustFile.Malformed.class);
        assertThat(((TrustFile.Malformed) reading).at()).isEqualTo(at);
    }

    @Test
    void what_only_the_final_form_needs_is_kept() {
        Bytes file = changed(with("\"policy\":\"log " + LOG + "\\nwitness w " + WITNESS + "\\nwitness v "
                + OTHER_WITNESS + "\\ngroup g 1 w v\\nquorum g\\n\""));

        assertThat(TrustFile.read(file)).isInstanceOf(TrustFile.Parsed.class);
        assertThat(((TrustFile.Parsed) TrustFile.read(file)).trust().encode()).isEqualTo(file);
    }

    @Test
    void another_spelling_or_more_bytes_are_refused() {
        for (String text : List.of(
                spelled() + "\n",
                spelled().stripTrailing(),
                " " + spelled(),
                spelled().replace("{\"ledger\"", "{ \"ledger\""),
                "",
                "\n")) {
            assertThat(TrustFile.read(Bytes.ofUtf8(text))).isInstanceOf(TrustFile.Malformed.class);
        }
        assertThat(TrustFile.read(Bytes.ofUtf8("x".repeat(PackLimits.COVER + 1))))
                .isEqualTo(
                        new TrustFile.Malformed("", (PackLimits.COVER + 1) + " bytes, more than " + PackLimits.COVER));
    }
}
