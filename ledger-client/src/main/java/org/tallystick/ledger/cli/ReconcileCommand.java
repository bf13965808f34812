package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.EventDraft;
import org.tallystick.ledger.client.EventLine;
import org.tallystick.ledger.client.EventLines;
import org.tallystick.ledger.client.LineFault;
import org.tallystick.ledger.client.ReportedEvents;
import org.tallystick.ledger.client.StateReader;
import org.tallystick.ledger.file.EventFile;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.reconcile.Entry;
import org.tallystick.ledger.reconcile.Reconciliation;
import org.tallystick.ledger.verify.Report;
import org.tallystick.ledger.verify.Verifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compares a partner's own books with what was reported.
@Command(
        name = "reconcile",
        description = {
            "Holds your own books beside what was reported, by reference, and sends nothing.",
            "",
            "Compared are all events with a date in the period, whatever source they came from, wherever they are",
            "booked, and whether they wait for somebody or not. With --pack nobody is asked either: the pack is",
            "checked and then read in place of a ledger. The exit code is 1 if the two differ."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally reconcile north/vendor/reseller 2026-01 books.csv --mapping books.json",
            "  tally reconcile north/vendor/reseller 2026-01 books.jsonl --pack reseller.tallypack --trust north.tallytrust"
        })
final class ReconcileCommand implements Callable<Integer> {

    private static final String REFERENCE = "ref";

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "PERIOD")
    @Nullable
    Period period;

    @Parameters(index = "2", paramLabel = "BOOKS", description = "a file, as for tally report: .json, .jsonl or .csv")
    @Nullable
    Path books;

    @Option(names = "--mapping", paramLabel = "FILE", description = "what the columns of a CSV mean")
    @Nullable
    Path mapping;

    @Option(
            names = "--source",
            paramLabel = "S",
            description = "only what this source reported (default: all but notices)")
    @Nullable
    SourceId source;

    @Option(
            names = "--by",
            paramLabel = "ATTRIBUTE",
            description = "what both sides know an event by (default: ref, the reporter's own reference)")
    String by = REFERENCE;

    @Option(names = "--pack", paramLabel = "FILE", description = "an audit pack to read in place of a ledger")
    @Nullable
    Path pack;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "the trust file to check the pack with, which --pack needs")
    @Nullable
    Path trust;

    ReconcileCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        StateReader state = state();
        AgreementView view = new Agreements(state)
                .find(given(agreement))
                .orElseThrow(() -> CommandFailure.refused(
                        "there is no agreement " + given(agreement), "see which there are: tally agreement list"));
        Document document = Shell.inEffect(view);
        Shell.need(document, given(period));
        Predicate<Event> wanted =
                event -> document.terms().frequency().periodOf(event.date()).equals(given(period));
        Own own = own(document, wanted);
        List<Entry> reported = new ReportedEvents(state, view.id())
                .of(sources(document), wanted).stream()
                        .map(event -> Entry.of(
                                event.id().text(),
                                event.event(),
                                event.event().textAttribute(by),
                                event.origin().flatMap(origin -> origin.textAttribute(by)),
                                document.terms()))
                        .toList();
        Reconciliation found = Reconciliation.of(own.entries(), reported);
        if (shell.json()) {
            shell.print(ReconciliationText.json(found, own.others()));
        } else {
            new ReconciliationText(shell).print(found, own.others(), reported.size());
        }
        return found.agrees() ? Tally.DONE : Tally.REFUSED;
    }

    private StateReader state() throws IOException, LedgerException, CommandFailure {
        Path file = pack;
        if (file == null) {
            return shell.courier();
        }
        TrustFile trusted = trusted();
        try (InputStream in = Files.newInputStream(file)) {
            Verifier.Opened opened = Verifier.open(in, Optional.of(trusted));
            Report.Outcome outcome = opened.report().outcome();
            if (outcome != Report.Outcome.HOLDS) {
                throw CommandFailure.refused(
                        file + ": " + outcome.text() + ", so nothing is compared with it",
                        "see why: tally verify " + file + " --trust " + trust);
            }
            return opened.state();
        }
    }

    private TrustFile trusted() throws CommandFailure {
        Path file = trust;
        if (file == null) {
            throw CommandFailure.cannot("--pack needs --trust: else nobody says that the pack is of a real ledger");
        }
        return switch (TrustFile.read(file)) {
            case TrustFile.Parsed(var parsed) -> parsed;
            case TrustFile.Malformed(var at, var text) ->
                throw CommandFailure.cannot(file + " is no trust file: " + at + " " + text);
        };
    }

    private List<Document.Source> sources(Document document) throws CommandFailure {
        SourceId only = source;
        if (only == null) {
            return document.sources().stream().filter(one -> !one.notices()).toList();
        }
        return List.of(document.source(only.text())
                .orElseThrow(() -> CommandFailure.refused(
                        "the agreement has no source " + only,
                        "it has "
                                + document.sources().stream()
                                        .map(Document.Source::id)
                                        .toList())));
    }

    /// The own books.
    ///
    /// @param others how many of their lines have a date outside of the period
    private record Own(List<Entry> entries, long others) {}

    private Own own(Document document, Predicate<Event> wanted) throws IOException, CommandFailure {
        Path file = given(books);
        List<Entry> entries = new ArrayList<>();
        List<LineFault> faults = new ArrayList<>();
        long others = 0;
        try (Progress progress = Progress.of(shell, "reading", Files.size(file));
                EventLines lines = new EventFile(file, MappingFile.read(shell, mapping), progress::at).open()) {
            for (Optional<EventLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                switch (line.get()) {
                    case EventLine.Faulty(var fault) -> faults.add(fault);
                    case EventLine.Given(var number, var json) -> {
                        Optional<Entry> entry = entry(document, number, json, faults);
                        if (entry.filter(read -> wanted.test(read.event())).isPresent()) {
                            entries.add(entry.get());
                        } else if (entry.isPresent()) {
                            others++;
                        }
                    }
                }
            }
        }
        if (!faults.isEmpty()) {
            faults.forEach(fault -> shell.out().println(fault.text()));
            throw CommandFailure.cannot(
                    file + " has " + faults.size() + " lines that cannot be read",
                    "mend them, or the mapping, and compare again");
        }
        return new Own(entries, others);
    }

    private Optional<Entry> entry(Document document, long line, Json.Obj json, List<LineFault> faults) {
        EventDraft draft;
        try {
            draft = EventDraft.of(json);
        } catch (IllegalArgumentException e) {
            faults.add(new LineFault(line, "", "", "EVENT_FORM", String.valueOf(e.getMessage())));
            return Optional.empty();
        }
        return switch (EventReader.read(draft.json())) {
            case EventReading.Misformed(var at) -> {
                faults.add(new LineFault(line, at, "", "EVENT_FORM", "has not the form of an event"));
                yield Optional.empty();
            }
            case EventReading.Formed(var event) -> {
                Optional<String> reference = by.equals(REFERENCE) ? draft.reference() : event.textAttribute(by);
                yield Optional.of(Entry.of("line " + line, event, reference, draft.refOf(), document.terms()));
            }
        };
    }
}
