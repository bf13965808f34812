package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.CaseFile;
import org.tallystick.agreement.terms.Finding;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Terms documents and cases, without a ledger.
@Command(
        name = "terms",
        description = "Checks, renders and settles terms documents; needs no ledger.",
        footerHeading = "%nExample:%n",
        footer = "  tally terms settle docs/spec/examples/01-channel-reseller.json")
final class TermsCommand {

    private static final String FILE = "a terms document, or a case that has one";

    private final Shell shell;

    TermsCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "check",
            description = "Prints one line for each fault, or ok.",
            footerHeading = "%nExample:%n",
            footer = "  tally terms check reseller.json")
    int check(@Parameters(paramLabel = "FILE", description = FILE) Path file) throws IOException {
        return switch (read(file)) {
            case TermsReading.Refused(var findings) -> refused(findings);
            case TermsReading.Accepted _ -> {
                print("ok", Json.array(List.of()));
                yield Tally.DONE;
            }
        };
    }

    @Command(
            name = "render",
            description = "Prints the agreement in English.",
            footerHeading = "%nExample:%n",
            footer = "  tally terms render reseller.json")
    int render(@Parameters(paramLabel = "FILE", description = FILE) Path file) throws IOException, CommandFailure {
        String text = accepted(file).rendered();
        if (shell.json()) {
            shell.print(Json.text(text));
        } else {
            shell.out().print(text);
        }
        return Tally.DONE;
    }

    @Command(
            name = "hash",
            description = "Prints the SHA-256 of the canonical document.",
            footerHeading = "%nExample:%n",
            footer = "  tally terms hash reseller.json")
    int hash(@Parameters(paramLabel = "FILE", description = FILE) Path file) throws IOException, CommandFailure {
        String hash = accepted(file).hash().hex();
        print(hash, Json.text(hash));
        return Tally.DONE;
    }

    @Command(
            name = "settle",
            description = "Settles the periods of a case; prints a JSON array of statements.",
            footerHeading = "%nExample:%n",
            footer = "  tally terms settle case.json")
    int settle(@Parameters(paramLabel = "CASE", description = "terms, events and periods") Path file)
            throws IOException, CommandFailure {
        return switch (CaseFile.settle(shell.read(file))) {
            case CaseFile.NotACase(var at) ->
                throw CommandFailure.cannot(
                        file + " is not a case" + (at.isEmpty() ? "" : ": see " + at),
                        "a case has terms, events and settlements: docs/spec/case.schema.json");
            case CaseFile.TermsRefused(var findings) -> refused(findings);
            case CaseFile.Settled settled -> {
                shell.print(settled.encode());
                yield settled.isRefused() ? Tally.REFUSED : Tally.DONE;
            }
        };
    }

    private void print(String text, Json json) {
        if (shell.json()) {
            shell.print(json);
        } else {
            shell.out().println(text);
        }
    }

    /// A case carries its document in the member `terms`, where a document has the version of the language.
    private static TermsReading read(Path file) throws IOException {
        Bytes text = Bytes.copyOf(Files.readAllBytes(file));
        if (JsonReader.read(text, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)
                && object.members().get("terms") instanceof Json.Obj terms) {
            return TermsReader.read(terms);
        }
        return TermsReader.read(text);
    }

    private static Terms accepted(Path file) throws IOException, CommandFailure {
        return switch (read(file)) {
            case TermsReading.Accepted(var terms) -> terms;
            case TermsReading.Refused(var findings) ->
                throw CommandFailure.refused(
                        file + " has " + findings.size() + " faults, the first: " + sentence(findings.getFirst()),
                        "see them all: tally terms check " + file);
        };
    }

    private int refused(List<Finding> findings) {
        if (shell.json()) {
            shell.print(Json.array(findings.stream()
                    .map(finding -> Json.object()
                            .with("at", finding.pointer())
                            .with("code", finding.code())
                            .with("sentence", finding.sentence())
                            .build())
                    .toList()));
        } else {
            findings.forEach(finding -> shell.out().println(sentence(finding)));
        }
        return Tally.REFUSED;
    }

    private static String sentence(Finding finding) {
        String where = finding.pointer().isEmpty() ? "the document" : finding.pointer();
        return finding.code() + ": " + where + " " + finding.sentence();
    }
}
