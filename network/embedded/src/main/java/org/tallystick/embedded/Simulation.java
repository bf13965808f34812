package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;

/// What one run of a chaincode reads and writes, at one member.
///
/// Reads come from the snapshot only: a value that was just written is not seen, as in Fabric.
final class Simulation {
    /// Where Fabric keeps what is defined on a channel; each invocation reads the sequence number of its chaincode.
    static final String LIFECYCLE = "_lifecycle";

    private final WorldState.Snapshot snapshot;
    private final String namespace;
    private final Map<ByteString, KVRead> reads = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    private final Map<ByteString, KVWrite> writes = new TreeMap<>(ByteString.unsignedLexicographicalComparator());

    Simulation(WorldState.Snapshot snapshot, String namespace) {
        this.snapshot = snapshot;
        this.namespace = namespace;
    }

    static WorldState.Key sequenceKey(String chaincode) {
        return new WorldState.Key(LIFECYCLE, ByteString.copyFromUtf8("namespaces/fields/" + chaincode + "/Sequence"));
    }

    /// The committed value, or nothing; the shim makes empty bytes of both.
    ByteString get(ByteString key) {
        Optional<WorldState.Versioned> found = snapshot.get(new WorldState.Key(namespace, key));
        reads.put(key, read(key, found));
        return found.map(WorldState.Versioned::value).orElse(ByteString.EMPTY);
    }

    /// An empty value deletes the key, as in Fabric.
    void put(ByteString key, ByteString value) {
        if (value.isEmpty()) {
            delete(key);
            return;
        }
        write(key, KVWrite.newBuilder().setValue(value));
    }

    void delete(ByteString key) {
        write(key, KVWrite.newBuilder().setIsDelete(true));
    }

    private void write(ByteString key, KVWrite.Builder write) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("invalid key. The empty string is not permitted");
        }
        writes.put(key, write.setKeyBytes(key).build());
    }

    /// The read-write set in Fabric's bytes: namespaces and keys in byte order, the sequence number's read included.
    ByteString results() {
        var all = new TreeMap<ByteString, NsReadWriteSet>(ByteString.unsignedLexicographicalComparator());
        var sequence = sequenceKey(namespace);
        add(all, LIFECYCLE, KVRWSet.newBuilder().addReads(read(sequence.name(), snapshot.get(sequence))));
        if (!reads.isEmpty() || !writes.isEmpty()) {
            add(all, namespace, KVRWSet.newBuilder().addAllReads(reads.values()).addAllWrites(writes.values()));
        }
        return TxReadWriteSet.newBuilder()
                .setDataModel(TxReadWriteSet.DataModel.KV)
                .addAllNsRwset(all.values())
                .build()
                .toByteString();
    }

    private static void add(Map<ByteString, NsReadWriteSet> all, String namespace, KVRWSet.Builder set) {
        all.put(
                ByteString.copyFromUtf8(namespace),
                NsReadWriteSet.newBuilder()
                        .setNamespace(namespace)
                        .setRwset(set.build().toByteString())
                        .build());
    }

    private static KVRead read(ByteString key, Optional<WorldState.Versioned> found) {
        var read = KVRead.newBuilder().setKeyBytes(key);
        found.ifPresent(versioned -> read.setVersion(versioned.version()));
        return read.build();
    }
}
