package org.tallystick.ledger.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.client.Party;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;

/// What a command works with: where to print, the keys of its home, and the way to the ledger. Opened when first asked
/// for, and closed with the run.
public final class Shell implements AutoCloseable {

    private static final String USUAL_IDENTITY = "gateway";
    private static final int LEDGER_SHOWN = 16;

    private final Options options;
    private final PrintWriter out;
    private final PrintWriter err;
    private @Nullable Courier courier;

    Shell(Options options, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    public PrintWriter out() {
        return out;
    }

    public PrintWriter err() {
        return err;
    }

    /// Whether the answer is for a program.
    public boolean json() {
        return options.json;
    }

    /// The name of the chaincode, on which the ledger id depends.
    public String chaincode() {
        return options.chaincode;
    }

    /// Whether a gateway carries and keeps what is sent.
    boolean throughGateway() {
        return options.gateway != null;
    }

    public Path home() {
        return options.home;
    }

    public KeyFolder keys() {
        return new KeyFolder(options.home);
    }

    /// One line of canonical JSON.
    public void print(Json json) {
        out.println(json.canonical().utf8().orElseThrow());
    }

    /// Says something beside the answer, which a program does not read.
    public void note(String text) {
        Tally.say(err, "note", text);
    }

    /// A file of people, of any spelling that is JSON.
    public Json read(Path file) throws IOException, CommandFailure {
        return read(file.toString(), Bytes.copyOf(Files.readAllBytes(file)));
    }

    static Json read(String what, Bytes text) throws CommandFailure {
        return switch (JsonReader.read(text, JsonReader.Profile.FILE)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault(var code, var at) ->
                throw CommandFailure.cannot(what + " is not JSON: " + code + " after " + at + " characters");
        };
    }

    public Json.Obj readObject(Path file) throws IOException, CommandFailure {
        if (read(file) instanceof Json.Obj object) {
            return object;
        }
        throw CommandFailure.cannot(file + " is no JSON object");
    }

    /// The way to the ledger: a gateway, or straight to a peer.
    public Courier courier() throws IOException, LedgerException, CommandFailure {
        Courier open = courier;
        if (open == null) {
            open = options.gateway != null
                    ? new HttpCourier(options.gateway)
                    : new LedgerCourier(ledger(USUAL_IDENTITY));
            courier = open;
        }
        return open;
    }

    /// The way to the ledger as the member's admin, which only goes straight to a peer.
    Courier admin() throws IOException, LedgerException, CommandFailure {
        if (courier == null) {
            courier = new LedgerCourier(ledger("admin"));
        }
        return courier();
    }

    /// The member's peer; whoever asks closes it.
    public Ledger ledger() throws IOException, LedgerException, CommandFailure {
        return ledger(USUAL_IDENTITY);
    }

    private Ledger ledger(String usual) throws IOException, LedgerException, CommandFailure {
        Path folder = options.identity;
        if (folder == null) {
            throw CommandFailure.cannot(
                    "no way to the ledger was given",
                    "name a gateway with --gateway URL, or a peer with --peer HOST:PORT --identity DIR");
        }
        String name = usual;
        if (!Files.isDirectory(folder)) {
            name = String.valueOf(folder.getFileName());
            folder = Optional.ofNullable(folder.getParent()).orElse(Path.of("."));
        }
        try {
            MemberIdentity identity = MemberIdentity.read(member(folder), folder, name);
            return FabricLedger.connect(new FabricLedger.Settings(
                    peer(folder), identity, options.channel, options.chaincode, tlsAuthority(folder)));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.cannot("the identity in " + folder + ": " + e.getMessage());
        }
    }

    private String member(Path folder) {
        return options.member != null
                ? options.member.text()
                : String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    private String peer(Path folder) throws IOException, CommandFailure {
        if (options.peer != null) {
            return options.peer;
        }
        Path address = folder.resolve("address");
        if (!Files.exists(address)) {
            throw CommandFailure.cannot("no peer was given", "name it with --peer HOST:PORT");
        }
        return Files.readString(address).strip();
    }

    private Optional<String> tlsAuthority(Path folder) throws IOException {
        if (options.tlsAuthority != null) {
            return Optional.of(Files.readString(options.tlsAuthority));
        }
        Path usual = folder.resolve("tls-authority.pem");
        return Files.exists(usual) ? Optional.of(Files.readString(usual)) : Optional.empty();
    }

    /// Where instructions are written, for the one ledger that this home is for.
    public Desk desk() throws IOException, LedgerException, CommandFailure {
        return desk(courier());
    }

    Desk desk(Courier way) throws IOException, LedgerException, CommandFailure {
        Net net = way.net();
        if (new LedgerPin(options.home).check(net.ledger())) {
            note("this home now signs for ledger " + net.ledger());
        }
        return Desk.at(way).waiting(options.wait);
    }

    /// Where a command reads alone, whose home need not be for this ledger.
    Desk reading() throws IOException, LedgerException, CommandFailure {
        return Desk.at(courier());
    }

    /// The party that signs.
    public Party party() throws IOException, LedgerException, KeyFolderException, CommandFailure {
        PartyId id = partyId();
        return new Party(id, hand(keys(), id), desk());
    }

    PartyId partyId() throws IOException, CommandFailure {
        if (options.party != null) {
            return options.party;
        }
        List<PartyId> parties = new ArrayList<>();
        for (Owner owner : keys().owners()) {
            if (owner instanceof PartyId party) {
                parties.add(party);
            }
        }
        if (parties.size() != 1) {
            throw CommandFailure.cannot(
                    parties.size() + " parties have a key in " + options.home, "say who signs with --as PARTY");
        }
        return parties.getFirst();
    }

    Envelope.Hand hand(KeyFolder keys, Owner owner) throws IOException, KeyFolderException {
        return options.key == null ? keys.hand(owner) : keys.hand(owner, options.key);
    }

    MemberId memberId() throws CommandFailure {
        if (options.member == null) {
            throw CommandFailure.cannot("no member was given", "name it with --member MEMBER");
        }
        return options.member;
    }

    /// Where the books of reports under an agreement are: apart for each ledger, since another has other events under
    /// the same numbers.
    Path reports(AgreementId agreement) throws IOException, LedgerException, CommandFailure {
        String ledger = courier().net().ledger().hex().substring(0, LEDGER_SHOWN);
        return options.home
                .resolve("reports")
                .resolve(ledger)
                .resolve(agreement.text().replace('/', '+'));
    }

    Duration longest() {
        return options.wait;
    }

    public AgreementView agreement(AgreementId id) throws IOException, LedgerException, CommandFailure {
        return new Agreements(courier())
                .find(id)
                .orElseThrow(() -> CommandFailure.refused(
                        "there is no agreement " + id, "list those there are: tally agreement list"));
    }

    /// The version of an agreement that is in effect.
    static Document inEffect(AgreementView view) throws CommandFailure {
        return view.inEffect()
                .orElseThrow(() -> CommandFailure.refused(
                        view.id() + " is not adopted yet", "see who is missing: tally agreement show " + view.id()));
    }

    /// Says no to a period that an agreement does not settle.
    static void need(Document document, Period period) throws CommandFailure {
        if (period.frequency() != document.terms().frequency()) {
            throw CommandFailure.cannot(
                    period + " is no period of " + document.id() + ", which settles every "
                            + document.terms().frequency().text(),
                    "its first is " + document.opening().text());
        }
    }

    @Override
    public void close() {
        if (courier != null) {
            courier.close();
        }
    }
}
