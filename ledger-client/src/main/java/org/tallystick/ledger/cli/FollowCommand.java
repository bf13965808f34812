package org.tallystick.ledger.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Sentences;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows verdicts as blocks bring them.
@Command(
        name = "follow",
        description = "Prints every verdict as it comes, straight from a peer's blocks; ends with Ctrl-C.",
        footerHeading = "%nExample:%n",
        footer = "  tally follow --identity /srv/ledger/members/north --from 0 --until-now")
final class FollowCommand implements Callable<Integer> {

    private final Shell shell;

    @Option(names = "--from", paramLabel = "BLOCK", description = "the first block (default: the next one)")
    long from = -1;

    @Option(names = "--until-now", description = "end with the newest block there is")
    boolean untilNow;

    FollowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        try (Ledger ledger = shell.ledger()) {
            long height = ledger.height();
            long next = from < 0 ? height : from;
            try (BlockStream blocks = ledger.blocks(next)) {
                for (; !untilNow || next < height; next++) {
                    print(blocks.next());
                }
            }
            return Tally.DONE;
        } catch (BlockStream.Broken e) {
            throw e.getCause() instanceof LedgerException cause ? cause : e;
        }
    }

    private void print(LedgerBlock block) {
        for (LedgerBlock.Transaction transaction : block.transactions()) {
            if (transaction.valid()) {
                List<Json.Obj> answers = transaction.answers();
                for (int item = 0; item < answers.size(); item++) {
                    print(block.number(), transaction, item, answers.get(item));
                }
            }
        }
    }

    private void print(long block, LedgerBlock.Transaction transaction, int item, Json.Obj answer) {
        String position = block + "/" + transaction.index() + "/" + item;
        if (shell.json()) {
            shell.print(Json.object()
                    .with("answer", answer)
                    .with("position", position)
                    .with("transaction", transaction.id())
                    .build());
            return;
        }
        String what = answer.findText("f").orElseGet(() -> instruction(transaction.arguments(), item));
        String result = answer.text("result");
        String said = answer.has("code")
                ? ": " + Sentences.of(answer.text("code"), values(answer)) + " (" + answer.text("code") + ")"
                : "";
        shell.out().println(position + " " + result + " " + what + said);
    }

    private static Json.Obj values(Json.Obj answer) {
        return answer.has("values") ? answer.object("values") : Json.Obj.EMPTY;
    }

    private static String instruction(List<Bytes> arguments, int item) {
        return item < arguments.size() && Signed.read(arguments.get(item)) instanceof Signed signed
                ? signed.payload().kind().text() + " of "
                        + signed.payload().party().text() + " "
                        + signed.payload().id()
                : "something that is no instruction";
    }
}
