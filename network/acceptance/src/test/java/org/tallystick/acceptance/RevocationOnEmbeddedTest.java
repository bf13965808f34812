package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Envelope.Hand;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;
import org.tallystick.embedded.EmbeddedLedger;
import org.tallystick.embedded.tally.TallyLedger;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Beginning;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// A revocation that commits first, and what its key had signed and the peers had endorsed before.
@Tag("slow")
final class RevocationOnEmbeddedTest {

    private static final int IN_FLIGHT = 1_000;
    private static final int OF_THE_OTHER_KEY = 20;
    private static final int TOGETHER = 100;
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /// Ids this far apart have markers in keys of their own, so that no two instructions write the same one.
    private static final Duration APART = Duration.ofSeconds(40);

    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final PartyId SHOP = new PartyId("north/shop");
    private static final AgreementId AGREEMENT = new AgreementId("north/vendor/channel");

    private final Random random = new Random(7);
    private final LedgerTime now = new LedgerTime(Instant.now().getEpochSecond());

    @TempDir
    private Path folder;

    private Ledger connect(EmbeddedLedger embedded) throws Exception {
        return FabricLedger.over(
                embedded.channel("north"),
                MemberIdentity.read("north", folder.resolve("members/north"), "admin"),
                FabricLedger.Settings.USUAL_CHANNEL,
                FabricLedger.Settings.USUAL_CHAINCODE);
    }

    private SigningKey key() {
        return SigningKey.generate(Algorithm.ES256, random);
    }

    private Ulid id(LedgerTime time) {
        byte[] entropy = new byte[10];
        random.nextBytes(entropy);
        return Ulid.of(time.seconds() * 1000, Bytes.copyOf(entropy));
    }

    private Payload payload(Ledger ledger, Owner party, LedgerTime made, Act act, Optional<Hash> version) {
        return Payload.of(
                ledger.id(),
                party,
                id(made),
                now,
                now.plus(Duration.ofDays(1)),
                version.map(hash -> Payload.Scope.of(AGREEMENT, hash)),
                act);
    }

    private Payload registry(Ledger ledger, Owner party, Act act) {
        return payload(ledger, party, now, act, Optional.empty());
    }

    private static Ledger.Call submit(List<Bytes> envelopes) {
        List<Bytes> arguments = new ArrayList<>(envelopes);
        arguments.add(Bytes.ofUtf8("{\"hints\":[]}"));
        return new Ledger.Call("submit", arguments);
    }

    private static String commit(Ledger ledger, Ledger.Endorsed endorsed) throws LedgerException {
        ledger.broadcast(endorsed);
        return ledger.await(endorsed.transaction(), LONGEST).code();
    }

    private static void applies(Ledger ledger, Bytes envelope) throws LedgerException {
        Ledger.Endorsed endorsed = ledger.endorse(submit(List.of(envelope)));
        assertThat(endorsed.answers(submit(List.of(envelope)).arguments()))
                .extracting(answer -> answer.text("result"))
                .as(endorsed.response().toString())
                .containsExactly("applied");
        assertThat(commit(ledger, endorsed)).isEqualTo("VALID");
    }

    /// Of this year and the next one: what is claimed below is of today.
    private Json.Obj document() {
        int year = Instant.ofEpochSecond(now.seconds()).atOffset(ZoneOffset.UTC).getYear();
        String text = """
                {"agreement":"1","governance":{"kind":"unanimous"},"home":{"kind":"public"},"id":"north/vendor/channel",
                 "number":1,"opening":"YEAR-01","parties":{"shop":"north/shop","vendor":"north/vendor"},
                 "roles":{"closers":["vendor"],
                          "sources":[{"first":"YEAR-01","id":"sales","owner":"vendor","types":["refund","sale"]}]},
                 "starts":"YEAR-01","term":{"from":"YEAR-01-01","until":"NEXT-01-01"},
                 "terms":{"terms":"1","id":"T1","title":"Commission","hub":"vendor","currency":"EUR",
                   "calendar":{"frequency":"month"},"parties":[{"id":"vendor"},{"id":"shop"}],
                   "measures":{"net":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
                   "clauses":[{"id":"commission","type":"fee","from":"vendor","to":"shop","of":"net","rate":"1/8"}],
                   "settlement":{"negative":"carry"}}}""".replace("YEAR", Integer.toString(year)).replace("NEXT", Integer.toString(year + 2));
        if (JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj json)) {
            return json;
        }
        throw new IllegalStateException(text);
    }

    /// A claim of its own event, by its own id.
    private Bytes claim(Ledger ledger, Hash version, int number, SigningKey key) {
        Json.Obj event = Json.object()
                .with("amount", number)
                .with("currency", "EUR")
                .with("date", now.day().toString())
                .with("type", "sale")
                .build();
        Act claim = new Act.Claim(
                new SourceId("sales"), event, new Act.Evidence(Hash.ZERO, "an invoice", 1), Optional.empty());
        LedgerTime made = new LedgerTime(now.seconds() - number * APART.toSeconds());
        return Envelope.sign(payload(ledger, SHOP, made, claim, Optional.of(version)), new Hand(SHOP, key));
    }

    @Test
    void a_thousand_endorsed_instructions_of_a_key_do_not_commit_after_its_revocation_and_each_is_answered()
            throws Exception {
        var settings = EmbeddedLedger.Settings.of(folder, List.of("north"), List.of(TallyLedger.chaincode(false)));
        try (var embedded = EmbeddedLedger.start(settings);
                Ledger north = connect(embedded)) {
            var _ = Beginning.of(north, false, LONGEST);
            MemberId member = new MemberId("north");
            SigningKey registrar = key();
            SigningKey vendor = key();
            SigningKey first = key();
            SigningKey second = key();
            Act register = new Act.RegisterRegistrar(
                    registrar.key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            applies(north, Envelope.sign(registry(north, member, register), new Hand(member, registrar)));
            enroll(north, VENDOR, vendor, new Hand(member, registrar));
            enroll(north, SHOP, first, new Hand(member, registrar));
            Act add = new Act.KeyAdd(
                    second.key(), Purpose.ALL, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            applies(north, Envelope.sign(registry(north, SHOP, add), new Hand(SHOP, first), new Hand(SHOP, second)));
            Json.Obj document = document();
            Hash version = Hash.of(document.canonical());
            Act offer = new Act.Offer(document, now.plus(Duration.ofDays(9)));
            applies(
                    north,
                    Envelope.sign(payload(north, VENDOR, now, offer, Optional.of(version)), new Hand(VENDOR, vendor)));
            Act accept = new Act.Accept(Optional.empty());
            applies(
                    north,
                    Envelope.sign(payload(north, SHOP, now, accept, Optional.of(version)), new Hand(SHOP, first)));

            List<Bytes> signed = new ArrayList<>();
            List<Ledger.Endorsed> inFlight = new ArrayList<>();
            for (int i = 1; i <= IN_FLIGHT; i++) {
                Bytes envelope = claim(north, version, i, second);
                signed.add(envelope);
                inFlight.add(north.endorse(submit(List.of(envelope))));
            }
            List<Ledger.Endorsed> others = new ArrayList<>();
            for (int i = IN_FLIGHT + 1; i <= IN_FLIGHT + OF_THE_OTHER_KEY; i++) {
                others.add(north.endorse(submit(List.of(claim(north, version, i, first)))));
            }
            assertThat(inFlight)
                    .allSatisfy(endorsed -> assertThat(result(endorsed)).isEqualTo("applied"));
            Act revoke = new Act.KeyRevoke(second.key().thumb(), "lost");
            applies(north, Envelope.sign(registry(north, SHOP, revoke), new Hand(SHOP, first)));

            Map<String, Integer> codes = committed(north, inFlight);
            Map<String, Integer> codesOfOthers = committed(north, others);
            TreeMap<String, Integer> answers = new TreeMap<>();
            for (int i = 0; i < signed.size(); i += TOGETHER) {
                Ledger.Call again = submit(signed.subList(i, i + TOGETHER));
                for (Json.Obj answer : north.endorse(again).answers(again.arguments())) {
                    answers.merge(answer.text("code"), 1, Integer::sum);
                }
            }

            assertThat(codes).hasToString("{MVCC_READ_CONFLICT=" + IN_FLIGHT + "}");
            assertThat(codesOfOthers).hasToString("{VALID=" + OF_THE_OTHER_KEY + "}");
            assertThat(answers).hasToString("{key_revoked=" + IN_FLIGHT + "}");
            for (int i = 0; i < signed.size(); i += TOGETHER) {
                List<String> claims = inFlight.subList(i, i + TOGETHER).stream()
                        .map(endorsed ->
                                (Json.Obj) endorsed.response().items("items").getFirst())
                        .map(item -> Keys.claim(AGREEMENT.text(), new Hash(item.text("hash"))))
                        .toList();
                assertThat(north.get(claims)).isEmpty();
            }
        }
    }

    private void enroll(Ledger ledger, PartyId party, SigningKey key, Hand registrar) throws LedgerException {
        Act act = new Act.Enroll(
                key.key(), Purpose.ALL, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        applies(ledger, Envelope.sign(registry(ledger, party, act), new Hand(party, key), registrar));
    }

    private static String result(Ledger.Endorsed endorsed) {
        return ((Json.Obj) endorsed.response().items("items").getFirst()).text("result");
    }

    /// How often each validation code was given, when all of these were sent and are in blocks.
    private static Map<String, Integer> committed(Ledger ledger, List<Ledger.Endorsed> all) throws LedgerException {
        TreeMap<String, Integer> codes = new TreeMap<>();
        for (Ledger.Endorsed endorsed : all) {
            ledger.broadcast(endorsed);
        }
        for (Ledger.Endorsed endorsed : all) {
            codes.merge(ledger.await(endorsed.transaction(), LONGEST).code(), 1, Integer::sum);
        }
        return codes;
    }
}
