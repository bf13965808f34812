package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.gateway.ProposedTransaction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.lifecycle.Packaged;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.Operations;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.LedgerCourier;

/// What goes wrong on one network of Fabric's own programs: each test goes on from where the one before has left it.
@Tag("slow")
@ExtendWith(FabricFound.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(180)
final class FailureTest {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    /// How long one attempt to carry an instruction may take.
    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofMillis(200);
    /// So that an epoch ends while we wait: a proposal may be dated almost an hour from now.
    private static final Duration SKEW = Duration.ofHours(1);
    private static final Duration ALMOST_AN_HOUR = SKEW.minusSeconds(5);
    private static final String NORTH = "north";
    private static final int CARRIED = 12;

    private final SigningKey registrar = SigningKey.generate(Algorithm.ED25519, new Random(1));
    private final Random entropy = new Random(2);

    private Optional<LocalNetwork> made = Optional.empty();
    private Optional<Binaries> binaries = Optional.empty();
    private Optional<Ledger> connected = Optional.empty();
    private NetworkFolder folder = new NetworkFolder(Path.of(""));

    @BeforeAll
    void make(@TempDir Path temporary) throws Exception {
        binaries = Binaries.find(System.getenv());
        folder = new NetworkFolder(temporary.resolve("network"));
        Topology topology =
                new Backend.Native().settled(TrialNetwork.shortLived("raft").within(SKEW));
        OwnerFiles.write(folder.topology(), TopologyFile.text(topology));
        made = Optional.of(new LocalNetwork(topology, folder, new Backend.Native(), binaries.get(), _ -> {}));
    }

    @AfterAll
    void stop() throws Exception {
        connected.ifPresent(Ledger::close);
        if (made.isPresent()) {
            int _ = network().down();
            network().close();
        }
    }

    private LocalNetwork network() {
        return made.orElseThrow();
    }

    private Topology topology() {
        return network().topology();
    }

    /// North's peer, in the name of its gateway.
    private Ledger north() {
        return connected.orElseThrow();
    }

    private Processes processes() {
        return new Processes(topology(), folder, binaries.orElseThrow());
    }

    private Signed signed(Owner owner, Act act, Envelope.Hand... hands) {
        long millis = System.currentTimeMillis();
        byte[] random = new byte[10];
        entropy.nextBytes(random);
        LedgerTime from = new LedgerTime(millis / 1000 - 60);
        Payload payload = Payload.of(
                north().id(),
                owner,
                Ulid.of(millis, Bytes.copyOf(random)),
                from,
                from.plus(Duration.ofDays(1)),
                Optional.empty(),
                act);
        return (Signed) Signed.read(Envelope.sign(payload, hands));
    }

    private Signed registration() {
        MemberId member = new MemberId(NORTH);
        Act act = new Act.RegisterRegistrar(
                registrar.key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return signed(member, act, new Envelope.Hand(member, registrar));
    }

    private Signed enrollment(String name) {
        PartyId party = new PartyId(NORTH + "/" + name);
        SigningKey key = SigningKey.generate(Algorithm.ED25519, new Random(name.hashCode()));
        Act act = new Act.Enroll(
                key.key(),
                List.of(Purpose.values()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return signed(party, act, new Envelope.Hand(party, key), new Envelope.Hand(new MemberId(NORTH), registrar));
    }

    private static Ledger.Call submit(Signed instruction) {
        return new Ledger.Call(
                "submit", List.of(instruction.envelope(), Bytes.ofUtf8("{\"hints\":[]}")), Set.of(NORTH));
    }

    private boolean enrolled(String name) throws LedgerException {
        return !north().get(List.of(Keys.party(NORTH + "/" + name))).isEmpty();
    }

    private interface Attempt<T> {
        T make() throws LedgerException;
    }

    /// As a gateway does: the same again, for as long as the failure may pass.
    private static <T> T patiently(Attempt<T> attempt) throws Exception {
        Instant end = Instant.now().plus(LONGEST);
        while (true) {
            try {
                return attempt.make();
            } catch (LedgerException e) {
                if (!e.mayRepeat() || Instant.now().isAfter(end)) {
                    throw e;
                }
            }
            Thread.sleep(AGAIN);
        }
    }

    private static Answer carried(Ledger ledger, Signed instruction) throws Exception {
        return patiently(() -> new LedgerCourier(ledger)
                .send(List.of(instruction), ATTEMPT)
                .getFirst()
                .answer());
    }

    private Ledger.Commit committed(Ledger.Endorsed transaction) throws Exception {
        return patiently(() -> {
            north().broadcast(transaction);
            return north().await(transaction.transaction(), ATTEMPT);
        });
    }

    private Orderer leader() throws Exception {
        Instant end = Instant.now().plus(LONGEST);
        while (true) {
            Optional<Orderer> leader = network().status().nodes().stream()
                    .filter(NodeStatus::leads)
                    .map(status -> (Orderer) status.node())
                    .findFirst();
            if (leader.isPresent() || Instant.now().isAfter(end)) {
                return leader.orElseThrow();
            }
            Thread.sleep(AGAIN);
        }
    }

    /// How often an instruction took effect, by its hash.
    private Map<Hash, Integer> effects() throws LedgerException {
        Map<Hash, Integer> all = new TreeMap<>();
        try (BlockStream blocks = north().blocks(0)) {
            long height = north().height();
            for (long number = 0; number < height; number++) {
                for (LedgerBlock.Transaction transaction : blocks.next().transactions()) {
                    if (transaction.valid() && transaction.function().equals("submit")) {
                        Signed instruction =
                                (Signed) Signed.read(transaction.arguments().getFirst());
                        int _ = all.merge(instruction.instruction(), 1, Integer::sum);
                    }
                }
            }
        }
        return all;
    }

    private Chaincode chaincode(String member) {
        return topology().member(member).orElseThrow().peers().getFirst().chaincode();
    }

    private Packaged running() throws Exception {
        String version = network().status().chaincode().orElseThrow().version();
        Path id = folder.chaincode().resolve("current");
        return new Packaged(Code.in(folder.chaincode().resolve(version)), Files.readString(id));
    }

    @Test
    @Order(1)
    void an_up_that_stopped_halfway_is_undone_by_down_and_finished_by_up() throws Exception {
        Packaged packaged = network().prepare(true);
        MemberFolder east = folder.member("east");
        Path authority = east.authority().certificate();
        String before = Files.readString(authority);
        // It stopped after some of the keys, before the first block ...
        Files.delete(folder.genesis());
        Files.delete(east.node("peer0.east").tls().certificate());
        Packaged _ = network().prepare(true);
        // ... and then with one orderer started and on no channel.
        List<Runner.Started> alone =
                processes().start(List.of(topology().orderers().getFirst()), packaged);

        assertThat(alone).hasSize(1);
        assertThat(network().down()).isEqualTo(1);
        var _ = network().up(true);

        assertThat(network().status().nodes()).hasSize(9).allMatch(NodeStatus::ready);
        assertThat(Files.readString(authority)).isEqualTo(before);
        connected = Optional.of(network().connect(NORTH, MemberKeys.GATEWAY));
        try (Ledger admin = network().connect(NORTH, MemberKeys.REGISTRAR)) {
            assertThat(carried(admin, registration())).isInstanceOf(Answer.Applied.class);
        }
    }

    @Promise({"P1", "P2", "P12"})
    @Test
    @Order(2)
    void the_leading_orderer_is_killed_and_no_instruction_is_lost_or_applied_twice() throws Exception {
        Orderer before = leader();
        List<Signed> instructions = IntStream.range(0, CARRIED)
                .mapToObj(number -> enrollment("carried-" + number))
                .toList();
        CountDownLatch begun = new CountDownLatch(3);
        List<Answer> answers;

        try (ExecutorService courier = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Answer>> carrying = courier.submit(() -> {
                List<Answer> all = new ArrayList<>();
                for (Signed instruction : instructions) {
                    all.add(carried(north(), instruction));
                    begun.countDown();
                }
                return all;
            });
            assertThat(begun.await(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
            network().kill(List.of(before));
            answers = carrying.get(2 * LONGEST.toSeconds(), TimeUnit.SECONDS);
        }

        assertThat(answers).hasSize(CARRIED).allMatch(Answer.Applied.class::isInstance);
        Map<Hash, Integer> effects = effects();
        assertThat(instructions)
                .allSatisfy(instruction ->
                        assertThat(effects.get(instruction.instruction())).isEqualTo(1));
        assertThat(leader()).isNotEqualTo(before);
        var _ = network().up(true);
        assertThat(network().status().nodes()).allMatch(NodeStatus::ready);
    }

    @Promise({"P12", "P13"})
    @Test
    @Order(3)
    void without_orderers_nothing_is_taken_and_later_the_same_envelope_is() throws Exception {
        Ledger.Endorsed kept = north().endorse(submit(enrollment("patient")));

        network().kill(topology().orderers());

        assertThatThrownBy(() -> north().broadcast(kept)).isInstanceOf(LedgerException.Unavailable.class);
        assertThat(enrolled("patient")).isFalse();
        var _ = network().up(true);
        assertThat(committed(kept).code()).isEqualTo("VALID");
        assertThat(enrolled("patient")).isTrue();
    }

    @Promise("P2")
    @Test
    @Order(4)
    void an_envelope_that_is_sent_twice_takes_effect_once() throws Exception {
        Ledger.Endorsed once = north().endorse(submit(enrollment("twice")));
        Ledger.Commit commit = committed(once);

        north().broadcast(once);

        List<String> codes = new ArrayList<>();
        try (BlockStream blocks = north().blocks(commit.block())) {
            while (codes.size() < 2) {
                blocks.next().transactions().stream()
                        .filter(transaction -> transaction.id().equals(once.transaction()))
                        .forEach(transaction -> codes.add(transaction.code()));
            }
        }
        assertThat(codes).containsExactly("VALID", "DUPLICATE_TXID");
        assertThat(north().await(once.transaction(), ATTEMPT).valid()).isTrue();
    }

    private interface Using<T> {
        T use(Gateway gateway, Signer signer) throws Exception;
    }

    /// What the stock client makes of a connection to north's peer, as its gateway.
    private <T> T stock(Using<T> using) throws Exception {
        MemberFolder files = folder.member(NORTH);
        MemberFolder.Pair identity = files.identity(MemberKeys.GATEWAY);
        Signer signer = Signers.newPrivateKeySigner(Identities.readPrivateKey(Files.readString(identity.key())));
        ManagedChannel connection = Grpc.newChannelBuilder(
                        Files.readString(files.address()).strip(),
                        TlsChannelCredentials.newBuilder()
                                .trustManager(files.addressAuthority().toFile())
                                .build())
                .build();
        try (Gateway gateway = Gateway.newInstance()
                .identity(new X509Identity(
                        NORTH, Identities.readX509Certificate(Files.readString(identity.certificate()))))
                .signer(signer)
                .connection(connection)
                .connect()) {
            return using.use(gateway, signer);
        } finally {
            ManagedChannel _ = connection.shutdownNow();
        }
    }

    private Proposal.Builder proposal(Gateway gateway, Ledger.Call call) {
        return gateway.getNetwork(topology().channel())
                .getContract(LocalNetwork.CHAINCODE)
                .newProposal(call.function())
                .addArguments(call.arguments().stream().map(Bytes::toArray).toArray(byte[][]::new));
    }

    /// Has a call endorsed by the peers of these members alone, whether that is enough or not.
    private Status endorsedBy(Ledger.Call call, String... members) throws Exception {
        return stock((gateway, _) -> proposal(gateway, call)
                .setEndorsingOrganizations(members)
                .build()
                .endorse()
                .submitAsync()
                .getStatus());
    }

    /// The same proposal, dated later: the stock client knows only its own clock.
    private static Transaction endorsedLater(Gateway gateway, Signer signer, Proposal made, Duration later)
            throws Exception {
        var proposed = ProposedTransaction.parseFrom(made.getBytes());
        var proposal = org.hyperledger.fabric.protos.peer.Proposal.parseFrom(
                proposed.getProposal().getProposalBytes());
        Header header = Header.parseFrom(proposal.getHeader());
        ChannelHeader channel = ChannelHeader.parseFrom(header.getChannelHeader());
        Timestamp moved = channel.getTimestamp().toBuilder()
                .setSeconds(channel.getTimestamp().getSeconds() + later.toSeconds())
                .build();
        ByteString dated = proposal.toBuilder()
                .setHeader(header.toBuilder()
                        .setChannelHeader(
                                channel.toBuilder().setTimestamp(moved).build().toByteString())
                        .build()
                        .toByteString())
                .build()
                .toByteString();
        byte[] bytes = proposed.toBuilder()
                .setProposal(proposed.getProposal().toBuilder().setProposalBytes(dated))
                .build()
                .toByteArray();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(dated.toByteArray());
        return gateway.newSignedProposal(bytes, signer.sign(digest)).endorse();
    }

    @Test
    @Order(5)
    void what_one_member_alone_endorsed_is_in_a_block_and_changes_nothing() throws Exception {
        Status alone = endorsedBy(submit(enrollment("alone")), "east");
        Status majority = endorsedBy(submit(enrollment("together")), "east", "west");

        assertThat(alone.getCode().name()).isEqualTo("ENDORSEMENT_POLICY_FAILURE");
        assertThat(enrolled("alone")).isFalse();
        assertThat(majority.getCode().name()).isEqualTo("VALID");
        assertThat(enrolled("together")).isTrue();
    }

    /// The approved code, but for one word in its answers.
    private Packaged otherwise(Packaged approved) throws IOException {
        Path other = folder.path().resolveSibling("otherwise");
        OwnerFiles.copy(approved.code().folder(), other);
        String name = "org/tallystick/agreement/rules/Item.class";
        try (InputStream in = Transactions.class.getClassLoader().getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(bytes).contains("applied");
            // On the class path, what comes first counts.
            OwnerFiles.write(
                    other.resolve("0").resolve(name),
                    bytes.replace("applied", "Applied").getBytes(StandardCharsets.ISO_8859_1));
        }
        return new Packaged(Code.in(other), approved.id());
    }

    private void exchange(Chaincode chaincode, Packaged packaged) throws Exception {
        network().kill(List.of(chaincode));
        List<Runner.Started> _ = processes().start(List.of(chaincode), packaged);
        try (Operations operations = new Operations(topology(), folder)) {
            Instant end = Instant.now().plus(LONGEST);
            while (!operations.ready(chaincode) && Instant.now().isBefore(end)) {
                Thread.sleep(AGAIN);
            }
            assertThat(operations.ready(chaincode)).isTrue();
        }
    }

    @Test
    @Order(6)
    void a_member_whose_chaincode_is_another_is_named_and_the_others_go_on_without_it() throws Exception {
        exchange(chaincode("west"), otherwise(running()));
        Ledger.Call odd = new Ledger.Call("submit", submit(enrollment("odd")).arguments(), Set.of("north", "west"));

        assertThat(committed(north().endorse(odd)).code()).isEqualTo("VALID");
        try (Ledger west = network().connect("west", MemberKeys.GATEWAY)) {
            Ledger.Call even =
                    new Ledger.Call("submit", submit(enrollment("even")).arguments(), Set.of("west"));
            assertThat(committed(west.endorse(even)).code()).isEqualTo("VALID");
        }

        network().kill(List.of(chaincode("east")));
        assertThatThrownBy(() -> north().endorse(submit(enrollment("nobody"))))
                .isInstanceOf(LedgerException.Refused.class)
                .hasMessageContaining("west did not answer what another endorser answered");
        exchange(chaincode("west"), running());
        var _ = network().up(true);
        assertThat(endorsedBy(submit(enrollment("again")), "east", "west")
                        .getCode()
                        .name())
                .isEqualTo("VALID");
    }

    @Promise("P12")
    @Test
    @Order(7)
    void a_member_whose_chaincode_is_killed_is_endorsed_for_by_the_others_until_up_starts_it() throws Exception {
        Chaincode chaincode = chaincode(NORTH);
        network().kill(List.of(chaincode));

        Ledger.Endorsed without = north().endorse(submit(enrollment("without")));

        assertThat(committed(without).code()).isEqualTo("VALID");
        assertThat(network().status().nodes())
                .filteredOn(status -> !status.ready())
                .extracting(NodeStatus::node)
                .isEqualTo(List.of(chaincode));
        var _ = network().up(true);
        assertThat(endorsedBy(submit(enrollment("with")), NORTH, "east")
                        .getCode()
                        .name())
                .isEqualTo("VALID");
    }

    @Promise("P11")
    @Test
    @Order(8)
    void what_was_endorsed_in_the_epoch_before_cannot_commit_and_is_endorsed_again() throws Exception {
        Signed instruction = enrollment("kept");
        Ledger.Endorsed kept = north().endorse(submit(instruction));
        Ledger.Call advance = new Ledger.Call("advance-epoch", List.of());
        assertThatThrownBy(() -> north().endorse(advance)).hasMessageContaining("epoch_young");

        List<String> codes = stock((gateway, signer) -> {
            List<Transaction> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                both.add(endorsedLater(
                        gateway, signer, proposal(gateway, advance).build(), ALMOST_AN_HOUR));
            }
            List<String> ended = new ArrayList<>();
            for (Transaction one : both) {
                ended.add(one.submitAsync().getStatus().getCode().name());
            }
            return ended;
        });

        assertThat(codes).containsExactly("VALID", "MVCC_READ_CONFLICT");
        assertThat(north().net().epoch()).isEqualTo(2);
        assertThat(committed(kept).code()).isEqualTo("MVCC_READ_CONFLICT");
        assertThat(enrolled("kept")).isFalse();
        assertThat(committed(north().endorse(submit(instruction))).code()).isEqualTo("VALID");
        assertThat(enrolled("kept")).isTrue();
    }
}
