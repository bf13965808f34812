package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.Reading;
import org.tallystick.ledger.log.ReceiptFile;
import org.tallystick.ledger.log.ReceiptItem;

/// What a gateway promises of what it took (`docs/spec/receipt-1.md`).
class ReceiptTest {

    private static final Duration A_SECOND_LATER = Duration.ofMillis(1_100);

    @TempDir
    Path folder = Path.of(".");

    private static VerifierKey key(Trio trio, String member) {
        return trio.signer(member, LogKey.Kind.LOG).verifierKey();
    }

    private static Stand begun(Trio trio) {
        trio.start("north");
        Stand north = trio.stand("north").enrolled();
        Trio.eventually(() -> north.get("/health/ready").body().text("receipts").equals("given"));
        return north;
    }

    /// As somebody keeps it who got this answer.
    private static ReceiptFile kept(Stand.Reply reply) {
        List<ReceiptItem> items = new ArrayList<>();
        for (Json.Obj item : reply.instructions()) {
            if (item.has("receipt")) {
                assertThat(ReceiptFile.isItem(item.get("receipt"))).isTrue();
                items.add(ReceiptItem.decode(new Hash(item.text("instruction")), item.object("receipt")));
            }
        }
        ReceiptFile file = new ReceiptFile(Bytes.ofUtf8(reply.body().text("receipt")), items);
        assertThat(ReceiptFile.parse(file.octets())).isEqualTo(new Reading.Value<>(file));
        return file;
    }

    @Test
    void one_signature_covers_all_that_were_taken_and_nothing_else() {
        try (Trio trio = Trio.at(folder, 1)) {
            Stand north = begun(trio);
            Partners.Deal deal = north.agreed("promised");
            Bytes known = deal.report("s0", 1, 1);
            north.applied(known);
            for (int count : List.of(1, 2, 3, 7)) {
                StringBuilder lines = new StringBuilder(known.utf8().orElseThrow()).append("\n{}\n");
                for (int n = 0; n < count; n++) {
                    lines.append(deal.report("s" + count, 1 + n, 1).utf8().orElseThrow())
                            .append('\n');
                }

                Stand.Reply reply = north.send(
                        "POST",
                        "/v1/instructions",
                        "application/x-ndjson",
                        lines.toString().getBytes(UTF_8));

                ReceiptFile file = kept(reply);
                assertThat(file.items()).hasSize(count);
                assertThat(file.faults(FakeLedger.ID, Partners.MEMBER, key(trio, "north")))
                        .isEmpty();
                assertThat(reply.instructions().getFirst().has("receipt")).isFalse();
            }
        }
    }

    @Test
    void a_receipt_with_any_change_does_not_hold() {
        try (Trio trio = Trio.at(folder, 2)) {
            Stand north = begun(trio);
            Partners.Deal deal = north.agreed("changed");
            ReceiptFile file = kept(north.postAll(List.of(deal.report("s0", 1, 1), deal.report("s1", 1, 1))));
            VerifierKey key = key(trio, "north");
            ReceiptItem item = file.items().getFirst();
            ReceiptItem.Leaf leaf = item.leaf();
            LedgerTime other = new LedgerTime(leaf.received().seconds() + 1);
            List<ReceiptItem> changed = List.of(
                    new ReceiptItem(
                            new ReceiptItem.Leaf(Hash.of(Bytes.EMPTY), leaf.received(), leaf.promised()),
                            0,
                            item.path()),
                    new ReceiptItem(new ReceiptItem.Leaf(leaf.instruction(), other, leaf.promised()), 0, item.path()),
                    new ReceiptItem(new ReceiptItem.Leaf(leaf.instruction(), leaf.received(), other), 0, item.path()),
                    new ReceiptItem(leaf, 1, item.path()),
                    new ReceiptItem(leaf, 0, List.of()));

            for (ReceiptItem one : changed) {
                assertThat(new ReceiptFile(file.note(), List.of(one)).faults(FakeLedger.ID, Partners.MEMBER, key))
                        .hasSize(1);
            }
            byte[] note = file.note().toArray();
            for (int i = 0; i < note.length; i++) {
                byte[] flipped = note.clone();
                flipped[i] ^= 1;
                assertThat(new ReceiptFile(Bytes.copyOf(flipped), file.items())
                                .faults(FakeLedger.ID, Partners.MEMBER, key))
                        .as("octet %s", i)
                        .isNotEmpty();
            }
            assertThat(file.faults(FakeLedger.ID, Partners.MEMBER, key(trio, "south")))
                    .isNotEmpty();
            assertThat(file.faults(Hash.of(Bytes.EMPTY), Partners.MEMBER, key)).isNotEmpty();
            assertThat(file.faults(FakeLedger.ID, new org.tallystick.agreement.instruction.MemberId("south"), key))
                    .isNotEmpty();
        }
    }

    @Test
    void who_sends_it_again_is_told_when_it_first_came() throws InterruptedException {
        try (Trio trio = Trio.at(folder, 4)) {
            Stand north = begun(trio);
            List<Bytes> report = List.of(north.agreed("again").report("s0", 1, 1));
            north.ledger.faults.held = true;
            ReceiptItem.Leaf first =
                    kept(north.postAll(report)).items().getFirst().leaf();
            Thread.sleep(A_SECOND_LATER);

            ReceiptItem.Leaf again =
                    kept(north.postAll(report)).items().getFirst().leaf();

            assertThat(again).isEqualTo(first);
            north.ledger.release();
        }
    }

    /// All that is left of what was acknowledged and is in no block, but for the instruction itself.
    @Promise("P32")
    @Test
    void a_receipt_holds_although_the_store_was_lost_whole_and_the_gateway_does_not_know_what_it_took() {
        try (Trio trio = Trio.at(folder, 5)) {
            Stand north = begun(trio);
            Bytes report = north.agreed("lost").report("s0", 1, 1);
            trio.ledger.faults.lostBroadcasts = Integer.MAX_VALUE;
            ReceiptFile receipt = kept(north.postAll(List.of(report)));

            trio.forget("north");
            trio.ledger.faults.lostBroadcasts = 0;
            Stand after = trio.stand("north");
            Trio.eventually(
                    () -> after.get("/health/ready").body().text("receipts").equals("given"));

            assertThat(after.status(report).code()).isEqualTo("instruction_not_found");
            assertThat(receipt.items().getFirst().leaf().instruction())
                    .isEqualTo(Partners.read(report).instruction());
            assertThat(receipt.faults(FakeLedger.ID, Partners.MEMBER, key(trio, "north")))
                    .isEmpty();
            after.applied(report);
            after.haveOneVerdict(report);
        }
    }

    @Test
    void without_a_key_of_the_log_there_is_none_and_readiness_says_so() {
        try (Stand stand = Stand.at(folder, 3)) {
            Stand.Reply reply = stand.post(stand.partners.registrar());

            assertThat(reply.body().has("receipt")).isFalse();
            assertThat(reply.instructions().getFirst().has("receipt")).isFalse();
            assertThat(stand.get("/health/ready").body().text("receipts")).isEqualTo("no key");
        }
    }
}
