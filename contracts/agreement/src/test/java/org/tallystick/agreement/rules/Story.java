package org.tallystick.agreement.rules;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
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
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;

/// Members, parties and an agreement on a ledger in memory, in the words of the domain. Each act is signed and decided
/// for real; nothing is laid into the state by hand. What all stories begin with is played once for each list of
/// parties.
final class Story {

    private static final Map<List<String>, Story> BEGUN = new HashMap<>();

    static final String AGREEMENT = "north/platform/creators";
    static final Hash LEDGER = Hash.of(Bytes.ofUtf8("a ledger of the tests"));

    final MemoryLedger ledger;
    private final Random random;
    private final TreeMap<String, SigningKey> keys = new TreeMap<>();
    private LedgerTime now = LedgerTime.of("2025-12-20T10:00:00Z");
    Hash version = Hash.ZERO;

    Story() {
        this(7);
    }

    private Story(long seed) {
        random = new Random(seed);
        ledger = MemoryLedger.begun(LEDGER, true, now.text());
    }

    /// Goes on from where another one is, with ids of its own.
    private static Story after(Story begun) {
        Story story = new Story(8);
        story.ledger.goesOnFrom(begun.ledger);
        story.keys.putAll(begun.keys);
        return story;
    }

    /// Three members and four parties; `platform` is the hub of an agreement with the terms of example 09a.
    static Story withParties() {
        return withParties(List.of("north/platform", "east/ana", "east/ben", "west/cleo"));
    }

    static Story withParties(List<String> parties) {
        return after(BEGUN.computeIfAbsent(List.copyOf(parties), Story::enrolled));
    }

    private static Story enrolled(List<String> parties) {
        Story story = new Story();
        parties.stream()
                .map(party -> new PartyId(party).member().text())
                .distinct()
                .forEach(story::registersRegistrar);
        parties.forEach(story::enrolls);
        return story;
    }

    /// The same, and the agreement is in force from the first of January 2026.
    static Story inForce() {
        Story story = withParties();
        story.offered();
        for (String party : List.of("east/ana", "east/ben", "west/cleo")) {
            story.applies(story.accept(party));
        }
        return story;
    }

    Story at(String time) {
        moveTo(time);
        return this;
    }

    void moveTo(String time) {
        now = LedgerTime.of(time);
    }

    /// Submits what must be applied.
    void applies(Bytes envelope) {
        expectApplied(submit(envelope));
    }

    void offered() {
        expectApplied(offers(document()));
    }

    LedgerTime now() {
        return now;
    }

    SigningKey key(String owner) {
        return keys.computeIfAbsent(owner, _ -> SigningKey.generate(Algorithm.ED25519, random));
    }

    /// The key of this name is this one.
    void has(String owner, SigningKey key) {
        keys.put(owner, key);
    }

    SigningKey generated(Algorithm algorithm) {
        return SigningKey.generate(algorithm, random);
    }

    Ulid nextId() {
        byte[] entropy = new byte[10];
        random.nextBytes(entropy);
        return Ulid.of(now.seconds() * 1000, Bytes.copyOf(entropy));
    }

    /// @param owners whose keys sign: `east/ana` for the first key of that party, `east/ana 2` for another one
    Bytes sign(Payload payload, String... owners) {
        List<Envelope.Hand> hands = new ArrayList<>();
        for (String owner : owners) {
            hands.add(
                    new Envelope.Hand(Owner.parse(owner.replaceFirst(" .*", "")).orElseThrow(), key(owner)));
        }
        return Envelope.sign(payload, hands);
    }

    Payload registry(Owner owner, Act act) {
        return Payload.of(LEDGER, owner, nextId(), now, now.plus(Duration.ofDays(2)), Optional.empty(), act);
    }

    Payload payload(String party, Act act) {
        return payload(party, act, version);
    }

    Payload payload(String party, Act act, Hash onVersion) {
        return Payload.of(
                LEDGER,
                new PartyId(party),
                nextId(),
                now,
                now.plus(Duration.ofDays(2)),
                Optional.of(Payload.Scope.of(new AgreementId(AGREEMENT), onVersion)),
                act);
    }

    Bytes signed(String party, Act act) {
        return sign(payload(party, act), party);
    }

    /// An act of any kind with this body, signed by its party.
    Bytes signed(String party, ActKind kind, String body) {
        Payload asked = payload(party, new Act.Close("2026-01"));
        return sign(
                new Payload(
                        asked.ledger(),
                        kind,
                        asked.party(),
                        asked.id(),
                        asked.from(),
                        asked.until(),
                        asked.scope(),
                        object(body)),
                party);
    }

    Json.Obj submit(Bytes envelope) {
        return ledger.submit(now.text(), "north", envelope).getFirst();
    }

    Json.Obj submit(Bytes envelope, Bytes hints) {
        return ledger.submit(now.text(), "north", hints, List.of(envelope)).getFirst();
    }

    List<String> submitTogether(Bytes... envelopes) {
        return ledger.submit(now.text(), "north", envelopes).stream()
                .map(MemoryLedger::told)
                .toList();
    }

    String told(Bytes envelope) {
        return MemoryLedger.told(submit(envelope));
    }

    private void registersRegistrar(String member) {
        Act act = new Act.RegisterRegistrar(
                key(member).key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        Bytes envelope = sign(registry(new MemberId(member), act), member);
        expectApplied(ledger.submit(now.text(), member, envelope).getFirst());
    }

    Bytes enrollment(String party) {
        Act act = new Act.Enroll(
                key(party).key(), Purpose.ALL, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        PartyId id = new PartyId(party);
        return sign(registry(id, act), party, id.member().text());
    }

    private void enrolls(String party) {
        expectApplied(submit(enrollment(party)));
    }

    private static void expectApplied(Json.Obj answer) {
        if (!MemoryLedger.told(answer).equals("applied")) {
            throw new AssertionError(answer.canonical().utf8().orElse(""));
        }
    }

    Json.Obj document() {
        Json.Obj terms = SharedVectors.json(SharedVectors.path(
                        "docs/spec/examples/09a-rounding-per-event.json", "spec/examples/09a-rounding-per-event.json"))
                .object("terms");
        return Json.object()
                .with("agreement", "1")
                .with("governance", object("{\"kind\":\"unanimous\"}"))
                .with("home", object("{\"kind\":\"public\"}"))
                .with("id", AGREEMENT)
                .with("number", 1)
                .with("opening", "2026-01")
                .with(
                        "parties",
                        object(
                                "{\"a\":\"east/ana\",\"b\":\"east/ben\",\"c\":\"west/cleo\",\"platform\":\"north/platform\"}"))
                .with(
                        "roles",
                        object(
                                "{\"sources\":[{\"first\":\"2026-01\",\"id\":\"sales\",\"owner\":\"platform\",\"types\":[\"refund\",\"sale\"]}]}"))
                .with("starts", "2026-01")
                .with("term", object("{\"from\":\"2026-01-01\",\"until\":\"2027-01-01\"}"))
                .with("terms", terms)
                .build();
    }

    /// The document with one member put in another's place.
    static Json.Obj with(Json.Obj object, String member, String json) {
        TreeMap<String, Json> members = new TreeMap<>(object.members());
        members.put(member, parse(json));
        return new Json.Obj(members);
    }

    static Json.Obj object(String json) {
        return (Json.Obj) parse(json);
    }

    private static Json parse(String json) {
        if (JsonReader.read(Bytes.ofUtf8(json), JsonReader.Profile.FILE) instanceof JsonReader.Value(var value)) {
            return value;
        }
        throw new IllegalArgumentException(json);
    }

    Json.Obj offers(Json.Obj document) {
        version = Hash.of(document.canonical());
        Act act = new Act.Offer(document, now.plus(Duration.ofDays(30)));
        return submit(sign(payload("north/platform", act), "north/platform"));
    }

    Bytes accept(String party) {
        return signed(party, new Act.Accept(Optional.empty()));
    }

    /// A report of sales of 100 minor units each, dated `date`.
    Bytes report(long first, int count, String date) {
        List<Json.Obj> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(sale(date, 100));
        }
        return report(first, events.toArray(Json.Obj[]::new));
    }

    Bytes report(long first, Json.Obj... events) {
        return signed("north/platform", new Act.Report(new SourceId("sales"), first, List.of(events), List.of()));
    }

    static Json.Obj sale(String date, long amount) {
        return Json.object()
                .with("amount", amount)
                .with("currency", "JPY")
                .with("date", date)
                .with("type", "sale")
                .build();
    }

    Bytes declare(String period, long last, long count, long amount) {
        List<Act.Total> totals = count == 0
                ? List.of()
                : List.of(new Act.Total(
                        "sale", Optional.of("JPY"), count, Optional.of(BigInteger.valueOf(amount)), Optional.empty()));
        return signed("north/platform", new Act.Declare(new SourceId("sales"), period, last, count, 0, totals));
    }

    /// Closes a period in as many steps as that takes.
    void closes(String period) {
        applies(close(period));
        while (ledger.json(Keys.agreement(AGREEMENT)).has("closing")) {
            if (ledger.step(now.text(), AGREEMENT, period) instanceof Transactions.Failed failed) {
                throw new AssertionError(failed.message());
            }
        }
    }

    Bytes close(String period) {
        return signed("north/platform", new Act.Close(period));
    }
}
