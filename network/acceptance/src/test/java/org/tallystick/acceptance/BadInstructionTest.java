package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.embedded.tally.TallyLedger;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Committed;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.client.Sentences;

/// What a person may do wrong, straight at the chaincode: each has its code and values there, and a sentence that names
/// them where a person reads it. Nothing that waits is burned.
@Tag("slow")
final class BadInstructionTest {

    private static final AgreementId AGREEMENT = Partnership.agreement("bad");
    private static final PartyId HUB = Partnership.HUB;
    private static final SourceId SHOP = Partnership.sources(HUB).getFirst();
    private static final SourceId WEB = Partnership.sources(HUB).getLast();
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");
    private static final BigInteger ORDER_OF_P256 =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    @TempDir
    Path folder = Path.of(".");

    private TallyLedger embedded;
    private Ledger ledger;
    private Partnership partnership;

    @BeforeEach
    void begin() throws Exception {
        embedded = TallyLedger.start(
                new TallyLedger.Settings(folder, Partnership.MEMBERS, OptionalInt.empty(), true, Duration.ofMillis(1)));
        ledger = embedded.connect("west");
        partnership = new Partnership(ledger.id(), 1);
        for (String member : Partnership.MEMBERS) {
            try (Ledger admin = embedded.connectAdmin(member)) {
                partnership.registers(member, admin);
            }
        }
        partnership.enrolls(new LedgerCourier(ledger));
        partnership.agrees(AGREEMENT, new LedgerCourier(ledger));
    }

    @AfterEach
    void end() {
        ledger.close();
        embedded.close();
    }

    /// What the chaincode would answer; nothing is ordered.
    private Json.Obj asked(Bytes envelope) throws LedgerException {
        Ledger.Call call = new Ledger.Call("submit", List.of(envelope, NO_HINTS));
        return ledger.endorse(call).answers(call.arguments()).getFirst();
    }

    /// What it did answer, from the block.
    private Json.Obj sent(Bytes envelope) throws LedgerException {
        Committed committed = Committed.of(ledger, new Ledger.Call("submit", List.of(envelope, NO_HINTS)), LONGEST);
        return committed.transaction().answers().getFirst();
    }

    private static void says(Json.Obj item, String result, String code, String... inSentence) {
        Json.Obj values = item.has("values") ? item.object("values") : Json.Obj.EMPTY;
        assertThat(item.text("result")).as(item.canonical().toString()).isEqualTo(result);
        assertThat(item.text("code")).isEqualTo(code);
        assertThat(Sentences.of(code, values)).contains(inSentence).doesNotContain("(not said)", "the answer is");
    }

    private Bytes good(SourceId source, long first) {
        return partnership.report(AGREEMENT, HUB, source, first, 1);
    }

    private Bytes signed(Act act) {
        return partnership.sign(partnership.payload(AGREEMENT, HUB, act), HUB);
    }

    private static Bytes replaced(Bytes envelope, String what, String by) {
        String text = envelope.utf8().orElseThrow();
        assertThat(text).contains(what);
        return Bytes.ofUtf8(text.replace(what, by));
    }

    @Test
    void what_is_no_envelope() throws Exception {
        Bytes envelope = good(SHOP, 1);
        says(asked(Bytes.ofUtf8("{\"payload\":")), "refused", "not_json", "the envelope is not JSON");
        says(
                asked(Bytes.ofUtf8("a".repeat(Limits.ENVELOPE + 1))),
                "refused",
                "too_large",
                String.valueOf(Limits.ENVELOPE));
        says(asked(Bytes.ofUtf8("[".repeat(1_000) + "]".repeat(1_000))), "refused", "too_deep", "nested too deep");
        says(
                asked(replaced(envelope, "{\"payload\":", "{\"payload\":\"\",\"payload\":")),
                "refused",
                "duplicate_member",
                "a member twice");
        says(
                asked(replaced(envelope, "\"signatures\":", "\"signature\":\"\",\"signatures\":")),
                "refused",
                "envelope_form",
                "/signature");
        says(
                asked(replaced(envelope, "\"signatures\":", " \"signatures\":")),
                "refused",
                "not_canonical",
                "not in its one spelling");
    }

    @Test
    void what_is_no_payload() throws Exception {
        Json.Obj payload = partnership.reportPayload(AGREEMENT, HUB, SHOP, 1, 1).toJson();
        TreeMap<String, Json> more = new TreeMap<>(payload.members());
        more.put("unknown", Json.text("member"));

        says(asked(around(new Json.Obj(more).canonical())), "refused", "payload_form", "/unknown");
        says(
                asked(around(replaced(payload.canonical(), "{\"act\"", "{ \"act\""))),
                "refused",
                "not_canonical",
                "the payload");
    }

    /// An envelope around any octets, with a signature that nobody gets to check.
    private Bytes around(Bytes payload) {
        Json.Obj envelope = envelope(good(SHOP, 1));
        TreeMap<String, Json> members = new TreeMap<>(envelope.members());
        members.put("payload", Json.text(Base64Url.encode(payload)));
        return new Json.Obj(members).canonical();
    }

    private static Json.Obj envelope(Bytes envelope) {
        if (JsonReader.readCanonical(envelope) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalStateException("our own envelope is not canonical");
    }

    @Test
    void whose_signature_does_not_hold() throws Exception {
        Bytes envelope = good(SHOP, 1);
        Payload payload = partnership.reportPayload(AGREEMENT, HUB, SHOP, 1, 1);
        Json.Obj signature = (Json.Obj) envelope(envelope).items("signatures").getFirst();
        byte[] octets =
                Base64Url.decode(signature.text("signature")).orElseThrow().toArray();
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(octets, 32, 64));
        byte[] high = ORDER_OF_P256.subtract(s).toByteArray();
        byte[] twin = octets.clone();
        Arrays.fill(twin, 32, 64, (byte) 0);
        int length = Math.min(high.length, 32);
        System.arraycopy(high, high.length - length, twin, 64 - length, length);
        String header = Base64Url.decode(signature.text("protected"))
                .flatMap(Bytes::utf8)
                .orElseThrow();
        Bytes other = Bytes.ofUtf8(header.replace("ES256", "Ed25519"));

        says(
                asked(replaced(envelope, signature.text("signature"), Base64Url.encode(Bytes.copyOf(twin)))),
                "refused",
                "signature_high_s",
                "a high s");
        says(
                asked(replaced(envelope, signature.text("protected"), Base64Url.encode(other))),
                "refused",
                "algorithm_wrong",
                "north/hub#",
                "another algorithm");
        says(
                asked(Envelope.sign(payload, new Envelope.Hand(HUB, partnership.newKey(Algorithm.ES256)))),
                "refused",
                "key_unknown",
                "north/hub#");
        says(
                asked(around(payload.bytes())),
                "refused",
                "signature_wrong",
                "signature 0 is not that of the key it names");
    }

    @Test
    void what_comes_too_late_or_again() throws Exception {
        LedgerTime now = partnership.now();
        Payload late = partnership.payload(
                AGREEMENT,
                HUB,
                new Act.Report(WEB, 1, List.of(Partnership.sale(5, now.day())), List.of()),
                now.plus(Duration.ofMinutes(-2)),
                now);
        Bytes expired = partnership.sign(late, HUB);
        Json.Obj first = sent(expired);
        says(first, "refused", "expired", late.until().text());
        Json.Obj again = asked(expired);
        assertThat(again.bool("repeat")).isTrue();
        assertThat(again.text("t")).isEqualTo(first.text("t"));
        says(again, "refused", "expired", late.until().text());

        Payload other = new Payload(
                late.ledger(),
                late.kind(),
                late.party(),
                late.id(),
                late.from(),
                late.until().plus(Duration.ofHours(1)),
                late.scope(),
                late.body());
        says(
                asked(partnership.sign(other, HUB)),
                "refused",
                "id_reused",
                Hash.of(late.bytes()).hex());
    }

    @Test
    void what_a_report_may_do_wrong() throws Exception {
        AgreementId agreement = Partnership.agreement("reports");
        partnership.agrees(agreement, new LedgerCourier(ledger));
        LocalDate today = partnership.now().day();
        Bytes second = partnership.report(agreement, HUB, SHOP, 3, 1);
        says(asked(second), "waiting", "gap", "the source is at 0");
        Bytes first = partnership.report(agreement, HUB, SHOP, 1, 2);
        assertThat(sent(first).text("result")).isEqualTo("applied");
        assertThat(sent(second).text("result")).isEqualTo("applied");

        says(asked(first), "refused", "taken", "the source is at 3");
        says(asked(partnership.report(agreement, HUB, SHOP, 2, 5)), "refused", "taken", "the source is at 3");
        says(
                asked(partnership.report(agreement, Partnership.ANA, SHOP, 4, 1)),
                "refused",
                "not_owner",
                "hub-shop",
                "north/hub");
        Act faulty = new Act.Report(
                SHOP,
                4,
                List.of(
                        Partnership.sale(5, today),
                        Json.object()
                                .with("amount", 5)
                                .with("currency", "USD")
                                .with("date", today.toString())
                                .with("type", "sale")
                                .build()),
                List.of());
        says(
                sent(partnership.sign(partnership.payload(agreement, HUB, faulty), HUB)),
                "refused",
                "events_refused",
                "event 1 ");
        Act future = new Act.Report(SHOP, 4, List.of(Partnership.sale(5, today.plusDays(3))), List.of());
        says(
                asked(partnership.sign(partnership.payload(agreement, HUB, future), HUB)),
                "waiting",
                "event_future",
                "event 0 ");
        assertThat(sent(partnership.report(agreement, HUB, SHOP, 4, 1)).text("result"))
                .isEqualTo("applied");
    }

    @Test
    void what_waits_for_another_instruction_or_the_clock() throws Exception {
        AgreementId unknown = Partnership.agreement("nowhere");
        LedgerTime soon = partnership.now().plus(Duration.ofHours(1));
        Payload early = partnership.payload(
                AGREEMENT,
                HUB,
                new Act.Report(
                        WEB, 1, List.of(Partnership.sale(5, partnership.now().day())), List.of()),
                soon,
                soon.plus(Duration.ofHours(1)));

        says(asked(partnership.report(unknown, HUB, SHOP, 1, 1)), "waiting", "agreement_unknown", unknown.text());
        says(
                asked(partnership.sign(
                        partnership.payload(unknown, Partnership.ANA, new Act.Accept(Optional.empty())),
                        Partnership.ANA)),
                "waiting",
                "agreement_unknown",
                unknown.text());
        says(asked(partnership.sign(early, HUB)), "waiting", "not_yet_valid", soon.text());
    }

    @Test
    void terms_that_fail_a_check() throws Exception {
        AgreementId agreement = Partnership.agreement("unequal");
        Json.Obj document = partnership.document(agreement);
        Bytes unequal = replaced(document.canonical(), "\"ben\":\"1/3\"", "\"ben\":\"1/2\"");
        Act offer = new Act.Offer(envelope(unequal), partnership.now().plus(Duration.ofDays(2)));

        says(
                sent(partnership.sign(partnership.payload(agreement, HUB, offer), HUB)),
                "refused",
                "document_refused",
                "SHARES_NOT_ONE");
    }

    @Test
    void what_a_declaration_or_a_close_may_do_wrong() throws Exception {
        String period = partnership.period();
        LocalDate next = YearMonth.parse(period).plusMonths(1).atDay(1);
        assertThat(sent(good(SHOP, 1)).text("result")).isEqualTo("applied");
        says(asked(signed(declare(SHOP, period, 1, 1))), "waiting", "period_not_over", next.toString());
        says(asked(signed(new Act.Close(period))), "waiting", "period_not_over", next.toString());
        long end = next.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        partnership.moves(Duration.ofSeconds(end - Instant.now().getEpochSecond() + 60), new LedgerCourier(ledger));

        says(asked(signed(declare(SHOP, period, 2, 1))), "waiting", "gap", "the source is at 1");
        says(
                sent(signed(declare(SHOP, period, 1, 0))),
                "refused",
                "declaration_wrong",
                "the declared count",
                "declared 0",
                "reported 1");
        says(asked(signed(new Act.Close(period))), "waiting", "not_declared_yet", "ana-shop", "hub-shop");
        for (PartyId party : Partnership.PARTIES) {
            for (SourceId source : Partnership.sources(party)) {
                int count = source.equals(SHOP) ? 1 : 0;
                Payload declaration = partnership.payload(AGREEMENT, party, declare(source, period, count, count));
                assertThat(sent(partnership.sign(declaration, party)).text("result"))
                        .isEqualTo("applied");
            }
        }
        says(sent(signed(declare(SHOP, period, 1, 1))), "refused", "already_declared", period);
        assertThat(sent(signed(new Act.Close(period))).text("result")).isEqualTo("applied");
        says(sent(signed(new Act.Close(period))), "refused", "period_settled", period);
    }

    private static Act declare(SourceId source, String period, long last, long count) {
        List<Act.Total> totals = count == 0
                ? List.of()
                : List.of(new Act.Total(
                        "sale", Optional.of("EUR"), count, Optional.of(BigInteger.valueOf(1_001)), Optional.empty()));
        return new Act.Declare(source, period, last, count, 0, totals);
    }
}
