package org.tallystick.ledger.cli;

import java.util.concurrent.Callable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Declares a period of a source complete.
@Command(
        name = "declare",
        description = {
            "Signs that a source has reported everything of a period.",
            "The totals are computed here, from the events as they are on the ledger."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally declare north/vendor/reseller 2026-Q1 --source sales")
final class DeclareCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    final SourcePeriod asked = new SourcePeriod();

    DeclareCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementId id = asked.agreement();
        Document document = Shell.inEffect(shell.agreement(id));
        return new Answers(shell)
                .print(shell.party(ActKind.DECLARE).declare(id, document, asked.source(), asked.period()));
    }
}
