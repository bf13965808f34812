package org.tallystick.acceptance;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
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
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.client.Party;
import org.tallystick.ledger.client.Registrar;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.keys.LogKey;

/// Three parties, one of each member, who share in equal parts what each of them sells, and the keys they sign with.
/// Every party owns two sources of each agreement.
final class Partnership {

    static final List<String> MEMBERS = List.of("north", "east", "west");
    static final PartyId HUB = new PartyId("north/hub");
    static final PartyId ANA = new PartyId("east/ana");
    static final PartyId BEN = new PartyId("west/ben");
    static final List<PartyId> PARTIES = List.of(HUB, ANA, BEN);

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final Duration OPEN = Duration.ofDays(10);

    private final Hash ledger;
    private final Random random;
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private volatile Duration ahead = Duration.ZERO;
    private final Map<Owner, SigningKey> keys = new TreeMap<>((a, b) -> a.text().compareTo(b.text()));

    Partnership(Hash ledger, long seed) {
        this.ledger = ledger;
        this.random = new Random(seed);
        MEMBERS.forEach(member -> keys.put(new MemberId(member), newKey(Algorithm.ES256)));
        keys.put(HUB, newKey(Algorithm.ES256));
        keys.put(ANA, newKey(Algorithm.ED25519));
        keys.put(BEN, newKey(Algorithm.ED25519));
    }

    /// A key that no ledger knows.
    SigningKey newKey(Algorithm algorithm) {
        return SigningKey.generate(algorithm, random);
    }

    private Envelope.Hand hand(Owner owner) {
        return new Envelope.Hand(owner, Optional.ofNullable(keys.get(owner)).orElseThrow());
    }

    /// The sources that a party owns in each agreement.
    static List<SourceId> sources(PartyId party) {
        String name = name(party);
        return List.of(new SourceId(name + "-shop"), new SourceId(name + "-web"));
    }

    private static String name(PartyId party) {
        return party.text().substring(party.text().indexOf('/') + 1);
    }

    static AgreementId agreement(String label) {
        return new AgreementId(HUB.text() + "/" + label);
    }

    /// Makes the registrar of a member known, by the member's own admin.
    void registers(String member, Ledger admin) throws LedgerException {
        MemberId id = new MemberId(member);
        Desk desk = Desk.at(new LedgerCourier(admin)).waiting(LONGEST_ANSWER);
        applied(new Registrar(id, hand(id), desk).register(Optional.empty()));
    }

    /// Names a key of a member's log.
    void registers(String member, LogKey key, Courier courier) throws LedgerException {
        MemberId id = new MemberId(member);
        Desk desk = Desk.at(courier).waiting(LONGEST_ANSWER);
        VerifierKey vkey = key.signer(id, ledger).verifierKey();
        applied(new Registrar(id, hand(id), desk).logKey(key.kind().text(), vkey, Optional.empty()));
    }

    /// Enrolls all parties.
    void enrolls(Courier courier) throws LedgerException {
        Desk desk = Desk.at(courier).waiting(LONGEST_ANSWER);
        for (PartyId party : PARTIES) {
            MemberId member =
                    new MemberId(party.text().substring(0, party.text().indexOf('/')));
            applied(new Registrar(member, hand(member), desk).enroll(party, hand(party), Optional.empty()));
        }
    }

    /// Offers an agreement and has everybody accept it.
    void agrees(AgreementId agreement, Courier courier) throws LedgerException {
        Desk desk = Desk.at(courier).waiting(LONGEST_ANSWER);
        applied(new Party(HUB, hand(HUB), desk).offer(agreement, document(agreement), OPEN));
        for (PartyId party : List.of(ANA, BEN)) {
            var offered = new Agreements(courier).find(agreement).orElseThrow().shown();
            applied(new Party(party, hand(party), desk).accept(agreement, offered.orElseThrow()));
        }
    }

    private static void applied(Sent sent) {
        if (!sent.applied()) {
            throw new IllegalStateException("not applied: " + sent.encode().canonical());
        }
    }

    /// A report of so many sales of today.
    Bytes report(AgreementId agreement, PartyId by, SourceId source, long first, int count) {
        return Envelope.sign(reportPayload(agreement, by, source, first, count), hand(by));
    }

    Payload reportPayload(AgreementId agreement, PartyId by, SourceId source, long first, int count) {
        List<Json.Obj> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(sale(1_000 + first + i, today));
        }
        return payload(agreement, by, new Act.Report(source, first, events, List.of()));
    }

    static Json.Obj sale(long amount, LocalDate day) {
        return Json.object()
                .with("amount", amount)
                .with("currency", "EUR")
                .with("date", day.toString())
                .with("type", "sale")
                .build();
    }

    Payload payload(AgreementId agreement, PartyId by, Act act) {
        LedgerTime from = now().plus(Duration.ofMinutes(-1));
        return payload(agreement, by, act, from, from.plus(Duration.ofDays(1)));
    }

    Payload payload(AgreementId agreement, PartyId by, Act act, LedgerTime from, LedgerTime until) {
        Hash version = act instanceof Act.Offer(var document, var _)
                ? Hash.of(document.canonical())
                : Hash.of(document(agreement).canonical());
        return Payload.of(ledger, by, ulid(), from, until, Optional.of(Payload.Scope.of(agreement, version)), act);
    }

    /// The payload signed by each of these.
    Bytes sign(Payload payload, Owner... signers) {
        return Envelope.sign(payload, List.of(signers).stream().map(this::hand).toList());
    }

    /// Ledger time, as far as this machine and the registrars know.
    LedgerTime now() {
        return new LedgerTime(Instant.now().getEpochSecond()).plus(ahead);
    }

    /// Moves the clock of a trial ledger.
    void moves(Duration offset, Courier courier) throws LedgerException {
        MemberId member = new MemberId(MEMBERS.getFirst());
        applied(new Registrar(member, hand(member), Desk.at(courier).waiting(LONGEST_ANSWER)).trialClock(offset));
        ahead = offset;
    }

    private synchronized Ulid ulid() {
        byte[] entropy = new byte[10];
        random.nextBytes(entropy);
        return Ulid.of(now().seconds() * 1000, Bytes.copyOf(entropy));
    }

    static Signed read(Bytes envelope) {
        return (Signed) Signed.read(envelope);
    }

    /// The first period of every agreement, and so far the only one.
    String period() {
        return YearMonth.from(today).toString();
    }

    Json.Obj document(AgreementId agreement) {
        TreeMap<String, Json> bound = new TreeMap<>();
        PARTIES.forEach(party -> bound.put(name(party), Json.text(party.text())));
        List<Json> sources = new ArrayList<>();
        for (PartyId party : PARTIES) {
            for (SourceId source : sources(party)) {
                sources.add(Json.object()
                        .with("first", period())
                        .with("id", source.text())
                        .with("owner", name(party))
                        .with("types", Json.texts(List.of("refund", "sale")))
                        .build());
            }
        }
        return Json.object()
                .with("agreement", "1")
                .with("governance", Json.object().with("kind", "unanimous").build())
                .with("home", Json.object().with("kind", "public").build())
                .with("id", agreement.text())
                .with("number", 1)
                .with("opening", period())
                .with("parties", new Json.Obj(bound))
                .with(
                        "roles",
                        Json.object().with("sources", Json.array(sources)).build())
                .with("starts", period())
                .with("term", Json.object().with("from", period() + "-01").build())
                .with("terms", terms())
                .build();
    }

    private static Json.Obj terms() {
        Json.Obj thirds = Json.object()
                .with("ana", "1/3")
                .with("ben", "1/3")
                .with("hub", "1/3")
                .build();
        Json.Obj split = Json.object()
                .with("holder", "hub")
                .with("id", "split")
                .with("of", "sales")
                .with("shares", thirds)
                .with("type", "split")
                .build();
        Json.Obj sales = Json.object()
                .with("minus", Json.array(List.of(type("refund"))))
                .with("plus", Json.array(List.of(type("sale"))))
                .build();
        return Json.object()
                .with("calendar", Json.object().with("frequency", "month").build())
                .with("clauses", Json.array(List.of(split)))
                .with("currency", "EUR")
                .with("hub", "hub")
                .with("id", "thirds")
                .with("measures", Json.object().with("sales", sales).build())
                .with(
                        "parties",
                        Json.array(PARTIES.stream()
                                .map(party ->
                                        Json.object().with("id", name(party)).build())
                                .toList()))
                .with(
                        "rounding",
                        Json.object()
                                .with("negative", "symmetric")
                                .with("single", "half-away-from-zero")
                                .with("split", "largest-remainder")
                                .with("ties", "listed-order")
                                .build())
                .with("settlement", Json.object().with("negative", "carry").build())
                .with("terms", "1")
                .with("title", "Thirds")
                .build();
    }

    private static Json.Obj type(String type) {
        return Json.object().with("type", type).build();
    }
}
