package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Envelope.Hand;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;

/// How instructions are taken in: their forms, what is looked at before anything is stored, and what is told of them.
class IntakeTest {

    private static final String LINES = "application/x-ndjson";

    @TempDir
    Path folder = Path.of(".");

    private static Bytes sign(Payload payload, Owner owner, SigningKey key) {
        return Envelope.sign(payload, List.of(new Hand(owner, key)));
    }

    /// A payload with the signature of another.
    private static Bytes wronglySigned(Bytes payload, Bytes signature) {
        String text = signature.utf8().orElseThrow();
        String other = payload.utf8().orElseThrow();
        int from = other.indexOf("\"signatures\"");
        return Bytes.ofUtf8(other.substring(0, from) + text.substring(text.indexOf("\"signatures\"")));
    }

    @ParameterizedTest(name = "behind the last line: {0}")
    @CsvSource({"nothing", "a line feed"})
    void a_line_for_each_is_taken_as_an_array_is(String end) {
        try (Stand stand = Stand.at(folder, 1).enrolled()) {
            Partners.Deal deal = stand.agreed("lines");
            Bytes one = deal.report("s0", 1, 1);
            Bytes two = deal.report("s1", 1, 1);
            String text = one.utf8().orElseThrow() + "\n{}\n" + two.utf8().orElseThrow()
                    + (end.equals("nothing") ? "" : "\n");

            Stand.Reply reply = stand.send("POST", "/v1/instructions", LINES, text.getBytes(UTF_8));

            assertThat(reply.status()).isEqualTo(202);
            assertThat(reply.header("location")).isEmpty();
            assertThat(reply.instructions()).hasSize(3);
            assertThat(reply.instructions().get(1).text("code")).isEqualTo("envelope_form");
            assertThat(reply.instructions().getFirst().text("location")).isEqualTo(Stand.location(one));
            assertThat(reply.instructions().getLast().text("location")).isEqualTo(Stand.location(two));
            stand.haveOneVerdict(one, two);
        }
    }

    @Test
    void who_brings_one_is_told_where_it_stands_and_waits_as_it_prefers() {
        try (Stand stand = Stand.at(folder, 2).enrolled()) {
            Bytes report = stand.agreed("waits").report("s0", 1, 1);
            stand.ledger.faults.unavailable = true;

            Stand.Reply taken = stand.send(
                    "POST", "/v1/instructions", "application/jose+json", report.toArray(), "prefer", "wait=0");
            Stand.Reply still = stand.send(
                    "POST", "/v1/instructions", "application/jose+json", report.toArray(), "prefer", "wait=1");
            stand.ledger.faults.unavailable = false;
            Stand.Reply read = stand.send(
                    "GET", taken.header("location"), "", new byte[0], "prefer", "handling=lenient, wait=\"99\"");
            Stand.Reply again = stand.send(
                    "POST", "/v1/instructions", "application/jose+json", report.toArray(), "prefer", "wait=soon");

            assertThat(taken.status()).isEqualTo(202);
            assertThat(taken.header("preference-applied")).isEmpty();
            assertThat(still.status()).isEqualTo(200);
            assertThat(still.header("preference-applied")).isEqualTo("wait=1");
            assertThat(still.instructions().getFirst().text("state")).isEqualTo("received");
            assertThat(read.body().text("state")).isEqualTo("applied");
            assertThat(read.header("preference-applied")).isEqualTo("wait=30");
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.header("location")).isEqualTo(taken.header("location"));
            assertThat(again.instructions().getFirst().text("state")).isEqualTo("applied");
        }
    }

    @Test
    void who_waits_with_many_is_answered_when_all_have_their_verdicts() {
        try (Stand stand = Stand.at(folder, 3).enrolled()) {
            Partners.Deal deal = stand.agreed("waits");
            List<String> texts = new ArrayList<>();
            for (int n = 1; n <= 50; n++) {
                texts.add(deal.report("s" + n % 10, 1 + (n - 1) / 10, 1).utf8().orElseThrow());
            }

            Stand.Reply reply = stand.send(
                    "POST",
                    "/v1/instructions",
                    LINES,
                    String.join("\n", texts).getBytes(UTF_8),
                    "prefer",
                    "respond-async, wait=30");

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.instructions()).allMatch(item -> item.text("state").equals("applied"));
        }
    }

    @Promise("P14")
    @Test
    void what_the_ledger_would_never_take_is_refused_with_its_code_and_not_stored() {
        try (Stand stand = Stand.at(folder, 4).enrolled()) {
            Partners.Deal deal = stand.agreed("refused");
            Bytes wrong = wronglySigned(deal.report("s0", 1, 1), deal.report("s0", 1, 2));
            Bytes foreign = sign(deal.reportPayload("s0", 1, 1), Partners.ANA, stand.partners.signing(Partners.HUB));
            Payload elsewhere = Payload.of(
                    Hash.of(Bytes.ofUtf8("another ledger")),
                    Partners.HUB,
                    stand.partners.ulid(),
                    stand.partners.now(),
                    stand.partners.now().plus(java.time.Duration.ofDays(1)),
                    Optional.of(deal.scope()),
                    deal.reportAct("s0", 1, 1));
            Bytes other = stand.partners.sign(elsewhere, Partners.HUB);

            assertThat(stand.post(wrong).code()).isEqualTo("signature_wrong");
            assertThat(stand.post(foreign).code()).isEqualTo("signers_wrong");
            assertThat(stand.post(other).code()).isEqualTo("wrong_ledger");
            for (Bytes envelope : List.of(wrong, foreign, other)) {
                assertThat(stand.status(envelope).status()).isEqualTo(404);
            }
            List<Json.Obj> items = stand.postAll(List.of(wrong, deal.report("s0", 1, 1), other))
                    .instructions();
            assertThat(items.getFirst().text("code")).isEqualTo("signature_wrong");
            assertThat(items.get(1).has("state")).isTrue();
            assertThat(items.getLast().text("code")).isEqualTo("wrong_ledger");
        }
    }

    @Test
    void a_key_of_another_party_is_refused_for_it_can_never_be_registered_again() {
        try (Stand stand = Stand.at(folder, 5).enrolled()) {
            Partners.Deal deal = stand.agreed("foreign");
            Payload payload =
                    stand.partners.payload(Partners.ANA, Optional.of(deal.scope()), deal.reportAct("s0", 1, 1));

            Stand.Reply reply = stand.post(sign(payload, Partners.ANA, stand.partners.signing(Partners.HUB)));

            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.code()).isEqualTo("key_unknown");
        }
    }

    @Test
    void a_key_that_is_not_known_yet_is_left_to_the_ledger() {
        try (Stand stand = Stand.at(folder, 6).enrolled()) {
            Partners.Deal deal = stand.agreed("unknown");
            PartyId eve = new PartyId("north/eve");
            Bytes enrollment = stand.partners.enroll(eve);
            Bytes early = stand.partners.sign(
                    stand.partners.payload(eve, Optional.of(deal.scope()), deal.reportAct("s0", 1, 1)), eve);

            Stand.Reply reply = stand.post(early);

            assertThat(reply.status()).isEqualTo(202);
            assertThat(stand.await(early).body().object("answer").text("code")).isEqualTo("key_unknown");
            stand.applied(enrollment);
            assertThat(stand.post(early).status()).isEqualTo(202);
            assertThat(stand.await(early).body().object("answer").text("code")).isEqualTo("not_a_party");
        }
    }

    @Test
    void a_key_that_was_revoked_since_it_was_read_is_refused_by_the_ledger_alone() {
        try (Stand stand = Stand.at(folder, 7).enrolled()) {
            Partners.Deal deal = stand.agreed("revoked");
            stand.applied(deal.report("s0", 1, 1));
            String name = Keys.key(
                    Partners.HUB.text(),
                    stand.partners.signing(Partners.HUB).key().thumb());
            KeyRecord record = KeyRecord.CODEC.decode().apply(stand.ledger.get(name));
            KeyRecord revoked =
                    record.revoked(new LedgerTime(stand.partners.now().seconds() - 60), "lost");
            stand.ledger.put(name, KeyRecord.CODEC.encode().apply(revoked));
            Bytes late = deal.report("s0", 2, 1);

            assertThat(stand.post(late).status()).isEqualTo(202);
            assertThat(stand.await(late).body().object("answer").text("code")).isEqualTo("key_revoked");
        }
    }

    @Promise("P12")
    @Test
    void without_the_ledger_what_cannot_be_checked_is_taken() {
        try (Stand stand = Stand.at(folder, 8).enrolled()) {
            Partners.Deal deal = stand.agreed("blind");
            stand.restart();
            stand.ledger.faults.unavailable = true;
            Bytes wrong = wronglySigned(deal.report("s0", 1, 1), deal.report("s0", 1, 2));

            Stand.Reply reply = stand.post(wrong);
            stand.ledger.faults.unavailable = false;

            assertThat(reply.status()).isEqualTo(202);
            assertThat(stand.await(wrong).body().object("answer").text("code")).isEqualTo("signature_wrong");
        }
    }

    @Tag("slow")
    @Test
    void five_thousand_are_taken_in_one_request_and_each_is_answered() {
        try (Stand stand = Stand.at(folder, 9).enrolled()) {
            Partners.Deal deal = stand.agreed("many");
            List<Bytes> reports = new ArrayList<>();
            StringBuilder lines = new StringBuilder();
            for (int n = 0; n < 5_000; n++) {
                Bytes report = deal.report("s" + n % 10, 1 + n / 10, 1);
                reports.add(report);
                lines.append(report.utf8().orElseThrow()).append('\n');
            }

            Stand.Reply reply = stand.send(
                    "POST", "/v1/instructions", LINES, lines.toString().getBytes(UTF_8));

            assertThat(reply.status()).as(reply.text().substring(0, 200)).isEqualTo(202);
            assertThat(reply.instructions())
                    .extracting(item -> item.text("instruction"))
                    .containsExactlyElementsOf(reports.stream()
                            .map(report -> Partners.read(report).instruction().hex())
                            .toList());
            assertThat(stand.await(reports.getLast()).body().text("state")).isEqualTo("applied");
        }
    }
}
