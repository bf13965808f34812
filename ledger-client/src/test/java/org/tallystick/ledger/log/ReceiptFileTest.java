package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Schemas;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.LogKeys;

/// Receipts as files, and the example of `docs/spec/examples-receipt`, which is made here.
class ReceiptFileTest {

    private static final Path EXAMPLES = Path.of("../docs/spec/examples-receipt");
    private static final Hash LEDGER = Hash.of(Bytes.ofUtf8("the ledger of an example"));
    private static final MemberId NORTH = new MemberId("north");
    private static final LedgerTime RECEIVED = LedgerTime.of("2026-07-01T12:00:00Z");

    private static final LogSigner SIGNER = new LogSigner(
            LogKeys.origin(LEDGER),
            VerifierKey.Type.ED25519,
            SeedKey.ofSeed(
                            SeedKey.Kind.ED25519,
                            Hash.of(Bytes.ofUtf8("seed of an example")).bytes())
                    .orElseThrow());

    private static List<ReceiptItem.Leaf> leaves(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> new ReceiptItem.Leaf(
                        Hash.of(Bytes.ofUtf8("instruction " + n)), RECEIVED, new LedgerTime(RECEIVED.seconds() + 60)))
                .toList();
    }

    private static ReceiptFile file(int count) {
        ReceiptLeaves leaves = new ReceiptLeaves(leaves(count));
        Receipt receipt =
                new Receipt(LEDGER, NORTH, RECEIVED, new LedgerTime(RECEIVED.seconds() + 60), count, leaves.root());
        List<ReceiptItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(leaves.item(i));
        }
        return new ReceiptFile(receipt.sign(SIGNER).octets(), items);
    }

    @Test
    void the_example_of_the_specification_is_made_as_it_says() throws Exception {
        ReceiptFile file = file(3);

        assertThat(Files.readString(EXAMPLES.resolve("kept.json")))
                .isEqualTo(file.octets().utf8().orElseThrow());
        assertThat(Files.readString(EXAMPLES.resolve("north.vkey")))
                .isEqualTo(SIGNER.verifierKey().text() + "\n");
        assertThat(Schemas.faults("receipt-1", file.octets().utf8().orElseThrow()))
                .isEmpty();
        assertThat(file.faults(LEDGER, NORTH, SIGNER.verifierKey())).isEmpty();
    }

    @ParameterizedTest(name = "of {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 100, 255, 5_000})
    void its_tree_is_that_of_rfc_6962_and_each_path_leads_to_the_root(int count) {
        ReceiptLeaves leaves = new ReceiptLeaves(leaves(count));

        assertThat(leaves.root())
                .isEqualTo(Merkle.root(
                        leaves(count).stream().map(ReceiptItem.Leaf::octets).toList()));
        assertThat(file(count).faults(LEDGER, NORTH, SIGNER.verifierKey())).isEmpty();
    }

    @ParameterizedTest(name = "the text {0}")
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"items\":[],\"note\":\"x\",\"receipt\":\"1\"}",
                "{\"items\":[{}],\"note\":\"x\",\"receipt\":\"1\"}",
                "{ \"items\":[],\"note\":\"x\",\"receipt\":\"1\"}"
            })
    void what_is_no_receipt_is_not_read(String text) {
        assertThat(ReceiptFile.parse(Bytes.ofUtf8(text))).isInstanceOf(Reading.Fault.class);
    }

    @Test
    void a_checkpoint_and_a_receipt_are_never_taken_for_each_other() {
        Note receipt = Note.parse(file(1).note()).good().orElseThrow();
        Checkpoint checkpoint =
                new Checkpoint(LogKeys.origin(LEDGER), 1, Hash.of(Bytes.EMPTY).bytes());
        SignedCheckpoint signed = new SignedCheckpoint(checkpoint, List.of(SIGNER.sign(checkpoint, 0)));

        assertThat(SignedCheckpoint.parse(receipt.octets())).isInstanceOf(Reading.Fault.class);
        assertThat(Receipt.open(signed.note().octets(), SIGNER.verifierKey()))
                .isInstanceOf(Receipt.Opened.Refused.class);
    }
}
