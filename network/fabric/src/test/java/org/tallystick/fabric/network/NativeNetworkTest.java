package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.lifecycle.Rehearsing;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.pki.Credential;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.Tally;

/// The life of one network on Fabric's own programs: each test goes on from where the one before has left it.
@Tag("slow")
@ExtendWith(FabricFound.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NativeNetworkTest {

    private static final long GOAL_KIB = 1_600 * 1_024;
    /// Twice the goal, since other tests may run on this machine.
    private static final Duration LONGEST_UP = Duration.ofMinutes(2);

    private Optional<TrialNetwork> started = Optional.empty();
    private Path folder = Path.of("");
    private Path home = Path.of("");

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        Binaries binaries = Binaries.find(System.getenv()).orElseThrow();
        folder = temporary.resolve("network");
        home = temporary.resolve("home");
        long begin = System.nanoTime();
        started = Optional.of(TrialNetwork.start(folder, "raft", binaries, _ -> {}));
        run("key", "create", "north", "--unencrypted");
        run("member", "register", "north", "--identity", identities("north"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("from nothing to the first committed instruction")
                .isLessThan(LONGEST_UP);
    }

    @AfterAll
    void stop() {
        started.ifPresent(TrialNetwork::close);
    }

    private TrialNetwork trial() {
        return started.orElseThrow();
    }

    private String identities(String member) {
        return trial().identities(member).toString();
    }

    private record Ended(int exitCode, String output) {}

    private Ended tally(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--home", home.toString()));
        if (arguments[0].equals("network")) {
            all.addAll(List.of("--folder", folder.toString()));
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);
        int exitCode = new Tally().run(all, both, both);
        return new Ended(exitCode, output.toString(StandardCharsets.UTF_8));
    }

    private void run(String... arguments) {
        String _ = told(arguments);
    }

    private String told(String... arguments) {
        Ended ended = tally(arguments);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    private Map<String, Long> processes() throws Exception {
        Map<String, Long> all = new TreeMap<>();
        NetworkStatus status = trial().network().status();
        status.nodes()
                .forEach(node -> node.pid().ifPresent(pid -> all.put(node.node().name(), pid)));
        return all;
    }

    private static void register(NativeNetworkTest test, String member) {
        test.run("key", "create", member, "--unencrypted");
        test.run("member", "register", member, "--identity", test.identities(member));
    }

    @Test
    @Order(1)
    void nine_nodes_take_calls_and_hold_less_memory_than_the_goal() throws Exception {
        NetworkStatus status = trial().network().status();

        assertThat(status.nodes()).hasSize(9).allMatch(NodeStatus::ready);
        assertThat(status.nodes().stream()
                        .mapToLong(node -> node.residentKib().orElse(0))
                        .sum())
                .isBetween(1L, GOAL_KIB);
        assertThat(status.nodes()).filteredOn(NodeStatus::leads).hasSize(1);
        assertThat(status.chaincode().orElseThrow().approvals().values()).containsExactly(true, true, true);
    }

    @Test
    @Order(2)
    void up_again_starts_nothing_and_commits_nothing() throws Exception {
        Map<String, Long> before = processes();
        long height = height("east");

        run("network", "up");

        assertThat(processes()).isEqualTo(before);
        assertThat(height("east")).isEqualTo(height);
    }

    private long height(String member) throws Exception {
        try (Ledger ledger = trial().connect(member)) {
            return ledger.height();
        }
    }

    @Test
    @Order(3)
    void no_key_of_a_member_lies_outside_its_folder() throws Exception {
        Path code = folder.resolve("public/chaincode");
        List<Path> open;
        try (Stream<Path> all = Files.walk(folder.resolve("public"))) {
            open = all.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(code) || file.toString().endsWith(".tgz"))
                    .toList();
        }

        assertThat(open).hasSizeGreaterThan(10);
        for (Path file : open) {
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .as(file.toString())
                    .doesNotContain("PRIVATE KEY");
        }
    }

    @Test
    @Order(3)
    void a_node_tells_its_own_member_s_admin_how_it_is_and_no_other() throws Exception {
        Orderer orderer = trial().network().topology().orderers().getFirst();
        NetworkFolder files = new NetworkFolder(folder);
        Path authority = files.member("north").tlsAuthority().certificate();

        assertThat(metrics(orderer, files.member("north").adminTls(), authority))
                .contains("consensus_etcdraft");

        assertThatThrownBy(() -> metrics(orderer, files.member("east").adminTls(), authority))
                .isInstanceOf(IOException.class);
    }

    private static String metrics(Orderer orderer, MemberFolder.Pair admin, Path authority) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(
                        Credential.read(admin.certificate(), admin.key()).calling(Credential.certificate(authority)))
                .build()) {
            URI metrics = URI.create("https://" + orderer.host() + ":" + orderer.operationsPort() + "/metrics");
            return client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    @Order(4)
    void what_was_killed_is_started_again_on_what_is_left_of_it() throws Exception {
        Topology topology = trial().network().topology();
        Node leader = trial().network().status().nodes().stream()
                .filter(NodeStatus::leads)
                .findFirst()
                .orElseThrow()
                .node();
        List<Node> victims = new ArrayList<>(topology.peers());
        victims.addAll(List.of(leader, topology.peers().getFirst().chaincode()));
        Map<String, Long> before = processes();

        trial().network().kill(victims);
        run("network", "up");
        register(this, "east");

        Map<String, Long> after = processes();
        victims.forEach(node -> assertThat(after.get(node.name())).isNotEqualTo(before.get(node.name())));
        assertThat(after).hasSameSizeAs(before);
    }

    @Test
    @Order(5)
    void a_port_that_somebody_else_has_is_named_and_down_leaves_that_program_alone() throws Exception {
        Orderer orderer = trial().network().topology().orderers().getFirst();
        run("network", "down");

        try (ServerSocket other = new ServerSocket(orderer.port(), 1, InetAddress.getByName(orderer.host()))) {
            Ended up = tally("network", "up");

            assertThat(up.exitCode()).isEqualTo(2);
            assertThat(up.output()).contains("port " + orderer.port() + " of orderer0.north is in use");
            run("network", "down");
            assertThat(other.isBound()).isTrue();
        }

        run("network", "up");
        register(this, "west");
    }

    @Test
    @Order(6)
    void a_revoked_identity_is_refused_at_once_and_its_neighbor_is_not() throws Exception {
        run("network", "identity", "issue", "north", "courier");
        try (Ledger _ = trial().network().connect("north", "courier")) {
            assertThat(told("network", "identity", "list", "north")).contains("courier");
        }

        run("network", "identity", "revoke", "north", "courier");

        assertThatThrownBy(() -> trial().network().connect("north", "courier").close())
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("access denied");
        assertThat(height("north")).isPositive();
        assertThat(tally("network", "identity", "revoke", "north", "nobody").exitCode())
                .isEqualTo(1);
    }

    @Test
    @Order(7)
    void one_signature_of_three_admits_nobody_and_two_do() throws Exception {
        Path file = Files.writeString(folder.resolveSibling("south.yaml"), """
                name: south
                peers:
                  - {name: peer0.south, host: 127.0.0.1, port: %d, operationsPort: %d,
                     chaincode: {name: chaincode0.south, host: 127.0.0.1, port: %d}}
                """.formatted(31_051, 31_055, 31_052));
        String update = folder.resolveSibling("south.update").toString();
        run("network", "member", "add", file.toString(), "-o", update);

        Ended alone = tally("network", "update", "submit", update, "north");
        assertThat(alone.exitCode()).as(alone.output()).isEqualTo(2);
        assertThat(trial().network().channel().admitted()).containsExactly("east", "north", "west");

        run("network", "update", "sign", update, "east");
        assertThat(told("network", "update", "show", update))
                .contains("adds Channel/Application/south")
                .contains("signed by east");
        run("network", "update", "submit", update, "north");
        run("network", "up", "--network", update + ".network");

        assertThat(trial().network().channel().admitted()).containsExactly("east", "north", "south", "west");
        try (Ledger south = trial().network().connect("south", "gateway")) {
            assertThat(south.net().ledger()).isEqualTo(trial().ledger());
        }
        assertThat(told("network", "snapshot")).contains("peer0.south").contains("are equal");
    }

    @Test
    @Order(8)
    void a_rehearsal_of_the_same_code_finds_nothing_and_one_of_a_ledger_that_decided_otherwise_names_the_place()
            throws Exception {
        Code code = Code.in(folder.resolve("public/chaincode")
                .resolve(trial().network().status().chaincode().orElseThrow().version()));

        assertThat(told("network", "rehearse", code.folder().toString())).contains("nothing would differ");

        Path nothing = folder.resolveSibling("nothing");
        OwnerFiles.write(nothing.resolve("note.txt"), "no code");
        Ended broken = tally("network", "deploy", nothing.toString());
        assertThat(broken.exitCode()).isEqualTo(2);
        assertThat(broken.output()).contains("the code that is rehearsed ended at block");

        Json.Obj other = Json.object().with("response", "9").build();
        try (Ledger ledger = trial().connect("north");
                BlockStream blocks = ledger.blocks(0);
                Rehearsing rehearsing = Rehearsing.with(code, folder.resolveSibling("rehearsal.log"))) {
            List<Long> changed = new ArrayList<>();
            long height = ledger.height();
            for (long number = 0; number < height; number++) {
                LedgerBlock block = blocks.next();
                block.transactions().stream()
                        .filter(LedgerBlock.Transaction::valid)
                        .forEach(_ -> changed.add(block.number()));
                rehearsing.play(answering(block, other));
            }
            assertThat(changed).hasSizeGreaterThan(2);
            assertThat(rehearsing.differences())
                    .extracting(Rehearsing.Difference::block)
                    .isEqualTo(changed);
        }
    }

    private static LedgerBlock answering(LedgerBlock block, Json.Obj response) {
        return new LedgerBlock(
                block.number(),
                block.bytes(),
                block.size(),
                block.commit(),
                block.transactions().stream()
                        .map(one -> new LedgerBlock.Transaction(
                                one.index(),
                                one.id(),
                                one.code(),
                                one.timestamp(),
                                one.function(),
                                one.arguments(),
                                response,
                                one.event(),
                                one.envelope()))
                        .toList());
    }

    @Test
    @Order(9)
    void an_upgrade_is_rehearsed_approved_by_all_and_runs() throws Exception {
        Path now = folder.resolve("public/chaincode")
                .resolve(trial().network().status().chaincode().orElseThrow().version());
        Path next = folder.resolveSibling("next");
        OwnerFiles.copy(now, next);
        OwnerFiles.write(next.resolve("note.txt"), "another version");
        Map<String, Long> before = processes();

        assertThat(told("network", "deploy", next.toString())).contains(", sequence 2");

        assertThat(processes().get("chaincode0.north")).isNotEqualTo(before.get("chaincode0.north"));
        assertThat(processes().get("peer0.north")).isEqualTo(before.get("peer0.north"));
        long height = height("north");
        run("key", "create", "east/buyer", "--unencrypted");
        run("party", "enroll", "east/buyer", "--identity", identities("east"));
        assertThat(height("north")).isGreaterThan(height);
        assertThat(told("network", "deploy", next.toString())).contains(", sequence 2");
    }

    @Test
    @Order(10)
    void a_node_with_new_certificates_is_known_by_its_old_key() throws Exception {
        String before = told("network", "status", "--json");

        assertThat(told("network", "rotate", "orderer0.east")).isEqualTo("rotated: orderer0.east\n");
        assertThat(told("network", "rotate", "chaincode0.east")).isEqualTo("rotated: peer0.east, chaincode0.east\n");

        assertThat(told("network", "status", "--json")).isNotEqualTo(before);
        assertThat(height("east")).isEqualTo(height("north"));
    }

    @Test
    @Order(11)
    void a_removed_member_s_peer_is_no_way_to_the_ledger_and_the_others_go_on() throws Exception {
        String update = folder.resolveSibling("without-west.update").toString();
        assertThat(told("network", "member", "remove", "west", "-o", update))
                .contains("removes Channel/Application/west")
                .contains("removes Channel/Orderer/west")
                .contains("changes Channel/Orderer/ConsensusType");

        run("network", "member", "remove", "west", "--all-sign");

        assertThat(trial().network().channel().admitted()).containsExactly("east", "north", "south");
        assertThat(processes()).doesNotContainKeys("peer0.west", "orderer0.west");
        register(this, "south");
        assertThat(tally("network", "member", "remove", "west", "--all-sign").exitCode())
                .isEqualTo(2);
    }

    @Test
    @Order(12)
    void the_history_names_who_did_what() {
        assertThat(told("network", "history"))
                .contains("founds the channel with east, north, west")
                .containsPattern("east, north +admits Channel/Application/south")
                .containsPattern("north +changes Channel/Application/north/MSP")
                .contains("removes Channel/Application/west")
                .contains("removes Channel/Orderer/west")
                .contains("approves tallystick 1-");
    }

    @Test
    @Order(13)
    void down_stops_all_that_up_has_started() throws Exception {
        Ended down = tally("network", "down");

        assertThat(down.output()).isEqualTo("down: 8 processes stopped\n");
        assertThat(tally("network", "status").exitCode()).isEqualTo(1);
        assertThatThrownBy(() -> trial().network().channel().admitted()).isInstanceOf(NodeException.class);
    }
}
