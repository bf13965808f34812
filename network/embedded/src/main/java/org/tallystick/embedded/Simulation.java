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
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version;

/// What one run of a chaincode reads and writes, at one member.
///
/// Reads come from the snapshot only: a value that was just written is not seen, as in Fabric. Of private values it
/// sees those that its member keeps.
final class Simulation {
    private final WorldState.Snapshot snapshot;
    private final String member;
    private final String client;
    private final DefinedChaincode chaincode;
    private final Map<WorldState.Key.Public, KVRead> definition = new TreeMap<>(java.util.Comparator.comparing(
            WorldState.Key.Public::name, ByteString.unsignedLexicographicalComparator()));
    private final Map<ByteString, KVRead> reads = byName();
    private final Map<ByteString, KVWrite> writes = byName();
    private final Map<String, PrivateKeys> collections = new TreeMap<>();

    /// @param member whose peer runs it
    /// @param client the member whose client asks for it
    Simulation(WorldState.Snapshot snapshot, String member, String client, DefinedChaincode chaincode) {
        this.snapshot = snapshot;
        this.member = member;
        this.client = client;
        this.chaincode = chaincode;
        readDefinition((WorldState.Key.Public) DefinedChaincode.sequence(chaincode.name()));
    }

    static <T> Map<ByteString, T> byName() {
        return new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    }

    private void readDefinition(WorldState.Key.Public key) {
        definition.put(key, read(key.name(), snapshot.get(key)));
    }

    /// The committed value, or nothing; the shim makes empty bytes of both.
    ByteString get(ByteString key) {
        var found = snapshot.get(new WorldState.Key.Public(chaincode.name(), key));
        reads.put(key, read(key, found));
        return found.map(WorldState.Versioned::value).orElse(ByteString.EMPTY);
    }

    /// An empty value deletes the key, as in Fabric.
    void put(ByteString key, ByteString value) {
        writes.put(checked(key), write(key, value));
    }

    void delete(ByteString key) {
        put(key, ByteString.EMPTY);
    }

    /// The value that this member keeps, if it is the one whose hash everybody has.
    ByteString getPrivate(String collection, ByteString key) {
        if (!permitted(collection, CollectionDefinition::memberOnlyRead)) {
            throw new IllegalArgumentException("tx creator does not have read access permission on privatedata in"
                    + " chaincodeName:" + chaincode.name() + " collectionName: " + collection);
        }
        var hashed = snapshot.get(hashed(collection, key));
        var kept = snapshot.get(new WorldState.Key.Private(member, chaincode.name(), collection, key));
        Optional<Version> hashVersion = hashed.map(WorldState.Versioned::version);
        Optional<Version> keptVersion = kept.map(WorldState.Versioned::version);
        if (!hashVersion.equals(keptVersion)) {
            throw new IllegalArgumentException(
                    "private data matching public hash version is not available. Public hash version = "
                            + inGo(hashVersion) + ", Private data version = " + inGo(keptVersion));
        }
        keys(collection).read(key, hashVersion);
        keys(collection).readPrivately();
        return kept.map(WorldState.Versioned::value).orElse(ByteString.EMPTY);
    }

    /// The hash of a value in a collection: any member's peer has it.
    ByteString getPrivateHash(String collection, ByteString key) {
        var _ = defined(collection);
        var hashed = snapshot.get(hashed(collection, key));
        keys(collection).read(key, hashed.map(WorldState.Versioned::version));
        return hashed.map(WorldState.Versioned::value).orElse(ByteString.EMPTY);
    }

    /// An empty value deletes the key, as in Fabric.
    void putPrivate(String collection, ByteString key, ByteString value) {
        if (!permitted(collection, CollectionDefinition::memberOnlyWrite)) {
            throw new IllegalArgumentException("tx creator does not have write access permission on privatedata in"
                    + " chaincodeName:" + chaincode.name() + " collectionName: " + collection);
        }
        keys(collection).write(checked(key), write(key, value));
    }

    void deletePrivate(String collection, ByteString key) {
        putPrivate(collection, key, ByteString.EMPTY);
    }

    private boolean permitted(String collection, java.util.function.Predicate<CollectionDefinition> membersOnly) {
        DefinedChaincode.collectionReads(chaincode.name()).forEach(key -> readDefinition((WorldState.Key.Public) key));
        CollectionDefinition definition = chaincode
                .collection(collection)
                .orElseThrow(() -> new IllegalArgumentException("collection " + chaincode.channel() + "/"
                        + chaincode.name() + "/" + collection + " could not be found"));
        return !membersOnly.test(definition) || definition.members().contains(client);
    }

    private CollectionDefinition defined(String collection) {
        DefinedChaincode.collectionReads(chaincode.name()).forEach(key -> readDefinition((WorldState.Key.Public) key));
        return chaincode
                .collection(collection)
                .orElseThrow(() -> new IllegalArgumentException("collection [" + collection
                        + "] not defined in the collection config for chaincode [" + chaincode.name() + "]"));
    }

    private PrivateKeys keys(String collection) {
        return collections.computeIfAbsent(collection, PrivateKeys::new);
    }

    private WorldState.Key hashed(String collection, ByteString key) {
        return new WorldState.Key.Hashed(chaincode.name(), collection, Sha256.of(key));
    }

    private static String inGo(Optional<Version> version) {
        return version.map(at -> "{BlockNum: " + at.getBlockNum() + ", TxNum: " + at.getTxNum() + "}")
                .orElse("<nil>");
    }

    private static ByteString checked(ByteString key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("invalid key. The empty string is not permitted");
        }
        return key;
    }

    private static KVWrite write(ByteString key, ByteString value) {
        var write = KVWrite.newBuilder().setKeyBytes(key);
        return (value.isEmpty() ? write.setIsDelete(true) : write.setValue(value)).build();
    }

    private static KVRead read(ByteString key, Optional<WorldState.Versioned> found) {
        var read = KVRead.newBuilder().setKeyBytes(key);
        found.ifPresent(versioned -> read.setVersion(versioned.version()));
        return read.build();
    }

    /// What this run comes to. Ask once, when the chaincode has answered.
    SimulationResults results() {
        var all = Simulation.<NsReadWriteSet>byName();
        add(
                all,
                NsReadWriteSet.newBuilder()
                        .setNamespace(DefinedChaincode.LIFECYCLE)
                        .setRwset(KVRWSet.newBuilder()
                                .addAllReads(definition.values())
                                .build()
                                .toByteString()));
        if (!reads.isEmpty() || !writes.isEmpty() || !collections.isEmpty()) {
            var own = NsReadWriteSet.newBuilder()
                    .setNamespace(chaincode.name())
                    .setRwset(KVRWSet.newBuilder()
                            .addAllReads(reads.values())
                            .addAllWrites(writes.values())
                            .build()
                            .toByteString());
            collections.values().forEach(keys -> own.addCollectionHashedRwset(keys.hashed()));
            add(all, own);
        }
        return new SimulationResults(
                TxReadWriteSet.newBuilder()
                        .setDataModel(TxReadWriteSet.DataModel.KV)
                        .addAllNsRwset(all.values())
                        .build()
                        .toByteString(),
                PrivateKeys.all(chaincode.name(), collections.values()),
                Interest.of(chaincode, !writes.isEmpty(), collections.values()));
    }

    private static void add(Map<ByteString, NsReadWriteSet> all, NsReadWriteSet.Builder set) {
        all.put(set.getNamespaceBytes(), set.build());
    }
}
