package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.gossip.PrivatePayload;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionHashedReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.HashedRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;

/// The private data of all members, each member's in files of its own: what waits for its transaction, and what stays.
///
/// Endorsers hand the data to the members of the collection, whose peers keep them until a block holds the
/// transaction. What a member should have then and has not is written down as missing; reading it says so, as in
/// Fabric.
final class PrivateData implements AutoCloseable {
    private final Map<String, DefinedChaincode> chaincodes;
    private final Map<String, PrivateFile> kept = new LinkedHashMap<>();
    private final Map<String, TransientFile> waiting = new LinkedHashMap<>();

    private PrivateData(Map<String, DefinedChaincode> chaincodes) {
        this.chaincodes = Map.copyOf(chaincodes);
    }

    /// Opens what the members keep; [#openWaiting] comes when the blocks are read.
    static PrivateData open(
            LedgerFiles files, Collection<String> members, Map<String, DefinedChaincode> chaincodes, Disk disk)
            throws IOException {
        var opened = new PrivateData(chaincodes);
        boolean complete = false;
        try {
            for (String member : members) {
                opened.kept.put(member, PrivateFile.open(files.privateData(member), disk));
            }
            complete = true;
            return opened;
        } finally {
            if (!complete) {
                opened.close();
            }
        }
    }

    /// @param waits whether a transaction, by its id, is in no block yet
    void openWaiting(LedgerFiles files, Disk disk, long height, Predicate<String> waits) throws IOException {
        for (var member : kept.entrySet()) {
            member.getValue().cutBehind(height);
            waiting.put(member.getKey(), TransientFile.open(files.transientData(member.getKey()), disk, height, waits));
        }
    }

    /// Data of one collection that a transaction wrote.
    ///
    /// @param hash of what its members keep
    private record Expected(long index, String chaincode, CollectionDefinition collection, ByteString hash) {}

    private List<Expected> expected(long index, TxReadWriteSet set) {
        var all = new ArrayList<Expected>();
        for (NsReadWriteSet namespace : set.getNsRwsetList()) {
            DefinedChaincode chaincode = chaincodes.get(namespace.getNamespace());
            for (CollectionHashedReadWriteSet hashed : namespace.getCollectionHashedRwsetList()) {
                Optional<CollectionDefinition> collection =
                        chaincode == null ? Optional.empty() : chaincode.collection(hashed.getCollectionName());
                if (collection.isPresent() && keys(hashed).getHashedWritesCount() > 0) {
                    all.add(new Expected(index, namespace.getNamespace(), collection.get(), hashed.getPvtRwsetHash()));
                }
            }
        }
        return all;
    }

    static HashedRWSet keys(CollectionHashedReadWriteSet hashed) {
        try {
            return HashedRWSet.parseFrom(hashed.getHashedRwset());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a valid transaction has readable hashes", e);
        }
    }

    /// Has the members of each collection keep what a run wrote there, until its transaction is in a block.
    ///
    /// @param height of the ledger at the simulation
    void keepWaiting(String transaction, TxPvtReadWriteSet data, long height) throws IOException {
        for (NsPvtReadWriteSet namespace : data.getNsPvtRwsetList()) {
            DefinedChaincode chaincode = chaincodes.get(namespace.getNamespace());
            if (chaincode == null) {
                throw new IllegalArgumentException("no chaincode " + namespace.getNamespace());
            }
            for (CollectionPvtReadWriteSet written : namespace.getCollectionPvtRwsetList()) {
                var payload = PrivatePayload.newBuilder()
                        .setTxId(transaction)
                        .setNamespace(namespace.getNamespace())
                        .setCollectionName(written.getCollectionName())
                        .setPrivateRwset(written.getRwset())
                        .setPrivateSimHeight(height)
                        .build();
                CollectionDefinition collection =
                        chaincode.collection(written.getCollectionName()).orElseThrow();
                for (String member : collection.members()) {
                    waiting(member).keep(payload);
                }
            }
        }
    }

    private TransientFile waiting(String member) {
        TransientFile file = waiting.get(member);
        if (file == null) {
            throw new IllegalStateException(member + "'s waiting private data are not open");
        }
        return file;
    }

    /// What the members keep of one block, and what that writes to the state.
    record OfBlock(Map<String, Map<Long, TxPvtReadWriteSet>> byMember, List<WorldState.Write> writes) {}

    /// Takes up what the valid transactions of a block wrote.
    ///
    /// @param valid by their index
    OfBlock take(Map<Long, Validator.Checked> valid) {
        var byMember = new TreeMap<String, Map<Long, TxPvtReadWriteSet>>();
        var writes = new ArrayList<WorldState.Write>();
        valid.forEach((index, transaction) -> {
            for (Expected one : expected(index, transaction.readWriteSet().orElseThrow())) {
                for (String member : one.collection().members()) {
                    Optional<ByteString> values = waiting(member)
                            .find(
                                    transaction.transactionId(),
                                    one.chaincode(),
                                    one.collection().name(),
                                    one.hash());
                    values.ifPresent(found -> addWrites(writes, member, one, found));
                    TxPvtReadWriteSet _ = byMember.computeIfAbsent(member, _ -> new TreeMap<>())
                            .merge(index, set(one, values.orElse(ByteString.EMPTY)), PrivateData::both);
                }
            }
        });
        return new OfBlock(byMember, writes);
    }

    /// @param values empty if they are missing
    private static TxPvtReadWriteSet set(Expected one, ByteString values) {
        return TxPvtReadWriteSet.newBuilder()
                .setDataModel(TxReadWriteSet.DataModel.KV)
                .addNsPvtRwset(NsPvtReadWriteSet.newBuilder()
                        .setNamespace(one.chaincode())
                        .addCollectionPvtRwset(CollectionPvtReadWriteSet.newBuilder()
                                .setCollectionName(one.collection().name())
                                .setRwset(values)))
                .build();
    }

    private static TxPvtReadWriteSet both(TxPvtReadWriteSet before, TxPvtReadWriteSet next) {
        return before.toBuilder().addAllNsPvtRwset(next.getNsPvtRwsetList()).build();
    }

    private static void addWrites(List<WorldState.Write> writes, String member, Expected one, ByteString values) {
        try {
            for (KVWrite write : KVRWSet.parseFrom(values).getWritesList()) {
                writes.add(new WorldState.Write(
                        new WorldState.Key.Private(
                                member, one.chaincode(), one.collection().name(), write.getKeyBytes()),
                        Optional.of(write.getValue()).filter(value -> !write.getIsDelete() && !value.isEmpty()),
                        one.index()));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("private data of the right hash are unreadable", e);
        }
    }

    /// Puts what the members keep of a block on the disk; the block comes next.
    void append(BlockHeader header, OfBlock data) throws IOException {
        for (var member : data.byMember().entrySet()) {
            kept(member.getKey()).append(header, member.getValue());
        }
    }

    private PrivateFile kept(String member) {
        PrivateFile file = kept.get(member);
        if (file == null) {
            throw new IllegalArgumentException(member + " is not a member");
        }
        return file;
    }

    /// The transactions of a block are on the disk, so nothing waits for them any more.
    void committed(Collection<String> transactions, long height) throws IOException {
        for (TransientFile file : waiting.values()) {
            file.forget(transactions, height);
        }
    }

    /// What a block of the file wrote to the members' private state; each member must have kept its part.
    List<WorldState.Write> replay(Block block) throws IOException {
        var all = new ArrayList<Expected>();
        for (CommittedTransaction transaction : CommittedTransaction.of(block)) {
            if (transaction.isValid() && transaction.readWriteSet().isPresent()) {
                all.addAll(
                        expected(transaction.index(), transaction.readWriteSet().get()));
            }
        }
        var writes = new ArrayList<WorldState.Write>();
        var read = new TreeMap<String, Map<Long, TxPvtReadWriteSet>>();
        for (Expected one : all) {
            for (String member : one.collection().members()) {
                if (!read.containsKey(member)) {
                    read.put(member, kept(member).of(block.getHeader()));
                }
                ByteString values =
                        values(kept(member), block.getHeader().getNumber(), one, read.getOrDefault(member, Map.of()));
                if (!values.isEmpty()) {
                    addWrites(writes, member, one, values);
                }
            }
        }
        return writes;
    }

    private static ByteString values(
            PrivateFile file, long block, Expected one, Map<Long, TxPvtReadWriteSet> transactions)
            throws DamagedLedgerException {
        String what = "the data of collection " + one.collection().name() + " in block " + block + ", transaction "
                + one.index() + " ";
        TxPvtReadWriteSet set = transactions.getOrDefault(one.index(), TxPvtReadWriteSet.getDefaultInstance());
        ByteString values = set.getNsPvtRwsetList().stream()
                .filter(namespace -> namespace.getNamespace().equals(one.chaincode()))
                .flatMap(namespace -> namespace.getCollectionPvtRwsetList().stream())
                .filter(collection ->
                        collection.getCollectionName().equals(one.collection().name()))
                .map(CollectionPvtReadWriteSet::getRwset)
                .findFirst()
                .orElseThrow(
                        () -> file.damaged(block, what + "are not there; a collection with data takes no new member"));
        if (!values.isEmpty() && !Sha256.of(values).equals(one.hash())) {
            throw file.damaged(block, what + "have another hash");
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        for (PrivateFile file : kept.values()) {
            file.close();
        }
        for (TransientFile file : waiting.values()) {
            file.close();
        }
    }
}
