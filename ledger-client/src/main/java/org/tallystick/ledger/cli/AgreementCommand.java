package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Agreements from offer to adoption.
@Command(
        name = "agreement",
        description = "Offers, accepts and shows agreements.",
        footerHeading = "%nExample:%n",
        footer = "  tally agreement show north/vendor/reseller")
final class AgreementCommand {

    private static final int SHORTEST_PREFIX = 8;
    private static final String SINGLE_EVENTS_MANY = "single_events_many";

    private final Shell shell;

    AgreementCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "offer",
            description = "Signs and sends the first version of an agreement; offering it accepts it.",
            footerHeading = "%nExample:%n",
            footer = "  tally agreement offer reseller.json --as north/vendor")
    int offer(
            @Parameters(paramLabel = "FILE", description = "an agreement document: docs/spec/agreement-1.md") Path file,
            @Option(
                            names = "--open",
                            paramLabel = "TIME",
                            defaultValue = "30d",
                            description = "how long it may be accepted, at most 90d (default: ${DEFAULT-VALUE})")
                    Duration open)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        Json.Obj document = shell.readObject(file);
        AgreementId id = checked(file, document);
        return new Answers(shell).print(shell.party(ActKind.OFFER).offer(id, document, open));
    }

    /// Finds here what the ledger would find, without an instruction spent on it.
    private static AgreementId checked(Path file, Json.Obj document) throws CommandFailure {
        return switch (DocumentReader.read(document)) {
            case DocumentReading.Accepted(var accepted) -> accepted.id();
            case DocumentReading.NotSupportedYet(var what) ->
                throw CommandFailure.refused(
                        file + ": this release does not enforce " + what + " yet",
                        "leave it out, or wait for a release that does");
            case DocumentReading.Refused(var findings) ->
                throw CommandFailure.refused(
                        file + " is at fault: "
                                + String.join(
                                        ", ",
                                        findings.stream()
                                                .map(AgreementCommand::sentence)
                                                .toList()),
                        findings.stream()
                                .flatMap(fault -> hint(fault).stream())
                                .findFirst()
                                .orElse("docs/spec/agreement-1.md says what a document must be"));
        };
    }

    private static String sentence(DocumentReading.Fault fault) {
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

    @Command(
            name = "accept",
            description = "Accepts the version of an agreement that you have read.",
            footerHeading = "%nExample:%n",
            footer = {
                "  tally agreement show north/vendor/reseller",
                "  tally agreement accept north/vendor/reseller --of-version 3fa9c1d2"
            })
    int accept(
            @Parameters(paramLabel = "AGREEMENT") AgreementId id,
            @Option(
                            names = "--of-version",
                            required = true,
                            paramLabel = "HASH",
                            description = "the version, by at least 8 digits of its hash")
                    String version)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        AgreementView agreement = shell.agreement(id);
        AgreementView.VersionView offered = agreement
                .offer()
                .map(AgreementView.OfferView::version)
                .orElseThrow(() -> CommandFailure.refused(
                        "no version of " + id + " is open to accept", "see its state: tally agreement show " + id));
        if (version.length() < SHORTEST_PREFIX || !offered.hash().hex().startsWith(version)) {
            throw CommandFailure.refused(
                    "the version offered is " + offered.hash() + ", not " + version,
                    "read it first: tally agreement show " + id);
        }
        return new Answers(shell).print(shell.party(ActKind.ACCEPT).accept(id, offered));
    }

    @Command(
            name = "show",
            description = "Shows the state of an agreement and its terms in English.",
            footerHeading = "%nExample:%n",
            footer = "  tally agreement show north/vendor/reseller")
    int show(
            @Parameters(paramLabel = "AGREEMENT") AgreementId id,
            @Option(names = "--document", description = "print the document itself") boolean document)
            throws IOException, LedgerException, CommandFailure {
        AgreementView agreement = shell.agreement(id);
        AgreementView.VersionView shown = agreement.shown().orElseThrow();
        if (document) {
            shell.print(shown.json());
        } else if (shell.json()) {
            shell.print(encode(agreement, shown));
        } else {
            print(agreement, shown);
        }
        return Tally.DONE;
    }

    private static Json encode(AgreementView agreement, AgreementView.VersionView shown) {
        return Json.object()
                .with("agreement", agreement.id().text())
                .with("document", shown.json())
                .with("head", agreement.head().encode())
                .with("offer", agreement.offer().map(offer -> offer.record().encode()))
                .with("text", shown.rendered())
                .with("version", shown.hash().hex())
                .build();
    }

    private void print(AgreementView agreement, AgreementView.VersionView shown) {
        AgreementHead head = agreement.head();
        shell.out().println("agreement " + agreement.id() + ": " + head.stage().text());
        shell.out().println("version   " + shown.hash());
        shell.out().println("period    " + head.unsettled().text() + " is the first not settled");
        shown.document().parties().forEach((name, party) -> shell.out().println(side(agreement, name, party)));
        shell.out().println();
        shell.out().print(shown.rendered());
    }

    private static String side(AgreementView agreement, String name, PartyId party) {
        boolean missing = agreement.head().stage() == AgreementHead.Stage.OFFERED
                && agreement
                        .offer()
                        .filter(offer -> offer.record().accepted().containsKey(party.text()))
                        .isEmpty();
        return "party     " + name + " is " + party + (missing ? ", who has not accepted" : "");
    }

    @Command(
            name = "list",
            description = "Lists the agreements of the ledger.",
            footerHeading = "%nExample:%n",
            footer = "  tally agreement list --json")
    int list() throws IOException, LedgerException, CommandFailure {
        Agreements agreements = new Agreements(shell.courier());
        List<Json> encoded = new ArrayList<>();
        Table table = new Table("AGREEMENT", "STATE", "FIRST NOT SETTLED");
        for (AgreementId id : shell.courier().agreements()) {
            AgreementView agreement = agreements.find(id).orElse(null);
            if (agreement != null) {
                String stage = agreement.head().stage().text();
                String period = agreement.head().unsettled().text();
                table.add(id.text(), stage, period);
                encoded.add(Json.object()
                        .with("agreement", id.text())
                        .with("state", stage)
                        .with("unsettled", period)
                        .build());
            }
        }
        if (shell.json()) {
            shell.print(Json.array(encoded));
        } else {
            table.print(shell.out());
        }
        return Tally.DONE;
    }
}
