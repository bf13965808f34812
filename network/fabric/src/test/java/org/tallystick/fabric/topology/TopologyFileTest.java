package org.tallystick.fabric.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.ledger.yaml.Fault;

final class TopologyFileTest {

    private static final String RAFT = TopologyFile.profile("raft").orElseThrow();

    static Stream<String> profiles() {
        return TopologyFile.PROFILES.stream();
    }

    private static Topology topology(String yaml) {
        return switch (TopologyFile.read(yaml)) {
            case TopologyReading.Read(var topology) -> topology;
            case TopologyReading.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    private static String faults(String yaml) {
        return switch (TopologyFile.read(yaml)) {
            case TopologyReading.Read(var topology) -> throw new AssertionError("taken: " + topology);
            case TopologyReading.Faulty(var faults) ->
                faults.stream().map(Fault::toString).collect(Collectors.joining("; "));
        };
    }

    private static boolean fitsSchema(String yaml) throws IOException {
        String json = new ObjectMapper(new YAMLFactory()).readTree(yaml).toString();
        JsonSchemaOptions options = new JsonSchemaOptions()
                .setBaseUri("https://tallystick.org")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic);
        JsonSchema schema = JsonSchema.of(new JsonObject(TopologyFile.resource("topology.schema.json")));
        Boolean valid =
                Validator.create(schema, options).validate(new JsonObject(json)).getValid();
        return Boolean.TRUE.equals(valid);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("profiles")
    void every_profile_is_a_topology_and_fits_the_schema(String profile) throws IOException {
        String yaml = TopologyFile.profile(profile).orElseThrow();

        assertThat(topology(yaml).channel()).isEqualTo("tallystick");
        assertThat(fitsSchema(yaml)).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("profiles")
    void a_topology_that_is_written_reads_as_the_same(String profile) throws IOException {
        Topology topology = topology(TopologyFile.profile(profile).orElseThrow());

        String text = TopologyFile.text(topology);

        assertThat(topology(text)).isEqualTo(topology);
        assertThat(fitsSchema(text)).isTrue();
    }

    @Test
    void a_member_read_alone_is_checked_against_the_others() {
        Topology raft = topology(RAFT);
        String south = """
                name: south
                peers:
                  - {name: peer0.south, host: 127.0.0.1, port: 10051, operationsPort: 10055,
                     chaincode: {name: chaincode0.south, host: 127.0.0.1, port: 10052}}
                """;

        assertThat(TopologyFile.with(member(south), raft))
                .isInstanceOfSatisfying(
                        TopologyReading.Read.class,
                        read -> assertThat(read.topology().memberNames())
                                .containsExactly("north", "east", "west", "south"));
        assertThat(TopologyFile.with(member(south.replace("10051", "9051")), raft))
                .isEqualTo(new TopologyReading.Faulty(List.of(new Fault(
                        "/members/3/peers/0/port", "port 9051 of 127.0.0.1 is taken at /members/2/peers/0/port"))));
        assertThat(TopologyFile.readMember("name: [")).isInstanceOf(MemberReading.Faulty.class);
        assertThat(TopologyFile.readMember("name: south")).isInstanceOf(MemberReading.Faulty.class);
        assertThat(member(TopologyFile.text(member(south)))).isEqualTo(member(south));
    }

    private static Topology.Member member(String yaml) {
        return switch (TopologyFile.readMember(yaml)) {
            case MemberReading.Read(var member) -> member;
            case MemberReading.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    @Test
    void the_usual_profile_has_three_members_and_tolerates_one_orderer() {
        Topology raft = topology(RAFT);

        assertThat(raft.memberNames()).containsExactly("north", "east", "west");
        assertThat(raft.consensus().tolerated(raft.orderers().size())).isEqualTo(1);
        assertThat(raft.nodes()).hasSize(9);
    }

    @Test
    void a_node_without_a_host_is_known_by_its_name() throws IOException {
        String yaml = RAFT.replace("name: orderer0.north, host: 127.0.0.1,", "name: orderer0.north,");

        assertThat(topology(yaml).orderers().getFirst().host()).isEqualTo("orderer0.north");
        assertThat(fitsSchema(yaml)).isTrue();
    }

    @Test
    void a_chaincode_process_has_the_options_of_java_that_are_named_and_no_others() throws IOException {
        String yaml = RAFT.replace(
                "port: 9052}", "port: 9052, java: [-Xmx256m, \"-Duser.country=TR\", \"-XX:OnError=a;b,c\"]}");

        Topology topology = topology(yaml);

        assertThat(topology.peers().getLast().chaincode().java())
                .containsExactly("-Xmx256m", "-Duser.country=TR", "-XX:OnError=a;b,c");
        assertThat(topology.peers().getFirst().chaincode().java()).isEmpty();
        assertThat(topology(TopologyFile.text(topology))).isEqualTo(topology);
        assertThat(fitsSchema(yaml)).isTrue();
        assertThat(fitsSchema(TopologyFile.text(topology))).isTrue();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    version: topology/1  | version: topology/2  | /version 'topology/2' is not topology/1
                    channel: tallystick  | channel: Tally       | /channel 'Tally' is not a channel name of small letters, digits, '.' and '-'
                    type: raft           | type: paxos          | /consensus/type 'paxos' is not one of raft, bft
                    type: raft,          |                      | /consensus/type missing is not one of raft, bft
                    timeoutMillis: 200   | timeoutMillis: 2.5   | /batch/timeoutMillis '2.5' is not a whole number from 10 to 60000
                    admins: majority     | admins: some         | /policies/admins 'some' is not one of any, majority, all
                    clockSkewSeconds: 120 | clockSkewSeconds: 0 | /clockSkewSeconds '0' is not a whole number from 1 to 3600
                    port: 8051           | port: 80510          | /members/1/peers/0/port '80510' is not a whole number from 1024 to 65535
                    name: peer0.east     | name: Peer 0         | /members/1/peers/0/name 'Peer 0' is not a node name such as peer0.north
                    operationsPort: 8055 | metricsPort: 8055    | /members/1/peers/0/metricsPort is not known here; known are name, host, port, operationsPort, chaincode; /members/1/peers/0/operationsPort missing is not a whole number from 1024 to 65535
                    port: 8052}          | port: 8052, java: [-cp, "-D a"]} | /members/1/peers/0/chaincode/java/0 '-cp' is not an option of Java such as -Xmx256m; /members/1/peers/0/chaincode/java/1 '-D a' is not an option of Java such as -Xmx256m
                    port: 8052}          | port: 8052, java: -Xmx1g}        | /members/1/peers/0/chaincode/java is '-Xmx1g', not a list
                    """)
    void what_does_not_fit_is_named_with_its_place(String good, String bad, String expected) throws IOException {
        String yaml = RAFT.replace(good, bad == null ? "" : bad);

        assertThat(yaml).isNotEqualTo(RAFT);
        assertThat(faults(yaml)).isEqualTo(expected);
        assertThat(fitsSchema(yaml)).isFalse();
    }

    @Test
    void all_faults_are_told_at_once() {
        String yaml = RAFT.replace("port: 8051", "port: x").replace("channel: tallystick", "channel: 1");

        assertThat(faults(yaml)).contains("/channel").contains("/members/1/peers/0/port");
    }

    @Test
    void a_port_that_is_taken_twice_on_a_host_is_named_with_both_places() {
        assertThat(faults(RAFT.replace("port: 8051", "port: 7051")))
                .isEqualTo("/members/1/peers/0/port port 7051 of 127.0.0.1 is taken at /members/0/peers/0/port");
    }

    @Test
    void a_name_that_is_taken_twice_is_named_with_both_places() {
        assertThat(faults(RAFT.replace("peer0.west", "peer0.north")))
                .isEqualTo("/members/2/peers/0/name the name peer0.north is taken at /members/0/peers/0/name");
    }

    @Test
    void orderers_that_could_not_agree_are_refused() {
        String none = RAFT.replaceAll("    orderers:\n.*\n", "");

        assertThat(none).isNotEqualTo(RAFT);
        assertThat(faults(none)).isEqualTo("/members no member runs an orderer");
        assertThat(faults(RAFT.replaceFirst(
                        "type: raft, tickMillis: 100, electionTicks: 10",
                        "type: bft, requestTimeoutMillis: 2000, leaderTimeoutMillis: 20000")))
                .isEqualTo("/members 3 orderers tolerate no liar: bft needs 4 or more");
    }

    @Test
    void what_is_no_yaml_or_says_a_key_twice_is_refused_with_the_line() {
        assertThat(faults("version: [")).startsWith("/ is not YAML: line ");
        assertThat(faults(RAFT + "channel: other\n")).contains("Duplicate");
        assertThat(faults("")).contains("not a mapping");
        assertThat(faults("x".repeat(TopologyFile.MAX_BYTES + 1))).contains("more than " + TopologyFile.MAX_BYTES);
    }

    @Test
    void a_topology_made_by_a_program_is_checked_too() {
        Topology raft = topology(RAFT);
        List<Topology.Member> twice =
                List.of(raft.members().getFirst(), raft.members().getFirst());

        assertThat(catchThrowable(() -> raft.withMembers(twice)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the name north is taken");
    }
}
