package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.log.WitnessAddress;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.KnownKeys;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.MemberLogs;
import org.tallystick.ledger.pack.PackBuilder;

/// Members that watch each other.
class TrioTest {

    @TempDir
    Path folder = Path.of(".");

    private static List<VerifierKey> witnesses(Trio trio) {
        return FakeLedger.MEMBERS.stream()
                .map(member -> trio.signer(member, LogKey.Kind.WITNESS).verifierKey())
                .toList();
    }

    /// How many members cosigned it.
    static int cosigned(Trio trio, SignedCheckpoint note) {
        return new KnownKeys(witnesses(trio)).open(note) instanceof KnownKeys.Opened.Signed(KnownKeys.Signers by)
                ? by.keys().size()
                : 0;
    }

    @Test
    void all_publish_the_same_tree_and_each_has_the_cosignatures_of_all() {
        try (Trio trio = Trio.at(folder, 1)) {
            trio.startAll();
            for (int round = 0; round < 5; round++) {
                trio.grow(4);
                long size = trio.tree().size();

                for (String member : FakeLedger.MEMBERS) {
                    LogClient client = trio.client(member);
                    eventually(() -> client.checkpoint("checkpoint")
                            .filter(note -> note.checkpoint().size() == size && cosigned(trio, note) == 3)
                            .isPresent());
                    assertThat(client.checkpoint("checkpoint")
                                    .orElseThrow()
                                    .checkpoint()
                                    .root())
                            .isEqualTo(trio.tree().root(size));
                    assertThat(client.size("cosigned")).isEqualTo(size);
                    assertThat(client.get("head/" + size + "/reg").status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void the_trees_of_three_members_rebuilt_from_genesis_are_equal_at_every_size() {
        try (Trio trio = Trio.at(folder, 11)) {
            trio.startAll();
            trio.grow(40);
            FakeLedger.MEMBERS.forEach(trio::forget);
            trio.grow(5);
            Tree tree = trio.tree();

            for (String member : FakeLedger.MEMBERS) {
                LogClient client = trio.client(member);
                eventually(() -> client.size("cosigned") == tree.size());
                for (long size = 1; size <= tree.size(); size++) {
                    assertThat(client.tree(size).root(size))
                            .as("%s leaves of %s", size, member)
                            .isEqualTo(tree.root(size));
                }
            }
            assertThat(tree.size()).isGreaterThan(45);
        }
    }

    @Test
    void a_pack_has_of_all_gateways_one_checkpoint_and_a_head_by_each_member() throws Exception {
        try (Trio trio = Trio.at(folder, 10)) {
            trio.startAll();
            trio.grow(3);
            long size = trio.tree().size();
            for (String member : FakeLedger.MEMBERS) {
                eventually(() -> trio.client(member)
                        .checkpoint("cosigned")
                        .filter(note -> note.checkpoint().size() == size && cosigned(trio, note) == 3)
                        .isPresent());
            }
            List<URI> gateways = FakeLedger.MEMBERS.stream()
                    .map(member ->
                            URI.create("http://127.0.0.1:" + trio.client(member).port()))
                    .toList();

            PackBuilder.Published published = MemberLogs.of(gateways).published(Optional.empty());

            assertThat(published.checkpoint().checkpoint().size()).isEqualTo(size);
            assertThat(cosigned(trio, published.checkpoint())).isEqualTo(3);
            assertThat(published.heads().of("reg"))
                    .extracting(note -> note.signatures().getFirst().name())
                    .containsExactly("north/head", "south/head", "west/head");
        }
    }

    @Test
    void a_member_that_is_down_stops_nobody_and_one_that_comes_back_is_asked_again() {
        try (Trio trio = Trio.at(folder, 2)) {
            trio.start("north", "south");
            trio.grow(3);
            long size = trio.tree().size();
            eventually(() -> trio.client("north").size("cosigned") == size);
            assertThat(trio.client("north").checkpoint("cosigned").stream().map(note -> cosigned(trio, note)))
                    .containsExactly(2);

            trio.start("west");

            eventually(() -> trio.client("north")
                    .checkpoint("checkpoint")
                    .filter(note -> cosigned(trio, note) == 3)
                    .isPresent());
        }
    }

    @Test
    void alone_no_member_has_a_majority() {
        try (Trio trio = Trio.at(folder, 3)) {
            trio.start("north");
            trio.grow(3);
            LogClient client = trio.client("north");
            eventually(() -> client.size("checkpoint") == trio.tree().size());

            assertThat(client.get("cosigned").status()).isEqualTo(404);
            assertThat(trio.standing("north").whole("cosigned")).isZero();
        }
    }

    @Test
    void a_member_that_is_behind_cosigns_once_it_has_the_blocks() {
        try (Trio trio = Trio.at(folder, 4)) {
            trio.start("north");
            trio.ledger.faults.muted = "south";
            trio.start("south");
            trio.grow(3);
            long size = trio.tree().size();
            eventually(() -> trio.client("north").size("checkpoint") == size);
            assertThat(trio.client("north").size("cosigned")).isLessThan(size);

            trio.ledger.unmute();

            eventually(() -> trio.client("north").size("cosigned") == size);
        }
    }

    /// South signs a tree that is not that of the blocks, and asks both others to cosign it.
    @Test
    void a_member_that_forks_its_log_is_caught_by_all_who_are_asked() {
        try (Trio trio = Trio.at(folder, 5)) {
            trio.start("north", "west");
            trio.grow(3);
            long size = trio.tree().size();
            eventually(() -> trio.client("north").size("cosigned") == size
                    && trio.client("west").size("cosigned") == size);
            SignedCheckpoint forged =
                    trio.signed("south", size, Hash.of(Bytes.ofUtf8("a fork")).bytes());

            for (String member : List.of("north", "west")) {
                LogClient client = trio.client(member);

                assertThat(client.post(new AddCheckpoint(size, List.of(), forged).octets())
                                .status())
                        .isEqualTo(422);
                assertThat(client.evidence()).singleElement().satisfies(evidence -> {
                    assertThat(evidence.theirs()).isEqualTo(forged);
                    assertThat(new KnownKeys(List.of(
                                            trio.signer(member, LogKey.Kind.LOG).verifierKey()))
                                    .open(evidence.own()))
                            .isInstanceOf(KnownKeys.Opened.Signed.class);
                });
            }
            // The others go on with each other.
            trio.grow(3);
            eventually(
                    () -> trio.client("north").size("cosigned") == trio.tree().size());
            assertThat(trio.client("north").evidence()).hasSize(1);
        }
    }

    /// Killed again and again, whatever it was about to sign, ask for or show.
    @Test
    void whoever_is_killed_signs_no_second_root_and_goes_on() {
        try (Trio trio = Trio.at(folder, 6)) {
            trio.startAll();
            long last = 0;
            for (int round = 0; round < 12; round++) {
                trio.grow(2);
                trio.kill("north");
                trio.start("north");
                long size = trio.client("north").size("checkpoint");
                assertThat(size).isGreaterThanOrEqualTo(last);
                last = size;
            }
            long size = trio.tree().size();

            for (String member : FakeLedger.MEMBERS) {
                eventually(() -> trio.client(member).size("cosigned") == size);
                assertThat(trio.client(member).evidence()).isEmpty();
            }
        }
    }

    @Test
    void a_member_that_changes_its_keys_goes_on_once_the_ledger_names_the_next() {
        try (Trio trio = Trio.at(folder, 7)) {
            trio.startAll();
            trio.grow(2);
            eventually(
                    () -> trio.client("north").size("cosigned") == trio.tree().size());

            trio.register("north", LogKey.Kind.LOG, SeedKey.Kind.ED25519);
            trio.register("north", LogKey.Kind.WITNESS, SeedKey.Kind.ML_DSA_44);
            trio.kill("north");
            trio.start("north");
            trio.grow(2);

            long size = trio.tree().size();
            for (String member : FakeLedger.MEMBERS) {
                eventually(() -> trio.client(member)
                        .checkpoint("checkpoint")
                        .filter(note -> note.checkpoint().size() == size && cosigned(trio, note) == 3)
                        .isPresent());
            }
        }
    }

    @Test
    void before_the_ledger_names_its_keys_a_gateway_signs_nothing() {
        Trio trio = Trio.at(folder, 8);
        trio.ledger.put(
                "log/north/log",
                Json.object().with("vkeys", Json.array(List.of())).build());
        try (trio) {
            trio.start("north");
            trio.grow(2);
            eventually(() -> trio.standing("north").whole("size") == trio.tree().size());

            assertThat(trio.client("north").get("checkpoint").status()).isEqualTo(404);
            assertThat(trio.standing("north").get("keysMissing")).isEqualTo(Json.texts(List.of("log")));
            assertThat(trio.client("north").post(Bytes.ofUtf8("old 0\n\n")).status())
                    .isEqualTo(503);
        }
    }

    /// A witness that is no member: here west, as one that the others know by its key alone.
    @Test
    void a_witness_that_is_no_member_is_asked_by_its_key() {
        try (Trio trio = Trio.at(folder, 9)) {
            trio.start("west", settings -> settings.withWitnesses(List.of()));
            int port = trio.client("west").port();
            String vkey = trio.signer("west", LogKey.Kind.WITNESS).verifierKey().text();
            trio.start(
                    "north",
                    settings -> settings.withWitnesses(
                            List.of(WitnessAddress.parse("http://127.0.0.1:" + port + "/log/ " + vkey)
                                    .orElseThrow())));
            trio.grow(2);

            eventually(() -> trio.client("north")
                    .checkpoint("checkpoint")
                    .filter(note -> note.checkpoint().size() == trio.tree().size() && cosigned(trio, note) == 2)
                    .isPresent());
        }
    }

    @Test
    void addresses_of_witnesses_are_read_strictly() {
        assertThat(WitnessAddress.parse("https://south.example/log")).isPresent();
        for (String bad : List.of(
                "",
                "south.example/log",
                "file:///log",
                "http:/log",
                "http://south.example/log?x=1",
                "http://south.example/log no+vkey",
                "http://south.example/log  ",
                "http://south example/log")) {
            assertThat(WitnessAddress.parse(bad)).as(bad).isEmpty();
        }
        assertThat(LogSettings.NONE.witnesses()).isEmpty();
    }
}
