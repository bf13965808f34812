package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.List;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bytes that the members sign and an auditor reads, written out by hand and compared.
class ReadWriteSetTest {
    private static final String ACME = "AcmeMSP";

    @TempDir
    private Path folder;

    private EmbeddedLedger start() throws Exception {
        return EmbeddedLedger.start(
                EmbeddedLedger.Settings.of(folder, List.of(ACME, "BlueMSP"), List.of(NotebookChaincode.definition())));
    }

    private static ChaincodeAction action(Transaction transaction) throws InvalidProtocolBufferException {
        var envelope = PreparedTransaction.parseFrom(transaction.getBytes()).getEnvelope();
        return action(envelope);
    }

    private static ChaincodeAction action(Envelope envelope) throws InvalidProtocolBufferException {
        var payload = Payload.parseFrom(envelope.getPayload());
        var action = ChaincodeActionPayload.parseFrom(
                org.hyperledger.fabric.protos.peer.Transaction.parseFrom(payload.getData())
                        .getActions(0)
                        .getPayload());
        return ChaincodeAction.parseFrom(
                ProposalResponsePayload.parseFrom(action.getAction().getProposalResponsePayload())
                        .getExtension());
    }

    private static NsReadWriteSet namespace(String name, KVRWSet.Builder keys) {
        return NsReadWriteSet.newBuilder()
                .setNamespace(name)
                .setRwset(keys.build().toByteString())
                .build();
    }

    /// What real Fabric adds to each transaction: the chaincode's definition was read, at the version it has.
    private static NsReadWriteSet lifecycle() {
        return namespace(
                "_lifecycle",
                KVRWSet.newBuilder()
                        .addReads(KVRead.newBuilder()
                                .setKey("namespaces/fields/notebook/Sequence")
                                .setVersion(Version.getDefaultInstance())));
    }

    @Test
    void reads_and_writes_are_sorted_by_bytes_and_absent_keys_have_no_version() throws Exception {
        try (var ledger = start()) {
            var acme = Client.inProcess(ledger, ACME);
            acme.commits("put", "b", "1");

            // In UTF-16, U+1F600 sorts before U+FF5E; in bytes it does not.
            Transaction transaction = acme.endorsed("read and write", "\uD83D\uDE00", "\uFF5E", "b", "B", "a");

            var keys = KVRWSet.newBuilder();
            for (String key : List.of("B", "a", "b", "\uFF5E", "\uD83D\uDE00")) {
                var read = KVRead.newBuilder().setKey(key);
                if (key.equals("b")) {
                    read.setVersion(Version.newBuilder().setBlockNum(1).setTxNum(0));
                }
                keys.addReads(read);
                keys.addWrites(KVWrite.newBuilder()
                        .setKey(key)
                        .setValue(ByteString.copyFromUtf8(key.equals("b") ? "1!" : "!")));
            }
            ByteString expected = TxReadWriteSet.newBuilder()
                    .setDataModel(TxReadWriteSet.DataModel.KV)
                    .addNsRwset(lifecycle())
                    .addNsRwset(namespace("notebook", keys))
                    .build()
                    .toByteString();
            assertThat(action(transaction).getResults()).isEqualTo(expected);
        }
    }

    @Test
    void a_deleted_key_is_written_without_a_value() throws Exception {
        try (var ledger = start()) {
            Transaction transaction = Client.inProcess(ledger, ACME).endorsed("delete", "k");

            ByteString expected = TxReadWriteSet.newBuilder()
                    .addNsRwset(lifecycle())
                    .addNsRwset(namespace(
                            "notebook",
                            KVRWSet.newBuilder()
                                    .addWrites(KVWrite.newBuilder().setKey("k").setIsDelete(true))))
                    .build()
                    .toByteString();
            assertThat(action(transaction).getResults()).isEqualTo(expected);
        }
    }

    @Test
    void a_transaction_that_touches_no_key_has_the_definition_s_read_only() throws Exception {
        try (var ledger = start()) {
            Transaction transaction = Client.inProcess(ledger, ACME).endorsed("repeat", "x", "3");

            assertThat(action(transaction).getResults())
                    .isEqualTo(TxReadWriteSet.newBuilder()
                            .addNsRwset(lifecycle())
                            .build()
                            .toByteString());
            assertThat(action(transaction).getChaincodeId().getVersion()).isEqualTo("1");
            assertThat(action(transaction).getResponse().getPayload().toStringUtf8())
                    .isEqualTo("xxx");
        }
    }

    @Test
    void the_commit_hash_of_the_first_block_is_the_one_that_fabric_computes() throws Exception {
        try (var ledger = start()) {
            var acme = Client.inProcess(ledger, ACME);
            acme.commits("put", "k", "v");

            Block block = Block.parseFrom(
                    acme.network().getContract("qscc").evaluateTransaction("GetBlockByNumber", "tallystick", "1"));

            // varint(1) | code 0 | Updates { kvwrites { namespace, key "k", value "v", version 1.0 } } | no hash before
            ByteString hashed =
                    ByteString.fromHex("0100" + "0a15" + "0a086e6f7465626f6f6b" + "1a016b" + "2a0176" + "3203010100");
            var metadata = Metadata.parseFrom(block.getMetadata().getMetadata(BlockMetadataIndex.COMMIT_HASH_VALUE));
            assertThat(metadata.getValue()).isEqualTo(Sha256.of(hashed));
        }
    }
}
