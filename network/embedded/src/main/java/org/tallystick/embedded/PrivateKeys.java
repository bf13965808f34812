package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionHashedReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.HashedRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVReadHash;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWriteHash;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version;

/// What one run of a chaincode reads and writes in one collection: hashes for the block, values for the members.
///
/// Both are in the order of the names, not of their hashes, as in Fabric.
final class PrivateKeys {
    private final String collection;
    private final Map<ByteString, KVReadHash> reads = Simulation.byName();
    private final Map<ByteString, KVWrite> writes = Simulation.byName();
    private boolean valuesWereRead;

    PrivateKeys(String collection) {
        this.collection = collection;
    }

    String collection() {
        return collection;
    }

    void read(ByteString key, Optional<Version> version) {
        var read = KVReadHash.newBuilder().setKeyHash(Sha256.of(key));
        version.ifPresent(read::setVersion);
        reads.put(key, read.build());
    }

    /// Not only a hash was read, so only a peer that keeps the values can endorse.
    void readPrivately() {
        valuesWereRead = true;
    }

    void write(ByteString key, KVWrite write) {
        writes.put(key, write);
    }

    boolean valuesWereRead() {
        return valuesWereRead;
    }

    boolean isWritten() {
        return !writes.isEmpty();
    }

    private ByteString values() {
        return KVRWSet.newBuilder().addAllWrites(writes.values()).build().toByteString();
    }

    CollectionHashedReadWriteSet hashed() {
        var set = HashedRWSet.newBuilder().addAllHashedReads(reads.values());
        writes.values().forEach(write -> set.addHashedWrites(hashed(write)));
        var hashed = CollectionHashedReadWriteSet.newBuilder()
                .setCollectionName(collection)
                .setHashedRwset(set.build().toByteString());
        if (isWritten()) {
            hashed.setPvtRwsetHash(Sha256.of(values()));
        }
        return hashed.build();
    }

    private static KVWriteHash hashed(KVWrite write) {
        var hash = KVWriteHash.newBuilder().setKeyHash(Sha256.of(write.getKeyBytes()));
        return (write.getIsDelete() ? hash.setIsDelete(true) : hash.setValueHash(Sha256.of(write.getValue()))).build();
    }

    /// The values that one run wrote, in the order of collections; empty if there are none.
    static Optional<TxPvtReadWriteSet> all(String chaincode, Collection<PrivateKeys> collections) {
        List<CollectionPvtReadWriteSet> written = collections.stream()
                .filter(PrivateKeys::isWritten)
                .map(keys -> CollectionPvtReadWriteSet.newBuilder()
                        .setCollectionName(keys.collection)
                        .setRwset(keys.values())
                        .build())
                .toList();
        return written.isEmpty()
                ? Optional.empty()
                : Optional.of(TxPvtReadWriteSet.newBuilder()
                        .setDataModel(TxReadWriteSet.DataModel.KV)
                        .addNsPvtRwset(NsPvtReadWriteSet.newBuilder()
                                .setNamespace(chaincode)
                                .addAllCollectionPvtRwset(written))
                        .build());
    }
}
