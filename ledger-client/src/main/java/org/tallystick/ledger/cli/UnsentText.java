package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.ActSentences;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Cosigners;
import org.tallystick.ledger.client.Desk;

/// Instructions that are not sent yet, in words: what they ask for, who has signed, who must still.
final class UnsentText {

    private static final int LONGEST_VALUE = 300;

    private final Shell shell;

    UnsentText(Shell shell) {
        this.shell = shell;
    }

    /// Who has signed an instruction and who must still, as far as somebody can be asked who may recover the party.
    Cosigners cosigners(PartlySigned partlySigned) throws IOException, LedgerException, CommandFailure {
        List<Recovery> standing = List.of();
        if (shell.hasWay()
                && Cosigners.mayBeQuorum(partlySigned)
                && partlySigned.payload().party() instanceof PartyId party) {
            Optional<PartyRecord> record = new Agreements(shell.courier()).party(party);
            if (record.isPresent()) {
                standing = record.get().standing(Desk.at(shell.courier()).time());
            }
        }
        return new Cosigners(partlySigned, standing);
    }

    /// Says no to signatures of others that are not over this very payload.
    ///
    /// @return of each signature, whether it could be held against its key
    List<String> checked(PartlySigned partlySigned) throws IOException, LedgerException, CommandFailure {
        List<String> shown = new ArrayList<>();
        Map<Kid, Key> known = known(partlySigned);
        for (Kid kid : partlySigned.kids()) {
            Key key = known.get(kid);
            if (key == null) {
                shown.add(kid + (shell.hasWay() ? ", a key that the ledger does not know" : ", not checked"));
            } else if (partlySigned.isSignedBy(kid.owner(), key)) {
                shown.add(kid.text());
            } else {
                throw CommandFailure.refused(
                        "the signature of " + kid + " is not over this instruction: somebody changed the file",
                        "ask who gave you the file for the one that was signed");
            }
        }
        return shown;
    }

    private Map<Kid, Key> known(PartlySigned partlySigned) throws IOException, LedgerException, CommandFailure {
        Map<Kid, Key> known = new TreeMap<>();
        partlySigned
                .newKey()
                .ifPresent(key -> known.put(key.kid(partlySigned.payload().party()), key));
        if (shell.hasWay() && !partlySigned.kids().isEmpty()) {
            SortedMap<String, Json.Obj> records = shell.courier()
                    .get(partlySigned.kids().stream().map(UnsentText::name).toList());
            for (Kid kid : partlySigned.kids()) {
                Json.Obj record = records.get(name(kid));
                if (record != null) {
                    known.put(kid, KeyRecord.CODEC.decode().apply(record).key());
                }
            }
        }
        return known;
    }

    private static String name(Kid kid) {
        return Keys.key(kid.owner().text(), kid.thumb());
    }

    /// What whoever signs puts their name to.
    void show(PartlySigned partlySigned, Cosigners who, List<String> signed)
            throws IOException, LedgerException, CommandFailure {
        Payload payload = partlySigned.payload();
        List<String> lines = new ArrayList<>(List.of(
                clean(ActSentences.of(payload)),
                "  act         " + payload.kind().text() + " " + payload.id() + " by "
                        + payload.party().text(),
                "  ledger      " + payload.ledger()));
        payload.scope().ifPresent(scope -> {
            lines.add("  agreement   " + scope.agreement());
            lines.add("  version     " + scope.version());
        });
        lines.add("  good        from " + payload.from() + " until " + payload.until());
        payload.body().members().forEach((name, value) -> lines.add("  " + padded(name) + shown(value)));
        signed.forEach(kid -> lines.add("  signed by   " + kid));
        who.missing().forEach(one -> lines.add("  missing     " + one));
        rendered(payload).ifPresent(text -> lines.add("\n" + text));
        lines.forEach(shell.err()::println);
    }

    private static String padded(String name) {
        return name.length() < 11 ? name + " ".repeat(12 - name.length()) : name + "  ";
    }

    private static String shown(Json value) {
        Optional<Key> key = Key.parse(value);
        String text = key.map(ActSentences::named).orElseGet(() -> switch (value) {
            case Json.Text(var plain) -> plain;
            case Json.Arr(var items) when items.isEmpty() -> "(none)";
            case Json.Arr(var items)
            when items.stream().allMatch(Json.Text.class::isInstance) ->
                String.join(
                        ", ",
                        items.stream().map(item -> ((Json.Text) item).value()).toList());
            default -> value.canonical().utf8().orElseThrow();
        });
        return clean(text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + " ..." : text);
    }

    /// Nothing in a file of somebody else's breaks a line here or turns it round.
    private static String clean(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    /// The English of the terms that are offered, or that whoever accepts them has read.
    private Optional<String> rendered(Payload payload) throws IOException, LedgerException, CommandFailure {
        if (payload.kind() == ActKind.ACCEPT) {
            return shell.hasWay() ? accepted(payload.scope().orElseThrow()) : Optional.empty();
        }
        return payload.body()
                .find("document")
                .flatMap(document -> document instanceof Json.Obj object
                                && DocumentReader.read(object) instanceof DocumentReading.Accepted(var accepted)
                        ? Optional.of(accepted.terms().rendered())
                        : Optional.empty());
    }

    private Optional<String> accepted(Payload.Scope scope) throws IOException, LedgerException, CommandFailure {
        return new Agreements(shell.courier())
                .find(scope.agreement())
                .flatMap(AgreementView::offer)
                .map(AgreementView.OfferView::version)
                .filter(version -> version.hash().equals(scope.version()))
                .map(AgreementView.VersionView::rendered);
    }

    /// Tells what was written instead of sent.
    void written() throws CommandFailure {
        Path file = shell.unsentFile().orElseThrow();
        try {
            told(shell.unsent(), file, "written to");
        } catch (IOException | LedgerException e) {
            throw CommandFailure.cannot("the instruction is in " + file + ", and who must sign it is not known: " + e);
        }
    }

    /// Tells who must still sign these, and what is to be done next.
    void told(List<PartlySigned> unsent, Path file, String done) throws IOException, LedgerException, CommandFailure {
        List<Json> encoded = new ArrayList<>();
        boolean complete = true;
        for (PartlySigned partlySigned : unsent) {
            Cosigners who = cosigners(partlySigned);
            complete &= who.areComplete();
            encoded.add(encode(partlySigned, who));
            if (!shell.json()) {
                shell.out()
                        .println(done + " " + file + ", not sent: "
                                + partlySigned.payload().kind().text() + " "
                                + partlySigned.payload().id());
                partlySigned.kids().forEach(kid -> shell.out().println("  signed by " + kid));
                who.missing().forEach(one -> shell.out().println("  missing: " + one));
            }
        }
        if (shell.json()) {
            shell.print(encoded.size() == 1 ? encoded.getFirst() : Json.array(encoded));
        } else {
            shell.out()
                    .println(
                            complete
                                    ? "all have signed; send it: tally submit " + file
                                    : "who is missing signs with: tally sign " + file + " --as PARTY");
        }
    }

    private static Json encode(PartlySigned partlySigned, Cosigners who) {
        return Json.object()
                .with("act", partlySigned.payload().kind().text())
                .with("complete", who.areComplete())
                .with("id", partlySigned.payload().id().text())
                .with("instruction", partlySigned.instruction().hex())
                .with("missing", Json.texts(who.missing()))
                .with("party", partlySigned.payload().party().text())
                .with(
                        "signed",
                        Json.texts(partlySigned.kids().stream().map(Kid::text).toList()))
                .with("state", "unsent")
                .build();
    }

    /// Says no to another ledger's, and to what is over.
    void need(PartlySigned partlySigned) throws IOException, LedgerException, CommandFailure {
        Hash ledger = partlySigned.payload().ledger();
        shell.need(ledger);
        if (shell.hasWay()) {
            Hash here = shell.courier().net().ledger();
            if (!here.equals(ledger)) {
                throw CommandFailure.refused(
                        "the instruction is for ledger " + ledger + ", and this is ledger " + here,
                        "nothing was signed or sent");
            }
            if (!Desk.at(shell.courier()).time().isBefore(partlySigned.payload().until())) {
                throw CommandFailure.refused(
                        "the instruction was good until "
                                + partlySigned.payload().until() + ", and can have no effect any more",
                        "ask for it to be written again");
            }
        }
    }
}
