package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.instruction.Algorithm;

final class EncryptedPemTest {

    private static final Passphrase RIGHT = new Passphrase("tally und Kerbholz: ä€".toCharArray());
    private static final Passphrase SECRET = new Passphrase("correct horse".toCharArray());

    /// Made by OpenSSL 3.0: `openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:"correct horse"`, 2048 iterations of
    /// PBKDF2 with HMAC-SHA-256, of the Ed25519 key of RFC 8032 section 7.1, test 2.
    private static final String BY_OPENSSL = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgXtQbfEiFKKAICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEDhj+d8bBlouA4a2n8QbT2oEQIVp
            kDmD6R9BdxD0RcDYrBPAd3LrzgfA0iKxy+pKI9DMAP2lGDLrh8O+VnCofdxJeFPr
            6DXuntSnglgB7LsIHnc=
            -----END ENCRYPTED PRIVATE KEY-----""";

    /// The same with `-scrypt`.
    private static final String BY_OPENSSL_SCRYPT = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAgZaNQjTjlRvQICQAAC
            AQgCAQEwHQYJYIZIAWUDBAEqBBClSxDtnrvQaVQju/5sbx8vBECtq2oISFWz1R0P
            ppTVw4Y9od8Z9ptuiLpXxxev9ngExHw/CxrLLXeED+8fL7DJGMTBx13mqeBKndtC
            aBwselck
            -----END ENCRYPTED PRIVATE KEY-----""";

    /// The same with `-v2 aes-128-cbc`.
    private static final String OTHER_CIPHER = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj60heBgRwVvwICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEMDkcWO4a8GfKdBb/uRyp3EEQEeD
            8/zurC6i23gYtkOYeIoVXY2S39doAypz0YTWkh6L7WDvRnZl0Dt2Itg2AZKo2xTT
            SzT+wZTgSt5O7iAkBDk=
            -----END ENCRYPTED PRIVATE KEY-----""";

    /// The same with `-v2prf hmacWithSHA1`.
    private static final String OTHER_HASH = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIGNMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAidsepLQi1vuQICCAAw
            HQYJYIZIAWUDBAEqBBCoOMz/2QP/Dk7zZ21cg/s/BECdeLKDQvj5A/IRSAlxUwZN
            uyo8cjthcsMXiAqaYqSFAQ65sjGOJ3iNV2plv4J8fEYgvUmbfZ0Gi20k+UBQhc8k
            -----END ENCRYPTED PRIVATE KEY-----""";

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void an_encrypted_key_opens_with_its_passphrase_alone(Algorithm algorithm) {
        SigningKey key = Instructions.key(algorithm, 7);

        String text = EncryptedPem.write(key, RIGHT, new Random(1));

        assertThat(EncryptedPem.is(text)).isTrue();
        assertThat(EncryptedPem.is(key.toPem())).isFalse();
        assertThat(opened(text, RIGHT)).isEqualTo(key.toString());
        assertThat(EncryptedPem.open(text, SECRET)).isInstanceOf(EncryptedPem.Opened.WrongPassphrase.class);
        assertThat(SigningKey.ofPem(text)).isEmpty();
    }

    @Test
    void each_writing_has_a_salt_of_its_own() {
        SigningKey key = Instructions.key(Algorithm.ES256, 7);
        Random random = new Random(1);

        assertThat(EncryptedPem.write(key, RIGHT, random)).isNotEqualTo(EncryptedPem.write(key, RIGHT, random));
    }

    @ParameterizedTest
    @ValueSource(strings = {BY_OPENSSL, BY_OPENSSL_SCRYPT})
    void what_openssl_writes_is_read(String text) {
        String rfc = "Ed25519 FtIu-VbGrfe_KB6CH7GNwODB72MNxj_ml11dEvO-7kk";

        assertThat(opened(text, SECRET)).isEqualTo(rfc);
        assertThat(opened("a line for people\n" + text, SECRET)).isEqualTo(rfc);
        assertThat(opened(text, RIGHT)).isEqualTo("wrong passphrase");
    }

    @Test
    void other_ciphers_and_hashes_are_refused_by_their_name() {
        assertThat(opened(OTHER_CIPHER, SECRET)).isEqualTo("it is encrypted with another cipher than AES-256-CBC");
        assertThat(opened(OTHER_HASH, SECRET)).isEqualTo("its key is derived with another hash than SHA-256");
    }

    /// A file cannot make its reader work or allocate for hours.
    @ParameterizedTest(name = "N = {0}, r = {1}, p = {2}")
    @CsvSource({
        "1073741824, 8, 1, it costs too much to open: memory of scrypt is 1099511627776 and at most 268435456",
        "16384, 8, 1000000000, it costs too much to open: work of scrypt is 131072000000000 and at most 16777216",
        "0, 8, 1, it is damaged",
        "16384, -8, -1, it is damaged",
        "16385, 8, 1, it is damaged",
    })
    void a_cost_above_the_limits_is_not_tried(long n, long r, long p, String why) throws Exception {
        DERSequence scrypt = new DERSequence(new ASN1Encodable[] {
            new DEROctetString(new byte[16]), new ASN1Integer(n), new ASN1Integer(r), new ASN1Integer(p)
        });

        assertThat(opened(encrypted("1.3.6.1.4.1.11591.4.11", scrypt), SECRET)).isEqualTo(why);
    }

    @Test
    void iterations_above_the_limit_are_not_tried() throws Exception {
        DERSequence pbkdf2 = new DERSequence(new ASN1Encodable[] {
            new DEROctetString(new byte[16]),
            new ASN1Integer(BigInteger.TWO.pow(40)),
            new DERSequence(new ASN1ObjectIdentifier("1.2.840.113549.2.9"))
        });

        assertThat(opened(encrypted("1.2.840.113549.1.5.12", pbkdf2), SECRET))
                .isEqualTo("it costs too much to open: iterations of PBKDF2 is 1099511627776 and at most 10000000");
    }

    @Test
    void a_file_cut_anywhere_or_changed_in_any_octet_opens_as_nothing_else() {
        SigningKey key = Instructions.key(Algorithm.ES256, 7);
        byte[] whole = der(EncryptedPem.write(key, SECRET, new Random(2)));

        for (int at = 0; at < whole.length; at += 3) {
            byte[] cut = Arrays.copyOf(whole, at);
            assertThat(opened(pem(cut), SECRET)).isEqualTo("it is damaged");
        }
        // What encrypts is not authenticated: another secret of the same form comes out of some changes, and its
        // thumbprint is then another than the name of the file.
        for (int at = 0; at < whole.length; at += 29) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertThat(opened(pem(changed), SECRET)).isNotEqualTo(key.toString());
        }
    }

    private static String opened(String text, Passphrase passphrase) {
        return switch (EncryptedPem.open(text, passphrase)) {
            case EncryptedPem.Opened.Key(var key) -> key.toString();
            case EncryptedPem.Opened.WrongPassphrase() -> "wrong passphrase";
            case EncryptedPem.Opened.Refused(var why) -> why.replace(",", "");
        };
    }

    private static String encrypted(String derivation, DERSequence parameters) throws Exception {
        DERSequence cipher = new DERSequence(new ASN1Encodable[] {
            new ASN1ObjectIdentifier("2.16.840.1.101.3.4.1.42"), new DEROctetString(new byte[16])
        });
        DERSequence function = new DERSequence(new ASN1Encodable[] {new ASN1ObjectIdentifier(derivation), parameters});
        DERSequence algorithm = new DERSequence(new ASN1Encodable[] {
            new ASN1ObjectIdentifier("1.2.840.113549.1.5.13"), new DERSequence(new ASN1Encodable[] {function, cipher})
        });
        return pem(
                new DERSequence(new ASN1Encodable[] {algorithm, new DEROctetString(new byte[64])}).getEncoded("DER"));
    }

    private static String pem(byte[] der) {
        return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(der)
                + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
    }

    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }
}
