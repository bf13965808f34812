package org.tallystick.ledger.fabric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.hyperledger.fabric.client.identity.Identities;

/// A member's Fabric identity: who carries transactions to the ledger. It signs no instruction.
public final class MemberIdentity {

    private static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();

    private final String member;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private MemberIdentity(String member, X509Certificate certificate, PrivateKey key) {
        this.member = member;
        this.certificate = certificate;
        this.key = key;
    }

    /// @param member its MSP id
    /// @throws IllegalArgumentException if one of the texts is not what it should be
    public static MemberIdentity ofPem(String member, String certificatePem, String keyPem) {
        try {
            return new MemberIdentity(member, Identities.readX509Certificate(certificatePem), read(keyPem));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("not a certificate in PEM: " + e.getMessage(), e);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("not a private key on P-256 in PEM", e);
        }
    }

    /// The identity in `NAME.pem` and `NAME.key` of a folder.
    public static MemberIdentity read(String member, Path folder, String name) throws IOException {
        return ofPem(
                member,
                Files.readString(folder.resolve(name + ".pem")),
                Files.readString(folder.resolve(name + ".key")));
    }

    /// Bouncy Castle's key object signs in a quarter of the time that the JDK's takes.
    private static PrivateKey read(String pem) throws IOException, GeneralSecurityException {
        PrivateKey key = Identities.readPrivateKey(pem);
        if (!(key instanceof ECPrivateKey)) {
            throw new GeneralSecurityException("a key for " + key.getAlgorithm());
        }
        return KeyFactory.getInstance("EC", BOUNCY_CASTLE).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
    }

    public String member() {
        return member;
    }

    X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    /// Whose it is, without the key.
    @Override
    public String toString() {
        return member + " " + certificate.getSubjectX500Principal().getName();
    }
}
