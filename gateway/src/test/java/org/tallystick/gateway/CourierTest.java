package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.ledger.LedgerBlock;

/// What becomes of instructions between the acknowledgment and the verdict.
@Tag("slow")
final class CourierTest {

    @TempDir
    Path folder = Path.of(".");

    @Test
    void reports_in_the_wrong_order_come_out_right() {
        try (Stand stand = Stand.at(folder, 1).enrolled()) {
            Partners.Deal deal = stand.agreed("order");
            List<Bytes> reports = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                reports.add(deal.report("s0", 1 + 3L * n, 3));
            }
            List<Bytes> shuffled = new ArrayList<>(reports);
            Collections.shuffle(shuffled, new Random(1));

            for (Bytes report : shuffled) {
                assertThat(stand.post(report).status()).isEqualTo(202);
            }

            stand.haveOneVerdict(reports.toArray(Bytes[]::new));
            assertThat(reports).allMatch(report -> stand.state(report).equals("applied"));
        }
    }

    @Test
    void what_waits_is_offered_again_when_its_cause_is_gone_and_not_before() {
        try (Stand stand = Stand.at(folder, 2).enrolled()) {
            Partners.Deal deal = stand.agreed("gap");
            Bytes second = deal.report("s0", 2, 1);
            assertThat(stand.post(second).status()).isEqualTo(202);
            eventually(() -> stand.state(second).equals("waiting"));
            assertThat(stand.code(second)).isEqualTo("gap");
            int asked = stand.ledger.endorsements();

            pause(Duration.ofMillis(300));
            assertThat(stand.ledger.endorsements()).isEqualTo(asked);
            stand.applied(deal.report("s0", 1, 1));

            stand.haveOneVerdict(second);
        }
    }

    @Test
    void what_waits_for_the_clock_is_offered_again_when_a_trial_clock_moves() {
        try (Stand stand = Stand.at(folder, 3).enrolled()) {
            Payload payload = stand.partners.payload(
                    new PartyId("north/eve"),
                    Optional.empty(),
                    stand.partners.enrollment(new PartyId("north/eve")),
                    stand.partners.now().plus(Duration.ofHours(3)),
                    stand.partners.now().plus(Duration.ofHours(4)));
            Bytes early = stand.partners.sign(payload, new PartyId("north/eve"), Partners.MEMBER);
            assertThat(stand.post(early).status()).isEqualTo(202);
            eventually(() -> stand.state(early).equals("waiting"));
            assertThat(stand.code(early)).isEqualTo("not_yet_valid");

            stand.applied(stand.partners.trialClock(Duration.ofHours(3).plusMinutes(1)));

            stand.haveOneVerdict(early);
        }
    }

    @Test
    void what_waits_for_a_second_is_offered_again_after_it() {
        try (Stand stand = Stand.at(folder, 4).enrolled()) {
            PartyId eve = new PartyId("north/eve");
            Payload payload = stand.partners.payload(
                    eve,
                    Optional.empty(),
                    stand.partners.enrollment(eve),
                    stand.partners.now().plus(Duration.ofSeconds(2)),
                    stand.partners.now().plus(Duration.ofHours(1)));
            Bytes early = stand.partners.sign(payload, eve, Partners.MEMBER);

            assertThat(stand.post(early).status()).isEqualTo(202);

            stand.haveOneVerdict(early);
        }
    }

    @Test
    void what_waits_until_its_window_ends_is_refused_by_the_ledger() {
        try (Stand stand = Stand.at(folder, 5).enrolled()) {
            Partners.Deal deal = stand.agreed("late");
            Payload payload = stand.partners.payload(
                    Partners.HUB,
                    Optional.of(deal.scope()),
                    deal.reportAct("s0", 5, 1),
                    stand.partners.now(),
                    stand.partners.now().plus(Duration.ofSeconds(3)));
            Bytes never = stand.partners.sign(payload, Partners.HUB);

            assertThat(stand.post(never).status()).isEqualTo(202);

            stand.haveOneVerdict(never);
            assertThat(stand.code(never)).isEqualTo("expired");
        }
    }

    @Promise("P14")
    @Test
    void poison_in_a_batch_of_a_hundred_harms_nobody() {
        try (Stand stand = Stand.at(folder, 6).enrolled()) {
            Partners.Deal deal = stand.agreed("poison");
            List<Bytes> all = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                all.add(deal.report("s" + n % 10, 1 + n / 10, 1));
            }
            Bytes forged = Envelope.sign(
                    Partners.read(all.get(40)).payload(), new Envelope.Hand(Partners.HUB, stand.partners.newKey()));
            Bytes poison = deal.report("s9", 50, 1);
            stand.ledger.faults.failing = arguments -> arguments.contains(poison);
            List<String> texts = new ArrayList<>();
            all.forEach(one -> texts.add(one.utf8().orElseThrow()));
            texts.add(30, "{\"payload\":\"\",\"signatures\":[]}");
            texts.add(50, poison.utf8().orElseThrow());
            texts.add(60, forged.utf8().orElseThrow());
            texts.add("");

            Stand.Reply reply = stand.send(
                    "POST",
                    "/v1/instructions",
                    "application/json",
                    Json.texts(texts).canonical().toArray());

            assertThat(reply.status()).isEqualTo(202);
            assertThat(reply.instructions().get(30).text("code")).isEqualTo("envelope_form");
            assertThat(reply.instructions().getLast().text("code")).isEqualTo("not_json");
            stand.haveOneVerdict(all.toArray(Bytes[]::new));
            eventually(() -> stand.state(poison).equals("waiting"));
            assertThat(stand.code(poison)).isEqualTo("internal");
        }
    }

    @Test
    void junk_that_nobody_signed_stays_out_of_the_blocks() {
        try (Stand stand = Stand.at(folder, 7).enrolled()) {
            Partners.Deal deal = stand.agreed("junk");
            Bytes good = deal.report("s0", 1, 1);
            Bytes forged = Envelope.sign(
                    deal.reportPayload("s1", 1, 1), new Envelope.Hand(Partners.HUB, stand.partners.newKey()));
            long height = stand.ledger.height();

            assertThat(stand.postAll(List.of(forged)).status()).isEqualTo(202);
            assertThat(stand.await(forged).body().text("state")).isEqualTo("refused");
            assertThat(stand.code(forged)).isEqualTo("key_unknown");
            assertThat(stand.status(forged).body().has("position")).isFalse();
            assertThat(stand.ledger.height()).isEqualTo(height);
            assertThat(stand.postAll(List.of(forged, good)).status()).isEqualTo(202);

            stand.haveOneVerdict(good);
            assertThat(stand.ledger.blocks().getLast().transactions().getFirst().arguments())
                    .doesNotContain(forged);
        }
    }

    @Test
    void a_forged_twin_does_not_stand_in_the_way_of_the_real_one() {
        try (Stand stand = Stand.at(folder, 8).enrolled()) {
            Partners.Deal deal = stand.agreed("twin");
            Payload payload = deal.reportPayload("s0", 1, 1);
            Bytes real = stand.partners.sign(payload, Partners.HUB);
            Bytes forged = Envelope.sign(payload, new Envelope.Hand(Partners.HUB, stand.partners.newKey()));

            assertThat(stand.post(forged).status()).isEqualTo(202);
            assertThat(stand.post(real).status()).isEqualTo(202);

            stand.haveOneVerdict(real);
            assertThat(stand.post(forged).instructions().getFirst().text("state"))
                    .isEqualTo("applied");
        }
    }

    @Promise({"P2", "P4"})
    @Test
    void the_same_instruction_again_has_the_same_verdict_and_no_second_effect() {
        try (Stand stand = Stand.at(folder, 9).enrolled()) {
            Partners.Deal deal = stand.agreed("again");
            Bytes report = deal.report("s0", 1, 2);
            Bytes refused = deal.report("s0", 3, 1);
            Bytes expired = stand.partners.sign(
                    stand.partners.payload(
                            Partners.HUB,
                            Optional.of(deal.scope()),
                            deal.reportAct("s1", 1, 1),
                            stand.partners.now(),
                            stand.partners.now().plus(Duration.ofSeconds(1))),
                    Partners.HUB);
            pause(Duration.ofMillis(1_100));
            stand.applied(report);
            assertThat(stand.post(expired).status()).isEqualTo(202);
            stand.haveOneVerdict(report, expired);
            Stand.Reply first = stand.await(report);

            for (int n = 0; n < 20; n++) {
                Stand.Reply again = stand.post(report);
                assertThat(again.status()).isEqualTo(200);
                assertThat(again.instructions().getFirst()).isEqualTo(asTaken(first.body(), Stand.location(report)));
                assertThat(stand.post(expired).status()).isEqualTo(200);
            }

            stand.haveOneVerdict(report, expired);
            stand.applied(refused);
        }
    }

    @Promise("P2")
    @Test
    void a_report_that_another_gateway_carried_has_its_verdict_here_too() {
        Path other = folder.resolve("other.db");
        try (Stand stand = Stand.at(folder, 10).enrolled()) {
            Partners.Deal deal = stand.agreed("two");
            GatewaySettings settings = GatewaySettings.of("127.0.0.1", 0, other, stand.ledger::connect);
            Bytes report = deal.report("s0", 1, 1);
            stand.applied(report);
            try (Gateway.Running second = start(settings)) {
                Stand.Reply reply = Stand.send(
                        second.port(), "POST", "/v1/instructions", "application/jose+json", report.toArray());
                Stand.Reply told = Stand.await(second.port(), Stand.path(report));
                assertThat(reply.status()).isIn(200, 202);
                assertThat(told.body()).isEqualTo(stand.await(report).body());
            }
            stand.haveOneVerdict(report);
        }
    }

    @Promise("P11")
    @Test
    void an_invalidated_transaction_is_endorsed_again_with_a_new_id() {
        try (Stand stand = Stand.at(folder, 11).enrolled()) {
            Partners.Deal deal = stand.agreed("conflict");
            stand.ledger.faults.conflicts = 4;

            stand.applied(deal.report("s0", 1, 1));

            List<String> ids = stand.ledger.blocks().stream()
                    .flatMap(block -> block.transactions().stream())
                    .map(LedgerBlock.Transaction::id)
                    .toList();
            assertThat(ids).doesNotHaveDuplicates();
            assertThat(stand.ledger.blocks().stream()
                            .flatMap(block -> block.transactions().stream())
                            .filter(transaction -> !transaction.valid()))
                    .hasSize(4);
        }
    }

    @Promise({"P2", "P13"})
    @Test
    void a_lost_reply_of_the_orderer_makes_no_second_effect() {
        try (Stand stand = Stand.at(folder, 12).enrolled()) {
            Partners.Deal deal = stand.agreed("reply");
            stand.ledger.faults.lostReplies = 1;
            Bytes report = deal.report("s0", 1, 1);

            stand.applied(report);

            stand.haveOneVerdict(report);
        }
    }

    @Promise({"P12", "P13"})
    @Test
    void a_lost_broadcast_is_sent_again_as_the_same_bytes() {
        try (Stand stand = Stand.at(folder, 13).enrolled()) {
            Partners.Deal deal = stand.agreed("lost");
            int asked = stand.ledger.endorsements();
            stand.ledger.faults.lostBroadcasts = 2;
            Bytes report = deal.report("s0", 1, 1);

            stand.applied(report);

            stand.haveOneVerdict(report);
            assertThat(stand.ledger.endorsements()).isEqualTo(asked + 1);
        }
    }

    @Promise("P12")
    @Test
    void a_broadcast_that_the_orderer_refuses_is_tried_in_halves_and_then_again() {
        try (Stand stand = Stand.at(folder, 14).enrolled()) {
            Partners.Deal deal = stand.agreed("refused");
            stand.ledger.faults.refusedBroadcasts = 2;
            Bytes[] reports = {deal.report("s0", 1, 1), deal.report("s1", 1, 1)};

            stand.applied(reports);

            stand.haveOneVerdict(reports);
        }
    }

    @Promise({"P12", "P13"})
    @Test
    void a_broken_stream_goes_on_where_it_was() {
        try (Stand stand = Stand.at(folder, 15).enrolled()) {
            Partners.Deal deal = stand.agreed("stream");
            for (int n = 0; n < 5; n++) {
                stand.ledger.breakStreams();
                stand.applied(deal.report("s0", 1 + n, 1));
            }
        }
    }

    @Promise("P13")
    @Test
    void a_commit_that_takes_long_is_waited_for() {
        try (Stand stand = Stand.at(folder, 16).enrolled()) {
            Partners.Deal deal = stand.agreed("long");
            stand.ledger.faults.held = true;
            Bytes report = deal.report("s0", 1, 1);
            assertThat(stand.post(report).status()).isEqualTo(202);
            pause(Duration.ofMillis(500));
            assertThat(stand.state(report)).isEqualTo("received");

            stand.ledger.release();

            stand.haveOneVerdict(report);
        }
    }

    @Test
    void a_refund_finds_the_report_of_its_sale_within_a_longer_run() {
        try (Stand stand = Stand.at(folder, 17).enrolled()) {
            Partners.Deal deal = stand.agreed("hints");
            stand.applied(deal.report("s0", 1, 1), deal.report("s0", 2, 1), deal.report("s0", 3, 1));

            stand.applied(deal.refund("s0", 4, 3));
        }
    }

    @Test
    void offers_and_accepts_sent_at_once_find_their_order() {
        try (Stand stand = Stand.at(folder, 18)) {
            Partners.Deal one = stand.partners.deal("one");
            Partners.Deal two = stand.partners.deal("two");

            stand.applied(stand.partners.registrar());
            stand.applied(stand.partners.enroll(Partners.HUB), stand.partners.enroll(Partners.ANA));
            stand.applied(one.report("s0", 1, 1), one.accept(), one.offer(), two.accept(), two.offer());
        }
    }

    @Test
    void a_month_is_declared_closed_and_read() {
        try (Stand stand = Stand.at(folder, 19).enrolled()) {
            Partners.Deal deal = stand.agreed("month");
            stand.applied(deal.report("s0", 1, 3));
            Duration offset = deal.untilMonthIsOver();
            stand.applied(stand.partners.trialClock(offset));
            stand.partners.clock(offset);
            List<Bytes> declarations = new ArrayList<>();
            declarations.add(deal.declare(
                    "s0",
                    3,
                    List.of(new Act.Total(
                            "sale",
                            Optional.of("EUR"),
                            3,
                            Optional.of(bigInteger(101 + 102 + 103)),
                            Optional.empty()))));
            for (int n = 1; n < 10; n++) {
                declarations.add(deal.declare("s" + n, 0, List.of()));
            }
            Bytes close = deal.close();

            assertThat(stand.post(close).status()).isEqualTo(202);
            eventually(() -> stand.state(close).equals("waiting"));
            stand.applied(declarations.toArray(Bytes[]::new));

            stand.haveOneVerdict(close);
            String path = "/v1/agreements/" + deal.id().text();
            Json.Obj settlement =
                    stand.get(path + "/settlements/" + deal.period()).body();
            Json payment = settlement.object("settlement").object("payments").get("ana");
            assertThat(settlement.items("lines")).hasSize(1);
            Json.Obj statement = stand.get(path + "/statements/" + deal.period() + "?party=ana")
                    .body();
            assertThat(payment).isIn(Json.whole(154), Json.whole(153), Json.whole(152));
            assertThat(statement.get("payment")).isEqualTo(payment);
            assertThat(((Json.Obj) statement.items("postings").getFirst()).get("amount"))
                    .isEqualTo(payment);
            assertThat(statement.object("item").get("computed")).isEqualTo(payment);
            assertThat(statement.bool("trial")).isTrue();
            assertThat(stand.get(path + "/statements/" + deal.period() + "?party=bob")
                            .code())
                    .isEqualTo("party_not_found");
        }
    }

    private static java.math.BigInteger bigInteger(long value) {
        return java.math.BigInteger.valueOf(value);
    }

    /// How it stands, as the answer to whoever brings it again has it.
    private static Json.Obj asTaken(Json.Obj body, String location) {
        var members = new java.util.TreeMap<>(body.members());
        members.remove("trial");
        members.put("location", Json.text(location));
        return new Json.Obj(members);
    }

    private static Gateway.Running start(GatewaySettings settings) {
        try {
            return new Gateway(settings).start();
        } catch (GatewayException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
