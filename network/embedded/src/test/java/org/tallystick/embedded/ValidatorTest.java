package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVMetadataWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.RangeQueryInfo;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each way in which an envelope can be wrong, with Fabric's code for it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValidatorTest {
    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");
    private static final List<String> MEMBERS = List.of("AcmeMSP", "BlueMSP", "CoralMSP");

    private final Keyring keys = Keyring.create(MEMBERS, NOW);
    private EmbeddedLedger ledger;
    private BlockStore blocks;
    private Validator validator;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        var settings = EmbeddedLedger.Settings.of(folder, MEMBERS, List.of());
        ledger = EmbeddedLedger.start(settings);
        Path path = ledger.ledgerFiles().blocks();
        blocks = BlockStore.open(path, Founding.open(path), _ -> {});
        var roots = new HashMap<String, X509Certificate>();
        keys.members().forEach(member -> roots.put(member.member(), member.ca().certificate()));
        validator = new Validator(
                "tallystick",
                new Membership(roots),
                blocks,
                Map.of("notebook", DefinedChaincode.of("tallystick", NotebookChaincode.definition(), MEMBERS)));
    }

    @AfterAll
    void close() throws Exception {
        blocks.close();
        ledger.close();
    }

    private SigningIdentity client() {
        return SigningIdentity.of("AcmeMSP", keys.members().getFirst().gateway());
    }

    private SigningIdentity peer(int member) {
        var of = keys.members().get(member);
        return SigningIdentity.of(of.member(), of.peer());
    }

    private Draft draft() {
        return new Draft(client(), List.of(peer(0), peer(1)));
    }

    private TxValidationCode code(ByteString envelope) {
        return validator.check(envelope).code();
    }

    @Test
    void a_transaction_that_two_of_three_endorsed_is_valid() {
        assertThat(code(draft().envelope())).isEqualTo(TxValidationCode.VALID);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("spoiled")
    void the_first_thing_that_is_wrong_gives_the_code(TxValidationCode code, String what, Consumer<Draft> spoil) {
        var draft = draft();

        spoil.accept(draft);

        assertThat(code(draft.envelope())).as(what).isEqualTo(code);
    }

    private Stream<Arguments> spoiled() {
        var stranger = SigningIdentity.of(
                "AcmeMSP", new CertificateAuthority("AcmeMSP", NOW).issue("gateway", NodeRole.CLIENT));
        return Stream.of(
                spoiled(TxValidationCode.BAD_COMMON_HEADER, "an epoch", draft -> draft.epoch = 1),
                spoiled(TxValidationCode.BAD_COMMON_HEADER, "no nonce", draft -> draft.nonce = ByteString.EMPTY),
                spoiled(TxValidationCode.BAD_COMMON_HEADER, "no creator", draft -> draft.creator = ByteString.EMPTY),
                spoiled(TxValidationCode.TARGET_CHAIN_NOT_FOUND, "another channel", draft -> draft.channel = "other"),
                spoiled(
                        TxValidationCode.BAD_CREATOR_SIGNATURE,
                        "signed by somebody else",
                        draft -> draft.signer = peer(0)),
                spoiled(
                        TxValidationCode.BAD_CREATOR_SIGNATURE,
                        "an unknown creator",
                        draft -> draft.creator = stranger.serialized()),
                spoiled(TxValidationCode.UNKNOWN_TX_TYPE, "a message", draft -> draft.type = HeaderType.MESSAGE),
                spoiled(TxValidationCode.UNKNOWN_TX_TYPE, "a configuration", draft -> draft.type = HeaderType.CONFIG),
                spoiled(TxValidationCode.BAD_PROPOSAL_TXID, "a chosen id", draft -> draft.transactionId = "mine"),
                spoiled(TxValidationCode.INVALID_ENDORSER_TRANSACTION, "no action", draft -> draft.actions = 0),
                spoiled(TxValidationCode.INVALID_ENDORSER_TRANSACTION, "two actions", draft -> draft.actions = 2),
                spoiled(
                        TxValidationCode.INVALID_ENDORSER_TRANSACTION,
                        "endorsed for another proposal",
                        draft -> draft.spoiledHash = ByteString.copyFromUtf8("x")),
                spoiled(
                        TxValidationCode.INVALID_CHAINCODE,
                        "another chaincode than proposed",
                        draft -> draft.proposedChaincode = "other"),
                spoiled(TxValidationCode.INVALID_CHAINCODE, "an undefined chaincode", draft -> {
                    draft.proposedChaincode = "other";
                    draft.chaincode = "other";
                }),
                spoiled(TxValidationCode.EXPIRED_CHAINCODE, "an old version", draft -> draft.version = "0"),
                spoiled(
                        TxValidationCode.INVALID_OTHER_REASON,
                        "another chaincode's event",
                        draft -> draft.event = ChaincodeEvent.newBuilder()
                                .setChaincodeId("other")
                                .build()
                                .toByteString()),
                spoiled(
                        TxValidationCode.BAD_RWSET,
                        "no read-write set",
                        draft -> draft.results = ByteString.copyFromUtf8("nonsense")),
                spoiled(
                        TxValidationCode.ILLEGAL_WRITESET,
                        "a write to the definitions",
                        draft -> draft.results = Draft.writes(
                                "_lifecycle",
                                KVRWSet.newBuilder()
                                        .addWrites(KVWrite.newBuilder().setKey("k")))),
                spoiled(
                        TxValidationCode.ILLEGAL_WRITESET,
                        "a range",
                        draft -> draft.results = Draft.writes(
                                "notebook",
                                KVRWSet.newBuilder().addRangeQueriesInfo(RangeQueryInfo.getDefaultInstance()))),
                spoiled(
                        TxValidationCode.ILLEGAL_WRITESET,
                        "a key's own policy",
                        draft -> draft.results = Draft.writes(
                                "notebook",
                                KVRWSet.newBuilder().addMetadataWrites(KVMetadataWrite.getDefaultInstance()))),
                spoiled(
                        TxValidationCode.ILLEGAL_WRITESET,
                        "a namespace twice",
                        draft -> draft.results = TxReadWriteSet.newBuilder()
                                .addNsRwset(NsReadWriteSet.newBuilder().setNamespace("notebook"))
                                .addNsRwset(NsReadWriteSet.newBuilder().setNamespace("notebook"))
                                .build()
                                .toByteString()),
                spoiled(
                        TxValidationCode.ENDORSEMENT_POLICY_FAILURE,
                        "one endorser",
                        draft -> draft.endorsers = List.of(peer(0))),
                spoiled(
                        TxValidationCode.ENDORSEMENT_POLICY_FAILURE,
                        "one endorser twice",
                        draft -> draft.endorsers = List.of(peer(0), peer(0))),
                spoiled(
                        TxValidationCode.ENDORSEMENT_POLICY_FAILURE,
                        "a client as an endorser",
                        draft -> draft.endorsers = List.of(peer(1), client())),
                spoiled(
                        TxValidationCode.ENDORSEMENT_POLICY_FAILURE,
                        "endorsements of something else",
                        draft -> draft.endorsementsSpoiled = true));
    }

    private static Arguments spoiled(TxValidationCode code, String what, Consumer<Draft> spoil) {
        return arguments(code, what, spoil);
    }

    @Test
    void what_is_no_envelope_has_a_code_too() {
        assertThat(code(ByteString.EMPTY)).isEqualTo(TxValidationCode.NIL_ENVELOPE);
        assertThat(code(ByteString.copyFromUtf8("nonsense"))).isEqualTo(TxValidationCode.INVALID_OTHER_REASON);
        assertThat(code(Envelope.newBuilder()
                        .setPayload(ByteString.copyFromUtf8("nonsense"))
                        .build()
                        .toByteString()))
                .isEqualTo(TxValidationCode.BAD_PAYLOAD);
    }

    @Test
    void no_changed_byte_of_an_envelope_stays_valid() {
        byte[] whole = draft().envelope().toByteArray();

        for (int at = 0; at < whole.length; at += 3) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;

            assertThat(code(ByteString.copyFrom(changed))).as("byte %d", at).isNotEqualTo(TxValidationCode.VALID);
        }
    }
}
