package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.VerifierKey;

/// A receipt as its holder keeps it: the note, and what it says of each instruction. It proves nothing until it is
/// checked.
public record ReceiptFile(Bytes note, List<ReceiptItem> items) {

    private static final String VERSION = "1";

    private static final Form FORM = Form.object(Map.of(
            "items",
            Form.array(item(), 1, Receipt.MOST),
            "note",
            Form.text(text -> !text.isEmpty()),
            "receipt",
            Form.oneOf(VERSION)));

    public ReceiptFile {
        items = List.copyOf(items);
    }

    private static Form item() {
        Map<String, Form> members = new HashMap<>(ReceiptItem.MEMBERS);
        members.put("instruction", Form.text(Hash::isHash));
        return Form.object(members);
    }

    /// Whether this is what a gateway says of an instruction in an answer.
    public static boolean isItem(Json json) {
        return Form.object(ReceiptItem.MEMBERS).fault(json).isEmpty();
    }

    public static Reading<ReceiptFile> parse(Bytes octets) {
        return Spelling.reading(() -> read(octets));
    }

    private static ReceiptFile read(Bytes octets) throws Spelling.Stop {
        if (!(JsonReader.readCanonical(octets) instanceof JsonReader.Value(Json.Obj file)
                && FORM.fault(file).isEmpty())) {
            throw new Spelling.Stop("no receipt in its one spelling");
        }
        return new ReceiptFile(
                Bytes.ofUtf8(file.text("note")),
                file.items("items").stream()
                        .map(Json.Obj.class::cast)
                        .map(item -> ReceiptItem.decode(new Hash(item.text("instruction")), item))
                        .toList());
    }

    public Bytes octets() {
        return Json.object()
                .with(
                        "items",
                        Json.array(items.stream()
                                .map(item -> item.encode()
                                        .with(
                                                "instruction",
                                                item.leaf().instruction().hex())
                                        .build())
                                .toList()))
                .with("note", note.utf8().orElseThrow())
                .with("receipt", VERSION)
                .build()
                .canonical();
    }

    /// Why it does not hold; nothing if this key of this member gave it, on this ledger, for all of these instructions.
    /// Nobody is asked for that.
    public List<String> faults(Hash ledger, MemberId member, VerifierKey key) {
        return switch (Receipt.open(note, key)) {
            case Receipt.Opened.Refused(String why) -> List.of(why);
            case Receipt.Opened.Given(Receipt receipt) -> faults(receipt, ledger, member);
        };
    }

    private List<String> faults(Receipt receipt, Hash ledger, MemberId member) {
        List<String> faults = new ArrayList<>();
        if (!receipt.ledger().equals(ledger)) {
            faults.add("it is of ledger " + receipt.ledger());
        }
        if (!receipt.member().equals(member)) {
            faults.add("it is of member " + receipt.member());
        }
        for (ReceiptItem item : items) {
            Optional<String> fault = item.fault(receipt);
            fault.ifPresent(why -> faults.add(item.leaf().instruction() + ": " + why));
        }
        return faults;
    }
}
