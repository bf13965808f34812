package org.tallystick.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.StatementView;

/// A party of agreements, doing what partners do: each sentence is one or two commands of its own.
///
/// What is not done throws [NotDone]. Enrolling twice does nothing, so that agreements may share a party.
public final class Partner {

    /// So many digits of a version's hash are told when it is accepted.
    private static final int SHOWN_DIGITS = 12;

    private final Stand stand;
    private final String party;
    private boolean enrolled;
    private int reported;

    Partner(Stand stand, String party) {
        this.stand = stand;
        this.party = party;
    }

    /// Its id on the ledger.
    public String party() {
        return party;
    }

    private String member() {
        return party.substring(0, party.indexOf('/'));
    }

    /// Makes a key and enrolls with it; the registrar of its member countersigns.
    public void enrolls() {
        enrolls(List.of());
    }

    /// The same with a key that says who holds it.
    void enrolls(String holder) {
        enrolls(List.of("--holder", holder));
    }

    private void enrolls(List<String> options) {
        if (!enrolled) {
            stand.run(party, "key", "create", party, "--unencrypted");
            List<String> arguments = new ArrayList<>(List.of("party", "enroll", party, "--registrar"));
            arguments.add(stand.home(member()).toString());
            arguments.addAll(options);
            stand.run(party, arguments.toArray(String[]::new));
            enrolled = true;
        }
    }

    /// Moves to another member, whose registrar countersigns.
    public void moves(String member) {
        stand.run(
                party,
                "party",
                "rehost",
                party,
                member,
                "--registrar",
                stand.home(member).toString());
    }

    /// Names who may move it when its keys are lost: so many of these together.
    public void isRecoveredBy(int threshold, String... others) {
        List<String> arguments = new ArrayList<>(
                List.of("party", "recovery", "--as", party, "--threshold", Integer.toString(threshold)));
        arguments.addAll(List.of(others));
        stand.run(party, arguments.toArray(String[]::new));
    }

    /// Is moved to another member by parties that it named before. For this they bring their keys to one place.
    ///
    /// @return what came of it
    public Ended isMoved(String member, String... quorum) throws IOException {
        String meeting = party + " recovery";
        List<String> arguments = new ArrayList<>(List.of("party", "rehost", party, member, "--registrar"));
        arguments.add(stand.home(member).toString());
        for (String signer : quorum) {
            stand.bring(signer, meeting);
            arguments.addAll(List.of("--by", signer));
        }
        return stand.tally(meeting, arguments.toArray(String[]::new));
    }

    /// Its member, as the ledger has it now.
    public String host() {
        try (HttpCourier courier = new HttpCourier(stand.gateway())) {
            return new Agreements(courier)
                    .party(new PartyId(party))
                    .orElseThrow(() -> new IllegalStateException(party + " is not enrolled"))
                    .host();
        } catch (LedgerException e) {
            throw new IllegalStateException("the record of " + party + " cannot be read", e);
        }
    }

    public void offers(ExampleAgreement agreement) {
        offers(agreement.label(), agreement.document());
    }

    /// @param label of the agreement, which names the file
    public void offers(String label, Json.Obj document) {
        stand.run(party, "agreement", "offer", write(label + ".json", document).toString(), "--as", party);
    }

    /// Has the agreement shown in English.
    public void reads(ExampleAgreement agreement) {
        stand.run(party, "agreement", "show", agreement.id());
    }

    /// Accepts the version on offer, which it names by its hash.
    public void accepts(ExampleAgreement agreement) {
        accepts(agreement.id());
    }

    public void accepts(String agreement) {
        String version = offered(agreement).substring(0, SHOWN_DIGITS);
        stand.run(party, "agreement", "accept", agreement, "--of-version", version, "--as", party);
    }

    private String offered(String agreement) {
        try (HttpCourier courier = new HttpCourier(stand.gateway())) {
            return new Agreements(courier)
                    .find(new AgreementId(agreement))
                    .flatMap(view -> view.shown())
                    .orElseThrow(() -> new IllegalStateException(agreement + " is not on offer"))
                    .hash()
                    .hex();
        } catch (LedgerException e) {
            throw new IllegalStateException("the version of " + agreement + " on offer is not known", e);
        }
    }

    /// Reports what its sources have of a period, and declares the period complete.
    public void reports(ExampleAgreement agreement, String period) {
        for (ExampleAgreement.Source source : agreement.sourcesOf(party)) {
            List<Json> events = agreement.events(source.id(), period);
            if (!events.isEmpty()) {
                reports(agreement.id(), source.id(), events);
            }
            declares(agreement.id(), source.id(), period);
        }
    }

    public void reports(String agreement, String source, List<Json> events) {
        Path file = write(agreement.replace('/', '-') + "-" + source + "-" + ++reported + ".json", Json.array(events));
        stand.run(party, "report", agreement, file.toString(), "--source", source, "--as", party);
    }

    public void declares(String agreement, String source, String period) {
        stand.run(party, "declare", agreement, period, "--source", source, "--as", party);
    }

    /// @return what came of it
    public Ended takesBack(String agreement, String source, String period) {
        return does("take-back", agreement, period, "--source", source);
    }

    /// Declares in the place of another.
    ///
    /// @return what came of it
    public Ended seals(String agreement, String source, String period) {
        return does("seal", agreement, period, "--source", source);
    }

    /// What is held under an agreement, as it is printed.
    public String held(String agreement, String... options) {
        List<String> arguments = new ArrayList<>(List.of("held", agreement));
        arguments.addAll(List.of(options));
        return stand.told(party, arguments.toArray(String[]::new));
    }

    /// @return what came of it
    public Ended attests(String agreement, String... events) {
        List<String> arguments = new ArrayList<>(List.of("attest", agreement));
        arguments.addAll(List.of(events));
        return does(arguments.toArray(String[]::new));
    }

    /// @return what came of it
    public Ended contradicts(String agreement, String event, String reason) {
        return does("contradict", agreement, event, "--reason", reason);
    }

    /// Claims an event that a source should have reported, with an invoice for it.
    ///
    /// @return what came of it
    public Ended claims(String agreement, String source, Json.Obj event, String invoice) {
        String name = agreement.replace('/', '-') + "-" + invoice + ".json";
        return does(
                "claim",
                agreement,
                write("claimed-" + name, event).toString(),
                "--source",
                source,
                "--evidence",
                write(name, Json.object().with("invoice", invoice).build()).toString());
    }

    /// Answers a claim with the event as it was reported.
    ///
    /// @return what came of it
    public Ended answers(String agreement, String claim, String event) {
        return does("claim", "answer", agreement, claim, "--event", event);
    }

    /// @return what came of it
    public Ended refuses(String agreement, String claim, String reason) {
        return does("claim", "answer", agreement, claim, "--refusal", reason);
    }

    private Ended does(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--as", party));
        return stand.tally(party, all.toArray(String[]::new));
    }

    public void closes(ExampleAgreement agreement, String period) {
        closes(agreement.id(), period);
    }

    public void closes(String agreement, String period) {
        stand.run(party, "close", agreement, period, "--as", party);
    }

    /// The statement of a settled period as it is printed.
    public String statement(ExampleAgreement agreement, String period) {
        return stand.told(party, "statement", agreement.id(), period);
    }

    /// A draft of the next version of an agreement.
    Json.Obj drafts(String agreement) throws IOException {
        Path file = stand.file(agreement.replace('/', '-') + "-" + ++reported + "-draft.json");
        stand.run(party, "agreement", "draft", agreement, "-o", file.toString());
        Bytes text = Bytes.copyOf(Files.readAllBytes(file));
        if (JsonReader.read(text, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj draft)) {
            return draft;
        }
        throw new IOException(file + " is no JSON object");
    }

    /// Writes a file that a command reads.
    ///
    /// @return its path
    String writes(String name, Json content) {
        return write(name + ".json", content).toString();
    }

    /// Asks something.
    ///
    /// @return what came of it
    public Ended asks(String... arguments) {
        return does(arguments);
    }

    /// Writes the statement of a settled period as a PDF.
    public Path files(String agreement, String period, String name) {
        Path file = stand.file(agreement.replace('/', '-') + "-" + name);
        stand.run(party, "statement", agreement, period, "--pdf", file.toString());
        return file;
    }

    /// The first thing in which the settlement of a period differs from the example's; nothing if they are equal.
    public Optional<String> finds(ExampleAgreement agreement, String period) {
        return finds(agreement.id(), period, agreement.expected(period));
    }

    /// The first thing in which the settlement of a period differs from what is expected; nothing if they are equal.
    public Optional<String> finds(String agreement, String period, Json.Obj expected) {
        try (HttpCourier courier = new HttpCourier(stand.gateway())) {
            Optional<StatementView> settled = new Agreements(courier)
                    .statement(new AgreementId(agreement), Period.parse(period).orElseThrow());
            return settled.isEmpty()
                    ? Optional.of("it is not settled")
                    : Settlements.difference(
                            expected, settled.get().lines(), settled.get().settlement());
        } catch (LedgerException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Path write(String name, Json content) {
        try {
            return stand.write(name, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
