package org.tallystick.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.agreement.signing.Passphrase;
import org.tallystick.agreement.signing.SigningFailed;
import org.tallystick.agreement.signing.SigningKey;

/// A key that another program signs with.
final class ProgramSignerTest {

    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final LedgerTime FROM = LedgerTime.of("2026-03-01T12:00:00Z");

    @TempDir
    Path folder = Path.of("");

    private final PartlySigned partlySigned = PartlySigned.of(Payload.of(
            Hash.ZERO,
            VENDOR,
            Ulid.of(FROM.seconds() * 1000, Bytes.ofHex("00".repeat(10))),
            FROM,
            LedgerTime.of("2026-03-02T12:00:00Z"),
            Optional.empty(),
            new Act.Rehost(new MemberId("east"))));

    /// What openssl makes is DER, with the greater `s` half of the time.
    @Test
    void openssl_signs_with_a_key_on_P_256() throws Exception {
        assumeTrue(
                Stream.of("/usr/bin/openssl", "/usr/local/bin/openssl").anyMatch(file -> Files.exists(Path.of(file))));
        SigningKey key = SigningKey.generate(Algorithm.ES256, new Random(1));
        Path pem = Files.writeString(folder.resolve("key.pem"), key.toPem());

        ProgramSigner signer =
                new ProgramSigner(key.key(), "openssl dgst -sha256 -sign '" + pem + "' | openssl base64 -A");

        for (int i = 0; i < 4; i++) {
            assertThat(partlySigned.signedBy(new Envelope.Hand(VENDOR, signer)).isSignedBy(VENDOR, key.key()))
                    .isTrue();
        }
    }

    @Test
    void openssl_opens_a_key_that_was_encrypted_here() throws Exception {
        assumeTrue(
                Stream.of("/usr/bin/openssl", "/usr/local/bin/openssl").anyMatch(file -> Files.exists(Path.of(file))));
        KeyFolder keys = new KeyFolder(folder);
        var key = keys.create(VENDOR, Algorithm.ES256, Optional.of(new Passphrase("correct horse".toCharArray())));
        Path pem = keys.keys(VENDOR).getFirst().file();

        ProgramSigner signer = new ProgramSigner(
                key, "openssl dgst -sha256 -passin 'pass:correct horse' -sign '" + pem + "' | openssl base64 -A");

        assertThat(partlySigned.signedBy(new Envelope.Hand(VENDOR, signer)).isSignedBy(VENDOR, key))
                .isTrue();
    }

    /// The program is told which key, how it signs and what; here it only writes that down and answers what was made
    /// before.
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void the_program_is_told_what_to_sign_and_answers_digits_or_base64(Algorithm algorithm) throws Exception {
        SigningKey key = SigningKey.generate(algorithm, new Random(2));
        Bytes good = key.sign(partlySigned.input(VENDOR, key.key()));
        Path told = folder.resolve("told");
        String asks =
                "cat > '" + told + "'; echo \"$TALLYSTICK_KID $TALLYSTICK_ALGORITHM\" > '" + told + ".env'; echo ";

        for (String answer : List.of(
                good.toHex(),
                "0x" + good.toHex(),
                Base64.getEncoder().encodeToString(good.toArray()),
                Base64.getUrlEncoder().withoutPadding().encodeToString(good.toArray()))) {
            ProgramSigner signer = new ProgramSigner(key.key(), asks + answer);
            assertThat(signer.sign(partlySigned.input(VENDOR, key.key()))).isEqualTo(good);
        }

        assertThat(told)
                .hasContent(
                        algorithm == Algorithm.EIP712
                                ? partlySigned
                                        .input(VENDOR, key.key())
                                        .typedData()
                                        .canonical()
                                        .utf8()
                                        .orElseThrow()
                                : partlySigned
                                        .input(VENDOR, key.key())
                                        .octets()
                                        .utf8()
                                        .orElseThrow());
        assertThat(Path.of(told + ".env")).hasContent(key.key().kid(VENDOR) + " " + algorithm.text());
    }

    static Stream<List<String>> failures() {
        return Stream.of(
                List.of("exit 3", "the signer ended with 3"),
                List.of("echo", "the signer printed no signature"),
                List.of("echo no signature!", "the signer printed no signature"),
                List.of("echo 0xabcd", "what the signer printed is no signature by north/vendor#"),
                List.of("head -c 100000 /dev/zero", "the signer ended with"),
                List.of("sleep 20; echo 0xabcd", "the signer has not answered for 1 s"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void what_answers_no_signature_of_the_key_is_not_sent(List<String> commandAndMessage) throws IOException {
        SigningKey key = SigningKey.generate(Algorithm.ES256, new Random(3));
        ProgramSigner signer = new ProgramSigner(key.key(), commandAndMessage.getFirst(), Duration.ofSeconds(1));

        assertThatThrownBy(() -> signer.sign(partlySigned.input(VENDOR, key.key())))
                .isInstanceOf(SigningFailed.class)
                .hasMessageStartingWith(commandAndMessage.getLast());
    }

    @Test
    void a_signature_of_something_else_is_not_sent() {
        SigningKey key = SigningKey.generate(Algorithm.ED25519, new Random(4));
        PartlySigned other = PartlySigned.of(Payload.of(
                Hash.ZERO,
                VENDOR,
                partlySigned.payload().id(),
                FROM,
                partlySigned.payload().until(),
                Optional.empty(),
                new Act.Rehost(new MemberId("west"))));
        Bytes elsewhere = key.sign(other.input(VENDOR, key.key()));
        ProgramSigner signer = new ProgramSigner(key.key(), "echo " + elsewhere.toHex());

        assertThatThrownBy(() -> signer.sign(partlySigned.input(VENDOR, key.key())))
                .hasMessageStartingWith("what the signer printed is no signature by");
    }
}
