package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version;
import org.jspecify.annotations.Nullable;

/// The newest value of every key, and older ones for as long as a snapshot may still ask for them.
///
/// So a commit never waits for a simulation, and a simulation sees one state from beginning to end. One state holds
/// what
/// everybody has and what each member keeps for itself, so that a snapshot shows a private value and its hash as of the
/// same block; whose private values a simulation can ask for, [Simulation] decides.
final class WorldState {
    /// Under which name a value is kept.
    sealed interface Key {
        record Public(String namespace, ByteString name) implements Key {}

        /// The hash of a value in a collection, which everybody has.
        record Hashed(String namespace, String collection, ByteString hashOfName) implements Key {}

        /// A value in a collection, as one member keeps it.
        record Private(String member, String namespace, String collection, ByteString name) implements Key {}
    }

    /// A value with the place of the transaction that wrote it.
    record Versioned(ByteString value, Version version) {}

    /// What one transaction wrote to one key; an empty value deletes it.
    record Write(Key key, Optional<ByteString> value, long index) {}

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final NavigableMap<Long, Integer> open = new TreeMap<>();
    private final Queue<Deleted> deleted = new ArrayDeque<>();
    private long height;

    private record Deleted(Key key, Entry entry) {}

    /// One value of a key and the one before it. Compared by identity.
    private static final class Entry {
        private final @Nullable Versioned value;
        private final long block;
        private volatile @Nullable Entry older;

        Entry(@Nullable Versioned value, long block, @Nullable Entry older) {
            this.value = value;
            this.block = block;
            this.older = older;
        }
    }

    /// The state after the blocks below its height. Close it, or older values are kept for ever.
    final class Snapshot implements AutoCloseable {
        private final long height;

        private Snapshot(long height) {
            this.height = height;
        }

        Optional<Versioned> get(Key key) {
            Entry entry = entries.get(key);
            while (entry != null && entry.block >= height) {
                entry = entry.older;
            }
            return entry == null ? Optional.empty() : Optional.ofNullable(entry.value);
        }

        @Override
        public void close() {
            release(height);
        }
    }

    synchronized Snapshot snapshot() {
        int _ = open.merge(height, 1, Integer::sum);
        return new Snapshot(height);
    }

    private synchronized void release(long at) {
        Integer _ = open.computeIfPresent(at, (_, count) -> count == 1 ? null : count - 1);
    }

    /// The version of a key now; only the committing thread may build on the answer.
    Optional<Version> version(Key key) {
        Entry entry = entries.get(key);
        return entry == null
                ? Optional.empty()
                : Optional.ofNullable(entry.value).map(Versioned::version);
    }

    /// Applies the writes of one block, in order; new snapshots see all of them or none.
    synchronized void apply(long block, Iterable<Write> writes) {
        long oldest = open.isEmpty() ? block + 1 : open.firstKey();
        for (Write write : writes) {
            var version = Version.newBuilder()
                    .setBlockNum(block)
                    .setTxNum(write.index())
                    .build();
            Versioned value =
                    write.value().map(bytes -> new Versioned(bytes, version)).orElse(null);
            Entry previous = entries.get(write.key());
            if (previous != null && previous.block == block) {
                previous = previous.older; // written twice in this block: nobody can have seen the first
            }
            trim(previous, oldest);
            var entry = new Entry(value, block, block < oldest ? null : previous);
            entries.put(write.key(), entry);
            if (value == null) {
                deleted.add(new Deleted(write.key(), entry));
            }
        }
        height = block + 1;
        forgetDeleted(oldest);
    }

    /// Keeps what the oldest open snapshot sees, and nothing before it.
    private static void trim(@Nullable Entry newest, long oldest) {
        Entry entry = newest;
        while (entry != null && entry.block >= oldest) {
            entry = entry.older;
        }
        if (entry != null) {
            entry.older = null;
        }
    }

    private void forgetDeleted(long oldest) {
        for (Deleted head = deleted.peek(); head != null && head.entry().block < oldest; head = deleted.peek()) {
            boolean _ = entries.remove(head.key(), head.entry());
            Deleted _ = deleted.remove();
        }
    }
}
