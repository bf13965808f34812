package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.json.Json;

final class SeedKeyTest {

    private static final Bytes MESSAGE = Bytes.ofUtf8("the head of a log\n");

    @Test
    void wycheproof_agrees_on_every_ml_dsa_44_signature_with_an_empty_context() {
        Json.Obj file =
                SharedVectors.json(SharedVectors.path("vectors/wycheproof/testvectors_v1/mldsa_44_verify_test.json"));
        int cases = 0;
        int good = 0;

        for (Json group : items(file, "testGroups")) {
            Bytes key = Bytes.ofHex(((Json.Obj) group).text("publicKey"));
            for (Json test : items((Json.Obj) group, "tests")) {
                Json.Obj vector = (Json.Obj) test;
                if (vector.has("ctx")) {
                    continue;
                }
                boolean holds = SeedKey.Kind.ML_DSA_44.verify(
                        key, Bytes.ofHex(vector.text("msg")), Bytes.ofHex(vector.text("sig")));

                assertThat(holds)
                        .as("%s: %s", vector.whole("tcId"), vector.text("comment"))
                        .isEqualTo(vector.text("result").equals("valid"));
                cases++;
                good += holds ? 1 : 0;
            }
        }

        assertThat(cases).isEqualTo(172);
        assertThat(good).isPositive();
    }

    @Test
    void wycheproof_signs_the_same_with_each_ml_dsa_44_seed_and_writes_it_the_same() {
        Json.Obj file = SharedVectors.json(
                SharedVectors.path("vectors/wycheproof/testvectors_v1/mldsa_44_sign_seed_test.json"));
        int signed = 0;

        for (Json each : items(file, "testGroups")) {
            Json.Obj group = (Json.Obj) each;
            Optional<SeedKey> key = SeedKey.ofSeed(SeedKey.Kind.ML_DSA_44, Bytes.ofHex(group.text("privateSeed")));
            if (key.isEmpty()) {
                continue;
            }
            assertThat(key.get().publicKey().toHex()).isEqualTo(group.text("publicKey"));
            if (group.has("privateKeyPkcs8")) {
                assertThat(key.get().toPem()).isEqualTo(pem(Bytes.ofHex(group.text("privateKeyPkcs8"))));
            }
            for (Json test : items(group, "tests")) {
                Json.Obj vector = (Json.Obj) test;
                if (vector.has("ctx")
                        || !vector.has("msg")
                        || !vector.text("result").equals("valid")) {
                    continue;
                }
                if (vector.text("comment").equals("randomized valid signature")) {
                    continue;
                }
                assertThat(key.get().sign(Bytes.ofHex(vector.text("msg"))).toHex())
                        .as("%s: %s", vector.whole("tcId"), vector.text("comment"))
                        .isEqualTo(vector.text("sig"));
                signed++;
            }
        }

        assertThat(signed).isGreaterThanOrEqualTo(50);
    }

    @ParameterizedTest
    @EnumSource
    void a_key_signs_what_its_public_key_verifies_and_nothing_else(SeedKey.Kind kind) {
        SeedKey key = SeedKey.generate(kind, new Random(1));
        Bytes signature = key.sign(MESSAGE);

        assertThat(kind.isPublicKey(key.publicKey())).isTrue();
        assertThat(kind.verify(key.publicKey(), MESSAGE, signature)).isTrue();
        assertThat(kind.verify(key.publicKey(), Bytes.ofUtf8("another"), signature))
                .isFalse();
        assertThat(kind.verify(SeedKey.generate(kind, new Random(2)).publicKey(), MESSAGE, signature))
                .isFalse();
        assertThat(kind.verify(key.publicKey(), MESSAGE, signature.slice(1, signature.size())))
                .isFalse();
        assertThat(kind.verify(key.publicKey(), MESSAGE, Bytes.EMPTY)).isFalse();
        assertThat(kind.verify(Bytes.EMPTY, MESSAGE, signature)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_key_file_gives_the_same_key_again(SeedKey.Kind kind) {
        SeedKey key = SeedKey.generate(kind, new Random(1));

        SeedKey read = SeedKey.ofPem(key.toPem()).orElseThrow();

        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.publicKey()).isEqualTo(key.publicKey());
        assertThat(read.sign(MESSAGE)).isEqualTo(key.sign(MESSAGE));
        assertThat(key.toString()).doesNotContain(key.toPem().substring(60, 80));
    }

    @Test
    void an_ed25519_file_of_the_parties_keys_is_read_too_and_no_other() {
        SigningKey party = SigningKey.generate(Algorithm.ED25519, new Random(1));
        SigningKey other = SigningKey.generate(Algorithm.ES256, new Random(1));

        assertThat(SeedKey.ofPem(party.toPem())).isPresent();
        assertThat(SeedKey.ofPem(other.toPem())).isEmpty();
        assertThat(SeedKey.ofPem("")).isEmpty();
        assertThat(SeedKey.ofPem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
                .isEmpty();
    }

    @Test
    void a_key_file_of_seed_and_expanded_key_is_read_if_they_belong_together() throws Exception {
        SeedKey key = SeedKey.generate(SeedKey.Kind.ML_DSA_44, new Random(1));
        var info = PrivateKeyInfo.getInstance(der(key.toPem()));
        byte[] seed = ASN1OctetString.getInstance((ASN1TaggedObject) info.parsePrivateKey(), false)
                .getOctets();
        byte[] expanded = new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed)
                .getParametersWithFormat(MLDSAPrivateKeyParameters.EXPANDED_KEY)
                .getEncoded();

        assertThat(SeedKey.ofPem(both(info.getPrivateKeyAlgorithm(), seed, expanded))
                        .orElseThrow()
                        .publicKey())
                .isEqualTo(key.publicKey());
        expanded[100] ^= 1;
        assertThat(SeedKey.ofPem(both(info.getPrivateKeyAlgorithm(), seed, expanded)))
                .isEmpty();
    }

    @Test
    void a_point_for_which_anybody_can_sign_is_no_public_key() {
        assertThat(SeedKey.Kind.ED25519.isPublicKey(Bytes.ofHex("01" + "00".repeat(31))))
                .isFalse();
        assertThat(SeedKey.Kind.ED25519.isPublicKey(Bytes.ofHex("ff".repeat(32))))
                .isFalse();
        assertThat(SeedKey.Kind.ED25519.isPublicKey(Bytes.EMPTY)).isFalse();
        assertThat(SeedKey.Kind.ML_DSA_44.isPublicKey(Bytes.ofHex("00".repeat(32))))
                .isFalse();
    }

    private static String both(AlgorithmIdentifier algorithm, byte[] seed, byte[] expanded) throws Exception {
        var secret = new DERSequence(new ASN1Encodable[] {new DEROctetString(seed), new DEROctetString(expanded)});
        return pem(Bytes.copyOf(new PrivateKeyInfo(algorithm, secret).getEncoded("DER")));
    }

    private static byte[] der(String pem) {
        return Pem.der(Pem.BEGIN, pem, Pem.END).orElseThrow();
    }

    private static String pem(Bytes der) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toArray())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static List<Json> items(Json.Obj json, String name) {
        return ((Json.Arr) json.get(name)).items();
    }
}
