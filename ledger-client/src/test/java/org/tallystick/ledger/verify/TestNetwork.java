package org.tallystick.ledger.verify;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.ledger.pack.TrustFile;

/// Members with certificate authorities of their own, and the genesis block that names them; the same for the same
/// seed.
final class TestNetwork {

    static final Provider PROVIDER = new BouncyCastleProvider();
    static final String CHANNEL = "tallystick";
    static final LedgerTime BEGINS = LedgerTime.of("2025-12-01T08:00:00Z");

    private static final ASN1ObjectIdentifier ATTRIBUTES = new ASN1ObjectIdentifier("1.2.3.4.5.6.7.8.1");
    private static final BigInteger ORDER =
            SECNamedCurves.getByName("secp256r1").getN();

    final TreeMap<String, Member> members = new TreeMap<>();
    private final SecureRandom random;

    /// A certificate and its key.
    record Credential(String member, X509Certificate certificate, PrivateKey key) {

        String pem() {
            StringWriter text = new StringWriter();
            try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
                writer.writeObject(certificate);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return text.toString();
        }

        ByteString serialized() {
            return SerializedIdentity.newBuilder()
                    .setMspid(member)
                    .setIdBytes(ByteString.copyFromUtf8(pem()))
                    .build()
                    .toByteString();
        }

        /// ECDSA as Fabric makes it, with the smaller s.
        ByteString sign(ByteString message) {
            return sign(message, true);
        }

        ByteString sign(ByteString message, boolean low) {
            try {
                Signature signature = Signature.getInstance("SHA256WITHECDDSA", PROVIDER);
                signature.initSign(key);
                signature.update(message.toByteArray());
                BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(ORDER, signature.sign());
                boolean isLow = rs[1].compareTo(ORDER.shiftRight(1)) <= 0;
                BigInteger s = isLow == low ? rs[1] : ORDER.subtract(rs[1]);
                return ByteString.copyFrom(StandardDSAEncoding.INSTANCE.encode(ORDER, rs[0], s));
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// A member with its identities.
    record Member(String name, Credential ca, Credential peer, Credential admin, Credential client) {}

    TestNetwork(long seed, String... names) {
        random = random(seed);
        for (String name : names) {
            members.put(name, newMember(name));
        }
    }

    private static SecureRandom random(long seed) {
        try {
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(seed);
            return random;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Member member(String name) {
        return Optional.ofNullable(members.get(name)).orElseThrow();
    }

    Member newMember(String name) {
        KeyPair pair = pair();
        X500Name own = name(name, "ca." + name, Optional.empty());
        Credential ca = new Credential(name, certificate(own, own, pair, pair, true, false), pair.getPrivate());
        return new Member(name, ca, issue(ca, "peer", false), issue(ca, "admin", true), issue(ca, "client", false));
    }

    Credential issue(Credential ca, String unit, boolean attribute) {
        KeyPair pair = pair();
        X500Name issuer = name(ca.member(), "ca." + ca.member(), Optional.empty());
        X500Name subject = name(ca.member(), unit + "." + ca.member(), Optional.of(unit));
        KeyPair own = new KeyPair(ca.certificate().getPublicKey(), ca.key());
        return new Credential(
                ca.member(), certificate(issuer, subject, own, pair, false, attribute), pair.getPrivate());
    }

    private static X500Name name(String organization, String common, Optional<String> unit) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, organization);
        unit.ifPresent(text -> name.addRDN(BCStyle.OU, text));
        return name.addRDN(BCStyle.CN, common).build();
    }

    private KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate certificate(
            X500Name issuer, X500Name subject, KeyPair by, KeyPair of, boolean authority, boolean attribute) {
        try {
            var builder = new X509v3CertificateBuilder(
                    issuer,
                    new BigInteger(100, random).setBit(0),
                    time(BEGINS.plus(Duration.ofDays(-1))),
                    time(BEGINS.plus(Duration.ofDays(1098))),
                    subject,
                    SubjectPublicKeyInfo.getInstance(of.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
            if (attribute) {
                byte[] json =
                        "{\"attrs\":{\"tallystick.admin\":\"true\"}}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
                builder.addExtension(new Extension(ATTRIBUTES, false, new DEROctetString(json)));
            }
            var signer = new JcaContentSignerBuilder("SHA256WITHECDSA")
                    .setProvider(PROVIDER)
                    .setSecureRandom(random)
                    .build(by.getPrivate());
            return new JcaX509CertificateConverter().setProvider(PROVIDER).getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Time time(LedgerTime time) {
        return new Time(new DERGeneralizedTime(time.text().replaceAll("[-:T]", "")));
    }

    byte[] nonce() {
        byte[] nonce = new byte[24];
        random.nextBytes(nonce);
        return nonce;
    }

    /// Block 0, as `configtxgen` makes it as far as a verifier looks.
    Block genesis() {
        ConfigGroup.Builder application = ConfigGroup.newBuilder();
        for (Member member : members.values()) {
            FabricMSPConfig msp = FabricMSPConfig.newBuilder()
                    .setName(member.name())
                    .addRootCerts(ByteString.copyFromUtf8(member.ca().pem()))
                    .build();
            ConfigValue value = ConfigValue.newBuilder()
                    .setValue(wrap(
                            MSPConfig.newBuilder().setConfig(msp.toByteString()).build()))
                    .build();
            application.putGroups(
                    member.name(),
                    ConfigGroup.newBuilder().putValues("MSP", value).build());
        }
        ConfigEnvelope config = ConfigEnvelope.newBuilder()
                .setConfig(Config.newBuilder()
                        .setChannelGroup(ConfigGroup.newBuilder().putGroups("Application", application.build())))
                .build();
        ChannelHeader header = ChannelHeader.newBuilder()
                .setType(HeaderType.CONFIG_VALUE)
                .setChannelId(CHANNEL)
                .setTxId("00")
                .setTimestamp(Timestamp.newBuilder().setSeconds(BEGINS.seconds()))
                .build();
        Payload payload = Payload.newBuilder()
                .setHeader(Header.newBuilder().setChannelHeader(header.toByteString()))
                .setData(config.toByteString())
                .build();
        Envelope envelope =
                Envelope.newBuilder().setPayload(payload.toByteString()).build();
        return block(0, ByteString.EMPTY, List.of(envelope.toByteString()));
    }

    private static ByteString wrap(Message message) {
        return message.toByteString();
    }

    static Block block(long number, ByteString previous, List<ByteString> data) {
        Bytes[] parts =
                data.stream().map(one -> Bytes.copyOf(one.toByteArray())).toArray(Bytes[]::new);
        ByteString hash = ByteString.copyFrom(Hash.sha256(parts).toArray());
        return Block.newBuilder()
                .setHeader(BlockHeader.newBuilder()
                        .setNumber(number)
                        .setPreviousHash(previous)
                        .setDataHash(hash))
                .setData(BlockData.newBuilder().addAllData(data))
                .setMetadata(BlockMetadata.newBuilder().addMetadata(ByteString.copyFromUtf8("of this peer only")))
                .build();
    }

    TrustFile trust(Hash ledger) {
        List<TrustFile.Trusted> trusted = new ArrayList<>();
        members.values()
                .forEach(member -> trusted.add(new TrustFile.Trusted(
                        member.name(), List.of(member.ca().pem()), Optional.empty(), Optional.empty())));
        return TrustFile.of(ledger, trusted);
    }
}
