package org.tallystick.acceptance.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.client.Sentences;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;

/// The dishonest part, and the auditor who finds it.
final class Lies {

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
    private static final String AUDITOR = "auditor";
    private static final int SHOWN = 4;

    private final Stage stage;
    private final Narrator narrator;

    Lies(Stage stage, Narrator narrator) {
        this.stage = stage;
        this.narrator = narrator;
    }

    /// What the auditor got from the members themselves: the ledger id and each member's certificate authority.
    Path trust() {
        Path file = stage.file("demo.tallytrust");
        String id = stage.ledgerAnnounced().stream()
                .filter(line -> line.startsWith("ledger "))
                .map(line -> line.substring("ledger ".length(), "ledger ".length() + 64))
                .findFirst()
                .orElseThrow();
        List<String> arguments = new ArrayList<>(List.of("trust"));
        for (String member : Stage.MEMBERS) {
            arguments.add(member + "=" + stage.identity(member).resolve("ca.pem"));
        }
        arguments.addAll(List.of("--ledger", id, "-o", file.toString()));
        Stage.Ended made = stage.tally(AUDITOR, arguments.toArray(String[]::new));
        narrator.compares("a trust file was made", 0, made.exitCode());
        return file;
    }

    Path verifies(ExampleAgreement agreement, Path trust) throws IOException, InterruptedException {
        String label = agreement.id().substring(agreement.id().lastIndexOf('/') + 1);
        Path pack = stage.file(label + ".tallypack");
        Stage.Ended packed = stage.tally(
                AUDITOR,
                "pack",
                agreement.id(),
                "-o",
                pack.toString(),
                "--identity",
                stage.identity("west").toString());
        narrator.compares("a pack was written", 0, packed.exitCode());
        TallyProcess.Ended ended = verify(pack, trust);
        narrator.output(ended.output());
        narrator.compares("the pack of " + agreement.id() + " verifies", 0, ended.exitCode());
        return pack;
    }

    private TallyProcess.Ended verify(Path pack, Path trust) throws IOException, InterruptedException {
        narrator.command("tally verify " + pack.getFileName() + " --trust " + trust.getFileName());
        return TallyProcess.run(List.of("verify", pack.toString(), "--trust", trust.toString()));
    }

    /// Changes one byte in the middle of the pack.
    void tamper(Path pack, Path trust) throws IOException, InterruptedException {
        byte[] bytes = Files.readAllBytes(pack);
        int place = bytes.length / 2;
        bytes[place] ^= 1;
        Path changed = stage.file("changed.tallypack");
        Files.write(changed, bytes);
        narrator.says("Byte " + place + " of the pack is changed.");
        TallyProcess.Ended ended = verify(changed, trust);
        List<String> found =
                ended.output().lines().filter(line -> line.contains("FAIL")).toList();
        found.stream().limit(SHOWN).forEach(narrator::output);
        if (found.size() > SHOWN) {
            narrator.output("... and " + (found.size() - SHOWN) + " more that follow from it");
        }
        narrator.compares("a changed pack does not verify", 1, ended.exitCode());
        narrator.compares("the place is named", true, ended.output().contains("FAIL"));
    }

    /// Straight to a peer, past the gateway: the chaincode alone refuses.
    void forgeReplayAlter(ExampleAgreement agreement)
            throws IOException, LedgerException, KeyFolderException, InterruptedException {
        MemberIdentity identity = MemberIdentity.read("east", stage.identity("east"), "gateway");
        String address =
                Files.readString(stage.identity("east").resolve("address")).strip();
        try (Ledger ledger = FabricLedger.connect(FabricLedger.Settings.of(address, identity))) {
            LedgerCourier courier = new LedgerCourier(ledger);
            Payload close = close(agreement, ledger.net(), "2026-Q4");
            SigningKey mallory = SigningKey.generate(Algorithm.ES256, new SecureRandom());
            Bytes forged = Envelope.sign(close, new Envelope.Hand(close.party(), mallory));
            refused("forged", "somebody else's key signs for " + close.party().text(), "key_unknown", courier, forged);

            Bytes report = firstReport(ledger, agreement);
            refused("replayed", "a report that was applied is sent once more", "taken", courier, report);

            KeyFolder keys = new KeyFolder(stage.home(agreement.hub()));
            Bytes honest = Envelope.sign(close, keys.hand(close.party()));
            Payload other = close(agreement, ledger.net(), "2026-Q4");
            refused("altered", "what was signed is exchanged", "signature_wrong", courier, exchange(honest, other));
        }
    }

    private static Payload close(ExampleAgreement agreement, Net net, String period) throws LedgerException {
        byte[] entropy = new byte[10];
        new SecureRandom().nextBytes(entropy);
        LedgerTime now = net.time(new LedgerTime(Instant.now().getEpochSecond()));
        Json.Obj document = agreement.document();
        return Payload.of(
                net.ledger(),
                new PartyId(agreement.hub()),
                Ulid.of(now.seconds() * 1000, Bytes.copyOf(entropy)),
                now.plus(Duration.ofMinutes(-1)),
                now.plus(Duration.ofDays(1)),
                Optional.of(Payload.Scope.of(new AgreementId(agreement.id()), Hash.of(document.canonical()))),
                new Act.Close(period));
    }

    /// The envelope with another payload under the same signatures.
    private static Bytes exchange(Bytes envelope, Payload payload) {
        if (JsonReader.readCanonical(envelope) instanceof JsonReader.Value(Json.Obj honest)) {
            TreeMap<String, Json> members = new TreeMap<>(honest.members());
            members.put("payload", Json.text(Base64Url.encode(payload.bytes())));
            return new Json.Obj(members).canonical();
        }
        throw new IllegalStateException("our own envelope is not canonical");
    }

    /// The first report of the agreement, as it stands in its block.
    private static Bytes firstReport(Ledger ledger, ExampleAgreement agreement) throws LedgerException {
        try (BlockStream blocks = ledger.blocks(0)) {
            while (blocks.hasNext()) {
                for (LedgerBlock.Transaction transaction : blocks.next().transactions()) {
                    for (Bytes argument : transaction.arguments()) {
                        if (Signed.read(argument) instanceof Signed signed
                                && signed.payload().kind() == ActKind.REPORT
                                && signed.payload()
                                        .scope()
                                        .filter(scope ->
                                                scope.agreement().text().equals(agreement.id()))
                                        .isPresent()) {
                            return argument;
                        }
                    }
                }
            }
        }
        throw new IllegalStateException("no report on the ledger");
    }

    private void refused(String kind, String how, String code, LedgerCourier courier, Bytes envelope)
            throws LedgerException {
        if (!(Signed.read(envelope) instanceof Signed signed)) {
            throw new IllegalStateException("the envelope is misformed");
        }
        Answer answer = courier.send(List.of(signed), LONGEST_ANSWER).getFirst().answer();
        String told = answer instanceof Answer.Refused refused ? refused.code() : answer.toString();
        if (answer instanceof Answer.Refused refused) {
            narrator.output(refused.code() + ": " + Sentences.of(refused.code(), refused.values()));
        }
        narrator.compares("the " + kind + " instruction is refused (" + how + ")", code, told);
    }
}
