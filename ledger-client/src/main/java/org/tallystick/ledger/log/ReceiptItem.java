package org.tallystick.ledger.log;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// What a receipt says of one instruction, and the path by which that is in it.
///
/// @param index of its leaf
/// @param path from the leaf to the root
public record ReceiptItem(Leaf leaf, int index, List<Hash> path) {

    /// The longest path in a tree of so many leaves as a receipt may have.
    private static final int LONGEST_PATH = 13;

    private static final Form HASH = Form.text(Hash::isHash);
    private static final Form TIME = Form.text(text -> LedgerTime.parse(text).isPresent());

    static final Map<String, Form> MEMBERS = Map.of(
            "index",
            Form.whole(0, Receipt.MOST - 1),
            "path",
            Form.array(HASH, 0, LONGEST_PATH),
            "promised",
            TIME,
            "received",
            TIME);

    /// An instruction, when it was received, and by when it will have an answer.
    public record Leaf(Hash instruction, LedgerTime received, LedgerTime promised) {

        public Bytes octets() {
            return Json.object()
                    .with("instruction", instruction.hex())
                    .with("promised", promised.text())
                    .with("received", received.text())
                    .build()
                    .canonical();
        }
    }

    public ReceiptItem {
        path = List.copyOf(path);
    }

    /// As it stands in an answer.
    public Json.Builder encode() {
        return Json.object()
                .with("index", index)
                .with("path", Json.texts(path.stream().map(Hash::hex).toList()))
                .with("promised", leaf.promised().text())
                .with("received", leaf.received().text());
    }

    /// @param json of the right form
    public static ReceiptItem decode(Hash instruction, Json.Obj json) {
        return new ReceiptItem(
                new Leaf(instruction, LedgerTime.of(json.text("received")), LedgerTime.of(json.text("promised"))),
                (int) json.whole("index"),
                json.items("path").stream()
                        .map(hash -> new Hash(((Json.Text) hash).value()))
                        .toList());
    }

    /// Why a receipt does not say this; nothing if it does.
    public Optional<String> fault(Receipt receipt) {
        if (leaf.promised().isBefore(leaf.received())) {
            return Optional.of("promised before it was received");
        }
        if (receipt.latest().isBefore(leaf.promised())) {
            return Optional.of("promised later than the receipt says");
        }
        return Merkle.root(Merkle.leaf(leaf.octets()), index, receipt.count(), path)
                        .filter(receipt.root()::equals)
                        .isPresent()
                ? Optional.empty()
                : Optional.of("the receipt is not of this instruction, or of other times");
    }
}
