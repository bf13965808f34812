package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.peer.BlockAndPrivateData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.fabric.network.TrialNetwork;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.ledger.Ledger;

/// Private homes on Fabric's own programs: five members with a peer each, and what only real peers can show.
@Tag("long")
@Timeout(600)
final class PrivateHomesOnFabricTest extends PrivateHomes {

    private static final String LOOPBACK = "127.0.0.1";
    private static final List<String> JAVA = List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Map<String, ManagedChannel> channels = new TreeMap<>();
    private Optional<TrialNetwork> started = Optional.empty();
    private Optional<OtherChaincode> deployed = Optional.empty();

    /// One orderer, and a peer for each of the five.
    private static Topology topology() {
        Topology two = TrialNetwork.profile("dev");
        List<Member> members = new ArrayList<>(two.members());
        for (String name : OTHERS) {
            // Every port is exchanged for a free one.
            int port = 20_000 + 10 * members.size();
            Chaincode chaincode = new Chaincode("chaincode0." + name, LOOPBACK, port, List.of());
            members.add(new Member(
                    name, List.of(), List.of(new Peer("peer0." + name, LOOPBACK, port + 1, port + 2, chaincode))));
        }
        return two.withMembers(members);
    }

    /// As `docs/spec/ledger-1.md` section 13 has it.
    private static String collections() {
        return """
                [{"name": "%s", "policy": "OR(%s)", "requiredPeerCount": 1, "maxPeerCount": 1, "blockToLive": 0,
                  "memberOnlyRead": true, "memberOnlyWrite": true,
                  "endorsementPolicy": {"signaturePolicy": "AND(%s)"}}]
                """.formatted(HOME, principals("member"), principals("peer"));
    }

    private static String principals(String role) {
        return TWO.stream().map(member -> "'" + member + "." + role + "'").collect(Collectors.joining(","));
    }

    @Override
    void start(Path in) throws Exception {
        Optional<Binaries> binaries = Binaries.find(System.getenv());
        assumeTrue(binaries.isPresent(), "Fabric: no private homes, none of its programs were found");
        TrialNetwork trial =
                TrialNetwork.start(in.resolve("network"), topology(), new Backend.Native(), binaries.get(), _ -> {});
        started = Optional.of(trial);
        assertThat(trial.members()).containsExactlyInAnyOrderElementsOf(MEMBERS);
        Path file = in.resolve("collections.json");
        OwnerFiles.write(file, collections());
        var homes = new OtherChaincode.Chosen(chaincode(), PrivateHomeChaincode.class, JAVA, Optional.of(file));
        deployed = Optional.of(OtherChaincode.deploy(trial, binaries.get(), homes));
    }

    private LocalNetwork network() {
        return started.orElseThrow().network();
    }

    @Override
    ManagedChannel channel(String member) throws Exception {
        ManagedChannel there = channels.get(member);
        if (there == null) {
            MemberFolder files = network().folder().member(member);
            there = Grpc.newChannelBuilder(
                            Files.readString(files.address()).strip(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(files.addressAuthority().toFile())
                                    .build())
                    .build();
            ManagedChannel _ = channels.put(member, there);
        }
        return there;
    }

    @Override
    String chaincode() {
        return "homes";
    }

    @Override
    Path identities(String member) {
        return started.orElseThrow().identities(member);
    }

    @Override
    String where() {
        return "network/members/(north|east)/nodes/peer0[.](north|east)/data/.*";
    }

    @Override
    void stop() throws Exception {
        for (ManagedChannel channel : channels.values()) {
            ManagedChannel _ = channel.shutdownNow();
        }
        deployed.ifPresent(OtherChaincode::close);
        started.ifPresent(TrialNetwork::close);
    }

    private Peer peer(String member) {
        return network().topology().member(member).orElseThrow().peers().getFirst();
    }

    /// How many blocks carry data of the home, for a client of one member that asks another's peer.
    private long carrying(String client, String peer) throws Exception {
        long height;
        try (Ledger ledger = connect(peer, "gateway")) {
            height = ledger.height();
        }
        long carrying = 0;
        try (CloseableIterator<BlockAndPrivateData> blocks = network(client, peer)
                .newBlockAndPrivateDataEventsRequest()
                .startBlock(0)
                .build()
                .getEvents()) {
            for (long number = 0; number < height; number++) {
                boolean ours = blocks.next().getPrivateDataMapMap().values().stream()
                        .flatMap(data -> data.getNsPvtRwsetList().stream())
                        .filter(set -> set.getNamespace().equals(chaincode()))
                        .flatMap(set -> set.getCollectionPvtRwsetList().stream())
                        .anyMatch(set -> set.getCollectionName().equals(HOME));
                carrying += ours ? 1 : 0;
            }
        }
        return carrying;
    }

    @Test
    void blocks_come_with_the_data_of_the_home_at_its_members_peers_and_for_their_clients_alone() throws Exception {
        submitted(offer(agreement("delivered")));

        for (String member : TWO) {
            assertThat(carrying(member, member)).as(member).isPositive();
        }
        for (String member : OTHERS) {
            assertThat(carrying(member, member)).as(member).isZero();
            assertThat(carrying(member, "north")).as(member + " at north's").isZero();
        }
    }

    @Test
    void who_names_a_third_member_leaves_the_instruction_on_its_disk() throws Exception {
        ExampleAgreement agreement = agreement("handed");

        Transaction _ = privately(offer(agreement))
                .setEndorsingOrganizations("north", "west")
                .build()
                .endorse();

        assertThat(holding(secrets(agreement)))
                .filteredOn(file -> file.contains("/west/"))
                .isNotEmpty()
                .allMatch(file -> file.contains("/peer0.west/data/transientstore/"));
    }

    @Test
    void what_both_endorsed_outlives_a_kill_of_both_peers() throws Exception {
        ExampleAgreement agreement = agreement("killed");
        Transaction endorsed = privately(offer(agreement)).build().endorse();

        network().kill(List.of(peer("north"), peer("east")));
        started.orElseThrow().restart();

        byte[] _ = patiently(endorsed::submit);
        for (String member : TWO) {
            assertThat(patiently(() -> head(member, agreement))).contains("\"state\":\"offered\"");
        }
    }

    @Test
    void without_one_of_its_members_a_home_stands_still_and_the_rest_of_the_ledger_does_not() throws Exception {
        ExampleAgreement agreement = agreement("down");
        submitted(offer(agreement));
        network().kill(List.of(peer("east")));

        for (int attempt = 0; attempt < 2; attempt++) {
            var both = privately(accept(agreement)).build();
            var alone = privately(accept(agreement))
                    .setEndorsingOrganizations("north")
                    .build();
            assertThat(told(catchThrowableOfType(EndorseException.class, both::endorse)))
                    .contains("disseminat");
            assertThat(told(catchThrowableOfType(EndorseException.class, alone::endorse)))
                    .contains("disseminat");
        }
        register("west");

        started.orElseThrow().restart();
        var _ = patiently(() -> {
            submitted(accept(agreement));
            return true;
        });
        assertThat(head("east", agreement)).contains("\"state\":\"active\"");
    }
}
