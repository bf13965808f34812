package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.LogChange;
import org.tallystick.gateway.store.LogStore;
import org.tallystick.gateway.store.LogStore.Published;
import org.tallystick.gateway.store.Store;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.EntryBundle;
import org.tallystick.ledger.log.LogPath;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.MemoryTiles;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.ChainLeaves.Placed;

/// The log as the store keeps it.
@ParameterizedClass(name = "{0}")
@EnumSource(StoreKind.class)
class LogStoreTest {

    @Parameter
    StoreKind kind = StoreKind.SQLITE;

    private static final String ORIGIN = LogKeys.origin(FakeLedger.ID);

    @TempDir
    Path folder = Path.of(".");

    /// Leaves of some chains, as if blocks had them.
    private static final class Chains {
        private final Random random = new Random(7);
        private final List<Long> seqs = new ArrayList<>(List.of(0L, 0L, 0L, 0L, 0L));
        private final List<Placed> all = new ArrayList<>();

        List<Placed> next(int count) {
            List<Placed> next = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int chain = random.nextInt(seqs.size());
                long seq = seqs.get(chain) + 1;
                seqs.set(chain, seq);
                Bytes leaf = Bytes.ofUtf8("leaf " + chain + " " + seq + " of many");
                next.add(new Placed("agr/chain/" + chain, seq, 0, 0, leaf, Merkle.leaf(leaf)));
            }
            all.addAll(next);
            return next;
        }
    }

    private static void apply(Store store, long block, List<Placed> leaves) throws Exception {
        boolean _ = store.apply(new BlockChange(
                        block,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        new LogChange(leaves, Optional.empty())))
                .get();
    }

    private Store open() throws Exception {
        return Store.open(kind.in(folder));
    }

    @Test
    void its_tree_is_the_same_as_one_built_in_memory_however_many_leaves_a_block_has() throws Exception {
        Chains chains = new Chains();
        Tree other = new Tree(new MemoryTiles());
        List<Long> sizes = new ArrayList<>();
        try (Store store = open()) {
            store.follow(FakeLedger.ID, true);
            for (int block = 0; other.size() < 70_000; block++) {
                List<Placed> leaves = chains.next(block % 7 == 0 ? 0 : block < 60 ? block % 13 : 1_337);
                apply(store, block, leaves);
                other.append(leaves.stream().map(leaf -> leaf.hash().bytes()).toList());
                sizes.add(other.size());
                assertThat(store.log().size()).isEqualTo(other.size());
            }
            LogStore log = store.log();

            for (long size : sizes) {
                assertThat(log.root(size)).as("size %s", size).contains(other.root(size));
            }
            assertThat(log.root(other.size() + 1)).isEmpty();
            assertThat(log.consistency(300, 69_000)).isEqualTo(other.consistency(300, 69_000));
            for (LogPath.Tile tile : List.of(
                    new LogPath.Tile(0, 0, 256),
                    new LogPath.Tile(0, 3, 17),
                    new LogPath.Tile(1, 0, 256),
                    new LogPath.Tile(1, 1, 9),
                    new LogPath.Tile(2, 0, 1))) {
                assertThat(log.tile(tile)).as(tile.text()).isPresent().isEqualTo(other.tile(tile));
            }
            assertThat(log.tile(new LogPath.Tile(2, 0, 2))).isEmpty();
            assertThat(log.tile(new LogPath.Tile(0, Long.MAX_VALUE / 1000, 1))).isEmpty();
            assertThat(log.entries(new LogPath.Entries(1, 256)))
                    .contains(new EntryBundle(chains.all.subList(256, 512).stream()
                                    .map(Placed::bytes)
                                    .toList())
                            .octets());
            assertThat(log.entries(new LogPath.Entries(Long.MAX_VALUE, 1))).isEmpty();
        }
    }

    @Test
    void it_goes_on_after_any_block_when_it_is_opened_again() throws Exception {
        Chains chains = new Chains();
        Tree other = new Tree(new MemoryTiles());
        try (Store store = open()) {
            store.follow(FakeLedger.ID, true);
        }
        for (int block = 0; block < 40; block++) {
            List<Placed> leaves = chains.next(block);
            other.append(leaves.stream().map(leaf -> leaf.hash().bytes()).toList());
            try (Store store = open()) {
                apply(store, block, leaves);
                assertThat(store.log().root(other.size())).contains(other.root(other.size()));
                for (int chain = 0; chain < chains.seqs.size(); chain++) {
                    String name = "agr/chain/" + chain;
                    ChainLeaves.End end = store.stored().chains().get(name);
                    assertThat(end == null ? 0 : end.count()).isEqualTo(chains.seqs.get(chain));
                }
            }
        }
    }

    @Test
    void it_knows_where_each_chain_ended_at_each_size() throws Exception {
        Chains chains = new Chains();
        try (Store store = open()) {
            store.follow(FakeLedger.ID, true);
            apply(store, 0, chains.next(100));

            for (int size = 0; size <= 100; size++) {
                for (int chain = 0; chain < chains.seqs.size(); chain++) {
                    String name = "agr/chain/" + chain;
                    Optional<Placed> last = chains.all.subList(0, size).stream()
                            .filter(leaf -> leaf.chain().equals(name))
                            .reduce((_, later) -> later);
                    assertThat(store.log().end(name, size))
                            .isEqualTo(last.map(leaf -> new ChainLeaves.End(leaf.seq(), leaf.hash())));
                }
            }
            assertThat(store.log().end("agr/no/such/chain", 100)).isEmpty();
        }
    }

    @Test
    void a_block_that_is_not_stored_leaves_no_leaf() throws Exception {
        Chains chains = new Chains();
        try (Store store = open()) {
            store.follow(FakeLedger.ID, true);
            apply(store, 0, chains.next(10));
            Optional<Bytes> root = store.log().root(10);

            assertThat(store.apply(new BlockChange(
                            5,
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            new LogChange(chains.next(5), Optional.of(List.of("east"))))))
                    .failsWithin(java.time.Duration.ofSeconds(10));

            assertThat(store.log().size()).isEqualTo(10);
            assertThat(store.log().root(10)).isEqualTo(root);
            assertThat(store.log().members()).isEmpty();
        }
    }

    private static Published checkpoint(long size, String root) {
        SeedKey key = SeedKey.generate(SeedKey.Kind.ED25519, new Random(3));
        LogSigner signer = new LogKey(LogKey.Kind.LOG, key, Path.of("")).signer(new MemberId("north"), FakeLedger.ID);
        Checkpoint checkpoint =
                new Checkpoint(ORIGIN, size, Hash.of(Bytes.ofUtf8(root)).bytes());
        return new Published(
                new SignedCheckpoint(checkpoint, List.of(signer.sign(checkpoint, 0))),
                java.time.Instant.ofEpochSecond(1_800_000_000L),
                false);
    }

    @Test
    void it_records_no_checkpoint_that_is_not_larger_than_the_last_and_never_a_second_root() throws Exception {
        try (Store store = open()) {
            LogStore log = store.log();

            assertThat(log.sign(Optional.empty(), checkpoint(10, "a"))).isTrue();
            Optional<Checkpoint> ten = Optional.of(checkpoint(10, "a").note().checkpoint());
            assertThat(log.sign(ten, checkpoint(10, "b"))).isFalse();
            assertThat(log.sign(ten, checkpoint(9, "a"))).isFalse();
            assertThat(log.sign(Optional.empty(), checkpoint(11, "a"))).isFalse();
            assertThat(log.advance(ten, checkpoint(20, "of another member").note()))
                    .isTrue();
            Optional<Checkpoint> twenty =
                    Optional.of(checkpoint(20, "of another member").note().checkpoint());
            assertThat(log.sign(ten, checkpoint(21, "a"))).isFalse();
            assertThat(log.sign(twenty, checkpoint(19, "a"))).isFalse();
            assertThat(log.sign(twenty, checkpoint(21, "a"))).isTrue();

            assertThat(log.newest().map(found -> found.note().checkpoint().size()))
                    .contains(21L);
            assertThat(log.witnessed().map(found -> found.checkpoint().size())).contains(21L);
            assertThat(log.hasCosigned(10)).isTrue();
            assertThat(log.hasCosigned(19)).isFalse();
            assertThat(log.hasCosigned(20)).isTrue();
        }
    }

    /// Two gateways of one member have one witness and one log.
    @Test
    void of_many_that_go_on_from_the_same_checkpoint_at_once_in_two_gateways_one_is_recorded() throws Exception {
        try (Store one = open();
                Store other = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                Optional<Checkpoint> before = one.log().witnessed().map(SignedCheckpoint::checkpoint);
                long size = before.map(Checkpoint::size).orElse(0L);
                List<Callable<Boolean>> all = new ArrayList<>();
                for (int i = 1; i <= 8; i++) {
                    LogStore log = (i % 2 == 0 ? one : other).log();
                    Published next = checkpoint(size + i, "r" + i);
                    all.add(() -> next.note().checkpoint().size() % 3 == 0
                            ? log.sign(before, next)
                            : log.advance(before, next.note()));
                }

                int recorded = 0;
                for (Future<Boolean> done : threads.invokeAll(all)) {
                    recorded += done.get() ? 1 : 0;
                }

                assertThat(recorded).isEqualTo(1);
            }
        }
    }

    @Test
    void the_newest_that_a_majority_cosigned_is_kept_however_many_come_after_it() throws Exception {
        try (Store store = open()) {
            LogStore log = store.log();
            Optional<Checkpoint> before = Optional.empty();
            for (int size = 1; size <= 100; size++) {
                Published next = checkpoint(size, "r" + size);
                assertThat(log.sign(before, next)).isTrue();
                before = Optional.of(next.note().checkpoint());
                if (size == 7) {
                    assertThat(log.gather(7, List.of(), _ -> true)).isPresent();
                }
            }

            assertThat(log.cosigned().map(found -> found.note().checkpoint().size()))
                    .contains(7L);
            assertThat(log.newest().map(found -> found.note().checkpoint().size()))
                    .contains(100L);
            assertThat(log.gather(50, List.of(), _ -> true)).isEmpty();
        }
    }
}
