package org.tallystick.fabric.topology;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tallystick.fabric.topology.Topology.Batch;
import org.tallystick.fabric.topology.Topology.Bft;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Consensus;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.fabric.topology.Topology.Policies;
import org.tallystick.fabric.topology.Topology.Raft;
import org.tallystick.fabric.topology.Topology.Rule;
import org.tallystick.ledger.yaml.Cursor;
import org.tallystick.ledger.yaml.Fault;

/// Reads a topology from YAML; `topology.schema.json` beside this class says the same for editors and programs.
public final class TopologyFile {

    /// The profiles that come with this program.
    public static final List<String> PROFILES = List.of("dev", "raft", "bft");

    /// What is taken if nobody chooses.
    public static final String USUAL_PROFILE = "raft";

    static final int MAX_BYTES = 1 << 20;
    static final int MAX_MEMBERS = 32;
    static final int MAX_NODES_OF_A_KIND = 8;
    static final int MAX_JAVA_OPTIONS = 16;
    private static final int INDENT = 4;

    private static final String VERSION = "topology/1";
    private static final int LARGEST_PORT = 65_535;
    /// Ports below are the system's.
    private static final int SMALLEST_PORT = 1024;

    private static final Pattern VERSIONS = Pattern.compile(Pattern.quote(VERSION));
    private static final Pattern MEMBER = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,31}");
    private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9.-]{0,62}");
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?){0,5}");
    /// Printable, and such that it stands between quotes as it is.
    private static final Pattern JAVA_OPTION = Pattern.compile("-[DX][!#-\\[\\]-~]{1,199}");

    private TopologyFile() {}

    /// The text of a profile.
    public static Optional<String> profile(String name) {
        if (!PROFILES.contains(name)) {
            return Optional.empty();
        }
        return Optional.of(resource(name + ".yaml"));
    }

    static String resource(String name) {
        try (InputStream in = TopologyFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this program lacks its own file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("this program cannot read its own file " + name, e);
        }
    }

    public static TopologyReading read(String yaml) {
        List<Fault> faults = new ArrayList<>();
        Optional<Cursor> document = Cursor.of(yaml, MAX_BYTES, faults);
        if (document.isEmpty()) {
            return new TopologyReading.Faulty(faults);
        }
        Parts parts = parts(document.get());
        if (faults.isEmpty()) {
            faults.addAll(TopologyChecks.faults(parts.consensus(), parts.batch(), parts.members()));
        }
        return faults.isEmpty()
                ? new TopologyReading.Read(new Topology(
                        parts.channel(),
                        parts.consensus(),
                        parts.batch(),
                        parts.policies(),
                        parts.clockSkew(),
                        parts.members()))
                : new TopologyReading.Faulty(faults);
    }

    /// A topology as a file says it; read again it is the same.
    public static String text(Topology topology) {
        StringBuilder text = new StringBuilder("version: " + VERSION + "\nchannel: " + topology.channel() + "\n");
        text.append(
                switch (topology.consensus()) {
                    case Raft(var tick, var electionTicks) ->
                        "consensus: {type: raft, tickMillis: " + tick.toMillis() + ", electionTicks: " + electionTicks
                                + "}\n";
                    case Bft(var requestTimeout, var leaderTimeout) ->
                        "consensus: {type: bft, requestTimeoutMillis: " + requestTimeout.toMillis()
                                + ", leaderTimeoutMillis: " + leaderTimeout.toMillis() + "}\n";
                });
        Batch batch = topology.batch();
        text.append("batch: {timeoutMillis: " + batch.timeout().toMillis() + ", messages: " + batch.messages()
                + ", preferredKib: " + batch.preferredKib() + ", absoluteKib: " + batch.absoluteKib() + "}\n");
        Policies policies = topology.policies();
        text.append("policies: {admins: " + Cursor.spelled(policies.admins()) + ", lifecycle: "
                + Cursor.spelled(policies.lifecycle()) + ", endorsement: " + Cursor.spelled(policies.endorsement())
                + "}\n");
        text.append("clockSkewSeconds: " + topology.clockSkew().toSeconds() + "\nmembers:\n");
        for (Member member : topology.members()) {
            text.append("  - ")
                    .append(text(member).strip().indent(INDENT).strip())
                    .append('\n');
        }
        return text.toString();
    }

    /// A member as a file of its own says it.
    public static String text(Member member) {
        StringBuilder text = new StringBuilder(
                "name: " + member.name() + "\norderers:" + (member.orderers().isEmpty() ? " []\n" : "\n"));
        for (Orderer orderer : member.orderers()) {
            text.append("  - {name: " + orderer.name() + ", host: " + orderer.host() + ", port: " + orderer.port()
                    + ", adminPort: " + orderer.adminPort() + ", operationsPort: " + orderer.operationsPort() + "}\n");
        }
        text.append("peers:\n");
        for (Peer peer : member.peers()) {
            text.append("  - {name: " + peer.name() + ", host: " + peer.host() + ", port: " + peer.port()
                    + ", operationsPort: " + peer.operationsPort() + ", chaincode: {name: "
                    + peer.chaincode().name() + ", host: "
                    + peer.chaincode().host() + ", port: "
                    + peer.chaincode().port() + java(peer.chaincode()) + "}}\n");
        }
        return text.toString();
    }

    private static String java(Chaincode chaincode) {
        return chaincode.java().isEmpty()
                ? ""
                : chaincode.java().stream().collect(Collectors.joining("\", \"", ", java: [\"", "\"]"));
    }

    /// Reads a file that describes one member, as an entry of `members` does.
    public static MemberReading readMember(String yaml) {
        List<Fault> faults = new ArrayList<>();
        Optional<Member> member = Cursor.of(yaml, MAX_BYTES, faults).map(TopologyFile::member);
        return member.isPresent() && faults.isEmpty()
                ? new MemberReading.Read(member.get())
                : new MemberReading.Faulty(faults);
    }

    /// The topology with one more member.
    public static TopologyReading with(Member member, Topology before) {
        List<Member> all = new ArrayList<>(before.members());
        all.add(member);
        List<Fault> faults = TopologyChecks.faults(before.consensus(), before.batch(), all);
        return faults.isEmpty()
                ? new TopologyReading.Read(before.withMembers(all))
                : new TopologyReading.Faulty(faults);
    }

    /// A topology that was not checked as a whole.
    private record Parts(
            String channel,
            Consensus consensus,
            Batch batch,
            Policies policies,
            Duration clockSkew,
            List<Member> members) {}

    private static Parts parts(Cursor all) {
        Cursor _ = all.only("version", "channel", "consensus", "batch", "policies", "clockSkewSeconds", "members");
        String _ = all.text("version", VERSIONS, VERSION);
        return new Parts(
                all.text("channel", CHANNEL, "a channel name of small letters, digits, '.' and '-'"),
                consensus(all.get("consensus")),
                batch(all.get("batch")),
                policies(all.get("policies")),
                Duration.ofSeconds(all.whole("clockSkewSeconds", 1, 3600)),
                all.items("members", 1, MAX_MEMBERS).stream()
                        .map(TopologyFile::member)
                        .toList());
    }

    private enum Kind {
        RAFT,
        BFT
    }

    private static Consensus consensus(Cursor at) {
        return switch (at.word("type", Kind.values())) {
            case RAFT -> {
                Cursor _ = at.only("type", "tickMillis", "electionTicks");
                yield new Raft(
                        Duration.ofMillis(at.whole("tickMillis", 10, 10_000)), at.whole("electionTicks", 2, 100));
            }
            case BFT -> {
                Cursor _ = at.only("type", "requestTimeoutMillis", "leaderTimeoutMillis");
                yield new Bft(
                        Duration.ofMillis(at.whole("requestTimeoutMillis", 500, 60_000)),
                        Duration.ofMillis(at.whole("leaderTimeoutMillis", 1000, 120_000)));
            }
        };
    }

    private static Batch batch(Cursor at) {
        Cursor _ = at.only("timeoutMillis", "messages", "preferredKib", "absoluteKib");
        return new Batch(
                Duration.ofMillis(at.whole("timeoutMillis", 10, 60_000)),
                at.whole("messages", 1, 10_000),
                at.whole("preferredKib", 64, 20_480),
                at.whole("absoluteKib", 1024, 49_152));
    }

    private static Policies policies(Cursor at) {
        Cursor _ = at.only("admins", "lifecycle", "endorsement");
        return new Policies(
                at.word("admins", Rule.MAJORITY, Rule.values()),
                at.word("lifecycle", Rule.MAJORITY, Rule.values()),
                at.word("endorsement", Rule.MAJORITY, Rule.values()));
    }

    private static Member member(Cursor at) {
        Cursor _ = at.only("name", "orderers", "peers");
        return new Member(
                at.text("name", MEMBER, "a member name: a letter, then letters, digits and '-', at most 32"),
                at.items("orderers", MAX_NODES_OF_A_KIND).stream()
                        .map(TopologyFile::orderer)
                        .toList(),
                at.items("peers", 1, MAX_NODES_OF_A_KIND).stream()
                        .map(TopologyFile::peer)
                        .toList());
    }

    private static Orderer orderer(Cursor at) {
        Cursor _ = at.only("name", "host", "port", "adminPort", "operationsPort");
        String name = name(at);
        return new Orderer(name, host(at, name), port(at, "port"), port(at, "adminPort"), port(at, "operationsPort"));
    }

    private static Peer peer(Cursor at) {
        Cursor _ = at.only("name", "host", "port", "operationsPort", "chaincode");
        String name = name(at);
        return new Peer(
                name, host(at, name), port(at, "port"), port(at, "operationsPort"), chaincode(at.get("chaincode")));
    }

    private static Chaincode chaincode(Cursor at) {
        Cursor _ = at.only("name", "host", "port", "java");
        String name = name(at);
        return new Chaincode(
                name,
                host(at, name),
                port(at, "port"),
                at.items("java", MAX_JAVA_OPTIONS).stream()
                        .map(option -> option.text(JAVA_OPTION, "an option of Java such as -Xmx256m"))
                        .toList());
    }

    private static String name(Cursor at) {
        return at.text("name", NAME, "a node name such as peer0.north");
    }

    private static String host(Cursor at, String name) {
        return at.text("host", NAME, "a host name or an IPv4 address", name);
    }

    private static int port(Cursor at, String name) {
        return at.whole(name, SMALLEST_PORT, LARGEST_PORT);
    }
}
