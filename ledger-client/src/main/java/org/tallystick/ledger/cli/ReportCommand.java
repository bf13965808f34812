package org.tallystick.ledger.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.ledger.client.EventDraft;
import org.tallystick.ledger.client.Sent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Reports revenue events.
@Command(
        name = "report",
        description = {
            "Reports revenue events of a source under the next numbers.",
            "An event is as in terms/1; its id is your own reference, and refOf names an event by yours or the ledger's."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally report north/vendor/reseller events.jsonl --source sales")
final class ReportCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(
            index = "1",
            paramLabel = "EVENTS",
            description = "a file: .json (array), .jsonl or .csv (with a header)")
    @Nullable
    Path events;

    @Option(names = "--source", required = true, paramLabel = "S", description = "the source that reports them")
    @Nullable
    SourceId source;

    ReportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        List<EventDraft> drafts = new EventsFile(given(events)).read();
        if (drafts.isEmpty()) {
            throw CommandFailure.cannot(events + " has no events");
        }
        List<Sent> sent = shell.party().report(given(agreement), given(source), drafts);
        return new Answers(shell).print(sent);
    }

    /// What picocli has set before it calls.
    static <T> T given(@Nullable T parameter) {
        if (parameter == null) {
            throw new IllegalStateException("called without a required parameter");
        }
        return parameter;
    }
}
