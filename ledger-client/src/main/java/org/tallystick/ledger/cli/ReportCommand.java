package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.EventRefersNowhere;
import org.tallystick.ledger.client.FileReport;
import org.tallystick.ledger.client.Journal;
import org.tallystick.ledger.client.References;
import org.tallystick.ledger.client.Review;
import org.tallystick.ledger.file.EventFile;
import org.tallystick.ledger.file.Mapping;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Reports revenue events.
@Command(
        name = "report",
        description = {
            "Reports revenue events of a source under the next numbers.",
            "An event is as in terms/1; its id is your own reference, and refOf names an event by yours or the ledger's.",
            "All lines are checked first, and one that is wrong keeps all from being sent. After an interruption the",
            "same command goes on where it was."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally report north/vendor/reseller events.jsonl --source sales",
            "  tally report north/vendor/reseller shop.csv --source sales --mapping shop.json --preview"
        })
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

    @Option(
            names = "--mapping",
            paramLabel = "FILE",
            description =
                    "what the columns of a CSV mean: docs/spec/mapping-1.md (default: they are named as in terms/1)")
    @Nullable
    Path mapping;

    @Option(names = "--preview", description = "show what would be reported and what is wrong, and send nothing")
    boolean preview;

    @Option(names = "--again", description = "report a file that was reported to its end before: as new events")
    boolean again;

    @Option(
            names = "--abandon",
            description = "give up the rest of a file whose report was interrupted; what was reported stays")
    boolean abandon;

    ReportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementId id = given(agreement);
        Path path = given(events);
        Optional<Mapping> meaning = MappingFile.read(shell, mapping);
        FileReport.Subject subject = subject(id);
        Path folder = shell.reports(id);
        String name = subject.source().id();
        try (Journal journal = Journal.open(folder.resolve(name + ".journal"));
                References references = References.open(folder.resolve(name + ".references"))) {
            return run(path, meaning, subject, new FileReport.Books(journal, references));
        }
    }

    private int run(Path path, Optional<Mapping> meaning, FileReport.Subject subject, FileReport.Books books)
            throws IOException, LedgerException, CommandFailure, KeyFolderException, EventRefersNowhere {
        if (shell.unsentFile().isPresent()) {
            throw CommandFailure.cannot(
                    "a report is sent as it is signed, by one key, and not written to a file",
                    "a key that is kept elsewhere signs it by a program: --signer COMMAND");
        }
        if (!preview && books.journal().work().isPresent()) {
            goOn(subject, books);
        }
        Review review;
        try (Progress progress = Progress.of(shell, "checking", Files.size(path))) {
            EventFile file = new EventFile(path, meaning, progress::at);
            review = FileReport.review(shell.reading(), subject, books, file);
        }
        ReviewText text = new ReviewText(shell, path, review);
        if (preview) {
            return text.preview();
        }
        if (!review.good()) {
            return text.refused();
        }
        if (review.events() == 0) {
            throw CommandFailure.cannot(path + " has no events");
        }
        Optional<Journal.Work> begun = books.journal().work();
        if (begun.isPresent() && !begun.get().file().equals(review.file())) {
            throw CommandFailure.refused(
                    "the report of " + begun.get().name() + " was interrupted after "
                            + begun.get().confirmed() + " events, and this is another file (or mapping)",
                    "report that file again to go on with it, or give its rest up with --abandon");
        }
        Optional<Journal.Done> done = books.journal().done(review.file());
        if (begun.isEmpty() && done.isPresent() && !again) {
            return text.reportedBefore(done.get());
        }
        text.warnings();
        FileReport.Outcome outcome;
        try (Progress progress = Progress.of(shell, "reporting", Files.size(path))) {
            EventFile file = new EventFile(path, meaning, progress::at);
            outcome = shell.party(ActKind.REPORT).report(subject, books).send(review, file);
        }
        return text.outcome(outcome);
    }

    /// Finds out what became of a file whose report was interrupted, before anything else is done.
    private void goOn(FileReport.Subject subject, FileReport.Books books)
            throws IOException, LedgerException, CommandFailure, KeyFolderException {
        Optional<FileReport.Outcome.Undecided> undecided =
                shell.party(ActKind.REPORT).report(subject, books).settle();
        if (undecided.isPresent()) {
            throw ReviewText.undecided(undecided.get());
        }
        if (abandon && !books.journal().abandon()) {
            throw new IllegalStateException("what became of each report is known, and some are still open");
        }
    }

    private FileReport.Subject subject(AgreementId id) throws IOException, LedgerException, CommandFailure {
        Document document = Shell.inEffect(shell.agreement(id));
        SourceId wanted = given(source);
        Document.Source found = document.source(wanted.text())
                .orElseThrow(() -> CommandFailure.refused(
                        "the agreement " + id + " has no source " + wanted,
                        "it has "
                                + document.sources().stream()
                                        .map(Document.Source::id)
                                        .toList()));
        return new FileReport.Subject(document, found);
    }

    /// What picocli has set before it calls.
    static <T> T given(@Nullable T parameter) {
        if (parameter == null) {
            throw new IllegalStateException("called without a required parameter");
        }
        return parameter;
    }
}
