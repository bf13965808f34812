package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.Network;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
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
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// The spike on private homes: the rules as they are, over one private data collection of two of five members. The same
/// on every ledger.
///
/// What was found is in `docs/decisions/0004-private-homes.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PrivateHomes {

    static final List<String> MEMBERS = List.of("north", "east", "west", "south", "center");
    static final List<String> TWO = List.of("east", "north");
    static final List<String> OTHERS = List.of("west", "south", "center");
    static final String HOME =
            "home-" + Hash.of(Bytes.ofUtf8(String.join("\n", TWO))).hex().substring(0, 40);
    static final String CHANNEL = "tallystick";
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final PartyId PARTNER = new PartyId("east/partner");
    private static final String NO_HINTS = "{\"hints\":[]}";

    private final Random random = new Random(5);
    private final Map<String, SigningKey> keys = new TreeMap<>();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private Path folder = Path.of("");
    private Hash id = Hash.ZERO;

    /// Starts a ledger of the five members with [PrivateHomeChaincode] on it; all its files are in the folder.
    abstract void start(Path in) throws Exception;

    /// A connection to the member's peer.
    abstract ManagedChannel channel(String member) throws Exception;

    /// The name of the chaincode on the channel.
    abstract String chaincode();

    /// Where the certificates and keys of a member's identities lie.
    abstract Path identities(String member);

    /// What of the files, by their paths in the folder, may hold what is private.
    abstract String where();

    abstract void stop() throws Exception;

    @BeforeAll
    void five_members_and_two_parties(@TempDir Path temporary) throws Exception {
        folder = temporary;
        start(folder);
        try (Ledger north = connect("north", "admin")) {
            id = north.id();
            var _ = commit(north, new Ledger.Call("init", List.of(Bytes.ofUtf8(id.hex()), Bytes.ofUtf8("true"))));
        }
        for (String member : TWO) {
            register(member);
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

    /// Registers a registrar's key of a member: a public act.
    void register(String member) throws Exception {
        try (Ledger admin = connect(member, "admin")) {
            Act act = new Act.RegisterRegistrar(
                    key(member).key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            submit(admin, sign(registry(new MemberId(member), act), member));
        }
    }

    @AfterAll
    void close() throws Exception {
        for (AutoCloseable one : closing.reversed()) {
            one.close();
        }
        stop();
    }

    private static Path examples() {
        Path below = Path.of("docs", "spec", "examples");
        return Files.exists(below) ? below : Path.of("..", "..").resolve(below);
    }

    /// An agreement that no other test has.
    static ExampleAgreement agreement(String label) throws IOException {
        return ExampleAgreement.roundingModes(examples()).labeled(label);
    }

    /// A member's peer, asked as one of the member's identities.
    Ledger connect(String member, String identity) throws Exception {
        MemberIdentity who = MemberIdentity.read(member, identities(member), identity);
        return patiently(() -> FabricLedger.over(channel(member), who, CHANNEL, chaincode()));
    }

    private static void submit(Ledger by, Bytes envelope) throws Exception {
        Ledger.Endorsed endorsed = commit(by, new Ledger.Call("submit", List.of(envelope, Bytes.ofUtf8(NO_HINTS))));
        assertThat(((Json.Obj) endorsed.response().items("items").getFirst()).text("result"))
                .isEqualTo("applied");
    }

    private static Ledger.Endorsed commit(Ledger by, Ledger.Call call) throws Exception {
        Ledger.Endorsed endorsed = patiently(() -> by.endorse(call));
        by.broadcast(endorsed);
        assertThat(by.await(endorsed.transaction(), LONGEST).code()).isEqualTo("VALID");
        return endorsed;
    }

    /// The same again, for as long as it takes peers that have just started to take calls.
    static <T> T patiently(Callable<T> attempt) throws Exception {
        Instant end = Instant.now().plus(LONGEST);
        while (true) {
            try {
                return attempt.call();
            } catch (LedgerException.Unavailable | GatewayException | GatewayRuntimeException e) {
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
            }
            Thread.sleep(AGAIN);
        }
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

    private Gateway gateway(String client, String peer) throws Exception {
        Path own = identities(client);
        Gateway gateway = Gateway.newInstance()
                .identity(new X509Identity(
                        client, Identities.readX509Certificate(Files.readString(own.resolve("gateway.pem")))))
                .signer(Signers.newPrivateKeySigner(
                        Identities.readPrivateKey(Files.readString(own.resolve("gateway.key")))))
                .connection(channel(peer))
                .connect();
        closing.add(gateway);
        return gateway;
    }

    /// The channel as one member's gateway asks another member's peer for it.
    Network network(String client, String peer) throws Exception {
        return gateway(client, peer).getNetwork(CHANNEL);
    }

    private Contract contract(String member) throws Exception {
        return network(member, member).getContract(chaincode());
    }

    Proposal.Builder privately(Bytes envelope) throws Exception {
        return privately("north", envelope);
    }

    Proposal.Builder privately(String member, Bytes envelope) throws Exception {
        return contract(member)
                .newProposal("submit-private")
                .addArguments(HOME, NO_HINTS)
                .putTransient("e0", envelope.toArray());
    }

    /// The head of an agreement, as a member's gateway reads it at its own peer.
    String head(String member, ExampleAgreement agreement) throws Exception {
        return new String(
                contract(member).evaluateTransaction("get-private", HOME, "agr/" + agreement.id()),
                StandardCharsets.UTF_8);
    }

    Bytes offer(ExampleAgreement agreement) {
        Json.Obj document = agreement.document();
        Scope scope = Scope.of(new AgreementId(agreement.id()), Hash.of(document.canonical()));
        return sign(
                payload(VENDOR, Optional.of(scope), new Act.Offer(document, now().plus(Duration.ofDays(9)))),
                VENDOR.text());
    }

    Bytes accept(ExampleAgreement agreement) {
        Scope scope = Scope.of(
                new AgreementId(agreement.id()), Hash.of(agreement.document().canonical()));
        return sign(payload(PARTNER, Optional.of(scope), new Act.Accept(Optional.empty())), PARTNER.text());
    }

    void submitted(Bytes instruction) throws Exception {
        assertThat(new String(privately(instruction).build().endorse().submit(), StandardCharsets.UTF_8))
                .contains("\"result\":\"applied\"");
    }

    /// The files, by their paths in the folder, that hold one of these texts as it is.
    Set<String> holding(List<String> texts) throws IOException {
        var holding = new TreeSet<String>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (texts.stream().anyMatch(all::contains)) {
                    holding.add(folder.relativize(file).toString());
                }
            }
        }
        return holding;
    }

    /// Texts that only this agreement has: of its document, and the name of its key.
    static List<String> secrets(ExampleAgreement agreement) {
        return List.of("\"id\":\"" + agreement.id() + "\"", "agr/" + agreement.id());
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

    private NsReadWriteSet ours(Transaction transaction) throws Exception {
        var action = ChaincodeAction.parseFrom(
                ProposalResponsePayload.parseFrom(endorsed(transaction).getProposalResponsePayload())
                        .getExtension());
        return TxReadWriteSet.parseFrom(action.getResults()).getNsRwsetList().stream()
                .filter(set -> set.getNamespace().equals(chaincode()))
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
        ExampleAgreement agreement = agreement("made");

        for (Bytes instruction : List.of(offer(agreement), accept(agreement))) {
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
        assertThat(head("north", agreement)).contains("\"state\":\"active\"");
        assertThat(head("east", agreement)).isEqualTo(head("north", agreement));
    }

    @Test
    void nothing_of_it_can_be_read_on_the_other_three() throws Exception {
        ExampleAgreement agreement = agreement("unread");
        submitted(offer(agreement));

        assertThat(head("north", agreement)).contains("\"state\":\"offered\"");
        for (String member : OTHERS) {
            assertThatThrownBy(() -> head(member, agreement)).isInstanceOf(GatewayException.class);
            Contract atNorth = network(member, "north").getContract(chaincode());
            assertThatThrownBy(() -> atNorth.evaluateTransaction("get-private", HOME, "agr/" + agreement.id()))
                    .isInstanceOf(GatewayException.class);
        }
        Set<String> holding = holding(secrets(agreement));
        assertThat(holding).isNotEmpty().allMatch(file -> file.matches(where()));
        for (String member : TWO) {
            assertThat(holding).anyMatch(file -> file.contains("/" + member + "/"));
        }
    }

    /// A failure with what each endorser said.
    static String told(GatewayException e) {
        return e.getMessage() + " " + e.getDetails();
    }

    @Test
    void a_gateway_of_another_member_cannot_carry_into_it() throws Exception {
        ExampleAgreement agreement = agreement("foreign");
        Proposal foreign = privately("west", offer(agreement)).build();

        assertThatThrownBy(foreign::endorse).isInstanceOf(GatewayException.class);

        assertThat(head("north", agreement)).isEmpty();
    }

    @Test
    void one_of_the_two_alone_is_not_enough_and_a_third_is_no_help() throws Exception {
        ExampleAgreement agreement = agreement("third");
        Bytes offer = offer(agreement);

        for (List<String> wrong : List.of(List.of("north"), List.of("north", "west"))) {
            Transaction chosen = privately(offer)
                    .setEndorsingOrganizations(wrong.toArray(String[]::new))
                    .build()
                    .endorse();
            var e = catchThrowableOfType(CommitException.class, chosen::submit);
            assertThat(e.getCode()).as("%s", wrong).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
        }
        submitted(offer);
        var third = privately(accept(agreement))
                .setEndorsingOrganizations("north", "west")
                .build();
        assertThatThrownBy(third::endorse).isInstanceOf(GatewayException.class);
    }

    @Test
    void what_is_in_flight_is_stopped_when_the_clock_of_the_trial_is_moved() throws Exception {
        ExampleAgreement agreement = agreement("flight");
        Transaction first = privately(offer(agreement)).build().endorse();
        try (Ledger admin = connect("north", "gateway")) {
            Act clock = new Act.TrialClock(60);
            submit(admin, sign(registry(new MemberId("north"), clock), "north"));
        }

        var e = catchThrowableOfType(CommitException.class, first::submit);

        assertThat(e.getCode()).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
    }
}
