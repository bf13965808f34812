package org.tallystick.gateway;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Envelope.Hand;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.signing.VerifierKey;

/// Two partners of one member with their keys, who sign what the tests send: a hub and a creator who share sales in
/// halves.
public final class Partners {

    public static final MemberId MEMBER = new MemberId(FakeLedger.MEMBER);
    public static final PartyId HUB = new PartyId("north/hub");
    public static final PartyId ANA = new PartyId("north/ana");

    private final InstantSource clock;
    private final Random random;
    private final Map<String, SigningKey> keys = new TreeMap<>();
    private Duration ahead = Duration.ZERO;

    public Partners(long seed) {
        this(seed, InstantSource.system());
    }

    public Partners(long seed, InstantSource clock) {
        this.clock = clock;
        random = new Random(seed);
        for (Owner owner : List.of(MEMBER, HUB, ANA)) {
            keys.put(owner.text(), newKey());
        }
    }

    /// The clock of the trial ledger was moved so far.
    void clock(Duration offset) {
        ahead = offset;
    }

    public LedgerTime now() {
        return new LedgerTime(clock.instant().getEpochSecond()).plus(ahead);
    }

    LocalDate today() {
        return now().day();
    }

    public SigningKey newKey() {
        return SigningKey.generate(Algorithm.ED25519, random);
    }

    /// The private key of somebody, to do with it what the owner would not.
    SigningKey signing(Owner owner) {
        return key(owner);
    }

    private SigningKey key(Owner owner) {
        return Optional.ofNullable(keys.get(owner.text())).orElseThrow();
    }

    private Hand hand(Owner owner) {
        return new Hand(owner, key(owner));
    }

    public Ulid ulid() {
        byte[] entropy = new byte[10];
        random.nextBytes(entropy);
        return Ulid.of(now().seconds() * 1000, Bytes.copyOf(entropy));
    }

    public Payload payload(Owner party, Optional<Payload.Scope> scope, Act act) {
        return payload(party, scope, act, now(), now().plus(Duration.ofDays(1)));
    }

    public Payload payload(Owner party, Optional<Payload.Scope> scope, Act act, LedgerTime from, LedgerTime until) {
        return Payload.of(FakeLedger.ID, party, ulid(), from, until, scope, act);
    }

    public Bytes sign(Payload payload, Owner... signers) {
        return Envelope.sign(payload, List.of(signers).stream().map(this::hand).toList());
    }

    public Bytes registrar() {
        Act act = new Act.RegisterRegistrar(
                key(MEMBER).key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return sign(payload(MEMBER, Optional.empty(), act), MEMBER);
    }

    Bytes logKey(String kind, VerifierKey key) {
        return sign(payload(MEMBER, Optional.empty(), new Act.LogKey(kind, key.text(), Optional.empty())), MEMBER);
    }

    public Bytes enroll(PartyId party) {
        return sign(payload(party, Optional.empty(), enrollment(party)), party, MEMBER);
    }

    Act enrollment(PartyId party) {
        keys.computeIfAbsent(party.text(), _ -> newKey());
        return new Act.Enroll(
                key(party).key(), Purpose.ALL, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    Bytes trialClock(Duration offset) {
        return sign(payload(MEMBER, Optional.empty(), new Act.TrialClock(offset.toSeconds())), MEMBER);
    }

    /// An agreement of hub and creator that begins this month, with the sources `s0` to `s9` of the hub.
    public Deal deal(String label) {
        return new Deal(new AgreementId(HUB.text() + "/" + label), 1, 1);
    }

    /// One in which the creator stands for so many, who share the sales in so many splits, that a close takes steps.
    Deal wideDeal(String label) {
        return new Deal(new AgreementId(HUB.text() + "/" + label), 100, 100);
    }

    public final class Deal {
        private final AgreementId id;
        private final YearMonth month;
        private final List<String> creators;
        private final int splits;
        private final Json.Obj document;
        private final Payload.Scope scope;

        private Deal(AgreementId id, int creators, int splits) {
            this.id = id;
            this.month = YearMonth.from(today());
            this.creators = IntStream.range(0, creators)
                    .mapToObj(n -> n == 0 ? "ana" : "ana" + n)
                    .toList();
            this.splits = splits;
            this.document = document();
            this.scope = Payload.Scope.of(id, Hash.of(document.canonical()));
        }

        public AgreementId id() {
            return id;
        }

        String period() {
            return month.toString();
        }

        LocalDate first() {
            return month.atDay(1);
        }

        public Payload.Scope scope() {
            return scope;
        }

        private Json.Obj document() {
            List<Json.Obj> sources = IntStream.range(0, 10)
                    .mapToObj(n -> Json.object()
                            .with("first", month.toString())
                            .with("id", "s" + n)
                            .with("owner", "hub")
                            .with("types", Json.texts(List.of("refund", "sale")))
                            .build())
                    .toList();
            Json.Obj roles = Json.object()
                    .with("closers", Json.texts(List.of("hub")))
                    .with("sources", Json.array(sources))
                    .build();
            TreeMap<String, Json> bound = new TreeMap<>();
            bound.put("hub", Json.text(HUB.text()));
            creators.forEach(creator -> bound.put(creator, Json.text(ANA.text())));
            return Json.object()
                    .with("agreement", "1")
                    .with("days", Json.object().with("grace", 5).build())
                    .with("governance", Json.object().with("kind", "unanimous").build())
                    .with("home", Json.object().with("kind", "public").build())
                    .with("id", id.text())
                    .with("number", 1)
                    .with("opening", month.toString())
                    .with("parties", new Json.Obj(bound))
                    .with("roles", roles)
                    .with("starts", month.toString())
                    .with("term", Json.object().with("from", first().toString()).build())
                    .with("terms", terms())
                    .build();
        }

        private Json.Obj terms() {
            String share = "1/" + (creators.size() + 1);
            Json.Builder shares = Json.object().with("hub", share);
            List<Json.Obj> parties =
                    new ArrayList<>(List.of(Json.object().with("id", "hub").build()));
            for (String creator : creators) {
                Json.Builder _ = shares.with(creator, share);
                parties.add(Json.object().with("id", creator).build());
            }
            Json all = shares.build();
            List<Json.Obj> clauses = IntStream.range(0, splits)
                    .mapToObj(n -> Json.object()
                            .with("holder", "hub")
                            .with("id", n == 0 ? "split" : "a-split-with-a-name-so-long-that-its-lines-fill-pages-" + n)
                            .with("of", "sales")
                            .with("per", "event")
                            .with("shares", all)
                            .with("type", "split")
                            .build())
                    .toList();
            Json.Obj sales = Json.object()
                    .with("minus", Json.array(List.of(type("refund"))))
                    .with("plus", Json.array(List.of(type("sale"))))
                    .build();
            return Json.object()
                    .with("calendar", Json.object().with("frequency", "month").build())
                    .with("clauses", Json.array(clauses))
                    .with("currency", "EUR")
                    .with("hub", "hub")
                    .with("id", "halves")
                    .with("measures", Json.object().with("sales", sales).build())
                    .with("parties", Json.array(parties))
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
                    .with("title", "Halves")
                    .build();
        }

        private static Json.Obj type(String type) {
            return Json.object().with("type", type).build();
        }

        private Payload payload(Owner party, Act act) {
            return Partners.this.payload(party, Optional.of(scope), act);
        }

        public Bytes offer() {
            return sign(payload(HUB, new Act.Offer(document, now().plus(Duration.ofDays(10)))), HUB);
        }

        public Bytes accept() {
            return sign(payload(ANA, new Act.Accept(Optional.empty())), ANA);
        }

        Json.Obj sale(long amount) {
            return Json.object()
                    .with("amount", amount)
                    .with("currency", "EUR")
                    .with("date", first().toString())
                    .with("type", "sale")
                    .build();
        }

        public Act.Report reportAct(String source, long first, int count) {
            List<Json.Obj> events = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                events.add(sale(100 + first + i));
            }
            return new Act.Report(new SourceId(source), first, events, List.of());
        }

        public Payload reportPayload(String source, long first, int count) {
            return payload(HUB, reportAct(source, first, count));
        }

        public Bytes report(String source, long first, int count) {
            return sign(reportPayload(source, first, count), HUB);
        }

        /// A refund of a whole sale, with the proof that the sale is in a report of one event.
        Bytes refund(String source, long first, long of) {
            Json.Obj refund = Json.object()
                    .with("amount", 100 + of)
                    .with("date", first().toString())
                    .with("refOf", new EventId(new SourceId(source), of).text())
                    .with("type", "refund")
                    .build();
            Act.EventProof proof =
                    new Act.EventProof(new EventId(new SourceId(source), of), sale(100 + of), of, List.of());
            return sign(
                    payload(HUB, new Act.Report(new SourceId(source), first, List.of(refund), List.of(proof))), HUB);
        }

        Bytes declare(String source, long last, List<Act.Total> totals) {
            long count = totals.stream().mapToLong(Act.Total::count).sum();
            return sign(payload(HUB, new Act.Declare(new SourceId(source), period(), last, count, 0, totals)), HUB);
        }

        Bytes close() {
            return sign(payload(HUB, new Act.Close(period())), HUB);
        }

        /// Moves to pause it, for three days at the most.
        Bytes pause() {
            Json.Obj decision = Json.object()
                    .with("kind", "pause")
                    .with("reason", "to be told")
                    .build();
            LedgerTime now = new LedgerTime(clock.instant().getEpochSecond());
            return sign(payload(HUB, new Act.Motion(decision, now.plus(ahead).plus(Duration.ofDays(3)))), HUB);
        }

        /// So far the clock of a trial has to move until the month is over.
        Duration untilMonthIsOver() {
            long end = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
            return Duration.ofSeconds(end - clock.instant().getEpochSecond() + 60);
        }
    }

    public static Signed read(Bytes envelope) {
        return (Signed) Signed.read(envelope);
    }
}
