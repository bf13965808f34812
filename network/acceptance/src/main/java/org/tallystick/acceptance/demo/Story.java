package org.tallystick.acceptance.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.acceptance.Auditor;
import org.tallystick.acceptance.Ended;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Lies;
import org.tallystick.acceptance.Partner;
import org.tallystick.acceptance.SecondVerifier;
import org.tallystick.acceptance.Stand;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.Sentences;
import org.tallystick.ledger.keys.KeyFolderException;

/// What happens on the stand, chapter by chapter, and what is said about it.
final class Story {

    private static final String NOT_SETTLED = "2026-Q4";
    private static final int SHOWN = 4;

    private final Stand stand;
    private final Narrator narrator;
    private final Auditor auditor;
    private final TreeMap<String, String> statements = new TreeMap<>();

    Story(Stand stand, Narrator narrator) {
        this.stand = stand;
        this.narrator = narrator;
        this.auditor = new Auditor(stand, "demo");
    }

    void begin() {
        narrator.output(String.join("\n", stand.network().announced()));
        narrator.says("A gateway carries instructions to it: " + stand.gateway());
        narrator.says(
                "Each command below is run by the one it is about: with --home DIR, where only its own keys are,");
        narrator.says("and --gateway URL. Registrars are made known by each member's own admin, straight to its peer.");
        stand.registerRegistrars();
        narrator.says(
                "Each member made three keys of its log (tally log-key new) before its gateway started; its registrar");
        narrator.says("names them on the ledger.");
        stand.registerLogKeys(stand.network().members().getFirst());
        boolean _ = narrator.quietly(() -> {
            stand.network().members().parallelStream().skip(1).forEach(stand::registerLogKeys);
            return true;
        });
        if (stand.reachesEndOfExamples()) {
            narrator.says("The examples are of the year 2026, so the trial's clock was moved to the end of them.");
        }
    }

    void enroll(List<String> parties) {
        narrator.says("Parties make keys and enroll; a registrar of their member countersigns. Nobody is asked for a");
        narrator.says("passphrase here: without --unencrypted, tally key create asks for one.");
        parties.forEach(party -> stand.partner(party).enrolls());
    }

    void agree(ExampleAgreement agreement) {
        List<Partner> signers = agreement.signers().stream().map(stand::partner).toList();
        signers.getFirst().offers(agreement);
        signers.get(1).reads(agreement);
        signers.subList(1, signers.size()).forEach(signer -> signer.accepts(agreement));
    }

    void settle(ExampleAgreement agreement, String period) {
        agreement.signers().forEach(party -> stand.partner(party).reports(agreement, period));
        Partner hub = stand.partner(agreement.hub());
        hub.closes(agreement, period);
        statements.put(agreement.id() + " " + period, hub.statement(agreement, period));
        narrator.compares(
                "the settlement of " + period + " equals the example's to the last minor unit",
                hub.finds(agreement, period));
    }

    void log() throws IOException, InterruptedException {
        narrator.says(
                "This is what the gateway of " + stand.network().members().getFirst() + " shows under /log/cosigned:");
        narrator.says("how many leaves the log has, the root over them, and what the members signed below it.");
        narrator.output(stand.logs().awaitCosigned());
    }

    Path trust() throws IOException {
        return auditor.trusts(stand.logs().vkeys());
    }

    /// Made by the auditor itself at a peer, from what the members publish.
    Path packs(ExampleAgreement agreement) {
        return auditor.packs(agreement, List.copyOf(stand.logs().gateways().values()));
    }

    /// Made by a gateway.
    Path fetches(ExampleAgreement agreement) {
        narrator.says("This one a gateway makes. It is not believed, either.");
        return auditor.fetches(agreement, stand.gateway(), agreement.label());
    }

    void verify(ExampleAgreement agreement, Path pack, Path trust) throws IOException, InterruptedException {
        Ended ended = auditor.verifies(pack, trust);
        narrator.output(ended.output());
        narrator.compares("the pack of " + agreement.id() + " verifies, exit code 0", 0, ended.exitCode());
        narrator.compares(
                "it is of the final form: nothing was left out",
                true,
                ended.output().contains("; final form"));
    }

    void verifyOnceMore(Path root, Path pack, Path trust) throws IOException, InterruptedException {
        Optional<SecondVerifier> second = SecondVerifier.find(root);
        if (second.isEmpty()) {
            narrator.says("The second verifier was NOT RUN: " + SecondVerifier.MISSING + ".");
            return;
        }
        narrator.says("The second verifier, in Python, shares no code with the first.");
        Ended ended = second.get().verifies(pack, trust);
        ended.output()
                .lines()
                .filter(line -> line.startsWith("pack: ") || line.startsWith("result: "))
                .forEach(narrator::output);
        narrator.compares("the second verifier says the same, exit code 0", 0, ended.exitCode());
    }

    /// Changes one byte in the middle of the pack.
    void tamper(Path pack, Path trust) throws IOException, InterruptedException {
        int place = Math.toIntExact(Files.size(pack) / 2);
        narrator.says("Byte " + place + " of the pack is changed.");
        Ended ended = auditor.verifies(auditor.changed(pack, place), trust);
        List<String> found =
                ended.output().lines().filter(line -> line.contains("FAIL")).toList();
        found.stream().limit(SHOWN).forEach(narrator::output);
        if (found.size() > SHOWN) {
            narrator.output("... and " + (found.size() - SHOWN) + " more that follow from it");
        }
        narrator.compares("a changed pack does not verify, exit code 1", 1, ended.exitCode());
        narrator.compares("the place is named", false, found.isEmpty());
    }

    void lie(ExampleAgreement agreement) throws IOException, LedgerException, KeyFolderException {
        Lies lies = new Lies(stand, agreement, NOT_SETTLED);
        refused("forged", "somebody else's key signs for " + agreement.hub(), "key_unknown", lies.forged());
        refused("replayed", "a report that was applied is sent once more", "taken", lies.replayed());
        refused("altered", "what was signed is exchanged", "signature_wrong", lies.altered());
    }

    private void refused(String kind, String how, String code, Answer answer) {
        String told = answer instanceof Answer.Refused refused ? refused.code() : answer.toString();
        if (answer instanceof Answer.Refused refused) {
            narrator.output(refused.code() + ": " + Sentences.of(refused.code(), refused.values()));
        }
        narrator.compares("the " + kind + " instruction is refused (" + how + ")", code, told);
    }

    void killAndCompare(List<ExampleAgreement> agreements) throws IOException, InterruptedException {
        stand.network().kill();
        narrator.says("Killed. It is started again on the same folder.");
        stand.network().restart();
        stand.awaitGateway();
        narrator.output(String.join("\n", stand.network().announced()));
        narrator.says("Every statement is asked for once more.");
        List<String> differing = new ArrayList<>();
        for (ExampleAgreement agreement : agreements) {
            for (String period : agreement.periods()) {
                String before = statements.get(agreement.id() + " " + period);
                String now =
                        narrator.quietly(() -> stand.partner(agreement.hub()).statement(agreement, period));
                if (!now.equals(before)) {
                    differing.add(agreement.id() + " " + period + ": " + now);
                }
            }
        }
        narrator.compares("all " + statements.size() + " statements are the same as before", List.of(), differing);
    }
}
