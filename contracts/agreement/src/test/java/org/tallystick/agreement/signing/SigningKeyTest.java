package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;

final class SigningKeyTest {

    /// RFC 8032 section 7.1, test 2.
    private static final String SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void a_key_written_as_pem_is_read_again(Algorithm algorithm) {
        SigningKey key = Instructions.key(algorithm, 3);

        Optional<SigningKey> read = SigningKey.ofPem(key.toPem());

        assertThat(read.map(SigningKey::algorithm)).contains(algorithm);
        assertThat(read.map(SigningKey::key)).contains(key.key());
    }

    @Test
    void the_pem_is_what_the_jdk_reads() throws GeneralSecurityException {
        Bytes input = Bytes.ofUtf8("input");

        PrivateKey ed25519 =
                jdk("Ed25519", Instructions.key(Algorithm.ED25519, 5).toPem());
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(ed25519);
        signer.update(input.toArray());
        Key.Ed25519 key = (Key.Ed25519) Instructions.key(Algorithm.ED25519, 5).key();
        assertThat(StrictEd25519.verify(key, input, Bytes.copyOf(signer.sign())))
                .isTrue();

        PrivateKey p256 = jdk("EC", Instructions.key(Algorithm.ES256, 5).toPem());
        assertThat(p256.getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void the_signature_of_a_seed_is_that_of_rfc_8032() {
        Bytes signature = StrictEd25519.sign(Bytes.ofHex(SEED), Bytes.ofHex("72"));

        assertThat(signature)
                .isEqualTo(Bytes.ofHex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
        assertThat(StrictEd25519.publicKey(Bytes.ofHex(SEED)).x())
                .isEqualTo(Bytes.ofHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----"
            })
    void what_holds_no_key_is_no_key(String text) {
        assertThat(SigningKey.ofPem(text)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"ES256", "EIP712"})
    void zero_and_the_order_are_no_secrets(Algorithm algorithm) {
        Bytes order = Bytes.ofHex((algorithm == Algorithm.ES256 ? Es256.ORDER : Secp256k1.ORDER).toString(16));

        assertThat(SigningKey.ofSecret(algorithm, Bytes.copyOf(new byte[32]))).isEmpty();
        assertThat(SigningKey.ofSecret(algorithm, order)).isEmpty();
        assertThat(SigningKey.ofSecret(algorithm, Bytes.EMPTY)).isEmpty();
    }

    @Test
    void a_key_does_not_print_its_secret() {
        assertThat(SigningKey.ofSecret(Algorithm.ED25519, Bytes.ofHex(SEED)).orElseThrow())
                .hasToString(
                        "Ed25519 " + StrictEd25519.publicKey(Bytes.ofHex(SEED)).thumb());
    }

    private static PrivateKey jdk(String algorithm, String pem) throws GeneralSecurityException {
        String lines = pem.lines().filter(line -> !line.startsWith("-")).reduce("", String::concat);
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines)));
    }
}
