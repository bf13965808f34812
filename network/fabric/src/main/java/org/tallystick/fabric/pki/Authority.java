package org.tallystick.fabric.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// A certificate authority of one member: for its identities, or for the TLS of its nodes.
///
/// Keys are on P-256. Names have the member as O and the role as OU, where Fabric looks for it.
public final class Authority {

    /// Where Fabric CA puts the attributes of an identity, as JSON.
    private static final ASN1ObjectIdentifier ATTRIBUTES = new ASN1ObjectIdentifier("1.2.3.4.5.6.7.8.1");

    /// The first instant of a certificate lies this far back, for clocks that are behind ours.
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final Duration VALIDITY = Duration.ofDays(20 * 365);
    private static final int SERIAL_BITS = 127;
    private static final String IPV4 = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";

    private final Credential own;

    public Authority(Credential own) {
        this.own = own;
    }

    /// A new authority, which signs itself.
    ///
    /// @param name such as `ca.north`
    public static Authority create(String member, String name, Instant now) {
        KeyPair pair = Ecdsa.newKeyPair();
        X500Name subject = name(member, name);
        Instant from = now.minus(CLOCK_SKEW);
        Builder builder = new Builder(subject, subject, pair, from, from.plus(VALIDITY), pair);
        builder.add(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return new Authority(new Credential(builder.sign(pair), pair.getPrivate()));
    }

    public Credential own() {
        return own;
    }

    /// The member whose authority this is.
    private String member() {
        return Subject.of(own.certificate()).member();
    }

    /// A certificate for a new key.
    public Credential issue(Request request, Instant now) {
        return issue(request, Ecdsa.newKeyPair(), now);
    }

    /// A new certificate for the key of an old one: who is known by its key stays known.
    public Credential renew(Request request, Credential old, Instant now) {
        return issue(request, new KeyPair(old.certificate().getPublicKey(), old.key()), now);
    }

    private Credential issue(Request request, KeyPair pair, Instant now) {
        Instant from = now.minus(CLOCK_SKEW);
        Instant until = now.plus(request.validity());
        if (until.isAfter(own.certificate().getNotAfter().toInstant())) {
            throw new IllegalArgumentException("a certificate until " + until + " would outlive " + own);
        }
        X500Name issuer =
                X500Name.getInstance(own.certificate().getSubjectX500Principal().getEncoded());
        KeyPair issuing = new KeyPair(own.certificate().getPublicKey(), own.key());
        X500Name subject = switch (request) {
            case Request.Identity(var name, var role, var _, var _) -> name(member(), name, role);
            case Request.Server(var name, var _, var _) -> name(member(), name);
            case Request.Caller(var name, var _) -> name(member(), name);
        };
        Builder builder = new Builder(issuer, subject, pair, from, until, issuing);
        builder.add(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        switch (request) {
            case Request.Identity(var _, var _, var attributes, var _) -> builder.attributes(attributes);
            case Request.Server(var _, var hosts, var _) -> {
                builder.add(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }));
                builder.add(Extension.subjectAlternativeName, false, names(hosts));
            }
            case Request.Caller _ ->
                builder.add(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
        }
        return new Credential(builder.sign(issuing), pair.getPrivate());
    }

    /// The request that an identity's certificate was issued for, to issue it again.
    static Request.Identity identity(X509Certificate certificate) throws IOException {
        Subject subject = Subject.of(certificate);
        Request.Identity request = Request.Identity.of(
                subject.name(),
                subject.role().orElseThrow(() -> new IOException("the certificate of " + subject + " has no role")));
        byte[] extension = certificate.getExtensionValue(ATTRIBUTES.getId());
        if (extension == null) {
            return request;
        }
        Bytes json = Bytes.copyOf(ASN1OctetString.getInstance(extension).getOctets());
        if (!(JsonReader.read(json, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object))) {
            throw new IOException("the certificate of " + subject + " has attributes that cannot be read");
        }
        for (var attribute : object.object("attrs").members().entrySet()) {
            request = request.with(attribute.getKey(), ((Json.Text) attribute.getValue()).value());
        }
        return request;
    }

    /// A list of all the certificates that are taken back, complete in itself.
    ///
    /// Fabric finds the list's authority by its key identifier and does not look at the day of the next list.
    public RevocationList revoke(List<X509Certificate> revoked, BigInteger number, Instant now) {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(
                    X500Name.getInstance(
                            own.certificate().getSubjectX500Principal().getEncoded()),
                    Date.from(now.minus(CLOCK_SKEW)));
            builder.setNextUpdate(own.certificate().getNotAfter());
            for (X509Certificate certificate : revoked) {
                builder.addCRLEntry(certificate.getSerialNumber(), Date.from(now), CRLReason.cessationOfOperation);
            }
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(own.certificate().getPublicKey()));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
            return new RevocationList(builder.build(new Ecdsa.Signer(own.key())));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make a revocation list of " + own, e);
        }
    }

    private static X500Name name(String member, String name) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, member)
                .addRDN(BCStyle.CN, name)
                .build();
    }

    private static X500Name name(String member, String name, Role role) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, member)
                .addRDN(BCStyle.OU, role.unit())
                .addRDN(BCStyle.CN, name)
                .build();
    }

    private static GeneralNames names(List<String> hosts) {
        return new GeneralNames(hosts.stream()
                .distinct()
                .map(host -> new GeneralName(host.matches(IPV4) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new));
    }

    /// A certificate on its way.
    private static final class Builder {
        private final JcaX509v3CertificateBuilder builder;

        Builder(X500Name issuer, X500Name subject, KeyPair pair, Instant from, Instant until, KeyPair issuing) {
            builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(SERIAL_BITS, Ecdsa.RANDOM).setBit(0),
                    Date.from(from),
                    Date.from(until),
                    subject,
                    pair.getPublic());
            try {
                JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
                add(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()));
                add(
                        Extension.authorityKeyIdentifier,
                        false,
                        extensions.createAuthorityKeyIdentifier(issuing.getPublic()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("cannot name a key on P-256", e);
            }
        }

        void add(ASN1ObjectIdentifier extension, boolean critical, ASN1Encodable value) {
            try {
                builder.addExtension(extension, critical, value);
            } catch (IOException e) {
                throw new IllegalStateException("cannot write extension " + extension, e);
            }
        }

        void attributes(SortedMap<String, String> attributes) {
            if (attributes.isEmpty()) {
                return;
            }
            TreeMap<String, Json> all = new TreeMap<>();
            attributes.forEach((name, value) -> all.put(name, Json.text(value)));
            String json = Json.object()
                    .with("attrs", new Json.Obj(all))
                    .build()
                    .canonical()
                    .utf8()
                    .orElseThrow();
            try {
                builder.addExtension(ATTRIBUTES, false, json.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalStateException("cannot write the attributes " + json, e);
            }
        }

        X509Certificate sign(KeyPair issuing) {
            try {
                return new JcaX509CertificateConverter()
                        .setProvider(Ecdsa.PROVIDER)
                        .getCertificate(builder.build(new Ecdsa.Signer(issuing.getPrivate())));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a certificate that cannot be read again", e);
            }
        }
    }
}
