package org.tallystick.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Desk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes an agreement document to edit.
@Command(
        name = "draft",
        description = {
            "Writes an agreement document to edit; nothing is sent.",
            "",
            "From terms: the first version, in which all sides decide together and the hub reports and",
            "closes. From an agreement: the next version (number, supersedes and starts are filled in); or,",
            "while it is only offered, the offer, for a counter-offer."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally agreement draft terms.json --id north/vendor/reseller --party vendor=north/vendor \\",
            "    --party reseller=east/reseller --opening 2026-10 --attach licence.pdf -o reseller.json",
            "  tally agreement draft north/vendor/reseller -o next.json"
        })
final class AgreementDraftCommand implements Callable<Integer> {

    /// New terms start so many days ahead, at the least.
    private static final int NOTICE_DAYS = 2;
    private static final String TERMS = "terms";
    private static final String ATTACHMENTS = "attachments";
    private static final String SOURCE = "events";
    /// Of no form that a party has, so that nobody offers it by mistake.
    private static final String TO_BE_NAMED = "?";

    private final Shell shell;

    @Parameters(paramLabel = "TERMS|AGREEMENT", description = "a terms document or a case; or an agreement's id")
    @Nullable
    String from;

    @Option(names = "--id", paramLabel = "AGREEMENT", description = "of a first version: the id of the agreement")
    @Nullable
    AgreementId id;

    @Option(
            names = "--party",
            paramLabel = "NAME=PARTY",
            description = "who stands for a party of the terms, such as vendor=north/vendor")
    Map<String, PartyId> parties = new LinkedHashMap<>();

    @Option(
            names = "--opening",
            paramLabel = "PERIOD",
            description = "of a first version: its first period (default: the one that runs)")
    @Nullable
    Period opening;

    @Option(
            names = "--starts",
            paramLabel = "PERIOD",
            description = "of a next version: the first period under it (default: the first one possible)")
    @Nullable
    Period starts;

    @Option(
            names = "--attach",
            paramLabel = "FILE",
            description = "a document that is pinned by hash, name and size; it stays where it is")
    List<Path> attached = new ArrayList<>();

    @Option(names = "-o", paramLabel = "FILE", description = "where to write it (default: print it)")
    @Nullable
    Path file;

    AgreementDraftCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        String given = ReportCommand.given(from);
        Optional<AgreementId> agreement = AgreementId.parse(given);
        boolean isFile = Files.exists(Path.of(given)) || agreement.isEmpty();
        Json.Obj draft = attach(isFile ? first(Path.of(given)) : next(agreement.orElseThrow()));
        write(draft);
        List<String> open = draft.object("parties").members().entrySet().stream()
                .filter(party -> party.getValue().equals(Json.text(TO_BE_NAMED)))
                .map(Map.Entry::getKey)
                .toList();
        if (!open.isEmpty()) {
            shell.note("to be named under parties, or with --party NAME=PARTY: " + String.join(", ", open));
            return Tally.DONE;
        }
        switch (DocumentReader.read(draft)) {
            case DocumentReading.Accepted(var document) ->
                DocumentFile.arbiterMissing(document)
                        .ifPresent(sentence -> Tally.say(shell.err(), "warning", sentence));
            case DocumentReading.NotSupportedYet(var what) ->
                shell.note("this release does not enforce " + what + " yet");
            case DocumentReading.Refused(var faults) ->
                shell.note("to be mended before it is offered: "
                        + String.join(
                                ", ",
                                faults.stream().map(DocumentFile::sentence).toList()));
        }
        return Tally.DONE;
    }

    private Json.Obj first(Path path) throws IOException, CommandFailure {
        if (id == null) {
            throw CommandFailure.cannot(
                    "a first version needs the id of the agreement",
                    "name it with --id PARTY/LABEL, where PARTY is who offers it, such as north/vendor/reseller");
        }
        Json.Obj json = shell.readObject(path);
        Json.Obj document = json.members().get(TERMS) instanceof Json.Obj inside ? inside : json;
        Terms terms = switch (TermsReader.read(document)) {
            case TermsReading.Accepted(var accepted) -> accepted;
            case TermsReading.Refused _ ->
                throw CommandFailure.refused(
                        path + " has no terms that can be signed", "see what is wrong: tally terms check " + path);
        };
        Period begins = opening == null ? terms.frequency().periodOf(LocalDate.now(ZoneOffset.UTC)) : opening;
        if (begins.frequency() != terms.frequency()) {
            throw CommandFailure.cannot(
                    begins + " is no period of these terms, which are settled every "
                            + terms.frequency().text(),
                    "name one with --opening, such as "
                            + terms.frequency().periodOf(begins.start()).text());
        }
        Json.Obj source = Json.object()
                .with("first", begins.text())
                .with("id", SOURCE)
                .with("owner", terms.hub())
                .with("types", Json.texts(terms.reportedTypes()))
                .build();
        return Json.object()
                .with("agreement", "1")
                .with("governance", Json.object().with("kind", "unanimous").build())
                .with("home", Json.object().with("kind", "public").build())
                .with("id", id.text())
                .with("number", 1)
                .with("opening", begins.text())
                .with("parties", bound(terms))
                .with(
                        "roles",
                        Json.object()
                                .with("closers", Json.texts(List.of(terms.hub())))
                                .with("sources", Json.array(List.of(source)))
                                .build())
                .with("starts", begins.text())
                .with(
                        "term",
                        Json.object().with("from", begins.start().toString()).build())
                .with(TERMS, document)
                .build();
    }

    private Json.Obj bound(Terms terms) throws CommandFailure {
        for (String name : parties.keySet()) {
            if (!terms.hasParty(name)) {
                throw CommandFailure.cannot(
                        "the terms have no party " + name, "they have " + String.join(", ", terms.parties()));
            }
        }
        TreeMap<String, Json> bound = new TreeMap<>();
        terms.engagedParties().forEach(name -> bound.put(name, Json.text(TO_BE_NAMED)));
        bound.put(terms.hub(), Json.text(TO_BE_NAMED));
        parties.forEach((name, party) -> bound.put(name, Json.text(party.text())));
        return new Json.Obj(bound);
    }

    private Json.Obj next(AgreementId agreement) throws IOException, LedgerException, CommandFailure {
        AgreementView view = shell.agreement(agreement);
        AgreementView.VersionView shown = view.shown().orElseThrow();
        TreeMap<String, Json> members = new TreeMap<>(shown.json().members());
        TreeMap<String, Json> bound =
                new TreeMap<>(shown.json().object("parties").members());
        parties.forEach((name, party) -> bound.put(name, Json.text(party.text())));
        members.put("parties", new Json.Obj(bound));
        if (view.newest().isPresent()) {
            LedgerTime now = Desk.at(shell.courier()).time();
            Period first = starts == null ? earliestStart(view, now) : starts;
            Shell.need(shown.document(), first);
            members.put("number", Json.whole(view.head().number() + 1));
            members.put("supersedes", Json.text(shown.hash().hex()));
            members.put("starts", Json.text(first.text()));
            shell.note("it starts with " + first.text() + ", so if its terms are new it must be carried out by "
                    + first.start().minusDays(NOTICE_DAYS));
        }
        return new Json.Obj(members);
    }

    /// The first period that a version with new terms can start with.
    static Period earliestStart(AgreementView view, LedgerTime now) {
        LocalDate soonest = now.day().plusDays(NOTICE_DAYS);
        Period running = view.head().unsettled().frequency().periodOf(soonest);
        Period first = running.start().isBefore(soonest) ? running.next() : running;
        Period untouched = view.head().untouched();
        return first.compareTo(untouched) < 0 ? untouched : first;
    }

    /// One of the same name takes the place of the one before.
    private Json.Obj attach(Json.Obj draft) throws IOException {
        if (attached.isEmpty()) {
            return draft;
        }
        Map<String, Json> all = new LinkedHashMap<>();
        if (draft.has(ATTACHMENTS)) {
            draft.items(ATTACHMENTS).forEach(item -> all.put(((Json.Obj) item).text("name"), item));
        }
        for (Path path : attached) {
            Act.Evidence pinned = EvidenceFile.of(path);
            all.put(pinned.name(), pinned.toJson());
        }
        TreeMap<String, Json> members = new TreeMap<>(draft.members());
        members.put(ATTACHMENTS, Json.array(all.values()));
        return new Json.Obj(members);
    }

    private void write(Json.Obj draft) throws IOException {
        String canonical = draft.canonical().utf8().orElseThrow();
        String text = shell.json() && file == null
                ? canonical
                : new ObjectMapper().readTree(canonical).toPrettyString();
        if (file == null) {
            shell.out().println(text);
        } else {
            Path _ = Files.writeString(file, text + "\n", UTF_8, StandardOpenOption.CREATE_NEW);
            shell.note("written to " + file + "; edit it, then: tally agreement "
                    + (draft.whole("number") == 1 ? "offer " : "amend ") + file);
        }
    }
}
