package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several transactions in one block, and the block's own signature.
class BlockTest {
    private static final String ACME = "AcmeMSP";

    @TempDir
    private Path folder;

    private EmbeddedLedger start() throws Exception {
        return EmbeddedLedger.start(
                EmbeddedLedger.Settings.of(folder, List.of(ACME), List.of(NotebookChaincode.definition()))
                        .withBatch(new BatchLimits(4, 2 << 20, 10 << 20, Duration.ofSeconds(5))));
    }

    private static Block block(Client client, long number) throws Exception {
        return Block.parseFrom(client.network()
                .getContract("qscc")
                .evaluateTransaction("GetBlockByNumber", client.channel(), Long.toString(number)));
    }

    @Test
    void the_order_within_a_block_decides_who_conflicts_and_who_is_a_duplicate() throws Exception {
        try (var ledger = start()) {
            var acme = Client.inProcess(ledger, ACME);
            Transaction first = acme.endorsed("append", "hot", "a");
            Transaction second = acme.endorsed("append", "hot", "b");
            Transaction blind = acme.endorsed("put", "hot", "c");

            var submitted = first.submitAsync();
            var _ = second.submitAsync();
            var _ = acme.gateway().newTransaction(first.getBytes()).submitAsync();
            var last = blind.submitAsync();

            assertThat(submitted.getStatus().getCode()).isEqualTo(TxValidationCode.VALID);
            assertThat(last.getStatus().getBlockNumber()).isEqualTo(1);
            ByteString codes = block(acme, 1).getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE);
            assertThat(IntStream.range(0, codes.size()).mapToObj(i -> TxValidationCode.forNumber(codes.byteAt(i))))
                    .containsExactly(
                            TxValidationCode.VALID,
                            TxValidationCode.MVCC_READ_CONFLICT,
                            TxValidationCode.DUPLICATE_TXID,
                            TxValidationCode.VALID);
            assertThat(acme.evaluate("get", "hot")).isEqualTo("c");
        }
    }

    @Test
    void the_orderer_signs_the_header_and_what_is_beside_it() throws Exception {
        try (var ledger = start()) {
            var acme = Client.inProcess(ledger, ACME);
            for (int i = 0; i < 4; i++) {
                var _ = acme.endorsed("put", "k" + i, "v").submitAsync();
            }
            while (ledger.height() < 2) {
                Thread.sleep(5);
            }
            Block block = block(acme, 1);

            var metadata = Metadata.parseFrom(block.getMetadata().getMetadata(BlockMetadataIndex.SIGNATURES_VALUE));
            var signature = metadata.getSignatures(0);
            var signer = SignatureHeader.parseFrom(signature.getSignatureHeader());
            var node = Credential.read(folder.resolve("orderer/orderer.pem"), folder.resolve("orderer/orderer.key"));
            assertThat(signer.getCreator())
                    .isEqualTo(SigningIdentity.of("OrdererMSP", node).serialized());
            ByteString signed = metadata.getValue()
                    .concat(signature.getSignatureHeader())
                    .concat(BlockHashes.headerBytes(block.getHeader()));
            assertThat(Ecdsa.verify(node.certificate().getPublicKey(), signed, signature.getSignature()))
                    .isTrue();
        }
    }
}
