package org.tallystick.agreement.rules;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.SharedVectors;
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
import org.tallystick.agreement.life.Asked;
import org.tallystick.agreement.life.Deed;
import org.tallystick.agreement.life.Paper;
import org.tallystick.agreement.life.Rule;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Documents;

/// Parties who lead an agreement through its life: what the model of `life` calls a paper and a deed, as documents and
/// signed instructions on a ledger in memory.
final class LifeStory {

    static final String AGREEMENT = Story.AGREEMENT;
    static final String HUB = "north/platform";

    /// Who is on the ledger, each with the person whose first key it is, if that is said. Ann has keys of two parties.
    static final SortedMap<String, String> PARTIES = new TreeMap<>(Map.of(
            HUB,
            "pat",
            "east/ana",
            "ann",
            "east/second",
            "ann",
            "east/ben",
            "ben",
            "west/cleo",
            "",
            "west/dora",
            "",
            "south/eli",
            "",
            "south/fay",
            ""));

    private static final Random RANDOM = new Random(11);
    private static final TreeMap<String, SigningKey> KEYS = new TreeMap<>();
    private static final LedgerTime BEGAN = LedgerTime.of("2025-01-01T00:00:00Z");
    private static final SortedMap<String, Bytes> ENROLLED = enrolled();

    final MemoryLedger ledger = MemoryLedger.begun(Story.LEDGER, false, BEGAN.text());
    private long ids;

    /// An instruction as the model knows it, and as it is sent.
    record Signed(Asked asked, Bytes envelope) {}

    LifeStory() {
        ledger.state.putAll(ENROLLED);
    }

    private static SortedMap<String, Bytes> enrolled() {
        MemoryLedger ledger = MemoryLedger.begun(Story.LEDGER, false, BEGAN.text());
        List<String> members = PARTIES.keySet().stream()
                .map(party -> new PartyId(party).member().text())
                .distinct()
                .toList();
        for (String member : members) {
            Act act = new Act.RegisterRegistrar(
                    key(member).key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            register(ledger, member, new MemberId(member), act, List.of(member));
        }
        PARTIES.forEach((party, holder) -> {
            Act act = new Act.Enroll(
                    key(party).key(),
                    Purpose.ALL,
                    Optional.of(holder).filter(text -> !text.isEmpty()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            String member = new PartyId(party).member().text();
            register(ledger, member, new PartyId(party), act, List.of(party, member));
        });
        return ledger.state;
    }

    private static void register(MemoryLedger ledger, String member, Owner owner, Act act, List<String> hands) {
        Payload payload = Payload.of(
                Story.LEDGER,
                owner,
                Ulid.of(BEGAN.seconds() * 1_000, Bytes.copyOf(new byte[10])),
                BEGAN,
                new LedgerTime(BEGAN.seconds() + LedgerTime.SECONDS_A_DAY),
                Optional.empty(),
                act);
        Bytes envelope = Envelope.sign(
                payload,
                hands.stream()
                        .map(hand -> new Envelope.Hand(Owner.parse(hand).orElseThrow(), key(hand)))
                        .toList());
        Json.Obj answer = ledger.submit(BEGAN.text(), member, envelope).getFirst();
        if (!MemoryLedger.told(answer).equals("applied")) {
            throw new AssertionError(answer.toString());
        }
    }

    static SigningKey key(String owner) {
        return KEYS.computeIfAbsent(owner, _ -> SigningKey.generate(Algorithm.ED25519, RANDOM));
    }

    // ---- papers ----

    private static final Json.Obj TERMS = terms();

    /// What is the same in every document.
    private static final String FRAME = """
            {"agreement":"1","home":{"kind":"public"},"id":"north/platform/creators","opening":"2026-01",
             "roles":{"sources":[{"first":"2026-01","id":"sales","owner":"platform","types":["refund","sale"]}]}}""";

    private static Json.Obj terms() {
        Json.Obj terms = SharedVectors.json(SharedVectors.path(
                        "docs/spec/examples/09a-rounding-per-event.json", "spec/examples/09a-rounding-per-event.json"))
                .object("terms");
        return Story.with(
                terms,
                "parties",
                "[{\"id\":\"platform\"},{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"},{\"id\":\"d\"},{\"id\":\"e\"}]");
    }

    /// Terms of this number, each of which goes on from the one before.
    static Json.Obj terms(int number) {
        if (number == 1) {
            return TERMS;
        }
        String before = Hash.of(terms(number - 1).canonical()).hex();
        Json.Obj titled = Story.with(TERMS, "title", "\"Creator split " + number + "\"");
        return Story.with(Story.with(titled, "version", "" + number), "supersedes", "\"" + before + "\"");
    }

    static String hash(Paper paper) {
        return Hash.of(document(paper).canonical()).hex();
    }

    static Json.Obj document(Paper paper) {
        TreeMap<String, Json> document = new TreeMap<>(Story.object(FRAME).members());
        document.put("governance", governance(paper.governing()));
        document.put("number", Json.whole(paper.number()));
        document.put("parties", texts(paper.parties()));
        document.put("starts", Json.text(paper.starts().toString()));
        document.put("term", term(paper.term()));
        document.put("terms", terms(paper.terms()));
        document.put("title", Json.text(paper.title()));
        List<String> persons =
                paper.flaw() == Paper.Flaw.PERSON ? List.of("nobody/at-all") : List.copyOf(paper.mustAccept());
        if (!persons.isEmpty()) {
            document.put("mustAccept", Json.texts(persons));
        }
        if (!paper.supersedes().isEmpty()) {
            document.put("supersedes", Json.text(paper.supersedes()));
        }
        if (!paper.arbiter().isEmpty()) {
            TreeMap<String, Json> roles =
                    new TreeMap<>(new Json.Obj(document).object("roles").members());
            roles.put("arbiter", Json.text(paper.arbiter()));
            document.put("roles", new Json.Obj(roles));
        }
        if (paper.flaw() == Paper.Flaw.FORM) {
            document.put("whim", Json.text("a member that no text has"));
        }
        return new Json.Obj(document);
    }

    private static Json.Obj texts(SortedMap<String, String> texts) {
        TreeMap<String, Json> json = new TreeMap<>();
        texts.forEach((name, text) -> json.put(name, Json.text(text)));
        return new Json.Obj(json);
    }

    private static Json.Obj term(Paper.Term term) {
        TreeMap<String, Json> json = new TreeMap<>();
        json.put("cureDays", Json.whole(term.cureDays()));
        json.put("from", Json.text("2026-01-01"));
        json.put("runOffPeriods", Json.whole(term.runOffPeriods()));
        term.until().ifPresent(day -> json.put("until", Json.text(day.toString())));
        term.leaveDays().ifPresent(days -> json.put("leaveDays", Json.whole(days)));
        term.renewal().ifPresent(renewal -> {
            TreeMap<String, Json> again = new TreeMap<>();
            again.put("months", Json.whole(renewal.months()));
            again.put("noticeDays", Json.whole(renewal.noticeDays()));
            renewal.times().ifPresent(times -> again.put("times", Json.whole(times)));
            json.put("renewal", new Json.Obj(again));
        });
        return new Json.Obj(json);
    }

    private static Json.Obj governance(Paper.Governing governing) {
        TreeMap<String, Json> json = new TreeMap<>(rule(governing.rule()).members());
        TreeMap<String, Json> overrides = new TreeMap<>();
        governing.overrides().forEach((decision, rule) -> overrides.put(decision, rule(rule)));
        if (!overrides.isEmpty()) {
            json.put("overrides", new Json.Obj(overrides));
        }
        if (!governing.movers().isEmpty()) {
            json.put("movers", Json.texts(List.copyOf(governing.movers())));
        }
        if (governing.notifier()) {
            json.put("breach", Json.text("notifier"));
        }
        TreeMap<String, Json> successors = new TreeMap<>();
        governing
                .successors()
                .forEach((name, one) -> successors.put(
                        name,
                        Json.object()
                                .with("days", one.days())
                                .with("party", one.party())
                                .build()));
        if (!successors.isEmpty()) {
            json.put("successors", new Json.Obj(successors));
        }
        return new Json.Obj(json);
    }

    private static Json.Obj rule(Rule rule) {
        Json.Builder json = Json.object().with("voteDays", rule.voteDays());
        return switch (rule) {
            case Rule.Unanimous _ -> json.with("kind", "unanimous").build();
            case Rule.Principal(String person, int noticeDays, int _) ->
                json.with("kind", "principal")
                        .with("noticeDays", noticeDays)
                        .with("principal", person)
                        .build();
            case Rule.Board(var seats, int need, int lockHours, int _) -> {
                List<Json> all = seats.entrySet().stream()
                        .<Json>map(entry -> Json.object()
                                .withText(
                                        "holder",
                                        Optional.of(entry.getValue().holder()).filter(text -> !text.isEmpty()))
                                .with("party", entry.getValue().person())
                                .with("seat", entry.getKey())
                                .build())
                        .toList();
                yield json.with("kind", "board")
                        .with("lockHours", lockHours)
                        .with("need", need)
                        .with("seats", Json.array(all))
                        .build();
            }
            case Rule.Weighted(var weights, int quorum, int threshold, int lockHours, int _) -> {
                TreeMap<String, Json> all = new TreeMap<>();
                weights.forEach((name, weight) -> all.put(name, Json.whole(weight)));
                yield json.with("kind", "weighted")
                        .with("lockHours", lockHours)
                        .with("quorum", share(quorum))
                        .with("threshold", share(threshold))
                        .with("weights", new Json.Obj(all))
                        .build();
            }
            case Rule.Objection _ -> throw new IllegalArgumentException("no document states " + rule);
        };
    }

    private static String share(int hundredths) {
        return hundredths == 100 ? "1" : hundredths + "/100";
    }

    // ---- deeds ----

    /// The deed as an instruction of this party's, good for two days from now on.
    Signed signed(String party, String version, long now, Deed deed) {
        return signed(party, ++ids, version, now, now, now + 2 * LedgerTime.SECONDS_A_DAY, deed);
    }

    /// @param number of the id, which is the party's own
    Signed signed(String party, long number, String version, long made, long from, long until, Deed deed) {
        String holder = Optional.ofNullable(PARTIES.get(party)).orElseThrow();
        return signed(party, key(party), holder, number, version, made, from, until, deed);
    }

    /// The deed signed with a key that the party added.
    Signed signedWith(SigningKey key, String holder, String party, String version, long now, Deed deed) {
        return signed(party, key, holder, ++ids, version, now, now, now + LedgerTime.SECONDS_A_DAY, deed);
    }

    /// Adds a key of this person's to those of a party.
    SigningKey addsKey(String party, String holder, long now) {
        SigningKey added = SigningKey.generate(Algorithm.ED25519, RANDOM);
        Act act = new Act.KeyAdd(
                added.key(), Purpose.ALL, Optional.of(holder), Optional.empty(), Optional.empty(), Optional.empty());
        PartyId owner = new PartyId(party);
        Payload payload = Payload.of(
                Story.LEDGER,
                owner,
                Ulid.of(now * 1_000, Bytes.ofHex(String.format("%020x", ++ids))),
                new LedgerTime(now),
                new LedgerTime(now + LedgerTime.SECONDS_A_DAY),
                Optional.empty(),
                act);
        Bytes envelope = Envelope.sign(payload, new Envelope.Hand(owner, key(party)), new Envelope.Hand(owner, added));
        Json.Obj answer = submit(now, envelope).getFirst();
        if (!MemoryLedger.told(answer).equals("applied")) {
            throw new AssertionError(answer.toString());
        }
        return added;
    }

    private Signed signed(
            String party,
            SigningKey key,
            String holder,
            long number,
            String version,
            long made,
            long from,
            long until,
            Deed deed) {
        Ulid id = Ulid.of(made * 1_000, Bytes.ofHex(String.format("%020x", number)));
        Payload payload = Payload.of(
                Story.LEDGER,
                new PartyId(party),
                id,
                new LedgerTime(from),
                new LedgerTime(until),
                Optional.of(Payload.Scope.of(new AgreementId(AGREEMENT), new Hash(version))),
                act(deed));
        Bytes envelope = Envelope.sign(payload, new Envelope.Hand(new PartyId(party), key));
        Asked asked =
                new Asked(id.text(), Hash.of(payload.bytes()).hex(), party, holder, version, made, from, until, deed);
        return new Signed(asked, envelope);
    }

    private Act act(Deed deed) {
        return switch (deed) {
            case Deed.Offer(Paper paper, String _, long expires) ->
                new Act.Offer(document(paper), new LedgerTime(expires));
            case Deed.Counter(Paper paper, String _, long expires, String to) ->
                new Act.Counter(document(paper), new LedgerTime(expires), new Hash(to));
            case Deed.Accept(String version, Deed.Text text) -> new Act.Accept(text(version, text));
            case Deed.Decline _ -> new Act.Decline(Optional.of("no"));
            case Deed.Withdraw(String _, Optional<String> motion) -> new Act.Withdraw(motion.map(Hash::new));
            case Deed.Amend(Paper paper, String _, String decision, long expires) ->
                new Act.Amend(decision, document(paper), new LedgerTime(expires));
            case Deed.Motion(Deed.Decision decision, long expires) ->
                new Act.Motion(decision(decision), new LedgerTime(expires));
            case Deed.Vote(String motion, String choice) -> new Act.Vote(new Hash(motion), choice);
            case Deed.Execute(String motion) -> new Act.Execute(new Hash(motion));
            case Deed.Notice(String kind, Optional<String> against, Optional<String> notice) ->
                new Act.Notice(
                        kind, against.map(PartyId::new), notice.map(Hash::new), Optional.empty(), Optional.empty());
            case Deed.Sale(long number, var date) ->
                new Act.Report(new SourceId("sales"), number, List.of(Story.sale(date.toString(), 100)), List.of());
            case Deed.Declare(var period) -> declare(period.toString());
            case Deed.Close(var period) -> new Act.Close(period.toString());
        };
    }

    private Optional<Hash> text(String version, Deed.Text text) {
        return switch (text) {
            case UNSAID -> Optional.empty();
            case WRONG -> Optional.of(Hash.ZERO);
            case RIGHT -> Optional.of(rendered(version));
        };
    }

    private Hash rendered(String version) {
        Json.Obj document =
                ledger.find(Keys.document(AGREEMENT, new Hash(version))).orElseThrow();
        return Hash.of(Bytes.ofUtf8(Documents.accepted(document.object("terms")).rendered()));
    }

    private static Json.Obj decision(Deed.Decision decision) {
        Json.Builder json = Json.object().with("kind", decision.kind());
        return switch (decision.kind()) {
            case "pause" -> json.with("reason", "a dispute").build();
            case "terminate" ->
                json.with("cause", decision.breach() ? "breach" : "convenience")
                        .withText("last", decision.last().map(Object::toString))
                        .withText("notice", decision.notice())
                        .build();
            default -> json.withText("party", decision.party()).build();
        };
    }

    private Optional<Json.Obj> head() {
        return ledger.find(Keys.source(AGREEMENT, "sales"));
    }

    private Act declare(String period) {
        Optional<Json.Obj> total = ledger.find(Keys.total(AGREEMENT, "sales", period));
        List<Act.Total> totals = total.stream()
                .flatMap(found -> found.items("totals").stream())
                .map(each -> (Json.Obj) each)
                .map(each -> new Act.Total(
                        each.text("type"),
                        each.findText("currency"),
                        each.whole("count"),
                        each.findWhole("amount").map(BigInteger::valueOf),
                        Optional.empty()))
                .toList();
        return new Act.Declare(
                new SourceId("sales"),
                period,
                head().map(head -> head.whole("last")).orElse(0L),
                total.map(found -> found.whole("count")).orElse(0L),
                0,
                totals);
    }

    /// The answers to these, sent in one transaction.
    List<Json.Obj> submit(long t, Bytes... envelopes) {
        return ledger.submit(new LedgerTime(t).text(), "north", envelopes);
    }

    String told(long t, Signed signed) {
        return MemoryLedger.told(submit(t, signed.envelope()).getFirst());
    }

    Optional<Json.Obj> agreement() {
        return ledger.find(Keys.agreement(AGREEMENT));
    }
}
