package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.keys.LogKeyFolder;
import org.tallystick.ledger.log.HeadStatement;
import org.tallystick.ledger.log.KnownKeys;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.BlockLeaves;
import org.tallystick.ledger.pack.ChainLeaves;

/// The log that a gateway shows.
class LogTest {

    @TempDir
    Path folder = Path.of(".");

    private GatewaySettings limited(GatewaySettings settings, long bytes) {
        return settings.withStore(new StoreAddress.File(folder.resolve("store.db"), OptionalLong.of(bytes)));
    }

    private static long size(Stand stand) {
        return stand.get("/health/ready").body().object("log").whole("size");
    }

    private static List<ChainLeaves.Placed> leaves(FakeLedger ledger) throws Exception {
        BlockLeaves projection = new BlockLeaves(new ChainLeaves());
        List<ChainLeaves.Placed> leaves = new ArrayList<>();
        for (LedgerBlock block : ledger.blocks()) {
            leaves.addAll(projection.next(block));
        }
        return leaves;
    }

    @Test
    void who_reads_the_tiles_and_entries_alone_has_the_leaves_and_roots_of_the_blocks() throws Exception {
        try (Stand stand = Stand.at(folder, 1).enrolled()) {
            Partners.Deal deal = stand.agreed("shown");
            for (int i = 0; i < 140; i++) {
                stand.applied(deal.report("s0", 1 + i, 1));
            }
            List<ChainLeaves.Placed> leaves = leaves(stand.ledger);
            eventually(() -> size(stand) == leaves.size());
            LogClient client = new LogClient(stand.port());

            assertThat(leaves).hasSizeGreaterThan(256);
            assertThat(client.leaves(leaves.size()))
                    .isEqualTo(leaves.stream().map(ChainLeaves.Placed::bytes).toList());
            for (int size : List.of(1, 3, 255, 256, 257, leaves.size())) {
                assertThat(client.tree(size).root(size))
                        .as("size %s", size)
                        .isEqualTo(Merkle.root(leaves.subList(0, size).stream()
                                        .map(ChainLeaves.Placed::bytes)
                                        .toList())
                                .bytes());
            }
        }
    }

    @Test
    void tiles_and_entries_are_served_as_octets_that_never_change_and_checkpoints_as_text_that_does() {
        try (Trio trio = Trio.at(folder, 2)) {
            trio.start("north");
            LogClient client = trio.client("north");
            eventually(() -> client.size("checkpoint") >= 3);

            LogClient.Reply tile = client.get("tile/0/000.p/3");
            LogClient.Reply entries = client.get("tile/entries/000.p/3");
            LogClient.Reply checkpoint = client.get("checkpoint");

            assertThat(tile.status()).isEqualTo(200);
            assertThat(tile.type()).isEqualTo("application/octet-stream");
            assertThat(tile.caching()).contains("immutable");
            assertThat(tile.octets().size()).isEqualTo(96);
            assertThat(entries.type()).isEqualTo("application/octet-stream");
            assertThat(entries.caching()).contains("immutable");
            assertThat(checkpoint.type()).isEqualTo("text/plain; charset=utf-8");
            assertThat(checkpoint.caching()).isEqualTo("no-store");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/0/001",
                "tile/0/000",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/257",
                "tile/0/000.p/255",
                "tile/0/000.p/01",
                "tile/00/000.p/1",
                "tile/64/000.p/1",
                "tile/1/000.p/1",
                "tile/0/0.p/1",
                "tile/0/x000/000.p/1",
                "tile/0/x999/x999/x999/x999/x999/x999/999.p/1",
                "tile/0/x999/x999/x999/x999/x999/999",
                "tile/entries/x999/x999/x999/x999/x999/999.p/1",
                "tile/entries/x999/x999/x999/x999/x999/x999/999.p/1",
                "tile/0/%30%30%30.p/1",
                "tile/0/000.p%2F1",
                "tile/entries/000.p/200",
                "tile/entries/..%2f000.p/1",
                "tile/",
                "tile/0/",
                "tile",
                "checkpoint",
                "cosigned",
                "checkpoint/x",
                "head/3/reg",
                "head/0/reg",
                "head/3/",
                "head/999999999999999999999999/reg",
                "head/-1/reg",
                "head/03/reg",
                "0000000000000000000000000000000000000000000000000000000000000000/checkpoint",
                "nothing"
            })
    void what_is_not_there_is_not_found_however_it_is_asked_for(String path) {
        try (Stand stand = Stand.at(folder, 3)) {
            eventually(() -> size(stand) == 3);

            LogClient.Reply reply = new LogClient(stand.port()).get(path);

            assertThat(reply.status()).as(reply.text()).isEqualTo(404);
            assertThat(reply.text()).contains("\"code\":\"not_found\"").doesNotContain("Exception");
        }
    }

    @Test
    void without_keys_the_log_is_shown_and_nothing_is_signed() {
        try (Stand stand = Stand.at(folder, 4)) {
            eventually(() -> size(stand) == 3);
            LogClient client = new LogClient(stand.port());

            assertThat(client.get("tile/0/000.p/3").status()).isEqualTo(200);
            assertThat(client.post(Bytes.ofUtf8("old 0\n\n")).status()).isEqualTo(503);
            assertThat(stand.get("/health/ready").body().object("log").get("keysMissing"))
                    .isEqualTo(Json.texts(List.of("log", "witness", "head")));
            assertThat(client.get("evidence").text()).isEmpty();
        }
    }

    @Test
    void a_killed_gateway_goes_on_with_the_same_tree() throws Exception {
        try (Stand stand = Stand.at(folder, 5).enrolled()) {
            Partners.Deal deal = stand.agreed("killed");
            for (int i = 0; i < 30; i++) {
                Bytes report = deal.report("s0", 1 + i, 1);
                assertThat(stand.post(report).status()).isEqualTo(202);
                if (i % 5 == 0) {
                    stand.restart();
                }
                stand.haveOneVerdict(report);
            }
            List<ChainLeaves.Placed> leaves = leaves(stand.ledger);
            eventually(() -> size(stand) == leaves.size());

            Tree tree = new LogClient(stand.port()).tree(leaves.size());

            assertThat(tree.root(leaves.size()))
                    .isEqualTo(Merkle.root(leaves.stream()
                                    .map(ChainLeaves.Placed::bytes)
                                    .toList())
                            .bytes());
        }
    }

    /// The log goes on after a block that could not be stored at once.
    @Test
    void a_block_that_was_not_stored_at_once_has_its_leaves_once() throws Exception {
        try (Stand stand = Stand.at(folder, 6, settings -> limited(settings, 300 * 1024))) {
            eventually(() -> size(stand) == 3);
            for (int i = 0; i < 400; i++) {
                stand.ledger.commit(stand.partners.registrar());
            }
            eventually(() -> !stand.get("/health/ready").body().bool("store"));

            stand.restart(settings -> limited(settings, 100L * 1024 * 1024));

            List<ChainLeaves.Placed> leaves = leaves(stand.ledger);
            eventually(() -> size(stand) == leaves.size());
            assertThat(new LogClient(stand.port()).tree(leaves.size()).root(leaves.size()))
                    .isEqualTo(Merkle.root(leaves.stream()
                                    .map(ChainLeaves.Placed::bytes)
                                    .toList())
                            .bytes());
        }
    }

    @Test
    void each_checkpoint_ends_a_block_and_has_its_root_and_none_is_smaller_than_the_one_before() throws Exception {
        try (Trio trio = Trio.at(folder, 7, Duration.ofMillis(1))) {
            trio.start("north");
            LogClient client = trio.client("north");
            TreeMap<Long, Bytes> seen = new TreeMap<>();
            long last = 0;
            for (int round = 0; round < 60; round++) {
                trio.grow(3);
                if (round % 20 == 10) {
                    trio.kill("north");
                    trio.start("north");
                }
                for (SignedCheckpoint found :
                        client.checkpoint("checkpoint").stream().toList()) {
                    assertThat(found.checkpoint().size()).isGreaterThanOrEqualTo(last);
                    last = found.checkpoint().size();
                    Bytes before = seen.put(last, found.checkpoint().root());
                    assertThat(before == null
                                    || before.equals(found.checkpoint().root()))
                            .isTrue();
                    assertThat(new KnownKeys(List.of(
                                            trio.signer("north", LogKey.Kind.LOG)
                                                    .verifierKey(),
                                            trio.signer("north", LogKey.Kind.WITNESS)
                                                    .verifierKey()))
                                    .open(found))
                            .isInstanceOfSatisfying(
                                    KnownKeys.Opened.Signed.class,
                                    signed -> assertThat(signed.by().keys()).hasSize(2));
                }
            }
            List<ChainLeaves.Placed> leaves = leaves(trio.ledger);
            Tree tree = trio.tree();

            assertThat(seen).hasSizeGreaterThan(3);
            seen.forEach((size, root) -> {
                assertThat(root).isEqualTo(tree.root(size));
                assertThat(size == 1 || leaves.get((int) (size - 1)).chain().equals("commit"))
                        .as("size %s", size)
                        .isTrue();
            });
        }
    }

    @Test
    void a_head_says_where_a_chain_ends_in_a_tree_that_was_cosigned() throws Exception {
        try (Trio trio = Trio.at(folder, 8)) {
            trio.start("north");
            LogClient client = trio.client("north");
            trio.grow(5);
            long size = trio.tree().size();
            eventually(() -> client.size("checkpoint") == size);
            List<ChainLeaves.Placed> leaves = leaves(trio.ledger);

            for (String chain : List.of("reg", "commit", "upkeep", "agr/no/such/agreement")) {
                LogClient.Reply reply = client.get("head/" + size + "/" + chain);
                assertThat(reply.status()).as(reply.text()).isEqualTo(200);
                var last = leaves.stream()
                        .filter(leaf -> leaf.chain().equals(chain))
                        .reduce((_, later) -> later);

                assertThat(HeadStatement.open(
                                reply.octets(),
                                List.of(trio.signer("north", LogKey.Kind.HEAD).verifierKey())))
                        .isInstanceOfSatisfying(HeadStatement.Opened.Stated.class, stated -> {
                            assertThat(stated.statement().chain()).isEqualTo(chain);
                            assertThat(stated.statement().tree().size()).isEqualTo(size);
                            assertThat(stated.statement().tree().root())
                                    .isEqualTo(trio.tree().root(size));
                            assertThat(stated.statement().seq())
                                    .isEqualTo(last.map(ChainLeaves.Placed::seq).orElse(0L));
                            last.ifPresent(leaf ->
                                    assertThat(stated.statement().leaf()).isEqualTo(leaf.hash()));
                        });
            }
            assertThat(client.get("head/" + (size - 1) + "/reg").status()).isEqualTo(404);
            assertThat(client.get("head/" + (size + 2) + "/reg").status()).isEqualTo(404);
            assertThat(client.get("head/" + size + "/a%20b%ff").status()).isEqualTo(200);
            assertThat(client.get("head/" + size + "/" + "x".repeat(301)).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void a_gateway_signs_once_its_keys_are_registered_on_the_ledger() throws Exception {
        LogKeyFolder keys = new LogKeyFolder(folder.resolve("keys"));
        for (LogKey.Kind kind : LogKey.Kind.values()) {
            LogKey _ = keys.create(kind, SeedKey.Kind.ED25519);
        }
        LogSettings log = LogSettings.NONE.withKeys(folder.resolve("keys")).withPace(Duration.ofMillis(20));
        try (Stand stand = Stand.at(folder, 9, settings -> settings.withLog(log))) {
            LogClient client = new LogClient(stand.port());
            stand.applied(stand.partners.registrar());
            assertThat(client.get("checkpoint").status()).isEqualTo(404);

            for (LogKey key : keys.keys()) {
                stand.applied(stand.partners.logKey(
                        key.kind().text(),
                        key.signer(Partners.MEMBER, FakeLedger.ID).verifierKey()));
            }

            long size = leaves(stand.ledger).size();
            eventually(() -> client.size("checkpoint") == size);
            eventually(() -> stand.get("/health/ready")
                    .body()
                    .object("log")
                    .items("keysMissing")
                    .isEmpty());
            assertThat(client.get("head/" + size + "/reg").status()).isEqualTo(200);
        }
    }

    @Test
    void a_folder_with_something_else_than_keys_is_refused_when_the_gateway_starts() throws Exception {
        Path keys = Files.createDirectories(folder.resolve("keys"));
        LogKey key = new LogKeyFolder(keys).create(LogKey.Kind.LOG, SeedKey.Kind.ED25519);
        Path _ = Files.move(key.file(), keys.resolve("head-00000000.pem"));
        GatewaySettings settings = GatewaySettings.of(
                        "127.0.0.1", 0, folder.resolve("store.db"), new FakeLedger(10, true)::connect)
                .withLog(LogSettings.NONE.withKeys(keys));

        assertThatThrownBy(() -> new Gateway(settings).start())
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("no key of a log");
    }
}
