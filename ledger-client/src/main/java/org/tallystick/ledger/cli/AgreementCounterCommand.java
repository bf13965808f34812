package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Difference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Answers an offer with another.
@Command(
        name = "counter",
        description = {
            "Answers the open offer with another version, which takes its place; offering it accepts it.",
            "Shows first what differs from the version on offer, and asks."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally agreement draft north/vendor/reseller -o reseller.json",
            "  (edit reseller.json)",
            "  tally agreement counter reseller.json --as east/reseller"
        })
final class AgreementCounterCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "the agreement document that you offer instead")
    @Nullable
    Path file;

    @Option(
            names = "--open",
            paramLabel = "TIME",
            defaultValue = "30d",
            description = "how long it may be accepted, at most 90d (default: ${DEFAULT-VALUE})")
    Duration open = Duration.ofDays(30);

    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    AgreementCounterCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        DocumentFile document = DocumentFile.read(shell, given(file));
        AgreementAtHand agreement =
                AgreementAtHand.of(shell, document.document().id());
        AgreementView.VersionView offered = agreement.offer().version();
        Difference difference = Difference.of(offered, document.view());
        if (difference.isNone()) {
            throw CommandFailure.refused(
                    given(file) + " is the version on offer, " + HashName.shown(offered.hash()),
                    "edit it first, or accept it: tally agreement accept " + agreement.id() + " --of-version "
                            + HashName.shown(offered.hash()));
        }
        if (!shell.json()) {
            shell.out().println("against version " + HashName.shown(offered.hash()) + " on offer:");
            DifferenceText.print(difference, "  ", shell.out());
        }
        document.warn(shell);
        Asked.whether(shell, "Offer this instead?", yes);
        return new Answers(shell)
                .print(shell.party(ActKind.COUNTER).counter(agreement.id(), document.json(), offered.hash(), open));
    }
}
