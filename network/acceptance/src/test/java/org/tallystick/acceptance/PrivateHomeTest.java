package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.HashedRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload.Scope;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.embedded.ChaincodeDefinition;
import org.tallystick.embedded.CollectionDefinition;
import org.tallystick.embedded.EmbeddedLedger;
import org.tallystick.embedded.Endorsers;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// The spike on private homes: the rules as they are, over one private data collection of two of five members.
///
/// What was found is in `docs/decisions/0004-private-homes.md`.
@Tag("slow")
class PrivateHomeTest {

    private static final List<String> MEMBERS = List.of("north", "east", "west", "south", "center");
    private static final List<String> TWO = List.of("east", "north");
    private static final String HOME =
            "home-" + Hash.of(Bytes.ofUtf8(String.join("\n", TWO))).hex().substring(0, 40);
    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final PartyId PARTNER = new PartyId("east/partner");
    private static final String NO_HINTS = "{\"hints\":[]}";

    private final Random random = new Random(5);
    private final Map<String, SigningKey> keys = new TreeMap<>();
    private ExampleAgreement agreement;
    private EmbeddedLedger ledger;
    private Path folder;
    private Hash id = Hash.ZERO;

    @BeforeEach
    void five_members_and_two_parties(@TempDir Path temporary) throws Exception {
        folder = temporary;
        agreement = ExampleAgreement.roundingModes(examples());
        var home = new CollectionDefinition(HOME, TWO, 1, 1, 0, true, true, Optional.of(Endorsers.eachOf(TWO)));
        var chaincode = new ChaincodeDefinition("tallystick", "1", PrivateHomeChaincode::new, List.of(home));
        ledger = EmbeddedLedger.start(EmbeddedLedger.Settings.of(folder, MEMBERS, List.of(chaincode)));
        try (Ledger north = connect("north", "admin")) {
            id = north.id();
            var _ = commit(north, new Ledger.Call("init", List.of(Bytes.ofUtf8(id.hex()), Bytes.ofUtf8("true"))));
        }
        for (String member : TWO) {
            try (Ledger admin = connect(member, "admin")) {
                Act act = new Act.RegisterRegistrar(
                        key(member).key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
                submit(admin, sign(registry(new MemberId(member), act), member));
            }
        }
        try (Ledger north = connect("north", "gateway")) {
            for (PartyId party : List.of(VENDOR, PARTNER)) {
                Act act = new Act.Enroll(
                        key(party.text()).key(),
                        Purpose.ALL,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
                submit(
                        north,
                        sign(registry(party, act), party.text(), party.member().text()));
            }
        }
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static Path examples() {
        Path below = Path.of("docs", "spec", "examples");
        return Files.exists(below) ? below : Path.of("..", "..").resolve(below);
    }

    private Ledger connect(String member, String identity) throws Exception {
        return FabricLedger.over(
                ledger.channel(member),
                MemberIdentity.read(member, folder.resolve("members").resolve(member), identity),
                "tallystick",
                "tallystick");
    }

    private static void submit(Ledger by, Bytes envelope) throws Exception {
        Ledger.Endorsed endorsed = commit(by, new Ledger.Call("submit", List.of(envelope, Bytes.ofUtf8(NO_HINTS))));
        assertThat(((Json.Obj) endorsed.response().items("items").getFirst()).text("result"))
                .isEqualTo("applied");
    }

    private static Ledger.Endorsed commit(Ledger by, Ledger.Call call) throws Exception {
        Ledger.Endorsed endorsed = by.endorse(call);
        by.broadcast(endorsed);
        assertThat(by.await(endorsed.transaction(), Duration.ofSeconds(30)).code())
                .isEqualTo("VALID");
        return endorsed;
    }

    private SigningKey key(String owner) {
        return keys.computeIfAbsent(owner, _ -> SigningKey.generate(Algorithm.ED25519, random));
    }

    private static LedgerTime now() {
        return new LedgerTime(System.currentTimeMillis() / 1000);
    }

    private org.tallystick.agreement.instruction.Payload registry(Owner owner, Act act) {
        return payload(owner, Optional.empty(), act);
    }

    private org.tallystick.agreement.instruction.Payload payload(Owner owner, Optional<Scope> scope, Act act) {
        byte[] entropy = new byte[10];
        random.nextBytes(entropy);
        return org.tallystick.agreement.instruction.Payload.of(
                id,
                owner,
                Ulid.of(now().seconds() * 1000, Bytes.copyOf(entropy)),
                now(),
                now().plus(Duration.ofDays(1)),
                scope,
                act);
    }

    private Bytes sign(org.tallystick.agreement.instruction.Payload payload, String... owners) {
        List<Envelope.Hand> hands = new ArrayList<>();
        for (String owner : owners) {
            hands.add(new Envelope.Hand(Owner.parse(owner).orElseThrow(), key(owner)));
        }
        return Envelope.sign(payload, hands);
    }

    private Contract contract(String member) throws Exception {
        Path own = folder.resolve("members").resolve(member);
        return Gateway.newInstance()
                .identity(new X509Identity(
                        member, Identities.readX509Certificate(Files.readString(own.resolve("gateway.pem")))))
                .signer(Signers.newPrivateKeySigner(
                        Identities.readPrivateKey(Files.readString(own.resolve("gateway.key")))))
                .connection(ledger.channel(member))
                .connect()
                .getNetwork("tallystick")
                .getContract("tallystick");
    }

    private Proposal.Builder privately(Bytes envelope) throws Exception {
        return contract("north")
                .newProposal("submit-private")
                .addArguments(HOME, NO_HINTS)
                .putTransient("e0", envelope.toArray());
    }

    private Bytes offer() {
        Json.Obj document = agreement.document();
        Scope scope = Scope.of(new AgreementId(agreement.id()), Hash.of(document.canonical()));
        return sign(
                payload(VENDOR, Optional.of(scope), new Act.Offer(document, now().plus(Duration.ofDays(9)))),
                VENDOR.text());
    }

    private Bytes accept() {
        Scope scope = Scope.of(
                new AgreementId(agreement.id()), Hash.of(agreement.document().canonical()));
        return sign(payload(PARTNER, Optional.of(scope), new Act.Accept(Optional.empty())), PARTNER.text());
    }

    private static ChaincodeEndorsedAction endorsed(Transaction transaction) throws Exception {
        var payload = Payload.parseFrom(PreparedTransaction.parseFrom(transaction.getBytes())
                .getEnvelope()
                .getPayload());
        return ChaincodeActionPayload.parseFrom(
                        org.hyperledger.fabric.protos.peer.Transaction.parseFrom(payload.getData())
                                .getActions(0)
                                .getPayload())
                .getAction();
    }

    private static NsReadWriteSet ours(Transaction transaction) throws Exception {
        var action = ChaincodeAction.parseFrom(
                ProposalResponsePayload.parseFrom(endorsed(transaction).getProposalResponsePayload())
                        .getExtension());
        return TxReadWriteSet.parseFrom(action.getResults()).getNsRwsetList().stream()
                .filter(set -> set.getNamespace().equals("tallystick"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> endorsers(Transaction transaction) throws Exception {
        var members = new TreeSet<String>();
        for (var endorsement : endorsed(transaction).getEndorsementsList()) {
            members.add(SerializedIdentity.parseFrom(endorsement.getEndorser()).getMspid());
        }
        return List.copyOf(members);
    }

    @Test
    void an_agreement_is_made_in_a_private_home_by_the_rules_as_they_are() throws Exception {
        for (Bytes instruction : List.of(offer(), accept())) {
            Transaction transaction = privately(instruction).build().endorse();

            byte[] answer = transaction.submit();

            assertThat(new String(answer, StandardCharsets.UTF_8)).contains("\"result\":\"applied\"");
            assertThat(endorsers(transaction)).isEqualTo(TWO);
            NsReadWriteSet set = ours(transaction);
            var publicly = KVRWSet.parseFrom(set.getRwset());
            var hashed = HashedRWSet.parseFrom(set.getCollectionHashedRwset(0).getHashedRwset());
            assertThat(publicly.getWritesList()).isEmpty();
            assertThat(publicly.getRangeQueriesInfoList()).isEmpty();
            assertThat(publicly.getReadsList())
                    .extracting(read -> read.getKey().substring(0, 3))
                    .contains("net", "key")
                    .allMatch(List.of("net", "key", "pty")::contains);
            assertThat(set.getCollectionHashedRwsetList()).hasSize(1);
            assertThat(hashed.getHashedWritesCount()).isPositive();
        }
        byte[] head = contract("east").evaluateTransaction("get-private", HOME, "agr/" + agreement.id());
        assertThat(new String(head, StandardCharsets.UTF_8)).contains("\"state\":\"active\"");
    }

    @Test
    void nothing_of_it_can_be_read_on_the_other_three() throws Exception {
        byte[] _ = privately(offer()).build().endorse().submit();
        String document = agreement.document().canonical().utf8().orElseThrow();
        String secret = document.substring(0, 60);

        for (String member : List.of("west", "south", "center")) {
            Contract contract = contract(member);
            assertThatThrownBy(() -> contract.evaluateTransaction("get-private", HOME, "agr/" + agreement.id()))
                    .isInstanceOf(GatewayException.class);
        }
        var readable = new TreeSet<String>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (text.contains(secret) || text.contains("agr/" + agreement.id())) {
                    readable.add(folder.relativize(file).toString());
                }
            }
        }
        assertThat(readable).isNotEmpty().allMatch(file -> file.matches("members/(north|east)/(private|transient)"));
    }

    @Test
    void one_of_the_two_alone_is_not_enough_and_a_third_is_no_help() throws Exception {
        Bytes offer = offer();

        for (List<String> wrong : List.of(List.of("north"), List.of("north", "west"))) {
            Transaction chosen = privately(offer)
                    .setEndorsingOrganizations(wrong.toArray(String[]::new))
                    .build()
                    .endorse();
            var e = catchThrowableOfType(CommitException.class, chosen::submit);
            assertThat(e.getCode()).as("%s", wrong).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
        }
        byte[] _ = privately(offer).build().endorse().submit();
        var third =
                privately(accept()).setEndorsingOrganizations("north", "west").build();
        assertThatThrownBy(third::endorse).isInstanceOf(GatewayException.class);
    }

    @Test
    void a_key_that_is_revoked_or_a_new_epoch_still_stops_what_is_in_flight() throws Exception {
        Transaction first = privately(offer()).build().endorse();
        try (Ledger admin = connect("north", "gateway")) {
            Act clock = new Act.TrialClock(60);
            submit(admin, sign(registry(new MemberId("north"), clock), "north"));
        }

        var e = catchThrowableOfType(CommitException.class, first::submit);

        assertThat(e.getCode()).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
    }
}
