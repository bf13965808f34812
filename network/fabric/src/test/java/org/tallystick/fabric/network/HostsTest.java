package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;
import org.tallystick.ledger.cli.Tally;

/// A network of members with machines of their own: one folder each, at an address each, and only files between them.
/// Each test goes on from where the one before has left it.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HostsTest {

    private static final List<String> MEMBERS = List.of("north", "east", "west");
    /// With the one that is admitted later.
    private static final List<String> ALL = List.of("north", "east", "west", "south");
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    /// A key as a file has it, or as JSON has it.
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----((?:[A-Za-z0-9+/=\\s]|\\\\n)+)-----END PRIVATE KEY-----");

    private static final String DOWN = "network down";

    private Path home = Path.of("");
    private Path mail = Path.of("");

    @BeforeAll
    void choose(@TempDir Path temporary) throws Exception {
        assumeTrue(Binaries.find(System.getenv()).isPresent(), "Fabric: no network, none of its programs were found");
        home = temporary;
        mail = OwnerFiles.folder(temporary.resolve("mail"));
        Topology free = FreePorts.of(TrialNetwork.shortLived("raft"));
        String text = TopologyFile.text(free);
        for (int i = 0; i < MEMBERS.size(); i++) {
            text = atAddress(text, MEMBERS.get(i), "127.0.0." + (i + 2));
        }
        OwnerFiles.write(mail.resolve("topology.yaml"), text);
    }

    private static String atAddress(String topology, String member, String address) {
        return topology.lines()
                .map(line -> line.contains("." + member + ",") ? line.replace("127.0.0.1", address) : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @AfterAll
    void stop() {
        for (String member : ALL) {
            if (Files.exists(folder(member).topology())) {
                Ended _ = at(member, DOWN);
            }
        }
    }

    private NetworkFolder folder(String member) {
        return new NetworkFolder(home.resolve(member));
    }

    private Path keys(String member) {
        return folder(member).member(member).path();
    }

    private record Ended(int exitCode, String output) {}

    private static Ended tally(List<String> arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);
        int exitCode = new Tally().run(arguments, both, both);
        return new Ended(exitCode, output.toString(StandardCharsets.UTF_8));
    }

    /// Runs a command on the host of a member; words that name a file of the mail begin with `@`.
    private Ended at(String member, String command) {
        List<String> all = Arrays.stream(command.split(" ", -1))
                .map(word ->
                        word.startsWith("@") ? mail.resolve(word.substring(1)).toString() : word)
                .collect(Collectors.toCollection(ArrayList::new));
        if (all.getFirst().equals("network") && !all.get(1).equals("found")) {
            all.addAll(List.of("--folder", folder(member).path().toString()));
        }
        all.addAll(List.of("--home", home.resolve("home-" + member).toString()));
        return tally(all);
    }

    private String told(String member, String command) {
        Ended ended = at(member, command);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    private void run(String member, String command) {
        String _ = told(member, command);
    }

    private static Set<String> secrets(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            Set<String> secrets = new TreeSet<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Matcher key = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
                while (key.find()) {
                    secrets.add(key.group(1).replaceAll("\\\\n|\\s", ""));
                }
            }
            return secrets;
        }
    }

    @Test
    @Order(1)
    void each_member_makes_its_keys_on_its_own_host_and_shows_none_of_them() throws Exception {
        for (String member : MEMBERS) {
            run(member, "network member keys @topology.yaml " + member + " -o @" + member + ".member");
            assertThat(Files.readString(mail.resolve(member + ".member")))
                    .contains("BEGIN CERTIFICATE")
                    .doesNotContain(PRIVATE_KEY);
        }

        Ended early = at("north", "network up");
        assertThat(early.exitCode()).isEqualTo(2);
        assertThat(early.output()).contains("has the keys of members with machines of their own: north");
        assertThat(Files.exists(folder("north").topology()))
                .as("the usual profile is not this network's")
                .isFalse();
    }

    @Test
    @Order(2)
    void a_network_is_founded_once_from_what_all_members_show() {
        Ended two = at("east", "network found @topology.yaml @north.member @east.member -o @a.network");
        assertThat(two.exitCode()).isEqualTo(2);
        assertThat(two.output()).contains("0 files show west, not one");

        String found = "network found @topology.yaml @north.member @east.member @west.member -o @a.network";
        assertThat(told("east", found)).contains("sha256");
        assertThat(at("east", found).exitCode()).isEqualTo(1);
    }

    @Test
    @Order(3)
    void the_first_to_come_up_waits_for_orderers_and_the_last_begins_the_ledger_as_all_were_told() throws Exception {
        String first = told("north", "network up --network @a.network --trial");
        assertThat(first)
                .contains("up: north on channel")
                .contains("the ledger takes no instructions yet")
                .contains("missing: orderer0.east at 127.0.0.3:")
                .contains("missing: orderer0.west at 127.0.0.4:");

        String second = told("east", "network up --network @a.network");
        assertThat(second)
                .contains("the ledger takes no instructions yet")
                .contains("missing: north has not approved")
                .contains("(1 of 2 have)");

        Ended differs = at("west", "network up --network @a.network --trial");
        assertThat(differs.exitCode()).isEqualTo(2);
        assertThat(differs.output())
                .contains("a member lets the ledger begin only as ")
                .contains("trial: no");
        run("east", DOWN);
        Files.delete(folder("east").member("east").node("chaincode0.east").charter());
        run("east", "network up --trial");

        String third = told("west", "network up");
        assertThat(third).contains("(trial)").contains("missing: north has not approved the chaincode");

        assertThat(told("north", "network up")).contains("(trial)").doesNotContain("missing");
        assertThat(told("north", "network up")).isEqualTo(told("north", "network up"));
    }

    @Test
    @Order(4)
    void an_instruction_is_applied_on_all_of_them() {
        run("north", "key create north --unencrypted");
        run("north", "member register north --identity " + keys("north"));

        assertThat(told("west", "network snapshot")).contains("peer0.west").doesNotContain("peer0.north");
        for (String member : MEMBERS) {
            assertThat(told(member, "network history")).contains("founds the channel with east, north, west");
        }
    }

    @Test
    @Order(5)
    void each_host_tells_of_its_own_nodes_and_of_who_answers_elsewhere() {
        assertThat(told("north", "network status"))
                .contains("peer0.north")
                .contains("elsewhere: peer0.east of east at 127.0.0.3:")
                .doesNotContain("DOES NOT ANSWER");

        for (String command : List.of(
                "network logs peer0.east",
                "network rotate peer0.east",
                "network identity issue east courier",
                "network identity list east")) {
            Ended ended = at("north", command);
            assertThat(ended.exitCode()).as(command).isEqualTo(2);
            assertThat(ended.output()).contains("the keys of east are not in ");
        }
    }

    @Test
    @Order(6)
    void a_member_with_a_host_of_its_own_is_admitted_by_signatures_from_two_hosts() throws Exception {
        OwnerFiles.write(mail.resolve("south.yaml"), """
                name: south
                peers:
                  - {name: peer0.south, host: 127.0.0.5, port: 31051, operationsPort: 31055,
                     chaincode: {name: chaincode0.south, host: 127.0.0.5, port: 31052}}
                """);
        Ended beside = at("north", "network member add @south.yaml -o @south.update");
        assertThat(beside.exitCode()).isEqualTo(2);
        assertThat(beside.output()).contains("the keys of south would lie beside those of north");

        run("south", "network member keys @south.yaml -o @south.member");
        run("north", "network member add @south.member -o @south.update");
        assertThat(at("north", "network update sign @south.update east").output())
                .contains("the keys of east are not in ");
        run("east", "network update sign @south.update east");
        assertThat(told("north", "network update submit @south.update north")).contains("adopted");

        assertThat(told("south", "network up --network @south.update.network"))
                .contains("up: south on channel")
                .doesNotContain("takes no instructions");
        assertThat(told("north", "network up --network @south.update.network")).doesNotContain("missing");
        run("south", "key create south --unencrypted");
        run("south", "member register south --identity " + keys("south"));
    }

    @Test
    @Order(7)
    void an_upgrade_is_deployed_host_by_host_and_is_the_channel_s_once_enough_have() throws Exception {
        run("east", "network up --network @south.update.network");
        run("west", "network up --network @south.update.network");
        String version = told("north", "network status").split("version ", 2)[1].split(",", 2)[0];
        OwnerFiles.copy(folder("north").chaincode().resolve(version), mail.resolve("next"));
        OwnerFiles.write(mail.resolve("next/note.txt"), "another version");

        assertThat(told("north", "network deploy @next"))
                .contains("approved here")
                .contains("(1 of 3 have)");
        assertThat(told("east", "network deploy @next")).contains("(2 of 3 have)");
        assertThat(told("west", "network deploy @next")).contains("the channel has");
        assertThat(told("north", "network deploy @next")).contains("the channel has");
        assertThat(told("east", "network up")).contains("missing: south has not approved the chaincode");

        run("east", "key create east --unencrypted");
        run("east", "member register east --identity " + keys("east"));
    }

    @Test
    @Order(8)
    void certificates_that_have_ended_are_named_with_what_renews_them() throws Exception {
        run("west", DOWN);
        NetworkFolder west = folder("west");
        Topology topology = topology();
        MemberKeys old = new MemberKeys(
                topology.member("west").orElseThrow(),
                west.member("west"),
                Instant.now().minus(Duration.ofDays(6 * 365)));
        for (String identity : List.of(MemberKeys.ADMIN, MemberKeys.REGISTRAR, MemberKeys.GATEWAY)) {
            old.renew(identity);
        }
        for (Topology.Node node : topology.member("west").orElseThrow().nodes()) {
            old.renew(node);
        }

        Set<String> renewals = new TreeSet<>();
        Ended up = at("west", "network up");
        while (up.exitCode() == 2 && up.output().contains(" ended at ")) {
            String renewal = up.output()
                    .lines()
                    .filter(line -> line.contains("hint: tally "))
                    .findFirst()
                    .orElseThrow();
            String command = renewal.substring(renewal.indexOf("network "), renewal.indexOf(", or"));
            assertThat(renewals.add(command)).as(up.output()).isTrue();
            Ended _ = at("west", command);
            up = at("west", "network up");
        }

        assertThat(up.exitCode()).as(up.output()).isZero();
        assertThat(renewals)
                .contains(
                        "network identity renew west admin",
                        "network identity renew west registrar",
                        "network identity renew west gateway",
                        "network rotate orderer0.west",
                        "network rotate peer0.west")
                .hasSize(5);
        run("west", "key create west --unencrypted");
        run("west", "member register west --identity " + keys("west"));
    }

    private Topology topology() throws IOException {
        return switch (TopologyFile.read(Files.readString(folder("west").topology()))) {
            case TopologyReading.Read(var read) -> read;
            case TopologyReading.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    @Test
    @Order(9)
    void no_folder_ever_held_another_member_s_key() throws Exception {
        List<Set<String>> all = new ArrayList<>();
        for (String member : ALL) {
            Set<String> own = secrets(folder(member).path());
            assertThat(own).hasSizeGreaterThan(5);
            assertThat(OwnerFiles.list(folder(member).path().resolve("members")))
                    .containsExactly(folder(member).member(member).path());
            all.forEach(other -> assertThat(own).doesNotContainAnyElementsOf(other));
            all.add(own);
        }
        assertThat(secrets(mail)).isEmpty();
    }

    @Test
    @Order(10)
    void a_folder_that_lost_its_member_s_keys_is_told_to_bring_them_back() throws Exception {
        run("south", DOWN);
        Path authority = folder("south").member("south").authority().certificate();
        byte[] kept = Files.readAllBytes(authority);
        Files.delete(authority);

        Ended up = at("south", "network up");

        assertThat(up.exitCode()).isEqualTo(2);
        assertThat(up.output()).contains("is not the authority by which the network knows south");
        OwnerFiles.write(authority, kept);
        Ended behind = at("south", "network up");
        assertThat(behind.exitCode()).isEqualTo(2);
        assertThat(behind.output()).contains("the channel has chaincode").contains("network deploy CODE");
        assertThat(told("south", "network deploy @next")).contains("the channel has");
        assertThat(told("south", "network up")).doesNotContain("missing");
    }

    @Test
    @Order(11)
    void a_host_that_comes_back_first_starts_its_part_and_names_the_orderers_that_it_waits_for() {
        // All of them: one that stays up while the others end may be found again by their peers only after a minute.
        ALL.forEach(member -> run(member, DOWN));

        assertThat(told("north", "network up"))
                .contains("the ledger takes no instructions yet")
                .contains("missing: orderer0.east at ")
                .contains("missing: orderer0.west at ");
        assertThat(told("north", "network status")).contains("chaincode0.north");

        assertThat(told("east", "network up"))
                .contains("ledger ")
                .contains("missing: orderer0.west at ")
                .doesNotContain("other peers after");
    }

    @Test
    @Tag("long")
    @Order(12)
    void a_host_that_lost_its_ledgers_fills_them_from_the_others_once_no_leader_remembers_its_orderer()
            throws Exception {
        run("west", "network up");
        run("south", "network up");
        if (leads("north")) {
            run("north", "network rotate orderer0.north");
        }
        assertThat(leads("north")).isFalse();
        run("north", DOWN);
        for (Topology.Node node : topology().member("north").orElseThrow().nodes()) {
            OwnerFiles.delete(folder("north").member("north").node(node.name()).data());
        }
        Ended remembered = at("north", "network up");
        assertThat(remembered.exitCode()).as(remembered.output()).isEqualTo(2);
        assertThat(remembered.output()).contains("orderer0.north ended").contains("panic: tocommit(");

        String leader = leads("east") ? "east" : "west";
        run(leader, "network rotate orderer0." + leader);

        assertThat(told("north", "network up")).doesNotContain("missing");
        assertThat(told("north", "network history")).isEqualTo(told("west", "network history"));
        // Of four, three endorse: without east, north is needed.
        run("east", DOWN);
        run("west", "key create west/agency --unencrypted");
        run("west", "party enroll west/agency --identity " + keys("west"));
    }

    private boolean leads(String member) {
        return at(member, "network status").output().contains("up, leads");
    }
}
