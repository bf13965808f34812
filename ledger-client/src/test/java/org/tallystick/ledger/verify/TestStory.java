package org.tallystick.ledger.verify;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
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
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.ledger.pack.PackBuilder;

/// Members, parties and an agreement on a ledger of the tests, in the words of the domain.
final class TestStory {

    static final String AGREEMENT = "north/vendor/channel";
    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");

    final TestLedger ledger;
    private final Random random;
    private final TreeMap<String, SigningKey> keys = new TreeMap<>();
    LedgerTime now = TestNetwork.BEGINS;
    Hash version = Hash.ZERO;
    String agreement = AGREEMENT;

    TestStory(long seed, boolean trial) {
        this(seed, trial, "east", "north", "west");
    }

    private TestStory(long seed, boolean trial, String... members) {
        random = new Random(seed);
        ledger = new TestLedger(new TestNetwork(seed, members));
        ledger.endorsers = List.of(members).subList(0, members.length / 2 + 1);
        Json.Obj _ = call("init", List.of(Bytes.ofUtf8(ledger.id().hex()), Bytes.ofUtf8(String.valueOf(trial))));
        for (String member : members) {
            registers(member);
        }
    }

    /// The smallest pack there is with a settlement in it: one member, two parties, one period.
    static TestStory smallest(long seed) {
        TestStory story = new TestStory(seed, false, "north");
        story.enrolls("north/vendor", "north/shop");
        story.offers(object(document().canonical().utf8().orElseThrow().replace("east/shop", "north/shop")));
        story.applied(story.signed("north/shop", new Act.Accept(Optional.empty())));
        story.goesTo("2026-02-01T09:00:00Z");
        story.reports(1, sale("2026-01-10", 1000), sale("2026-01-20", 505));
        story.declares("2026-01", 2, 2, 1505);
        story.applied(story.signed("north/vendor", new Act.Close("2026-01")));
        return story;
    }

    /// Two parties, an agreement of two periods and their events: all that a small pack holds.
    static TestStory small(long seed) {
        TestStory story = new TestStory(seed, false);
        story.enrolls("north/vendor", "east/shop");
        story.offers(document());
        story.applied(story.signed("east/shop", new Act.Accept(Optional.empty())));
        story.goesTo("2026-02-01T09:00:00Z");
        story.reports(1, sale("2026-01-10", 1000), sale("2026-01-20", 505));
        story.declares("2026-01", 2, 2, 1505);
        story.applied(story.signed("north/vendor", new Act.Close("2026-01")));
        return story;
    }

    /// A longer history: two periods, a late event, a refund of an earlier report, refused and waiting instructions,
    /// batches, other parties and another agreement beside.
    static TestStory long_(long seed, boolean trial) {
        TestStory story = new TestStory(seed, trial);
        story.enrolls("north/vendor", "east/shop");
        story.enrollsTogether("east/other", "west/third");
        story.offers(document());
        story.sends(story.signed("west/third", new Act.Accept(Optional.empty())));
        story.applied(story.signed("east/shop", new Act.Accept(Optional.empty())));
        story.sends(story.signed("east/shop", new Act.Accept(Optional.empty())));
        story.goesTo("2026-02-01T09:00:00Z");
        Json.Obj first = sale("2026-01-10", 1000);
        Bytes one = story.report(1, List.of(first, sale("2026-01-20", 505)), List.of());
        Bytes two = story.report(3, List.of(sale("2026-01-21", 99)), List.of());
        story.batch(one, two);
        story.sends(story.report(5, List.of(sale("2026-01-21", 99)), List.of()));
        story.sends(one);
        story.declares("2026-01", 3, 3, 1604);
        Bytes declaredAgain = story.signed("north/vendor", new Act.Close("2026-01"));
        story.applied(declaredAgain);
        story.sends(declaredAgain);
        story.goesTo("2026-03-01T09:00:00Z");
        Json.Obj _ = story.call("advance-epoch", List.of());
        Act.EventProof proof = story.proof(1, first, sale("2026-01-20", 505));
        story.applied(story.report(4, List.of(sale("2026-01-31", 300), refund("2026-02-03", 1000)), List.of(proof)));
        story.sends(story.declaration("2026-02", 5, 2, 1));
        story.applied(story.declaration2());
        story.applied(story.signed("north/vendor", new Act.Close("2026-02")));
        return story;
    }

    private Bytes declaration2() {
        List<Act.Total> totals = List.of(total("refund", 1, 1000), total("sale", 1, 300));
        return signed("north/vendor", new Act.Declare(new SourceId("sales"), "2026-02", 5, 2, 0, totals));
    }

    void goesTo(String time) {
        now = LedgerTime.of(time);
    }

    SigningKey key(String owner) {
        return keys.computeIfAbsent(
                owner,
                name -> SigningKey.generate(name.length() % 2 == 0 ? Algorithm.ED25519 : Algorithm.ES256, random));
    }

    Json.Obj call(String function, List<Bytes> arguments) {
        now = now.plus(Duration.ofSeconds(7));
        return ledger.call(ledger.network.member("north").admin(), now, function, arguments);
    }

    /// Submits one instruction and answers its item.
    Json.Obj answered(Bytes envelope) {
        return Told.answers(List.of(envelope), call("submit", List.of(envelope, NO_HINTS)))
                .orElseThrow()
                .getFirst();
    }

    /// Submits one instruction, whatever is answered.
    void sends(Bytes envelope) {
        Json.Obj _ = answered(envelope);
    }

    void applied(Bytes envelope) {
        Json.Obj answer = answered(envelope);
        if (!answer.text("result").equals("applied")) {
            throw new AssertionError(answer.canonical().utf8().orElse(""));
        }
    }

    Json.Obj sendsTogether(Bytes... envelopes) {
        List<Bytes> arguments = new ArrayList<>(List.of(envelopes));
        arguments.add(NO_HINTS);
        return call("submit", arguments);
    }

    void batch(Bytes... envelopes) {
        Json.Obj response = sendsTogether(envelopes);
        for (Json.Obj answer : Told.answers(List.of(envelopes), response).orElseThrow()) {
            if (!answer.text("result").equals("applied")) {
                throw new AssertionError(response.canonical().utf8().orElse(""));
            }
        }
    }

    private Ulid id() {
        byte[] entropy = new byte[10];
        random.nextBytes(entropy);
        return Ulid.of(now.seconds() * 1000, Bytes.copyOf(entropy));
    }

    /// @param owners whose keys sign: `east/shop` for the first key of that party, `east/shop 2` for another one
    Bytes sign(Payload payload, String... owners) {
        List<Envelope.Hand> hands = new ArrayList<>();
        for (String owner : owners) {
            String name = owner.replaceFirst(" .*", "");
            hands.add(new Envelope.Hand(Owner.parse(name).orElseThrow(), key(owner)));
        }
        return Envelope.sign(payload, hands);
    }

    Payload registry(Owner owner, Act act) {
        return Payload.of(ledger.id(), owner, id(), now, now.plus(Duration.ofDays(2)), Optional.empty(), act);
    }

    private void registers(String member) {
        Act act = new Act.RegisterRegistrar(
                key(member).key(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("desk of " + member),
                Optional.empty());
        now = now.plus(Duration.ofSeconds(3));
        Json.Obj answer = ledger.call(
                ledger.network.member(member).admin(),
                now,
                "submit",
                List.of(sign(registry(new MemberId(member), act), member), NO_HINTS));
        if (!((Json.Obj) answer.items("items").getFirst()).text("result").equals("applied")) {
            throw new AssertionError(answer.canonical().utf8().orElse(""));
        }
    }

    Bytes enrollment(String party) {
        return enrollment(party, party);
    }

    /// @param owner whose key it is
    Bytes enrollment(String party, String owner) {
        keys.put(party, key(owner));
        Act act = new Act.Enroll(
                key(party).key(),
                List.of(Purpose.values()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        PartyId id = new PartyId(party);
        return sign(registry(id, act), party, id.member().text());
    }

    /// Signed by all of these, the registrar of the new member among them.
    Bytes rehosting(String party, String member, String... owners) {
        return sign(registry(new PartyId(party), new Act.Rehost(new MemberId(member))), owners);
    }

    Bytes recovery(String party, int threshold, String... others) {
        List<PartyId> parties = Stream.of(others).map(PartyId::new).toList();
        return sign(registry(new PartyId(party), new Act.RecoverySet(new Recovery(parties, threshold))), party);
    }

    void losesKey(String party) {
        var _ = keys.remove(party);
    }

    void enrolls(String... parties) {
        for (String party : parties) {
            applied(enrollment(party));
        }
    }

    void enrollsTogether(String... parties) {
        List<Bytes> all = new ArrayList<>();
        for (String party : parties) {
            all.add(enrollment(party));
        }
        batch(all.toArray(Bytes[]::new));
    }

    Bytes signed(String party, Act act) {
        return sign(payload(party, act), party);
    }

    Payload payload(String party, Act act) {
        return Payload.of(
                ledger.id(),
                new PartyId(party),
                id(),
                now,
                now.plus(Duration.ofDays(2)),
                Optional.of(Payload.Scope.of(new AgreementId(agreement), version)),
                act);
    }

    void offers(Json.Obj document) {
        version = Hash.of(document.canonical());
        agreement = document.text("id");
        String offerer = new AgreementId(agreement).offerer().text();
        applied(signed(offerer, new Act.Offer(document, now.plus(Duration.ofDays(80)))));
    }

    Bytes report(long first, List<Json.Obj> events, List<Act.EventProof> proofs) {
        return signed("north/vendor", new Act.Report(new SourceId("sales"), first, events, proofs));
    }

    void reports(long first, Json.Obj... events) {
        applied(report(first, List.of(events), List.of()));
    }

    /// The proof of the first event of a report.
    Act.EventProof proof(long first, Json.Obj... events) {
        List<Bytes> leaves = new ArrayList<>();
        for (Json.Obj event : events) {
            leaves.add(event.canonical());
        }
        return new Act.EventProof(
                new org.tallystick.agreement.instruction.EventId(new SourceId("sales"), first),
                events[0],
                first,
                org.tallystick.agreement.bytes.Merkle.path(leaves, 0));
    }

    static Act.Total total(String type, long count, long amount) {
        return new Act.Total(
                type, Optional.of("EUR"), count, Optional.of(BigInteger.valueOf(amount)), Optional.empty());
    }

    Bytes declaration(String period, long last, long count, long amount) {
        return signed(
                "north/vendor",
                new Act.Declare(new SourceId("sales"), period, last, count, 0, List.of(total("sale", count, amount))));
    }

    void declares(String period, long last, long count, long amount) {
        applied(declaration(period, last, count, amount));
    }

    static Json.Obj sale(String date, long amount) {
        return Json.object()
                .with("amount", amount)
                .with("currency", "EUR")
                .with("date", date)
                .with("type", "sale")
                .build();
    }

    static Json.Obj refund(String date, long amount) {
        return Json.object()
                .with("amount", amount)
                .with("currency", "EUR")
                .with("date", date)
                .with("refOf", "sales/0000000001")
                .with("type", "refund")
                .build();
    }

    static Json.Obj document() {
        return object("""
                {"agreement":"1","governance":{"kind":"unanimous"},"home":{"kind":"public"},"id":"north/vendor/channel",
                 "number":1,"opening":"2026-01","parties":{"shop":"east/shop","vendor":"north/vendor"},
                 "roles":{"closers":["vendor"],
                          "sources":[{"first":"2026-01","id":"sales","owner":"vendor","types":["refund","sale"]}]},
                 "starts":"2026-01","term":{"from":"2026-01-01","until":"2027-01-01"},
                 "terms":{"terms":"1","id":"T1","title":"Commission","hub":"vendor","currency":"EUR",
                   "calendar":{"frequency":"month"},"parties":[{"id":"vendor"},{"id":"shop"}],
                   "measures":{"net":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
                   "clauses":[{"id":"commission","type":"fee","from":"vendor","to":"shop","of":"net","rate":"1/8"}],
                   "settlement":{"negative":"carry"}}}""");
    }

    static Json.Obj object(String json) {
        if (JsonReader.read(Bytes.ofUtf8(json), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj value)) {
            return value;
        }
        throw new IllegalArgumentException(json);
    }

    static Json.Obj file(String name) {
        try {
            for (Path folder : List.of(Path.of("../docs/spec/examples"), Path.of("docs/spec/examples"))) {
                if (Files.exists(folder.resolve(name))) {
                    return object(Files.readString(folder.resolve(name)));
                }
            }
            throw new IllegalStateException("no example " + name);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    byte[] pack() {
        return pack(Optional.empty());
    }

    byte[] pack(Optional<String> period) {
        return pack(period, Optional.empty());
    }

    /// @param log nothing for a pack of the first form
    byte[] pack(Optional<String> period, Optional<PackBuilder.Published> log) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new PackBuilder(ledger, new AgreementId(agreement), period, log).write(out);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }
}
