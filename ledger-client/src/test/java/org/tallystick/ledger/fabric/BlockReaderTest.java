package org.tallystick.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.rules.SentArguments;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.fabric.Blocks.Sent;

/// What a peer delivers is read; what no peer would deliver is named.
class BlockReaderTest {

    private static final TxValidationCode VALID = TxValidationCode.VALID;

    private final BlockReader reader = new BlockReader(Blocks.CHANNEL, Blocks.CHAINCODE);

    @Test
    void a_transaction_of_ours_is_read_with_its_function_answer_and_event() {
        Block block = Blocks.block(7, List.of(Sent.OURS.envelope()), VALID);

        LedgerBlock read = read(block);

        assertThat(read.number()).isEqualTo(7);
        assertThat(read.bytes()).isEqualTo(Blocks.bytes(block));
        LedgerBlock.Transaction only = read.transactions().getFirst();
        assertThat(only.id()).isEqualTo("tx1");
        assertThat(only.valid()).isTrue();
        assertThat(only.function()).isEqualTo("submit");
        assertThat(only.arguments()).containsExactly(Bytes.ofUtf8("one"));
        assertThat(only.timestamp()).isEqualTo(new LedgerTime(Blocks.TIMESTAMP));
        assertThat(only.response().text("response")).isEqualTo("1");
        assertThat(only.event().orElseThrow().text("event")).isEqualTo("1");
        assertThat(only.envelope()).isEqualTo(bytes(Sent.OURS.envelope()));
    }

    @Test
    void transactions_of_other_chaincodes_are_left_out_and_keep_their_places() {
        ByteString other =
                Sent.OURS.ofChaincode("notebook").answering("no json").envelope();
        Block block = Blocks.block(
                1, List.of(other, Sent.OURS.withId("tx2").envelope()), VALID, TxValidationCode.MVCC_READ_CONFLICT);

        LedgerBlock read = read(block);

        assertThat(read.transactions()).singleElement().satisfies(only -> {
            assertThat(only.index()).isEqualTo(1);
            assertThat(only.id()).isEqualTo("tx2");
            assertThat(only.code()).isEqualTo("MVCC_READ_CONFLICT");
            assertThat(only.valid()).isFalse();
        });
    }

    @Test
    void an_invalid_transaction_may_be_anything() {
        Block block = Blocks.block(
                1,
                List.of(
                        Blocks.text("no protobuf"),
                        Sent.OURS.answering("no json").envelope()),
                TxValidationCode.BAD_PAYLOAD,
                TxValidationCode.ENDORSEMENT_POLICY_FAILURE);

        assertThat(read(block).transactions()).isEmpty();
    }

    @Test
    void a_valid_transaction_that_cannot_be_read_makes_the_block_malformed() {
        assertMalformed("transaction 0", Blocks.block(1, List.of(Blocks.text("no protobuf")), VALID));
        assertMalformed(
                "transaction 0",
                Blocks.block(1, List.of(Sent.OURS.answering("{\"spaced\": 1}").envelope()), VALID));
        assertMalformed(
                "transaction 0",
                Blocks.block(1, List.of(Sent.OURS.ofChannel("other").envelope()), VALID));
    }

    @Test
    void deflated_arguments_are_read_as_what_they_were() {
        List<Bytes> call = List.of(Bytes.ofUtf8("submit"), Bytes.ofUtf8("same ".repeat(100)), Bytes.ofUtf8("{}"));
        List<Bytes> sent = SentArguments.of(call);

        LedgerBlock read = read(Blocks.block(1, List.of(Sent.OURS.calling(sent).envelope()), VALID));

        assertThat(sent).hasSize(2);
        LedgerBlock.Transaction only = read.transactions().getFirst();
        assertThat(only.function()).isEqualTo("submit");
        assertThat(only.arguments()).isEqualTo(call.subList(1, 3));
        assertMalformed(
                "transaction 0",
                Blocks.block(
                        1,
                        List.of(Sent.OURS
                                .calling(List.of(sent.getFirst(), sent.getLast().slice(1, 9)))
                                .envelope()),
                        VALID));
    }

    @Test
    void the_genesis_block_needs_no_validation_codes() {
        Block genesis = Blocks.block(0, List.of(Sent.OURS.envelope())).toBuilder()
                .setMetadata(BlockMetadata.getDefaultInstance())
                .build();

        BlockReading reading = reader.read(Blocks.bytes(genesis));

        assertThat(reading).isInstanceOfSatisfying(BlockReading.Read.class, read -> {
            assertThat(read.previous()).isEqualTo(Hash.ZERO);
            assertThat(read.hash()).isEqualTo(BlockHash.ofHeader(genesis.getHeader()));
        });
    }

    @Test
    void codes_data_and_header_must_fit_together() {
        Block good = Blocks.block(1, List.of(Sent.OURS.envelope()), VALID);

        assertMalformed("metadata", Blocks.block(1, List.of(Sent.OURS.envelope()), VALID, VALID));
        assertMalformed(
                "metadata",
                good.toBuilder().setMetadata(BlockMetadata.getDefaultInstance()).build());
        assertMalformed("block", good.toBuilder().clearMetadata().build());
        assertMalformed("block", Block.getDefaultInstance());
        BlockHeader.Builder header = good.getHeader().toBuilder();
        assertMalformed("header", with(good, header.clone().setDataHash(Blocks.text("other"))));
        assertMalformed("header", with(good, header.clone().setPreviousHash(Blocks.text("short"))));
        assertMalformed("header", with(good, header.clone().setNumber(-1)));
        assertMalformed("header", with(good, header.clone().setNumber(0)));
    }

    private static Block with(Block block, BlockHeader.Builder header) {
        return block.toBuilder().setHeader(header).build();
    }

    @Test
    void an_unknown_validation_code_is_not_guessed() {
        Block good = Blocks.block(1, List.of(Sent.OURS.envelope()), VALID);
        BlockMetadata metadata = good.getMetadata().toBuilder()
                .setMetadata(2, ByteString.copyFrom(new byte[] {(byte) 200}))
                .build();

        assertMalformed("transaction 0", good.toBuilder().setMetadata(metadata).build());
    }

    @Test
    void a_second_spelling_of_a_block_is_no_block() {
        Bytes good = Blocks.bytes(Blocks.block(1, List.of(Sent.OURS.envelope()), VALID));

        // The same header once more: a lenient reader would take the last of the two.
        Bytes twice = Bytes.concat(good, good.slice(0, 2 + good.at(1)));
        // Field 15, which blocks do not have.
        Bytes unknown = Bytes.concat(good, Bytes.ofHex("7a00"));

        for (Bytes other : List.of(twice, unknown, Bytes.EMPTY, Bytes.ofUtf8("not a block"))) {
            assertThat(reader.read(other)).isInstanceOf(BlockReading.Malformed.class);
        }
    }

    /// Cut off anywhere, a block is malformed, and never an exception.
    @Test
    void a_block_that_was_cut_off_is_malformed() {
        Bytes good = Blocks.bytes(Blocks.block(1, List.of(Sent.OURS.envelope()), VALID));

        for (int length = 0; length < good.size(); length++) {
            assertThat(reader.read(good.slice(0, length))).isInstanceOf(BlockReading.Malformed.class);
        }
    }

    /// A changed byte is seen, or it lies in what only signatures guard: header and metadata, or the code itself.
    @Test
    void a_changed_byte_in_the_data_is_seen() {
        Block block = Blocks.block(1, List.of(Sent.OURS.envelope()), VALID);
        byte[] good = block.toByteArray();
        int data = good.length
                - block.getMetadata().getSerializedSize()
                - block.getData().getSerializedSize();

        for (int at = data; at < good.length - block.getMetadata().getSerializedSize() - 2; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 1;

            assertThat(reader.read(Bytes.copyOf(changed))).isInstanceOf(BlockReading.Malformed.class);
        }
    }

    private LedgerBlock read(Block block) {
        return switch (reader.read(Blocks.bytes(block))) {
            case BlockReading.Read read -> read.block();
            case BlockReading.Malformed malformed -> throw new AssertionError(malformed);
        };
    }

    private void assertMalformed(String at, Block block) {
        assertThat(reader.read(Blocks.bytes(block)))
                .isInstanceOfSatisfying(
                        BlockReading.Malformed.class,
                        malformed -> assertThat(malformed.at()).isEqualTo(at));
    }

    private static Bytes bytes(ByteString text) {
        return Bytes.copyOf(text.toByteArray());
    }
}
