package org.tallystick.acceptance.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Settlements;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.StatementView;

/// The honest part: members and parties begin, agree, report, declare and settle.
final class Story {

    /// The examples end with the third quarter of 2026; before that day a trial's clock is moved there.
    private static final String ALL_OVER = "2026-10-02";

    private final Stage stage;
    private final Narrator narrator;
    private final TreeMap<String, String> statements = new TreeMap<>();

    Story(Stage stage, Narrator narrator) {
        this.stage = stage;
        this.narrator = narrator;
    }

    void begin() {
        narrator.output(String.join("\n", stage.ledgerAnnounced()));
        narrator.says("A gateway carries instructions to it: " + stage.gateway());
        narrator.says(
                "Each command below is run by the one it is about: with --home DIR, where only its own keys are,");
        narrator.says("and --gateway URL. Registrars are made known by each member's own admin, straight to its peer.");
        for (String member : Stage.MEMBERS) {
            expectDone(stage.tally(member, "key", "create", member));
            expectDone(stage.tally(
                    member,
                    "member",
                    "register",
                    member,
                    "--identity",
                    stage.identity(member).toString()));
        }
        if (Instant.now().isBefore(Instant.parse(ALL_OVER + "T00:00:00Z"))) {
            narrator.says("The examples are of the year 2026, so the trial's clock is moved to the end of them.");
            expectDone(stage.tally("north", "trial", "clock", "north", ALL_OVER));
        }
    }

    void enroll(List<String> parties) {
        narrator.says("Parties make keys and enroll; a registrar of their member countersigns.");
        for (String party : parties) {
            String member = party.substring(0, party.indexOf('/'));
            expectDone(stage.tally(party, "key", "create", party));
            expectDone(stage.tally(
                    party,
                    "party",
                    "enroll",
                    party,
                    "--registrar",
                    stage.home(member).toString()));
        }
    }

    void agree(ExampleAgreement agreement) throws IOException, LedgerException {
        String label = agreement.id().substring(agreement.id().lastIndexOf('/') + 1);
        Path document = stage.write(label + ".json", agreement.document());
        String offerer = agreement.signers().getFirst();
        expectDone(stage.tally(offerer, "agreement", "offer", document.toString(), "--as", offerer));
        for (String party : agreement.signers().subList(1, agreement.signers().size())) {
            String[] show = {"agreement", "show", agreement.id()};
            boolean first = party.equals(agreement.signers().get(1));
            if (first) {
                expectDone(stage.tally(party, show));
            }
            String version = version(agreement);
            expectDone(
                    stage.tally(party, "agreement", "accept", agreement.id(), "--of-version", version, "--as", party));
        }
    }

    /// The first digits of the version on offer, which who accepts has read.
    private String version(ExampleAgreement agreement) throws LedgerException {
        try (HttpCourier courier = new HttpCourier(stage.gateway())) {
            return new Agreements(courier)
                    .find(new AgreementId(agreement.id()))
                    .flatMap(view -> view.shown())
                    .orElseThrow()
                    .hash()
                    .hex()
                    .substring(0, 12);
        }
    }

    void settle(ExampleAgreement agreement, String period) {
        for (ExampleAgreement.Source source : agreement.sources()) {
            String owner = agreement.ledgerParty(source.owner());
            List<Json> events = agreement.events(source.id(), period);
            if (!events.isEmpty()) {
                Path file = write(period + "-" + source.id() + ".json", Json.array(events));
                expectDone(stage.tally(
                        owner, "report", agreement.id(), file.toString(), "--source", source.id(), "--as", owner));
            }
            expectDone(stage.tally(owner, "declare", agreement.id(), period, "--source", source.id(), "--as", owner));
        }
        expectDone(stage.tally(agreement.hub(), "close", agreement.id(), period, "--as", agreement.hub()));
        Stage.Ended statement = stage.tally(agreement.hub(), "statement", agreement.id(), period);
        expectDone(statement);
        statements.put(agreement.id() + " " + period, statement.output());
        narrator.compares(
                "the settlement of " + period + " equals the example's to the last minor unit",
                difference(agreement, period));
    }

    private Path write(String name, Json content) {
        try {
            return stage.write(name, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<String> difference(ExampleAgreement agreement, String period) {
        try (HttpCourier courier = new HttpCourier(stage.gateway())) {
            Optional<StatementView> settled = new Agreements(courier)
                    .statement(
                            new AgreementId(agreement.id()),
                            Period.parse(period).orElseThrow());
            return settled.isEmpty()
                    ? Optional.of("it is not settled")
                    : Settlements.difference(
                            agreement.expected(period),
                            settled.get().lines(),
                            settled.get().settlement());
        } catch (LedgerException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    void killAndCompare(List<ExampleAgreement> agreements) throws IOException, InterruptedException {
        stage.killLedger();
        narrator.says("Killed. It is started again on the same folder.");
        stage.restartLedger();
        stage.awaitGateway();
        narrator.output(String.join("\n", stage.ledgerAnnounced()));
        List<String> differing = new ArrayList<>();
        for (ExampleAgreement agreement : agreements) {
            for (String period : agreement.periods()) {
                String before = statements.get(agreement.id() + " " + period);
                String now = stage.quietly(agreement.hub(), "statement", agreement.id(), period)
                        .output();
                if (!now.equals(before)) {
                    differing.add(agreement.id() + " " + period + ": " + now);
                }
            }
        }
        narrator.compares("all " + statements.size() + " statements are the same as before", List.of(), differing);
    }

    private void expectDone(Stage.Ended ended) {
        if (ended.exitCode() != 0) {
            narrator.compares("the command is done", 0, ended.exitCode());
        }
    }
}
