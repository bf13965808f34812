package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.log.ReceiptFile;
import org.tallystick.ledger.log.ReceiptItem;

/// What a gateway answers to whom that hands instructions over.
///
/// @param answers in the order of the instructions
/// @param receipt what it promises of those that it took, if it gives receipts; nobody has checked it yet
public record TakenIn(List<Answer> answers, Optional<ReceiptFile> receipt) {

    private static final int SERVER = 500;

    public TakenIn {
        answers = List.copyOf(answers);
    }

    static TakenIn of(Json.Obj body, int count) throws LedgerException {
        List<Json> items = body.has("instructions") ? body.items("instructions") : List.of();
        if (items.size() != count) {
            throw GatewayClient.strange(items.size() + " answers to " + count + " instructions");
        }
        List<Answer> answers = new ArrayList<>();
        List<ReceiptItem> promises = new ArrayList<>();
        for (Json one : items) {
            Json.Obj item = (Json.Obj) one;
            if (item.has("state")) {
                answers.add(standing(item));
            } else {
                int status = item.findWhole("status").map(Long::intValue).orElse(SERVER);
                answers.add(no(status, item).orElseThrow(() -> GatewayClient.failure(status, item)));
            }
            if (item.has("receipt") && ReceiptFile.isItem(item.get("receipt"))) {
                promises.add(ReceiptItem.decode(new Hash(item.text("instruction")), item.object("receipt")));
            }
        }
        return new TakenIn(
                answers,
                body.findText("receipt")
                        .filter(_ -> !promises.isEmpty())
                        .map(note -> new ReceiptFile(Bytes.ofUtf8(note), promises)));
    }

    /// A problem that names one of the ledger's codes is an answer; any other means that none was reached.
    static Optional<Answer> no(int status, Json.Obj problem) {
        Json.Obj values = problem.has("values") ? problem.object("values") : Json.Obj.EMPTY;
        return problem.findText("code")
                .flatMap(Code::ofText)
                .filter(_ -> status < SERVER)
                .map(code -> new Answer.Refused(code.text(), values, false, Optional.empty()));
    }

    static Answer standing(Json.Obj instruction) {
        if (!instruction.has("answer")) {
            return new Answer.Received();
        }
        Optional<Position> position = instruction.find("position").map(at -> Position.decode((Json.Obj) at));
        return Answer.of(instruction.object("answer"), position)
                .with(instruction.find("close").flatMap(close -> CloseProgress.decode((Json.Obj) close)));
    }
}
