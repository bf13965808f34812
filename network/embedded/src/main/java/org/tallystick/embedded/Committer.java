package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.LastConfig;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.MetadataSignature;
import org.hyperledger.fabric.protos.common.OrdererBlockMetadata;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionHashedReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVReadHash;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWriteHash;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/// Makes a block of a batch: validates, writes its private data and then itself to the disk, applies both, tells who
/// waits. In this order.
final class Committer implements Orderer.Committing {
    private static final int NONCE_BYTES = 24;

    private final BlockStore blocks;
    private final WorldState state;
    private final Validator validator;
    private final SigningIdentity orderer;
    private final PrivateData privateData;
    private final CommitNotices notices;
    private final SecureRandom random = new SecureRandom();
    private ByteString commitHash;

    Committer(
            BlockStore blocks,
            WorldState state,
            PrivateData privateData,
            Validator validator,
            SigningIdentity orderer,
            CommitNotices notices) {
        this.blocks = blocks;
        this.state = state;
        this.privateData = privateData;
        this.validator = validator;
        this.orderer = orderer;
        this.notices = notices;
        this.commitHash =
                blocks.block(blocks.height() - 1).getMetadata().getMetadata(BlockMetadataIndex.COMMIT_HASH_VALUE);
    }

    /// What a block of the file did to the state; its codes were settled when it was made.
    static void replay(WorldState state, PrivateData privateData, Block block) throws IOException {
        var writes = new ArrayList<>(privateData.replay(block));
        for (CommittedTransaction transaction : CommittedTransaction.of(block)) {
            if (transaction.isValid() && transaction.readWriteSet().isPresent()) {
                addWrites(writes, transaction.readWriteSet().get(), transaction.index());
            }
        }
        state.apply(block.getHeader().getNumber(), writes);
    }

    @Override
    public void commit(List<ByteString> envelopes) throws IOException {
        List<Validator.Checked> checked =
                envelopes.parallelStream().map(validator::check).toList();
        var codes = ByteString.newOutput(checked.size());
        var writes = new ArrayList<WorldState.Write>();
        Set<WorldState.Key> written = new HashSet<>();
        Set<String> ids = new HashSet<>();
        var valid = new TreeMap<Long, Validator.Checked>();
        for (int i = 0; i < checked.size(); i++) {
            TxValidationCode code = settle(checked.get(i), ids, written);
            codes.write(code.getNumber());
            if (code == TxValidationCode.VALID) {
                int from = writes.size();
                addWrites(writes, checked.get(i).readWriteSet().orElseThrow(), i);
                writes.subList(from, writes.size()).forEach(write -> written.add(write.key()));
                valid.put((long) i, checked.get(i));
            }
        }
        append(envelopes, codes.toByteString(), writes, privateData.take(valid));
        List<String> all =
                checked.stream().map(Validator.Checked::transactionId).toList();
        notices.committed(all);
        privateData.committed(all, blocks.height());
    }

    /// What depends on the transactions before it: the same id again, and reads that are no longer true.
    private TxValidationCode settle(Validator.Checked checked, Set<String> ids, Set<WorldState.Key> written) {
        if (!checked.isValid()) {
            return checked.code();
        }
        if (!ids.add(checked.transactionId())) {
            return TxValidationCode.DUPLICATE_TXID;
        }
        for (NsReadWriteSet namespace : checked.readWriteSet().orElseThrow().getNsRwsetList()) {
            for (KVRead read : keys(namespace).getReadsList()) {
                var key = new WorldState.Key.Public(namespace.getNamespace(), read.getKeyBytes());
                Optional<Version> seen = read.hasVersion() ? Optional.of(read.getVersion()) : Optional.empty();
                if (!isCurrent(key, seen, written)) {
                    return TxValidationCode.MVCC_READ_CONFLICT;
                }
            }
            for (CollectionHashedReadWriteSet hashed : namespace.getCollectionHashedRwsetList()) {
                for (KVReadHash read : PrivateData.keys(hashed).getHashedReadsList()) {
                    var key = new WorldState.Key.Hashed(
                            namespace.getNamespace(), hashed.getCollectionName(), read.getKeyHash());
                    Optional<Version> seen = read.hasVersion() ? Optional.of(read.getVersion()) : Optional.empty();
                    if (!isCurrent(key, seen, written)) {
                        return TxValidationCode.MVCC_READ_CONFLICT;
                    }
                }
            }
        }
        return TxValidationCode.VALID;
    }

    private boolean isCurrent(WorldState.Key key, Optional<Version> seen, Set<WorldState.Key> written) {
        return !written.contains(key) && state.version(key).equals(seen);
    }

    private static void addWrites(List<WorldState.Write> writes, TxReadWriteSet set, int index) {
        for (NsReadWriteSet namespace : set.getNsRwsetList()) {
            for (KVWrite write : keys(namespace).getWritesList()) {
                writes.add(new WorldState.Write(
                        new WorldState.Key.Public(namespace.getNamespace(), write.getKeyBytes()),
                        write.getIsDelete() || write.getValue().isEmpty()
                                ? Optional.empty()
                                : Optional.of(write.getValue()),
                        index));
            }
            for (CollectionHashedReadWriteSet hashed : namespace.getCollectionHashedRwsetList()) {
                for (KVWriteHash write : PrivateData.keys(hashed).getHashedWritesList()) {
                    writes.add(new WorldState.Write(
                            new WorldState.Key.Hashed(
                                    namespace.getNamespace(), hashed.getCollectionName(), write.getKeyHash()),
                            deletes(write) ? Optional.empty() : Optional.of(write.getValueHash()),
                            index));
                }
            }
        }
    }

    /// The hash of an empty value deletes, too.
    private static boolean deletes(KVWriteHash write) {
        return write.getIsDelete()
                || write.getValueHash().isEmpty()
                || write.getValueHash().equals(Sha256.of(ByteString.EMPTY));
    }

    private static KVRWSet keys(NsReadWriteSet namespace) {
        try {
            return KVRWSet.parseFrom(namespace.getRwset());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a valid transaction has a readable read-write set", e);
        }
    }

    private void append(
            List<ByteString> envelopes, ByteString codes, List<WorldState.Write> writes, PrivateData.OfBlock privately)
            throws IOException {
        long number = blocks.height();
        var data = BlockData.newBuilder().addAllData(envelopes).build();
        var header = BlockHeader.newBuilder()
                .setNumber(number)
                .setPreviousHash(blocks.lastHash())
                .setDataHash(BlockHashes.ofData(data))
                .build();
        ByteString hash = CommitHash.next(commitHash, codes, number, writes);
        var block = Block.newBuilder()
                .setHeader(header)
                .setData(data)
                .setMetadata(BlockMetadata.newBuilder()
                        .addMetadata(signature(header))
                        .addMetadata(ByteString.EMPTY)
                        .addMetadata(codes)
                        .addMetadata(ByteString.EMPTY)
                        .addMetadata(hash))
                .build();
        privateData.append(header, privately);
        blocks.append(block, () -> {
            var all = new ArrayList<>(writes);
            all.addAll(privately.writes());
            state.apply(number, all);
        });
        commitHash = hash;
    }

    private ByteString signature(BlockHeader header) {
        ByteString value = OrdererBlockMetadata.newBuilder()
                .setLastConfig(LastConfig.newBuilder().setIndex(0))
                .build()
                .toByteString();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        ByteString signer = SignatureHeader.newBuilder()
                .setCreator(orderer.serialized())
                .setNonce(ByteString.copyFrom(nonce))
                .build()
                .toByteString();
        ByteString signature = orderer.sign(value.concat(signer).concat(BlockHashes.headerBytes(header)));
        return Metadata.newBuilder()
                .setValue(value)
                .addSignatures(MetadataSignature.newBuilder()
                        .setSignatureHeader(signer)
                        .setSignature(signature))
                .build()
                .toByteString();
    }
}
