package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.pack.ConfigBlock;
import org.tallystick.ledger.pack.TransactionEnvelope;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Report.Outcome;

/// Whatever the bytes, there is a report, and it does not say that anything holds.
final class HostileBytesTest {

    private static final TestStory STORY = TestStory.smallest(31);
    private static final TestPack PACK = TestPack.of(STORY.pack());
    private static final Optional<TrustFile> TRUST = Optional.of(STORY.ledger.network.trust(STORY.ledger.id()));

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void bytes_cut_out_put_in_or_shuffled_give_a_report(long seed) {
        Random random = new Random(seed);
        int entry = random.nextInt(PACK.names.size());
        byte[] content = PACK.contents.get(entry).toArray();
        int from = random.nextInt(content.length);
        int to = Math.min(content.length, from + 1 + random.nextInt(200));
        byte[] noise = new byte[random.nextInt(100)];
        random.nextBytes(noise);
        Bytes all = Bytes.copyOf(content);
        Bytes changed = switch ((int) (seed % 4)) {
            case 0 -> Bytes.concat(all.slice(0, from), all.slice(to, content.length));
            case 1 -> Bytes.concat(all.slice(0, from), Bytes.copyOf(noise), all.slice(from, content.length));
            case 2 -> Bytes.concat(all.slice(0, to), all.slice(from, content.length));
            default -> Bytes.copyOf(noise);
        };

        Report report =
                VerifierTest.verify(PACK.with(PACK.names.get(entry), changed).bytes(), TRUST);

        assertThat(report.outcome()).isEqualTo(changed.equals(all) ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD);
        assertThat(report.json().canonical().size()).isPositive();
        assertThat(report.findings()).noneMatch(finding -> finding.text().contains("the verifier failed"));
    }

    @Test
    void bytes_that_are_no_pack_could_not_be_checked() {
        for (String text : new String[] {"", "tallypack", "tallypack/2\n", "PK\u0003\u0004", "{}"}) {
            Report report = VerifierTest.verify(text.getBytes(StandardCharsets.UTF_8), TRUST);

            assertThat(report.outcome()).isEqualTo(Outcome.COULD_NOT_CHECK);
        }
        assertThat(VerifierTest.verify("tallypack/1\n".getBytes(StandardCharsets.UTF_8), TRUST)
                        .outcome())
                .isEqualTo(Outcome.DOES_NOT_HOLD);
    }

    @Test
    void every_truncated_transaction_is_refused() {
        Bytes whole = PACK.get(PACK.transaction(0));
        for (int length = 0; length < whole.size(); length += 7) {
            assertThat(TransactionEnvelope.read(whole.slice(0, length)))
                    .isInstanceOf(TransactionEnvelope.Misformed.class);
        }
    }

    private static String refused(Bytes block) {
        return ConfigBlock.read(block) instanceof ConfigBlock.Misformed(var text) ? text : "read";
    }

    private static Bytes bytes(com.google.protobuf.Message message) {
        return Bytes.copyOf(message.toByteArray());
    }

    @Test
    void protobuf_with_more_than_one_meaning_is_refused() {
        Block genesis = STORY.ledger.blocks.getFirst();
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();

        assertThat(refused(bytes(genesis))).isEqualTo("read");
        assertThat(refused(bytes(genesis.toBuilder().setUnknownFields(unknown).build())))
                .isEqualTo("Block has the unknown field 77");
        assertThat(refused(Bytes.concat(bytes(genesis), bytes(genesis)))).isEqualTo("Block has header twice");
        assertThat(refused(Bytes.ofHex("0801"))).isEqualTo("common.Block.header has wire type 0");
        assertThat(refused(Bytes.ofHex("0a05"))).startsWith("Block: ");
    }

    @Test
    void more_fields_or_nesting_than_the_limits_are_refused() {
        BlockData.Builder data = BlockData.newBuilder();
        for (int i = 0; i < 10_000; i++) {
            data.addData(ByteString.EMPTY);
        }
        assertThat(ConfigBlock.read(bytes(Block.newBuilder().setData(data).build())))
                .isInstanceOf(ConfigBlock.Other.class);
        assertThat(refused(bytes(Block.newBuilder()
                        .setData(data.addData(ByteString.EMPTY))
                        .build())))
                .isEqualTo("BlockData has more than 10000 fields");
        assertThat(refused(config(nested(7)))).isEqualTo("the configuration has no group Application");
        assertThat(refused(config(nested(12)))).contains("nested deeper than 20");
        assertThat(refused(Bytes.copyOf(new byte[(16 << 20) + 1]))).contains("more than 16777216");
    }

    private static ConfigGroup nested(int depth) {
        ConfigGroup group = ConfigGroup.getDefaultInstance();
        for (int i = 0; i < depth; i++) {
            group = ConfigGroup.newBuilder().putGroups("x", group).build();
        }
        return group;
    }

    private static Bytes config(ConfigGroup channel) {
        try {
            Block genesis = STORY.ledger.blocks.getFirst();
            Payload payload = Payload.parseFrom(
                    Envelope.parseFrom(genesis.getData().getData(0)).getPayload());
            var envelope = org.hyperledger.fabric.protos.common.ConfigEnvelope.newBuilder();
            envelope.getConfigBuilder().setChannelGroup(channel);
            ByteString changed = payload.toBuilder()
                    .setData(envelope.build().toByteString())
                    .build()
                    .toByteString();
            return bytes(genesis.toBuilder()
                    .setData(BlockData.newBuilder()
                            .addData(Envelope.newBuilder()
                                    .setPayload(changed)
                                    .build()
                                    .toByteString()))
                    .build());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
