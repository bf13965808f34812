package org.tallystick.agreement.signing;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// Private keys encrypted with a passphrase: PKCS #8 (RFC 5958) under PBES2 (RFC 8018) in PEM, as openssl reads and
/// writes them.
///
/// Written with scrypt (RFC 7914) at a cost that takes 16 MiB five times over, the most that openssl reads unasked, and
/// AES-256-CBC. Read also with PBKDF2 and HMAC-SHA-256. What says that it costs more than a limit is not tried.
public final class EncryptedPem {

    /// Memory of one run of scrypt, 128 N r octets.
    static final long MOST_SCRYPT_MEMORY = 256L << 20;
    /// Work of scrypt: N r p.
    static final long MOST_SCRYPT_WORK = 1L << 24;

    static final long MOST_PBKDF2_ITERATIONS = 10_000_000;

    private static final String BEGIN = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    private static final String END = "-----END ENCRYPTED PRIVATE KEY-----";

    private static final String DAMAGED = "it is damaged";

    /// RFC 7914 section 7.
    private static final ASN1ObjectIdentifier SCRYPT = new ASN1ObjectIdentifier("1.3.6.1.4.1.11591.4.11");

    private static final int SCRYPT_N = 1 << 14;
    private static final int SCRYPT_R = 8;
    private static final int SCRYPT_P = 5;
    private static final int SALT = 16;
    private static final int BLOCK = 16;
    private static final int KEY = 32;

    /// What came of opening one.
    public sealed interface Opened {

        record Key(SigningKey key) implements Opened {}

        /// It does not open with this passphrase.
        record WrongPassphrase() implements Opened {}

        /// It opens with none.
        record Refused(String why) implements Opened {}
    }

    /// Ends the reading; never leaves this class.
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1;

        Stop(String why) {
            super(why, null, false, false);
        }
    }

    private EncryptedPem() {}

    public static boolean is(String text) {
        return text.contains(BEGIN);
    }

    /// @param random for salt and initialization vector: a `SecureRandom`, but in tests
    public static String write(SigningKey key, Passphrase passphrase, RandomGenerator random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        byte[] vector = new byte[BLOCK];
        random.nextBytes(vector);
        DERSequence scrypt = new DERSequence(new ASN1Encodable[] {
            new DEROctetString(salt), new ASN1Integer(SCRYPT_N), new ASN1Integer(SCRYPT_R), new ASN1Integer(SCRYPT_P)
        });
        byte[] derived = SCrypt.generate(passphrase.utf8(), salt, SCRYPT_N, SCRYPT_R, SCRYPT_P, KEY);
        try {
            byte[] sealed = crypt(true, derived, vector, Pem.encode(key.algorithm(), key.secret()));
            PBES2Parameters parameters = new PBES2Parameters(
                    new KeyDerivationFunc(SCRYPT, scrypt),
                    new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(vector)));
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), sealed);
            return Pem.write(BEGIN, info.getEncoded("DER"), END);
        } catch (IOException | InvalidCipherTextException e) {
            throw new IllegalStateException("a key that cannot be written", e);
        }
    }

    public static Opened open(String text, Passphrase passphrase) {
        try {
            EncryptedPrivateKeyInfo info = info(text);
            return opened(info.getEncryptedData(), parameters(info.getEncryptionAlgorithm()), passphrase);
        } catch (Stop refused) {
            return new Opened.Refused(String.valueOf(refused.getMessage()));
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException | ArithmeticException _) {
            return new Opened.Refused(DAMAGED);
        }
    }

    private static EncryptedPrivateKeyInfo info(String text) throws Stop {
        byte[] der = Pem.der(BEGIN, text, END).orElseThrow(() -> new Stop(DAMAGED));
        return EncryptedPrivateKeyInfo.getInstance(der);
    }

    private static PBES2Parameters parameters(AlgorithmIdentifier algorithm) throws Stop {
        if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            throw new Stop("it is encrypted in another way than PBES2");
        }
        return PBES2Parameters.getInstance(algorithm.getParameters());
    }

    private static Opened opened(byte[] sealed, PBES2Parameters parameters, Passphrase passphrase) throws Stop {
        EncryptionScheme scheme = parameters.getEncryptionScheme();
        if (!scheme.getAlgorithm().equals(NISTObjectIdentifiers.id_aes256_CBC)) {
            throw new Stop("it is encrypted with another cipher than AES-256-CBC");
        }
        byte[] vector = ASN1OctetString.getInstance(scheme.getParameters()).getOctets();
        byte[] derived = derived(parameters.getKeyDerivationFunc(), passphrase);
        byte[] der;
        try {
            der = crypt(false, derived, vector, sealed);
            PrivateKeyInfo _ = PrivateKeyInfo.getInstance(der);
        } catch (InvalidCipherTextException | IllegalArgumentException _) {
            return new Opened.WrongPassphrase();
        }
        Optional<SigningKey> key = Pem.decode(der);
        return key.isPresent()
                ? new Opened.Key(key.get())
                : new Opened.Refused("the key in it signs nothing here: it is not on P-256, Ed25519 or secp256k1");
    }

    private static byte[] derived(KeyDerivationFunc function, Passphrase passphrase) throws Stop {
        if (function.getAlgorithm().equals(SCRYPT)) {
            ASN1Sequence scrypt = ASN1Sequence.getInstance(function.getParameters());
            byte[] salt = ASN1OctetString.getInstance(scrypt.getObjectAt(0)).getOctets();
            BigInteger n = number(scrypt, 1);
            BigInteger r = number(scrypt, 2);
            BigInteger p = number(scrypt, 3);
            need("memory of scrypt", n.multiply(r).shiftLeft(7), MOST_SCRYPT_MEMORY);
            need("work of scrypt", n.multiply(r).multiply(p), MOST_SCRYPT_WORK);
            return SCrypt.generate(
                    passphrase.utf8(), salt, n.intValueExact(), r.intValueExact(), p.intValueExact(), KEY);
        }
        if (function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
            PBKDF2Params pbkdf2 = PBKDF2Params.getInstance(function.getParameters());
            if (!pbkdf2.getPrf().getAlgorithm().equals(PKCSObjectIdentifiers.id_hmacWithSHA256)) {
                throw new Stop("its key is derived with another hash than SHA-256");
            }
            need("iterations of PBKDF2", pbkdf2.getIterationCount(), MOST_PBKDF2_ITERATIONS);
            PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
            generator.init(
                    passphrase.utf8(),
                    pbkdf2.getSalt(),
                    pbkdf2.getIterationCount().intValueExact());
            return ((KeyParameter) generator.generateDerivedParameters(8 * KEY)).getKey();
        }
        throw new Stop("its key is derived in another way than scrypt or PBKDF2");
    }

    /// @throws Stop if it is not positive, so that no two faults make something good
    private static BigInteger number(ASN1Sequence sequence, int index) throws Stop {
        BigInteger number = ASN1Integer.getInstance(sequence.getObjectAt(index)).getValue();
        if (number.signum() <= 0) {
            throw new Stop(DAMAGED);
        }
        return number;
    }

    private static void need(String what, BigInteger stated, long most) throws Stop {
        if (stated.signum() <= 0) {
            throw new Stop(DAMAGED);
        }
        if (stated.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new Stop("it costs too much to open: " + what + " is " + stated + ", and at most " + most);
        }
    }

    private static byte[] crypt(boolean encrypts, byte[] key, byte[] vector, byte[] octets)
            throws InvalidCipherTextException {
        PaddedBufferedBlockCipher cipher =
                new PaddedBufferedBlockCipher(CBCBlockCipher.newInstance(AESEngine.newInstance()), new PKCS7Padding());
        cipher.init(encrypts, new ParametersWithIV(new KeyParameter(key), vector));
        byte[] out = new byte[cipher.getOutputSize(octets.length)];
        int length = cipher.processBytes(octets, 0, octets.length, out, 0);
        length += cipher.doFinal(out, length);
        return Arrays.copyOf(out, length);
    }
}
