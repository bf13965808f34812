package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.document.AmendmentReader;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.AgreementView;

/// An agreement document in a file: what the ledger would find in it is found here, without an instruction spent.
///
/// @param what names it to people
record DocumentFile(String what, Json.Obj json, Document document) {

    private static final String SINGLE_EVENTS_MANY = "single_events_many";
    /// Of what a settlement can lack.
    private static final List<String> WITHHELD = List.of("fx", "kpi", "milestone");

    static DocumentFile read(Shell shell, Path file) throws IOException, CommandFailure {
        return of(file.toString(), shell.readObject(file));
    }

    /// @throws CommandFailure if it is no document that may be offered
    static DocumentFile of(String what, Json.Obj json) throws CommandFailure {
        return switch (DocumentReader.read(json)) {
            case DocumentReading.Accepted(var document) -> new DocumentFile(what, json, document);
            case DocumentReading.NotSupportedYet(var member) ->
                throw CommandFailure.refused(
                        what + ": this release does not enforce " + member + " yet",
                        "leave it out, or wait for a release that does");
            case DocumentReading.Refused(var findings) ->
                throw refused(what, findings, "docs/spec/agreement-1.md says what a document must be");
        };
    }

    static CommandFailure refused(String what, List<DocumentReading.Fault> findings, String otherwise) {
        return CommandFailure.refused(
                what + " is at fault: "
                        + String.join(
                                ", ",
                                findings.stream().map(DocumentFile::sentence).toList()),
                findings.stream()
                        .flatMap(fault -> hint(fault).stream())
                        .findFirst()
                        .orElse(otherwise));
    }

    AmendmentReader.Version version() {
        return new AmendmentReader.Version(json, document);
    }

    AgreementView.VersionView view() {
        return new AgreementView.VersionView(document.version(), json, document);
    }

    /// Says what is allowed and seldom meant.
    void warn(Shell shell) {
        arbiterMissing(document).ifPresent(sentence -> Tally.say(shell.err(), "warning", sentence));
    }

    /// A settlement that waits for a figure which its owner keeps back waits for ever, unless somebody else may report
    /// it.
    static Optional<String> arbiterMissing(Document document) {
        List<String> withheld = document.terms().reportedTypes().stream()
                .filter(WITHHELD::contains)
                .toList();
        return document.arbiter().isPresent() || withheld.isEmpty()
                ? Optional.empty()
                : Optional.of("arbiter_missing: whoever keeps back a " + String.join(" or ", withheld)
                        + " keeps a period open for ever: roles.arbiter names nobody who may report it instead");
    }

    static String sentence(DocumentReading.Fault fault) {
        if (!fault.code().equals(SINGLE_EVENTS_MANY)) {
            return fault.code() + (fault.at().isEmpty() ? "" : " at " + fault.at());
        }
        Json.Obj values = fault.values();
        return "a close might have to keep more than %d events one by one: limits.singleEvents is %d for each of the sources %s and of the clauses %s (%s)"
                .formatted(
                        values.whole("limit"),
                        values.whole("singleEvents"),
                        names(values, "sources"),
                        names(values, "clauses"),
                        fault.code());
    }

    private static String names(Json.Obj values, String member) {
        return String.join(
                ", ",
                values.items(member).stream()
                        .map(name -> ((Json.Text) name).value())
                        .toList());
    }

    private static Optional<String> hint(DocumentReading.Fault fault) {
        if (!fault.code().equals(SINGLE_EVENTS_MANY)) {
            return Optional.empty();
        }
        long atMost = fault.values().whole("atMost");
        return Optional.of((atMost == 0 ? "" : "let limits.singleEvents be at most " + atMost + ", or ")
                + "report through fewer sources, or have fewer clauses that need events one by one");
    }
}
