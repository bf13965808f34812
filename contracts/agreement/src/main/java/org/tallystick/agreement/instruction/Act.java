package org.tallystick.agreement.instruction;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;

/// What is asked for: the body of the payload, typed.
///
/// The acts that the rules carry out are records of their own; any other keeps its body as it was signed.
public sealed interface Act {

    /// Registers a key with which a member enrolls parties, and revokes the one named.
    record RegisterRegistrar(
            Key key,
            Optional<LedgerTime> from,
            Optional<LedgerTime> until,
            Optional<String> name,
            Optional<String> revoke)
            implements Act {

        private static RegisterRegistrar of(Json.Obj body) {
            return new RegisterRegistrar(
                    Key.of(body.object("key")),
                    time(body, "from"),
                    time(body, "until"),
                    body.findText("name"),
                    body.findText("revoke"));
        }

        @Override
        public ActKind kind() {
            return ActKind.REGISTER_REGISTRAR;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("key", key.toJson())
                    .withText("from", from.map(LedgerTime::text))
                    .withText("until", until.map(LedgerTime::text))
                    .withText("name", name)
                    .withText("revoke", revoke)
                    .build();
        }
    }

    /// Registers a key with which a member signs the log, or cosigns it.
    ///
    /// @param role `log`, `witness`, `head` or `receipt`
    /// @param vkey as C2SP spells it
    record LogKey(String role, String vkey, Optional<LedgerTime> until) implements Act {

        private static LogKey of(Json.Obj body) {
            return new LogKey(body.text("kind"), body.text("vkey"), time(body, "until"));
        }

        @Override
        public ActKind kind() {
            return ActKind.LOG_KEY;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("kind", role)
                    .with("vkey", vkey)
                    .withText("until", until.map(LedgerTime::text))
                    .build();
        }
    }

    /// Creates a party with its first key.
    record Enroll(
            Key key,
            List<Purpose> purposes,
            Optional<String> holder,
            Optional<KeyLimits> limits,
            Optional<String> name,
            Optional<Recovery> recovery)
            implements Act {
        public Enroll {
            purposes = purposes.stream().sorted().toList();
        }

        private static Enroll of(Json.Obj body) {
            return new Enroll(
                    Key.of(body.object("key")),
                    purposesIn(body),
                    body.findText("holder"),
                    limitsIn(body),
                    body.findText("name"),
                    body.find("recovery").map(recovery -> Recovery.of((Json.Obj) recovery)));
        }

        @Override
        public ActKind kind() {
            return ActKind.ENROLL;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("key", key.toJson())
                    .with("purposes", spelled(purposes))
                    .withText("holder", holder)
                    .with("limits", limits.map(KeyLimits::toJson))
                    .withText("name", name)
                    .with("recovery", recovery.map(Recovery::toJson))
                    .build();
        }
    }

    /// Moves the party to another host; its id stays.
    record Rehost(MemberId member) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.REHOST;
        }

        @Override
        public Json.Obj body() {
            return Json.object().with("member", member.text()).build();
        }
    }

    /// Names who may recover the party.
    record RecoverySet(Recovery recovery) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.RECOVERY_SET;
        }

        @Override
        public Json.Obj body() {
            return recovery.toJson();
        }
    }

    /// Registers one more key of a party.
    ///
    /// @param from from when on it is good, if it waits
    /// @param until when it ends, if it does
    record KeyAdd(
            Key key,
            List<Purpose> purposes,
            Optional<String> holder,
            Optional<KeyLimits> limits,
            Optional<LedgerTime> from,
            Optional<LedgerTime> until)
            implements Act {
        public KeyAdd {
            purposes = purposes.stream().sorted().toList();
        }

        private static KeyAdd of(Json.Obj body) {
            return new KeyAdd(
                    Key.of(body.object("key")),
                    purposesIn(body),
                    body.findText("holder"),
                    limitsIn(body),
                    time(body, "from"),
                    time(body, "until"));
        }

        @Override
        public ActKind kind() {
            return ActKind.KEY_ADD;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("key", key.toJson())
                    .with("purposes", spelled(purposes))
                    .withText("holder", holder)
                    .with("limits", limits.map(KeyLimits::toJson))
                    .withText("from", from.map(LedgerTime::text))
                    .withText("until", until.map(LedgerTime::text))
                    .build();
        }
    }

    /// Puts a new key in the place of an old one, by the old one's own will.
    ///
    /// @param old thumb
    record KeyRotate(String old, Key key) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.KEY_ROTATE;
        }

        @Override
        public Json.Obj body() {
            return Json.object().with("key", key.toJson()).with("old", old).build();
        }
    }

    /// Ends a key.
    ///
    /// @param key thumb
    record KeyRevoke(String key, String reason) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.KEY_REVOKE;
        }

        @Override
        public Json.Obj body() {
            return Json.object().with("key", key).with("reason", reason).build();
        }
    }

    /// Ends a key, and puts in doubt what it signed from a time on.
    ///
    /// @param key thumb
    record KeyCompromised(String key, LedgerTime since, Optional<Evidence> evidence) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.KEY_COMPROMISED;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("evidence", evidence.map(Evidence::toJson))
                    .with("key", key)
                    .with("since", since.text())
                    .build();
        }
    }

    /// Gives a party that lost its keys a new one, by the will of those it named for that.
    ///
    /// @param revoke thumbs of keys that end, beside every one that administers
    record KeyRecover(Key key, List<String> revoke) implements Act {
        public KeyRecover {
            revoke = List.copyOf(revoke);
        }

        private static KeyRecover of(Json.Obj body) {
            return new KeyRecover(Key.of(body.object("key")), texts(body.items("revoke")));
        }

        @Override
        public ActKind kind() {
            return ActKind.KEY_RECOVER;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("key", key.toJson())
                    .with("revoke", Json.texts(revoke))
                    .build();
        }
    }

    /// Opens an agreement with its first version.
    ///
    /// @param document any object yet: what is wrong with it is a verdict
    record Offer(Json.Obj document, LedgerTime expires) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.OFFER;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("document", document)
                    .with("expires", expires.text())
                    .build();
        }
    }

    /// Accepts the version that the payload names.
    ///
    /// @param text hash of the rendered text the signer read
    record Accept(Optional<Hash> text) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.ACCEPT;
        }

        @Override
        public Json.Obj body() {
            return Json.object().withText("text", text.map(Hash::hex)).build();
        }
    }

    /// Answers an offer with another.
    ///
    /// @param to the version that it answers
    record Counter(Json.Obj document, LedgerTime expires, Hash to) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.COUNTER;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("document", document)
                    .with("expires", expires.text())
                    .with("to", to.hex())
                    .build();
        }
    }

    /// Declines the version that the payload names.
    record Decline(Optional<String> reason) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.DECLINE;
        }

        @Override
        public Json.Obj body() {
            return Json.object().withText("reason", reason).build();
        }
    }

    /// Takes an offer, an acceptance or a motion back.
    ///
    /// @param motion which one; else it is about the version that the payload names
    record Withdraw(Optional<Hash> motion) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.WITHDRAW;
        }

        @Override
        public Json.Obj body() {
            return Json.object().withText("motion", motion.map(Hash::hex)).build();
        }
    }

    /// Moves a new version of the agreement.
    ///
    /// @param decision the first class of what it changes
    record Amend(String decision, Json.Obj document, LedgerTime expires) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.AMEND;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("class", decision)
                    .with("document", document)
                    .with("expires", expires.text())
                    .build();
        }
    }

    /// Moves a decision that leaves the document as it is.
    record Motion(Json.Obj decision, LedgerTime expires) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.MOTION;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("decision", decision)
                    .with("expires", expires.text())
                    .build();
        }
    }

    /// Votes on a motion.
    ///
    /// @param choice `yes`, `no`, `abstain`, or `none` to take the vote back
    record Vote(Hash motion, String choice) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.VOTE;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("choice", choice)
                    .with("motion", motion.hex())
                    .build();
        }
    }

    /// Carries a decision out.
    record Execute(Hash motion) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.EXECUTE;
        }

        @Override
        public Json.Obj body() {
            return Json.object().with("motion", motion.hex()).build();
        }
    }

    /// Gives notice.
    ///
    /// @param topic `leave`, `no-renewal`, `breach` or `cured`
    /// @param against who broke the agreement
    /// @param notice the breach that is cured
    record Notice(
            String topic,
            Optional<PartyId> against,
            Optional<Hash> notice,
            Optional<String> reason,
            Optional<Evidence> evidence)
            implements Act {
        private static Notice of(Json.Obj body) {
            return new Notice(
                    body.text("kind"),
                    body.findText("against").flatMap(PartyId::parse),
                    body.findText("notice").map(Hash::new),
                    body.findText("reason"),
                    evidenceIn(body));
        }

        @Override
        public ActKind kind() {
            return ActKind.NOTICE;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .withText("against", against.map(PartyId::text))
                    .with("evidence", evidence.map(Evidence::toJson))
                    .with("kind", topic)
                    .withText("notice", notice.map(Hash::hex))
                    .withText("reason", reason)
                    .build();
        }
    }

    /// A sum that payer and payee agree on, beside what is computed.
    ///
    /// @param period that it is about
    /// @param payer a party of the terms, as `payee`
    record Adjust(
            String period,
            String payer,
            String payee,
            BigInteger amount,
            String reason,
            String text,
            Optional<Evidence> evidence)
            implements Act {
        private static Adjust of(Json.Obj body) {
            return new Adjust(
                    body.text("period"),
                    body.text("payer"),
                    body.text("payee"),
                    Amounts.of(body.get("amount")),
                    body.text("reason"),
                    body.text("text"),
                    evidenceIn(body));
        }

        @Override
        public ActKind kind() {
            return ActKind.ADJUST;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("amount", Amounts.toJson(amount))
                    .with("evidence", evidence.map(Evidence::toJson))
                    .with("payee", payee)
                    .with("payer", payer)
                    .with("period", period)
                    .with("reason", reason)
                    .with("text", text)
                    .build();
        }
    }

    /// Revenue events of one source, numbered from `first`.
    ///
    /// @param events of the form of events: what else is wrong with one is a verdict
    record Report(SourceId source, long first, EventList events, List<EventProof> proofs) implements Act {
        public Report {
            proofs = List.copyOf(proofs);
        }

        public Report(SourceId source, long first, List<Json.Obj> events, List<EventProof> proofs) {
            this(source, first, new EventList(events), proofs);
        }

        private static Report of(Json.Obj body) {
            return new Report(
                    new SourceId(body.text("source")),
                    body.whole("first"),
                    objects(body.items("events")),
                    body.has("proofs")
                            ? objects(body.items("proofs")).stream()
                                    .map(EventProof::of)
                                    .toList()
                            : List.of());
        }

        @Override
        public ActKind kind() {
            return ActKind.REPORT;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("source", source.text())
                    .with("first", first)
                    .with("events", Json.array(events))
                    .with(
                            "proofs",
                            proofs.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(Json.array(proofs.stream()
                                            .map(EventProof::toJson)
                                            .toList())))
                    .build();
        }
    }

    /// A source's signed word that a period is complete.
    record Declare(SourceId source, String period, long last, long count, long held, List<Total> totals)
            implements Act {
        public Declare {
            totals = List.copyOf(totals);
        }

        private static Declare of(Json.Obj body) {
            return new Declare(
                    new SourceId(body.text("source")),
                    body.text("period"),
                    body.whole("last"),
                    body.whole("count"),
                    body.whole("held"),
                    objects(body.items("totals")).stream().map(Total::of).toList());
        }

        @Override
        public ActKind kind() {
            return ActKind.DECLARE;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("source", source.text())
                    .with("period", period)
                    .with("last", last)
                    .with("count", count)
                    .with("held", held)
                    .with(
                            "totals",
                            Json.array(totals.stream().map(Total::toJson).toList()))
                    .build();
        }
    }

    /// Attests events of others: what this party says of them, too.
    record Attest(List<EventProof> proofs) implements Act {
        public Attest {
            proofs = List.copyOf(proofs);
        }

        @Override
        public ActKind kind() {
            return ActKind.ATTEST;
        }

        @Override
        public Json.Obj body() {
            return proven(proofs).build();
        }
    }

    /// Says that events of others are not so.
    record Contradict(List<EventProof> proofs, String reason, Optional<Evidence> evidence) implements Act {
        public Contradict {
            proofs = List.copyOf(proofs);
        }

        @Override
        public ActKind kind() {
            return ActKind.CONTRADICT;
        }

        @Override
        public Json.Obj body() {
            return proven(proofs)
                    .with("reason", reason)
                    .with("evidence", evidence.map(Evidence::toJson))
                    .build();
        }
    }

    /// Opens the newest declared period of a source again.
    record TakeBack(SourceId source, String period) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.TAKE_BACK;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("source", source.text())
                    .with("period", period)
                    .build();
        }
    }

    /// Declares a period of a silent source in its owner's place.
    record Seal(SourceId source, String period) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.SEAL;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("source", source.text())
                    .with("period", period)
                    .build();
        }
    }

    /// States an event that a source should have reported.
    ///
    /// @param event of the form of an event; what it says is for the answer
    record Claim(SourceId source, Json.Obj event, Evidence evidence, Optional<String> note) implements Act {
        private static Claim of(Json.Obj body) {
            return new Claim(
                    new SourceId(body.text("source")),
                    body.object("event"),
                    Evidence.of(body.object("evidence")),
                    body.findText("note"));
        }

        @Override
        public ActKind kind() {
            return ActKind.CLAIM;
        }

        @Override
        public Json.Obj body() {
            return Json.object()
                    .with("source", source.text())
                    .with("event", event)
                    .with("evidence", evidence.toJson())
                    .withText("note", note)
                    .build();
        }
    }

    /// Answers a claim.
    ///
    /// @param claim the instruction that made it
    record ClaimAnswer(Hash claim, Reply reply, Optional<Evidence> evidence) implements Act {

        private static ClaimAnswer of(Json.Obj body) {
            Reply reply = body.has("refusal")
                    ? new Reply.Refusal(body.text("refusal"))
                    : new Reply.Reported(EventProof.of(body.object("proof")));
            return new ClaimAnswer(new Hash(body.text("claim")), reply, evidenceIn(body));
        }

        @Override
        public ActKind kind() {
            return ActKind.CLAIM_ANSWER;
        }

        @Override
        public Json.Obj body() {
            Json.Builder body =
                    Json.object().with("claim", claim.hex()).with("evidence", evidence.map(Evidence::toJson));
            return switch (reply) {
                case Reply.Reported(var proof) ->
                    body.with("event", proof.id().text())
                            .with("proof", proof.toJson())
                            .build();
                case Reply.Refusal(var reason) -> body.with("refusal", reason).build();
            };
        }
    }

    /// What is answered to a claim: the event as it was reported, or why there is none.
    sealed interface Reply {
        record Reported(EventProof proof) implements Reply {}

        record Refusal(String reason) implements Reply {}
    }

    /// Computes the settlement of a period.
    record Close(String period) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.CLOSE;
        }

        @Override
        public Json.Obj body() {
            return Json.object().with("period", period).build();
        }
    }

    /// Sets the clock of a trial ledger.
    ///
    /// @param offset in seconds
    record TrialClock(long offset) implements Act {
        @Override
        public ActKind kind() {
            return ActKind.TRIAL_CLOCK;
        }

        @Override
        public Json.Obj body() {
            return Json.object().with("offset", offset).build();
        }
    }

    /// An act that is not enforced yet: its body is any object.
    record Other(ActKind kind, Json.Obj body) implements Act {}

    ActKind kind();

    /// As it stands in a payload. Amounts take their shortest spelling, so a body that was read may have had another.
    Json.Obj body();

    /// @param body one that has the form of this kind
    static Act of(ActKind kind, Json.Obj body) {
        return switch (kind) {
            case REGISTER_REGISTRAR -> RegisterRegistrar.of(body);
            case LOG_KEY -> LogKey.of(body);
            case ENROLL -> Enroll.of(body);
            case REHOST -> new Rehost(new MemberId(body.text("member")));
            case RECOVERY_SET -> new RecoverySet(Recovery.of(body));
            case KEY_ADD -> KeyAdd.of(body);
            case KEY_ROTATE -> new KeyRotate(body.text("old"), Key.of(body.object("key")));
            case KEY_REVOKE -> new KeyRevoke(body.text("key"), body.text("reason"));
            case KEY_COMPROMISED ->
                new KeyCompromised(body.text("key"), LedgerTime.of(body.text("since")), evidenceIn(body));
            case KEY_RECOVER -> KeyRecover.of(body);
            case OFFER -> new Offer(body.object("document"), LedgerTime.of(body.text("expires")));
            case ACCEPT -> new Accept(body.findText("text").map(Hash::new));
            case COUNTER ->
                new Counter(body.object("document"), LedgerTime.of(body.text("expires")), new Hash(body.text("to")));
            case DECLINE -> new Decline(body.findText("reason"));
            case WITHDRAW -> new Withdraw(body.findText("motion").map(Hash::new));
            case AMEND -> new Amend(body.text("class"), body.object("document"), LedgerTime.of(body.text("expires")));
            case MOTION -> new Motion(body.object("decision"), LedgerTime.of(body.text("expires")));
            case VOTE -> new Vote(new Hash(body.text("motion")), body.text("choice"));
            case EXECUTE -> new Execute(new Hash(body.text("motion")));
            case NOTICE -> Notice.of(body);
            case REPORT -> Report.of(body);
            case ATTEST -> new Attest(proofs(body));
            case CONTRADICT -> new Contradict(proofs(body), body.text("reason"), evidenceIn(body));
            case DECLARE -> Declare.of(body);
            case TAKE_BACK -> new TakeBack(new SourceId(body.text("source")), body.text("period"));
            case SEAL -> new Seal(new SourceId(body.text("source")), body.text("period"));
            case CLAIM -> Claim.of(body);
            case CLAIM_ANSWER -> ClaimAnswer.of(body);
            case CLOSE -> new Close(body.text("period"));
            case ADJUST -> Adjust.of(body);
            case TRIAL_CLOCK -> new TrialClock(body.whole("offset"));
            default -> new Other(kind, body);
        };
    }

    /// A document kept elsewhere, by its hash.
    record Evidence(Hash hash, String name, long size) {

        public static Evidence of(Json.Obj evidence) {
            return new Evidence(new Hash(evidence.text("hash")), evidence.text("name"), evidence.whole("size"));
        }

        public Json.Obj toJson() {
            return Json.object()
                    .with("hash", hash.hex())
                    .with("name", name)
                    .with("size", size)
                    .build();
        }
    }

    /// What a key may sign: amounts up to this one, events of these types. What is absent has no limit.
    record KeyLimits(Optional<BigInteger> amount, Optional<List<String>> types) {
        public KeyLimits {
            types = types.map(List::copyOf);
        }

        /// @param limits an object that has [Forms#KEY_LIMITS]
        public static KeyLimits of(Json.Obj limits) {
            return new KeyLimits(
                    limits.find("amount").map(Amounts::of),
                    limits.find("types").map(types -> Act.texts(((Json.Arr) types).items())));
        }

        public Json.Obj toJson() {
            return Json.object()
                    .with("amount", amount.map(Amounts::toJson))
                    .with("types", types.map(Json::texts))
                    .build();
        }
    }

    /// An event of an earlier report, and the audit path to that report's root.
    ///
    /// @param first number of the first event of that report
    record EventProof(EventId id, Json.Obj event, long first, List<Hash> path) {
        public EventProof {
            path = List.copyOf(path);
        }

        private static EventProof of(Json.Obj proof) {
            return new EventProof(
                    EventId.parse(proof.text("id")).orElseThrow(),
                    proof.object("event"),
                    proof.whole("first"),
                    proof.items("path").stream()
                            .map(hash -> new Hash(((Json.Text) hash).value()))
                            .toList());
        }

        private Json.Obj toJson() {
            return Json.object()
                    .with("id", id.text())
                    .with("event", event)
                    .with("first", first)
                    .with("path", Json.texts(path.stream().map(Hash::hex).toList()))
                    .build();
        }
    }

    /// What a source declares of one type and currency.
    ///
    /// @param quantity a rational of terms/1, as it was spelled
    record Total(
            String type,
            Optional<String> currency,
            long count,
            Optional<BigInteger> amount,
            Optional<String> quantity) {

        private static Total of(Json.Obj total) {
            return new Total(
                    total.text("type"),
                    total.findText("currency"),
                    total.whole("count"),
                    total.find("amount").map(Amounts::of),
                    total.find("quantity").map(Amounts::spelling));
        }

        private Json.Obj toJson() {
            return Json.object()
                    .with("type", type)
                    .withText("currency", currency)
                    .with("count", count)
                    .with("amount", amount.map(Amounts::toJson))
                    .withText("quantity", quantity)
                    .build();
        }
    }

    private static Json.Builder proven(List<EventProof> proofs) {
        return Json.object()
                .with(
                        "events",
                        Json.texts(
                                proofs.stream().map(proof -> proof.id().text()).toList()))
                .with(
                        "proofs",
                        Json.array(proofs.stream().map(EventProof::toJson).toList()));
    }

    private static List<EventProof> proofs(Json.Obj body) {
        return objects(body.items("proofs")).stream().map(EventProof::of).toList();
    }

    private static Optional<Evidence> evidenceIn(Json.Obj body) {
        return body.find("evidence").map(evidence -> Evidence.of((Json.Obj) evidence));
    }

    private static Optional<LedgerTime> time(Json.Obj body, String member) {
        return body.findText(member).map(LedgerTime::of);
    }

    private static List<Purpose> purposesIn(Json.Obj body) {
        return texts(body.items("purposes")).stream()
                .map(text -> Purpose.ofText(text).orElseThrow())
                .toList();
    }

    private static Json spelled(List<Purpose> purposes) {
        return Json.texts(purposes.stream().map(Purpose::text).toList());
    }

    private static Optional<KeyLimits> limitsIn(Json.Obj body) {
        return body.find("limits").map(limits -> KeyLimits.of((Json.Obj) limits));
    }

    private static List<String> texts(List<Json> items) {
        return items.stream().map(item -> ((Json.Text) item).value()).toList();
    }

    private static List<Json.Obj> objects(List<Json> items) {
        List<Json.Obj> objects = new ArrayList<>(items.size());
        for (Json item : items) {
            objects.add((Json.Obj) item);
        }
        return objects;
    }
}
