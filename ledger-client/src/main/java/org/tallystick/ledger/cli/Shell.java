package org.tallystick.ledger.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.PartlySigned;
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
import org.tallystick.ledger.keys.ProgramSigner;
import org.tallystick.ledger.keys.StoredKey;

/// What a command works with: where to print, the keys of its home, and the way to the ledger. Opened when first asked
/// for, and closed with the run.
public final class Shell implements AutoCloseable {

    private static final String USUAL_IDENTITY = "gateway";
    private static final int LEDGER_SHOWN = 16;

    private final Options options;
    private final Terminal terminal;
    private final AskedPassphrases passphrases;
    private final List<PartlySigned> unsent = new ArrayList<>();
    private final PrintWriter out;
    private final PrintWriter err;
    private @Nullable Courier courier;

    Shell(Options options, Terminal terminal, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.terminal = terminal;
        this.passphrases = new AskedPassphrases(terminal);
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
        return flags().chaincodeName();
    }

    /// Whether a gateway carries and keeps what is sent.
    boolean throughGateway() {
        return options.gateway != null;
    }

    /// The gateway that answers in the place of a peer, if no peer is named.
    Optional<URI> gateway() {
        return options.identity == null ? Optional.ofNullable(options.gateway) : Optional.empty();
    }

    public Path home() {
        return options.home;
    }

    public KeyFolder keys() {
        return keys(options.home);
    }

    KeyFolder keys(Path home) {
        return new KeyFolder(home, passphrases());
    }

    AskedPassphrases passphrases() {
        passphrases.file = options.passphraseFile;
        return passphrases;
    }

    Terminal terminal() {
        return terminal;
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

    /// The peer that is reached so; whoever asks closes it.
    public Ledger ledger(PeerAccess access) throws IOException, LedgerException, CommandFailure {
        return ledger(USUAL_IDENTITY, access);
    }

    private Ledger ledger(String usual) throws IOException, LedgerException, CommandFailure {
        return ledger(usual, flags());
    }

    /// What the flags say of the way to a peer.
    public PeerAccess flags() {
        return new PeerAccess(
                Optional.ofNullable(options.identity),
                Optional.ofNullable(options.member),
                Optional.ofNullable(options.peer),
                Optional.ofNullable(options.tlsAuthority),
                Optional.ofNullable(options.channel),
                Optional.ofNullable(options.chaincode));
    }

    private static Ledger ledger(String usual, PeerAccess access) throws IOException, LedgerException, CommandFailure {
        if (access.identity().isEmpty()) {
            throw CommandFailure.cannot(
                    "no way to the ledger was given",
                    "name a gateway with --gateway URL, or a peer with --peer HOST:PORT --identity DIR");
        }
        Path folder = access.identity().get();
        String name = usual;
        if (!Files.isDirectory(folder)) {
            name = String.valueOf(folder.getFileName());
            folder = Optional.ofNullable(folder.getParent()).orElse(Path.of("."));
        }
        try {
            MemberIdentity identity = MemberIdentity.read(member(access, folder), folder, name);
            return FabricLedger.connect(new FabricLedger.Settings(
                    peer(access, folder),
                    identity,
                    access.channelName(),
                    access.chaincodeName(),
                    tlsAuthority(access, folder)));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.cannot("the identity in " + folder + ": " + e.getMessage());
        }
    }

    private static String member(PeerAccess access, Path folder) {
        return access.member()
                .map(MemberId::text)
                .orElseGet(
                        () -> String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    }

    private static String peer(PeerAccess access, Path folder) throws IOException, CommandFailure {
        if (access.peer().isPresent()) {
            return access.peer().get();
        }
        Path address = folder.resolve("address");
        if (!Files.exists(address)) {
            throw CommandFailure.cannot("no peer was given", "name it with --peer HOST:PORT");
        }
        return Files.readString(address).strip();
    }

    private static Optional<String> tlsAuthority(PeerAccess access, Path folder) throws IOException {
        if (access.tlsAuthority().isPresent()) {
            return Optional.of(Files.readString(access.tlsAuthority().get()));
        }
        Path usual = folder.resolve("tls-authority.pem");
        return Files.exists(usual) ? Optional.of(Files.readString(usual)) : Optional.empty();
    }

    /// Where instructions are written, for the one ledger that this home is for.
    public Desk desk() throws IOException, LedgerException, CommandFailure {
        return desk(courier());
    }

    Desk desk(Courier way) throws IOException, LedgerException, CommandFailure {
        pin(way.net().ledger());
        Desk desk = Desk.at(way).waiting(options.wait);
        Path file = options.unsent;
        return file == null ? desk : desk.unsent(partlySigned -> keep(file, partlySigned));
    }

    /// Says no to another ledger than the one that this home is for, and notes nothing.
    void need(Hash ledger) throws IOException, CommandFailure {
        new LedgerPin(options.home).need(ledger);
    }

    /// Says no to another ledger than the one that this home is for from now on.
    void pin(Hash ledger) throws IOException, CommandFailure {
        if (new LedgerPin(options.home).check(ledger)) {
            note("this home now signs for ledger " + ledger);
        }
    }

    private void keep(Path file, PartlySigned partlySigned) {
        try {
            UnsentFile.add(file, partlySigned, unsent.isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        unsent.add(partlySigned);
    }

    /// What was written and not sent.
    List<PartlySigned> unsent() {
        return List.copyOf(unsent);
    }

    Optional<Path> unsentFile() {
        return Optional.ofNullable(options.unsent);
    }

    /// Whether somebody can be asked what the ledger knows.
    boolean hasWay() {
        return options.gateway != null || options.identity != null;
    }

    /// Where a command reads alone, whose home need not be for this ledger.
    Desk reading() throws IOException, LedgerException, CommandFailure {
        return Desk.at(courier());
    }

    /// The party that signs an act.
    public Party party(ActKind act) throws IOException, LedgerException, KeyFolderException, CommandFailure {
        PartyId id = partyId();
        return new Party(id, hands(keys(), id, act), desk());
    }

    PartyId partyId() throws IOException, CommandFailure {
        if (options.signer instanceof PartyId party) {
            return party;
        }
        if (options.signer != null) {
            throw CommandFailure.cannot(
                    options.signer.text() + " is a member, and a party is needed",
                    "name a party of it, such as " + options.signer.text() + "/vendor");
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

    /// Who was named to sign, if anybody was.
    Optional<Owner> signer() {
        return Optional.ofNullable(options.signer);
    }

    /// The key of this owner that signs an act, ready to sign; where nothing is sent, none if it is not here.
    List<Envelope.Hand> hands(KeyFolder keys, Owner owner, ActKind act)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        return hands(keys, owner, act, Optional.ofNullable(options.key));
    }

    /// @param thumb the beginning of the key's thumbprint, if one was named for this owner
    List<Envelope.Hand> hands(KeyFolder keys, Owner owner, ActKind act, Optional<String> thumb)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        boolean written = options.unsent != null && keys.keys(owner).isEmpty();
        return written ? List.of() : hands(keys, key(keys, owner, act, asked(keys, owner, thumb)));
    }

    private static List<StoredKey> asked(KeyFolder keys, Owner owner, Optional<String> thumb)
            throws IOException, KeyFolderException {
        if (thumb.isEmpty() || keys.keys(owner).isEmpty()) {
            return keys.keys(owner);
        }
        List<StoredKey> found = keys.keys(owner, thumb.get());
        if (found.isEmpty()) {
            throw new KeyFolderException(
                    "no key of " + owner.text() + " in " + keys.home() + " begins with " + thumb.get(),
                    "list them: tally key show " + owner.text());
        }
        return found;
    }

    /// A key ready to sign; where nothing is sent, none if it is not here.
    List<Envelope.Hand> hands(KeyFolder keys, StoredKey key) throws IOException, KeyFolderException {
        return options.unsent != null && !key.isHere() && options.program == null
                ? List.of()
                : List.of(hand(keys, key));
    }

    Envelope.Hand hand(KeyFolder keys, StoredKey key) throws IOException, KeyFolderException {
        return key.isHere() || options.program == null
                ? keys.hand(key)
                : new Envelope.Hand(key.owner(), new ProgramSigner(key.key(), options.program));
    }

    /// The key of this owner that signs an act: the one that `--key` names, else the one that its purpose is for.
    StoredKey key(KeyFolder keys, Owner owner, ActKind act)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        return key(keys, owner, act, asked(keys, owner, Optional.ofNullable(options.key)));
    }

    /// Whether `--key` leaves this one to be chosen.
    boolean named(StoredKey key) {
        return options.key == null || key.key().thumb().startsWith(options.key);
    }

    /// @param asked those that may be
    StoredKey key(KeyFolder keys, Owner owner, ActKind act, List<StoredKey> asked)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        List<StoredKey> elsewhere = asked.stream().filter(key -> !key.isHere()).toList();
        List<StoredKey> found = options.program == null || elsewhere.isEmpty() ? asked : elsewhere;
        if (found.isEmpty()) {
            throw keys.none(owner);
        }
        return found.size() == 1
                ? found.getFirst()
                : new KeyChoice(courier(), Desk.at(courier()).time()).of(found, owner, act);
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

    /// After a command that was done.
    void done() {
        if (options.unsent != null && unsent.isEmpty()) {
            note("nothing was written to " + options.unsent + ": this command signs nothing");
        }
    }

    @Override
    public void close() {
        if (courier != null) {
            courier.close();
        }
    }
}
