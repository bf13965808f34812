package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.CaseFile;
import org.tallystick.agreement.terms.Amendment;
import org.tallystick.agreement.terms.Finding;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;
import org.tallystick.agreement.terms.TermsReview;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Terms documents and cases, without a ledger.
@Command(
        name = "terms",
        description = "Checks, renders, settles and tries out terms documents; needs no ledger.",
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
            description = {
                "Prints one line for each fault, or ok; then one for each warning.",
                "A fault refuses the document. A warning says what is allowed but seldom meant, and changes nothing.",
                "With --amends it also says where the document would change what was settled under the old one."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally terms check reseller.json",
                "  tally terms check reseller-v2.json --amends reseller.json --from 2026-Q3"
            })
    int check(
            @Parameters(paramLabel = "FILE", description = FILE) Path file,
            @ArgGroup(exclusive = false) @Nullable Succession succession)
            throws IOException, CommandFailure {
        TermsReview review = ask(file, TermsReader::review, TermsReader::review);
        List<Finding> faults = new ArrayList<>(review.faults());
        if (succession != null && review.holds()) {
            faults.addAll(amendment(succession, accepted(file)).findings());
        }
        if (shell.json()) {
            List<Json> all = new ArrayList<>();
            faults.forEach(finding -> all.add(encoded(finding, "fault")));
            review.warnings().forEach(finding -> all.add(encoded(finding, "warning")));
            shell.print(Json.array(all));
        } else {
            faults.forEach(finding -> shell.out().println(sentence(finding)));
            if (faults.isEmpty()) {
                shell.out().println("ok");
            }
            review.warnings().forEach(finding -> shell.out().println("warning " + sentence(finding)));
        }
        return faults.isEmpty() ? Tally.DONE : Tally.REFUSED;
    }

    /// The terms that a document amends.
    static final class Succession {

        @Option(
                names = "--amends",
                required = true,
                paramLabel = "OLD",
                description = "the document, or its case, that FILE is to take the place of")
        Path old = Path.of(".");

        @Option(
                names = "--from",
                required = true,
                paramLabel = "PERIOD",
                description = "the first period settled under FILE")
        @Nullable
        Period first;
    }

    private static Amendment amendment(Succession succession, Terms amended) throws IOException, CommandFailure {
        Terms old = accepted(succession.old);
        Period first = Objects.requireNonNull(succession.first);
        if (first.frequency() != old.frequency()) {
            throw CommandFailure.cannot(
                    first + " is not a " + old.frequency().text() + ", but " + succession.old + " is settled every "
                            + old.frequency().text(),
                    "give --from a period of its calendar");
        }
        return new Amendment(old, amended, first);
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

    /// What the file says to [TermsReader]: its text, or the document that a case carries in its member `terms`, where
    /// a
    /// document has the version of the language.
    private static <T> T ask(Path file, Function<Bytes, T> text, Function<Json, T> document) throws IOException {
        Bytes bytes = Bytes.copyOf(Files.readAllBytes(file));
        if (JsonReader.read(bytes, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)
                && object.members().get("terms") instanceof Json.Obj terms) {
            return document.apply(terms);
        }
        return text.apply(bytes);
    }

    static Terms accepted(Path file) throws IOException, CommandFailure {
        return switch (ask(file, TermsReader::read, TermsReader::read)) {
            case TermsReading.Accepted(var terms) -> terms;
            case TermsReading.Refused(var faults) ->
                throw CommandFailure.refused(
                        file + " has " + (faults.size() == 1 ? "a fault: " : faults.size() + " faults, the first: ")
                                + sentence(faults.getFirst()),
                        "see them all: tally terms check " + file);
        };
    }

    private int refused(List<Finding> findings) {
        if (shell.json()) {
            shell.print(Json.array(
                    findings.stream().map(finding -> encoded(finding, "fault")).toList()));
        } else {
            findings.forEach(finding -> shell.out().println(sentence(finding)));
        }
        return Tally.REFUSED;
    }

    private static Json encoded(Finding finding, String kind) {
        return Json.object()
                .with("at", finding.pointer())
                .with("code", finding.code())
                .with("kind", kind)
                .with("sentence", finding.sentence())
                .build();
    }

    /// One line, whatever the document calls its members.
    static String sentence(Finding finding) {
        String where = finding.pointer().isEmpty() ? "the document " : finding.pointer() + ": ";
        return finding.code() + ": " + where.replaceAll("\\p{Cntrl}|[\\x80-\\x9f]", "?") + finding.sentence();
    }
}
