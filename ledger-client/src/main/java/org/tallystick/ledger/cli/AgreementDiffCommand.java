package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Difference;
import org.tallystick.ledger.client.MotionView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows what differs between two versions of an agreement.
@Command(
        name = "diff",
        description = {
            "Shows what differs between two versions: in the English of the terms, line by line, and in the rest.",
            "",
            "Without versions: of what is open against what it would take the place of, which is a",
            "counter-offer against the offer, and a moved version against the newest. With one version: of",
            "it against the same."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally agreement diff north/vendor/reseller",
            "  tally agreement diff north/vendor/reseller 3fa9c1d2 77ab01cd",
            "  tally agreement diff north/vendor/reseller --file next.json"
        })
final class AgreementDiffCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(
            index = "1..2",
            arity = "0..2",
            paramLabel = "VERSION",
            description = "at least 8 digits of its hash; the first one is the one before")
    List<HashName> versions = List.of();

    @Option(names = "--file", paramLabel = "FILE", description = "a document in a file, against the newest version")
    @Nullable
    Path file;

    AgreementDiffCommand(Shell shell) {
        this.shell = shell;
    }

    /// Two versions.
    private record Pair(AgreementView.VersionView before, AgreementView.VersionView after) {}

    @Override
    public Integer call() throws Exception {
        AgreementAtHand at = AgreementAtHand.of(shell, given(agreement));
        Pair pair = pair(at);
        Difference difference = Difference.of(pair.before(), pair.after());
        if (shell.json()) {
            shell.print(Json.object()
                    .with("after", pair.after().hash().hex())
                    .with("before", pair.before().hash().hex())
                    .with("difference", difference.encode())
                    .build());
        } else {
            shell.out()
                    .println("- " + HashName.shown(pair.before().hash()) + "  + "
                            + HashName.shown(pair.after().hash()));
            DifferenceText.print(difference, "", shell.out());
        }
        return Tally.DONE;
    }

    private Pair pair(AgreementAtHand at) throws IOException, LedgerException, CommandFailure {
        if (file != null) {
            return new Pair(
                    at.view().shown().orElseThrow(),
                    DocumentFile.read(shell, file).view());
        }
        if (versions.size() == 2) {
            return new Pair(at.any(versions.getFirst()), at.any(versions.getLast()));
        }
        AgreementView.VersionView after = versions.isEmpty() ? open(at) : at.any(versions.getFirst());
        Hash before = at.before(after)
                .orElseThrow(() -> CommandFailure.refused(
                        "version " + HashName.shown(after.hash()) + " answers no other",
                        "name two versions: tally agreement diff " + at.id() + " VERSION VERSION"));
        return new Pair(at.version(before), after);
    }

    /// What is open, if it is one.
    private static AgreementView.VersionView open(AgreementAtHand at)
            throws IOException, LedgerException, CommandFailure {
        if (at.view().newest().isEmpty()) {
            return at.offer().version();
        }
        List<AgreementView.VersionView> moved = at.story().open().stream()
                .map(MotionView::version)
                .flatMap(Optional::stream)
                .toList();
        if (moved.size() != 1) {
            throw CommandFailure.refused(
                    moved.size() + " versions of " + at.id() + " are moved",
                    "name one, or two: tally agreement diff " + at.id() + " VERSION"
                            + (moved.isEmpty()
                                    ? ""
                                    : "; moved: "
                                            + String.join(
                                                    ", ",
                                                    moved.stream()
                                                            .map(version -> HashName.shown(version.hash()))
                                                            .toList())));
        }
        return moved.getFirst();
    }
}
