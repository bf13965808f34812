package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.jspecify.annotations.Nullable;

/// The certificate authority of one organization: P-256, node OUs, and the extensions that Fabric's MSP looks at.
final class CertificateAuthority {
    /// Where Fabric CA puts the attributes of an identity, as JSON.
    private static final ASN1ObjectIdentifier ATTRIBUTES = new ASN1ObjectIdentifier("1.2.3.4.5.6.7.8.1");

    /// The first instant of a certificate lies this far back, for clocks that are behind ours.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    private static final Duration VALIDITY = Duration.ofDays(3650);
    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String organization;
    private final Instant from;
    private final Credential own;

    CertificateAuthority(String organization, Instant now) {
        this.organization = organization;
        this.from = now.minus(CLOCK_SKEW);
        KeyPair pair = newKeyPair();
        X500Name name = name("ca." + organization, null);
        this.own = sign(name, name, pair, pair, true, null);
    }

    Credential own() {
        return own;
    }

    Credential issue(String name, NodeRole role) {
        return issue(name, role, null);
    }

    /// Issues an identity with attributes, `{"attrs":{"name":"value"}}`, which chaincode can read from the certificate.
    Credential issue(String name, NodeRole role, @Nullable String attributes) {
        X500Name issuer =
                X500Name.getInstance(own.certificate().getSubjectX500Principal().getEncoded());
        KeyPair issuerPair = new KeyPair(own.certificate().getPublicKey(), own.key());
        return sign(issuer, name(name, role), issuerPair, newKeyPair(), false, attributes);
    }

    private X500Name name(String commonName, @Nullable NodeRole role) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, organization);
        if (role != null) {
            name.addRDN(BCStyle.OU, role.unit());
        }
        return name.addRDN(BCStyle.CN, commonName).build();
    }

    private Credential sign(
            X500Name issuer,
            X500Name subject,
            KeyPair issuerPair,
            KeyPair subjectPair,
            boolean authority,
            @Nullable String attributes) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(SERIAL_BITS, RANDOM).setBit(0),
                    Date.from(from),
                    Date.from(from.plus(VALIDITY)),
                    subject,
                    subjectPair.getPublic());
            addExtensions(builder, issuerPair, subjectPair, authority);
            if (attributes != null) {
                builder.addExtension(new Extension(ATTRIBUTES, false, attributes.getBytes(StandardCharsets.UTF_8)));
            }
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .setProvider(Ecdsa.PROVIDER)
                    .getCertificate(builder.build(new LowSigner(issuerPair.getPrivate())));
            return new Credential(certificate, subjectPair.getPrivate());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make a certificate for " + subject, e);
        }
    }

    private static void addExtensions(
            JcaX509v3CertificateBuilder builder, KeyPair issuer, KeyPair subject, boolean authority)
            throws GeneralSecurityException, CertIOException {
        int usage = authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature;
        var utilities = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
                .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
                .addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        utilities.createSubjectKeyIdentifier(subject.getPublic()))
                .addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        utilities.createAuthorityKeyIdentifier(issuer.getPublic()));
    }

    private static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", Ecdsa.PROVIDER);
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Bouncy Castle has P-256", e);
        }
    }

    /// Signs certificates with low s too: Fabric rewrites the others before it compares identities.
    private record LowSigner(PrivateKey key, ByteArrayOutputStream bytes) implements ContentSigner {
        LowSigner(PrivateKey key) {
            this(key, new ByteArrayOutputStream());
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256WITHECDSA");
        }

        @Override
        public OutputStream getOutputStream() {
            return bytes;
        }

        @Override
        public byte[] getSignature() {
            return Ecdsa.sign(key, ByteString.copyFrom(bytes.toByteArray())).toByteArray();
        }
    }
}
