package org.tallystick.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {
    private static final String ACME = "AcmeMSP";
    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");
    private static final CertificateAuthority AUTHORITY = new CertificateAuthority(ACME, NOW);
    private static final Membership MEMBERSHIP =
            new Membership(Map.of(ACME, AUTHORITY.own().certificate()));

    private static Optional<Membership.Identity> identify(String member, Credential credential) {
        return MEMBERSHIP.identify(SigningIdentity.of(member, credential).serialized());
    }

    @ParameterizedTest(name = "a {0} may write: {1}, and read: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            CLIENT  | true  | true
            ADMIN   | true  | true
            PEER    | false | true
            ORDERER | false | false
            """)
    void the_role_in_the_certificate_decides(NodeRole role, boolean writes, boolean reads) {
        var identity = identify(ACME, AUTHORITY.issue("somebody", role)).orElseThrow();

        assertThat(identity.trusted()).isTrue();
        assertThat(identity.has(role)).isTrue();
        assertThat(identity.mayWrite()).isEqualTo(writes);
        assertThat(identity.mayRead()).isEqualTo(reads);
    }

    @Test
    void an_authority_is_no_identity_and_a_namesake_s_certificate_is_not_trusted() {
        var namesake = new CertificateAuthority(ACME, NOW);

        assertThat(identify(ACME, AUTHORITY.own()).orElseThrow().trusted()).isFalse();
        var forged = identify(ACME, namesake.issue("gateway", NodeRole.CLIENT)).orElseThrow();
        assertThat(forged.trusted()).isFalse();
        assertThat(forged.mayRead()).isFalse();
    }

    @Test
    void who_names_no_member_or_no_certificate_is_nobody() {
        assertThat(identify("BlueMSP", AUTHORITY.issue("gateway", NodeRole.CLIENT)))
                .isEmpty();
        assertThat(MEMBERSHIP.identify(ByteString.copyFromUtf8("nonsense"))).isEmpty();
        assertThat(MEMBERSHIP.identify(SerializedIdentity.newBuilder()
                        .setMspid(ACME)
                        .setIdBytes(
                                ByteString.copyFromUtf8("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"))
                        .build()
                        .toByteString()))
                .isEmpty();
    }

    @Test
    void a_signature_has_one_spelling() throws Exception {
        Credential credential = AUTHORITY.issue("gateway", NodeRole.CLIENT);
        var key = credential.certificate().getPublicKey();
        ByteString message = ByteString.copyFromUtf8("message");
        var order = ((ECKey) key).getParams().getOrder();

        for (int i = 0; i < 20; i++) {
            ByteString signature = Ecdsa.sign(credential.key(), message);
            var rs = StandardDSAEncoding.INSTANCE.decode(order, signature.toByteArray());
            byte[] high = StandardDSAEncoding.INSTANCE.encode(order, rs[0], order.subtract(rs[1]));

            assertThat(Ecdsa.verify(key, message, signature)).isTrue();
            assertThat(Ecdsa.verify(key, message, ByteString.copyFrom(high))).isFalse();
            assertThat(Ecdsa.verify(key, message, signature.concat(ByteString.copyFrom(new byte[1]))))
                    .isFalse();
            assertThat(Ecdsa.verify(key, message.concat(message), signature)).isFalse();
            assertThat(Ecdsa.verify(key, message, ByteString.EMPTY)).isFalse();
        }
    }

    @Test
    void the_administrator_s_certificate_carries_the_attribute_as_fabric_ca_writes_it() {
        Keyring keys = Keyring.create(List.of(ACME), NOW);
        var member = keys.members().getFirst();

        byte[] octets = member.admin().certificate().getExtensionValue("1.2.3.4.5.6.7.8.1");

        // One OCTET STRING around the JSON, two bytes of header.
        assertThat(new String(octets, 2, octets.length - 2, UTF_8))
                .isEqualTo("{\"attrs\":{\"tallystick.admin\":\"true\"}}");
        assertThat(member.gateway().certificate().getExtensionValue("1.2.3.4.5.6.7.8.1"))
                .isNull();
    }

    @Test
    void a_certificate_has_what_an_msp_looks_at() throws Exception {
        Credential credential = AUTHORITY.issue("gateway", NodeRole.CLIENT);
        X509Certificate certificate = credential.certificate();

        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=gateway,OU=client,O=AcmeMSP");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getKeyUsage()[0]).isTrue();
        assertThat(certificate.getExtensionValue("2.5.29.35")).isNotNull();
        assertThat(AUTHORITY.own().certificate().getBasicConstraints()).isNotNegative();
        var order = ((ECKey) certificate.getPublicKey()).getParams().getOrder();
        var rs = StandardDSAEncoding.INSTANCE.decode(order, certificate.getSignature());
        assertThat(rs[1]).isLessThanOrEqualTo(order.shiftRight(1));
    }

    @Test
    void an_auditor_finds_each_member_s_authority_in_block_0_alone(@TempDir Path folder) throws Exception {
        var settings = EmbeddedLedger.Settings.of(folder, List.of(ACME, "BlueMSP"), List.of());
        try (var ledger = EmbeddedLedger.start(settings)) {
            var payload = Payload.parseFrom(
                    Envelope.parseFrom(ledger.genesisBlock().getData().getData(0))
                            .getPayload());
            var application = ConfigEnvelope.parseFrom(payload.getData())
                    .getConfig()
                    .getChannelGroup()
                    .getGroupsOrThrow("Application");
            assertThat(application.getGroupsMap()).containsOnlyKeys(ACME, "BlueMSP");
            for (String member : settings.members()) {
                var msp = FabricMSPConfig.parseFrom(MSPConfig.parseFrom(application
                                .getGroupsOrThrow(member)
                                .getValuesOrThrow("MSP")
                                .getValue())
                        .getConfig());
                var root = (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(msp.getRootCerts(0).toByteArray()));
                var files = ledger.ledgerFiles();
                var gateway = Identities.readX509Certificate(Files.readString(files.certificate(member, "gateway")));

                gateway.verify(root.getPublicKey());
                assertThat(Files.readString(files.certificate(member, "ca")))
                        .isEqualTo(msp.getRootCerts(0).toStringUtf8());
                assertThat(msp.getFabricNodeOus().getEnable()).isTrue();
                assertThat(Files.readString(files.key(member, "gateway"))).startsWith("-----BEGIN PRIVATE KEY-----");
            }
        }
    }
}
