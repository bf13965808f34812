package org.tallystick.ledger.cli;

import java.io.IOException;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.MotionView;
import org.tallystick.ledger.client.Sent;

/// Prints what became of an act on a motion, and what the motion waits for then.
final class MotionAnswer {

    private final Shell shell;
    private final AgreementId agreement;

    MotionAnswer(Shell shell, AgreementId agreement) {
        this.shell = shell;
        this.agreement = agreement;
    }

    int print(Sent sent) throws IOException, LedgerException, CommandFailure {
        int exitCode = new Answers(shell).print(sent);
        if (!shell.json() && sent.answer() instanceof Answer.Applied applied) {
            for (var effect : applied.effects()) {
                if (effect.text("kind").equals("motion") || effect.text("kind").equals("vote")) {
                    waits(new Hash(effect.text("motion")));
                    break;
                }
            }
        }
        return exitCode;
    }

    private void waits(Hash motion) throws IOException, LedgerException, CommandFailure {
        new Agreements(shell.courier())
                .motion(
                        shell.agreement(agreement),
                        motion,
                        Desk.at(shell.courier()).time())
                .filter(MotionView::isOpen)
                .ifPresent(open -> {
                    new MotionText(open).waits("  ", shell.out());
                    shell.out()
                            .println("  others vote: tally agreement vote " + agreement + " " + HashName.shown(motion)
                                    + " yes");
                });
    }
}
