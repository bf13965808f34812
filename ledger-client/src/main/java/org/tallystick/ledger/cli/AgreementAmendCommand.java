package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.AmendmentReader;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Electorate;
import org.tallystick.agreement.rules.Poll;
import org.tallystick.agreement.state.MotionRecord.Ballot;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Difference;
import org.tallystick.ledger.client.RuleWords;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Moves a new version of an agreement.
@Command(
        name = "amend",
        description = {
            "Moves a new version of an agreement: of its terms, governance, roles, parties, days or term.",
            "",
            "Its number, what it supersedes and its class are found here. Shows first what it changes and",
            "who decides, and asks. Moving it is your yes, if you have a vote."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally agreement draft north/vendor/reseller -o next.json",
            "  (edit next.json)",
            "  tally agreement amend next.json --as north/vendor"
        })
final class AgreementAmendCommand implements Callable<Integer> {

    private static final String TERMS = "terms";
    private static final String VERSION = "version";
    private static final String SUPERSEDES = "supersedes";

    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "the whole new document")
    @Nullable
    Path file;

    @Option(
            names = "--open",
            paramLabel = "TIME",
            description = "how long it stays open (default: until the vote and what follows it are over, and 7 days)")
    @Nullable
    Duration open;

    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    AgreementAmendCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        Path given = given(file);
        Json.Obj json = shell.readObject(given);
        AgreementId id = json.find("id")
                .filter(Json.Text.class::isInstance)
                .flatMap(text -> AgreementId.parse(((Json.Text) text).value()))
                .orElseThrow(() -> CommandFailure.refused(
                        given + " names no agreement in \"id\"", "begin with: tally agreement draft AGREEMENT"));
        AgreementAtHand agreement = AgreementAtHand.of(shell, id);
        Document old = agreement.newest();
        AgreementView.VersionView newest = agreement.view().newest().orElseThrow();
        DocumentFile amended = DocumentFile.of(given.toString(), following(given, json, agreement));
        AmendmentReader reader =
                new AmendmentReader(new AmendmentReader.Version(newest.json(), old), amended.version());
        check(given, agreement, reader);
        Difference difference = Difference.of(newest, amended.view());
        if (difference.changesNothing()) {
            throw CommandFailure.refused(
                    given + " changes nothing of version " + HashName.shown(newest.hash()) + ", the newest",
                    "edit it first; what differs: tally agreement diff " + id + " --file " + given);
        }
        SortedSet<Decision> decisions = reader.decisions();
        List<Ballot> ballots = Poll.ballots(old.governance(), reader, agreement.now());
        LedgerTime expires = agreement.expires(ballots, Optional.ofNullable(open));
        if (!shell.json()) {
            shell.out()
                    .println("against version " + HashName.shown(newest.hash()) + ", number "
                            + agreement.view().head().number() + ":");
            DifferenceText.print(difference, "  ", shell.out());
            shell.out()
                    .println("class " + decisions.stream().map(Decision::text).collect(Collectors.joining(", "))
                            + "; starts with " + amended.document().starts().text());
            decides(old, ballots);
            if (!reader.entering().isEmpty()) {
                shell.out()
                        .println("who enters must accept: "
                                + reader.entering().stream()
                                        .map(party -> party.text())
                                        .collect(Collectors.joining(", ")));
            }
        }
        amended.warn(shell);
        Asked.whether(shell, "Move this?", yes);
        return new MotionAnswer(shell, id)
                .print(shell.party(ActKind.AMEND).amend(id, amended.json(), decisions.first(), expires));
    }

    private void decides(Document old, List<Ballot> ballots) {
        Electorate electorate = new Electorate(old, old);
        for (Ballot ballot : ballots) {
            shell.out()
                    .println("decided by "
                            + ballot.decisions().stream().map(Decision::text).collect(Collectors.joining(", ")) + ": "
                            + RuleWords.of(electorate.rule(ballot)) + ", until "
                            + ballot.deadline().text());
        }
    }

    /// The document with its number and what it supersedes, where the file leaves that out.
    private static Json.Obj following(Path file, Json.Obj json, AgreementAtHand agreement) throws CommandFailure {
        Hash newest = agreement.view().newest().orElseThrow().hash();
        Optional<String> stated =
                json.find(SUPERSEDES).filter(Json.Text.class::isInstance).map(text -> ((Json.Text) text).value());
        if (stated.isPresent() && !stated.get().equals(newest.hex())) {
            throw CommandFailure.refused(
                    file + " supersedes " + stated.get() + ", and the newest version is " + newest,
                    "what was adopted meanwhile would be undone: see tally agreement diff " + agreement.id() + " "
                            + "and put your changes into a new draft");
        }
        TreeMap<String, Json> members = new TreeMap<>(json.members());
        members.put("number", Json.whole(agreement.view().head().number() + 1));
        members.put(SUPERSEDES, Json.text(newest.hex()));
        if (members.get(TERMS) instanceof Json.Obj terms) {
            members.put(TERMS, following(terms, agreement.newest().terms()));
        }
        return new Json.Obj(members);
    }

    /// Terms that differ have a number of their own, and say what they supersede; where they still say what the old
    /// ones
    /// did, that is put in.
    private static Json.Obj following(Json.Obj terms, Terms old) {
        if (Hash.of(terms.canonical()).equals(old.hash())) {
            return terms;
        }
        TreeMap<String, Json> members = new TreeMap<>(terms.members());
        if (terms.find(VERSION).orElse(Json.whole(1)).equals(Json.whole(old.version()))) {
            members.put(VERSION, Json.whole(old.version() + 1));
        }
        if (terms.findText(SUPERSEDES).map(Hash::new).equals(old.supersedes())) {
            members.put(SUPERSEDES, Json.text(old.hash().hex()));
        }
        return new Json.Obj(members);
    }

    private static void check(Path file, AgreementAtHand agreement, AmendmentReader reader)
            throws IOException, LedgerException, CommandFailure {
        LedgerTime now = agreement.now();
        List<DocumentReading.Fault> faults = reader.faults(new AmendmentReader.When(
                now.day(), now.latestDay(), agreement.view().head().untouched()));
        if (faults.isEmpty()) {
            return;
        }
        boolean ofClauses = faults.stream().anyMatch(fault -> fault.at().startsWith("/terms/clauses"));
        boolean soon = faults.stream().anyMatch(fault -> fault.code().equals("starts_too_soon"));
        throw DocumentFile.refused(
                file.toString(),
                faults,
                soon
                        ? "new terms start two days ahead, and not before "
                                + agreement.view().head().untouched().text() + ": let \"starts\" be "
                                + AgreementDraftCommand.earliestStart(agreement.view(), now)
                                        .text()
                        : ofClauses
                                ? "an old clause stays as it is, but may end (when.to); what is new is a clause of its"
                                        + " own behind them: docs/spec/terms-1.md 18.3"
                                : "docs/spec/agreement-1.md section 8, stage 4, says what an amendment may change");
    }
}
