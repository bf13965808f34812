package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.AgreementStory;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.StoryJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows an agreement: where it stands, what became of it, and its terms in English.
@Command(
        name = "show",
        description = {
            "Shows an agreement: where it stands, its versions, its story, and its terms in English.",
            "The story is told in the order of the ledger: who signed what, when, at which position. What is open is",
            "shown with who has not voted."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally agreement show north/vendor/reseller",
            "  tally agreement show north/vendor/reseller --of-version 3fa9c1d2",
            "  tally agreement show north/vendor/reseller --json"
        })
final class AgreementShowCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Option(names = "--document", description = "print the document itself, and nothing else")
    boolean document;

    @Option(names = "--no-text", description = "leave the terms in English out")
    boolean noText;

    @Option(
            names = "--of-version",
            paramLabel = "HASH",
            description = "the terms, or the document, of this version, by at least 8 digits of its hash")
    @Nullable
    HashName version;

    AgreementShowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementAtHand at = AgreementAtHand.of(shell, given(agreement));
        AgreementView.VersionView shown = version == null ? at.view().shown().orElseThrow() : at.any(version);
        if (document) {
            shell.print(shown.json());
            return Tally.DONE;
        }
        AgreementStory story = at.story();
        if (shell.json()) {
            shell.print(encode(story, shown));
        } else {
            new StoryText(story, shell.courier(), shell.out()).print();
            if (!noText) {
                shell.out().println();
                shell.out().println("the terms of version " + HashName.shown(shown.hash()) + ":");
                shell.out().println();
                shell.out().print(shown.rendered());
            }
        }
        return Tally.DONE;
    }

    private static Json encode(AgreementStory story, AgreementView.VersionView shown) {
        AgreementView view = story.view();
        return StoryJson.standing(view, story.now())
                .with("document", shown.json())
                .with("motions", StoryJson.motions(story))
                .with("notices", StoryJson.notices(story))
                .with("story", StoryJson.entries(story.entries()))
                .with("text", shown.rendered())
                .with("version", shown.hash().hex())
                .with("versions", StoryJson.versions(story.versions()))
                .build();
    }
}
