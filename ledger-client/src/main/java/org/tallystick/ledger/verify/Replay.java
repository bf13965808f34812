package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Carrier;
import org.tallystick.agreement.rules.Documents;
import org.tallystick.agreement.rules.Edition;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;
import org.tallystick.agreement.rules.Transactions.Sent;
import org.tallystick.agreement.signing.MemberCertificate;
import org.tallystick.agreement.signing.Signatures;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.CloseRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Markers;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.pack.TransactionEnvelope;
import org.tallystick.ledger.pack.TransactionEnvelope.Position;

/// Runs the rules of the ledger again over the pack's transactions, on a state of its own, and compares what each
/// answered and wrote.
///
/// A batch of the agreement is run as a whole, and all of it is comparable: response, event and every write. A batch of
/// the registry may carry acts of parties whose history the pack does not hold. Those are not run and not judged; the
/// others are run one by one, which gives what the batch gave, and their part of the writes is compared. Codes that
/// rest
/// on other parties' chains are taken as stated. In `net`, the epoch is not compared: it is advanced by transactions
/// that
/// are in no pack, and nothing depends on it.
///
/// There is one version of the rules here. Closes that others began or undid are followed as [OtherRules] says.
final class Replay {

    /// A value of which only its being there is asked.
    private static final Optional<Bytes> THERE = Optional.of(Json.Obj.EMPTY.canonical());

    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");
    /// Codes that rest on what the pack need not hold.
    private static final Set<String> TAKEN = Set.of("key_known", "party_known", "party_unknown");
    /// What the same acts answer only later.
    private static final Set<String> AFTER_TAKEN = Set.of(
            "key_revoked_already",
            "no_such_key",
            "party_unknown",
            "purposes_wrong",
            "threshold_wrong",
            "too_many_keys");

    private static final Set<String> OF_NET_NOT_COMPARED = Set.of("epoch", "epochAt");

    private final Findings findings;
    private final Set<String> chains;
    private final Values state;
    private final Map<String, Position> writers = new HashMap<>();
    private final Recent<Bytes, Boolean> admins = new Recent<>(MemberCertificate::isAdmin);
    private final Recent<Bytes, Optional<Net>> nets =
            new Recent<>(bytes -> object(bytes).map(Net::decode));
    private final Documents documents;
    private final Transactions rules;
    /// The rules of the first settlement that could not be computed here: what goes on from it cannot either.
    private Optional<String> unknown = Optional.empty();

    /// @param chains the pack's
    Replay(Findings findings, Set<String> chains, Values state) {
        this.findings = findings;
        this.chains = chains;
        this.state = state;
        Map<Hash, Document> parsed = new HashMap<>();
        this.documents =
                (version, bytes) -> parsed.computeIfAbsent(version, _ -> Documents.PARSED.parse(version, bytes));
        this.rules = new Transactions(documents);
    }

    /// The member identity that sent a transaction, as the rules see it.
    private record Creator(String member, boolean admin) implements Carrier {}

    /// Which ledger this is and its time; nothing before `init`.
    Optional<Net> net() {
        return read(Keys.NET).flatMap(nets::of);
    }

    void init(TransactionEnvelope transaction, Position at, Place place) {
        Outcome outcome = rules.init(this::read, sent(transaction), transaction.arguments());
        whole(outcome, transaction, at, place);
    }

    void submit(TransactionEnvelope transaction, Items items, Signatures signatures, Position at, Place place) {
        compareReads(transaction, items, place);
        if (items.ofRegistry()) {
            registry(transaction, items, signatures, at, place);
            return;
        }
        Optional<OtherRules> close = close(transaction, items);
        if (close.isPresent() && isUnknown(close.get())) {
            take(transaction, at, place);
            return;
        }
        Transactions deciding = close.flatMap(OtherRules::began)
                .map(began -> other(new Edition(began.rules(), Optional.of(began))))
                .orElse(rules);
        Outcome outcome =
                deciding.submit(this::read, sent(transaction), withHints(transaction, items), items.read(), signatures);
        whole(outcome, transaction, at, place);
    }

    private static Optional<OtherRules> close(TransactionEnvelope transaction, Items items) {
        return items.all().size() != 1
                ? Optional.empty()
                : items.all()
                        .getFirst()
                        .payload()
                        .flatMap(payload -> payload.act() instanceof Act.Close close
                                ? payload.scope()
                                        .map(scope -> new OtherRules(
                                                transaction, scope.agreement().text(), close.period()))
                                : Optional.empty());
    }

    /// A step of a close, which nobody signed.
    void step(TransactionEnvelope transaction, Position at, Place place) {
        compareReads(transaction, Items.NONE, place);
        List<Bytes> arguments = transaction.arguments();
        List<String> names =
                arguments.stream().flatMap(argument -> argument.utf8().stream()).toList();
        if (names.size() != 2) {
            whole(rules.step(this::read, sent(transaction), arguments), transaction, at, place);
            return;
        }
        if (isUnknown(new OtherRules(transaction, names.get(0), names.get(1)))) {
            take(transaction, at, place);
            return;
        }
        Optional<CloseRecord> record = read(Keys.closing(names.get(0), names.get(1)))
                .flatMap(Replay::object)
                .map(CloseRecord.CODEC.decode());
        Optional<Long> undid =
                Items.effect(Items.only(transaction), "close_undone").flatMap(OtherRules::undid);
        if (undid.isPresent()) {
            Transactions undoing = other(Edition.of(undid.get()));
            whole(undoing.step(this::read, sent(transaction), arguments), transaction, at, place);
            return;
        }
        Optional<CloseRecord> began = record.filter(own -> own.rules() != Edition.THIS.rules());
        Transactions deciding =
                began.map(own -> other(new Edition(own.rules(), began))).orElse(rules);
        Set<String> pages = began.<Set<String>>map(CloseRecord::pages).orElse(Set.of());
        whole(deciding.step(this::read, sent(transaction), arguments), transaction, at, place, pages);
    }

    private Transactions other(Edition edition) {
        return new Transactions(documents, edition);
    }

    /// Whether the transaction settles by rules that are not here, or goes on from one that did.
    private boolean isUnknown(OtherRules close) {
        unknown = unknown.or(close::settled);
        return unknown.isPresent();
    }

    /// Takes a transaction as stated.
    private void take(TransactionEnvelope transaction, Position at, Place place) {
        findings.notChecked(
                Check.ACCURACY_VERDICTS, place, "the rules " + unknown.orElseThrow() + " are not known here");
        keep(transaction, _ -> true);
        remember(transaction, at);
    }

    private void keep(TransactionEnvelope transaction, Judged taken) {
        TreeMap<String, Optional<Bytes>> writes = new TreeMap<>();
        transaction.writes().stream()
                .filter(write -> taken.test(write.key()))
                .forEach(write -> writes.put(write.key(), write.value()));
        apply(writes);
    }

    private static List<Bytes> withHints(TransactionEnvelope transaction, Items items) {
        List<Bytes> arguments = new ArrayList<>(transaction.arguments());
        if (items.hints().isEmpty()) {
            arguments.add(NO_HINTS);
        }
        return arguments;
    }

    private Sent sent(TransactionEnvelope transaction) {
        TransactionEnvelope.Identity creator = transaction.creator();
        return new Sent(transaction.time(), new Creator(creator.member(), admins.of(creator.certificate())));
    }

    private Optional<Bytes> read(String key) {
        return state.get(key);
    }

    private void whole(Outcome outcome, TransactionEnvelope transaction, Position at, Place place) {
        whole(outcome, transaction, at, place, Set.of());
    }

    /// @param pages keys whose values are taken as stated
    private void whole(Outcome outcome, TransactionEnvelope transaction, Position at, Place place, Set<String> pages) {
        switch (outcome) {
            case Failed failed ->
                findings.fail(
                        Check.ACCURACY_VERDICTS, place, "decided again, the transaction fails: " + failed.message());
            case Done done -> {
                response(transaction, done, place);
                if (!sameButUnsigned(transaction, done)) {
                    findings.sameValue(
                            Check.ACCURACY_VERDICTS,
                            place.at("/event"),
                            transaction.event().orElse(Json.Obj.EMPTY),
                            done.event().orElse(Json.Obj.EMPTY),
                            "the event differs from what follows");
                }
                writes(transaction, done.writes(), key -> !pages.contains(key), place);
                apply(done.writes());
                keep(transaction, pages::contains);
                remember(transaction, at);
            }
        }
    }

    /// An event names no answer but verdicts, so it is comparable as a whole.
    private static boolean sameButUnsigned(TransactionEnvelope transaction, Done done) {
        return transaction.event().equals(done.event());
    }

    /// Compares every answer but those that are no verdict on either side: they left nothing.
    private void response(TransactionEnvelope transaction, Done done, Place place) {
        Json.Obj stated = transaction.response();
        List<Json> computedItems = done.response().items("items");
        List<Json> statedItems =
                stated.find("items").orElse(Json.Obj.EMPTY) instanceof Json.Arr(var items) ? items : List.of();
        for (int n = 0; n < Math.max(statedItems.size(), computedItems.size()); n++) {
            Json one = n < statedItems.size() ? statedItems.get(n) : Json.Obj.EMPTY;
            Json other = n < computedItems.size() ? computedItems.get(n) : Json.Obj.EMPTY;
            if (leftSomething(one) || leftSomething(other)) {
                findings.sameValue(
                        Check.ACCURACY_VERDICTS, place.item(n), one, other, "decided again, the answer differs");
            }
        }
        findings.sameValue(
                Check.ACCURACY_VERDICTS,
                place.at("/response"),
                without(stated, Set.of("items")),
                without(done.response(), Set.of("items")),
                "the response differs from what follows");
    }

    private static boolean leftSomething(Json item) {
        return !(item instanceof Json.Obj object)
                || object.has("verdict")
                || object.has("effects")
                || Told.isBrief(object);
    }

    /// Runs the acts of the registry that the pack's chains hold, one by one.
    private void registry(
            TransactionEnvelope transaction, Items items, Signatures signatures, Position at, Place place) {
        TreeMap<String, Optional<Bytes>> computed = new TreeMap<>();
        TreeSet<String> others = new TreeSet<>();
        for (Items.Item item : items.all()) {
            Optional<Payload> payload = item.payload();
            if (payload.isPresent() && !chains.contains(Keys.chain(payload.get()))) {
                others.add(payload.get().party().text());
                continue;
            }
            Set<String> unseen = unseen(item);
            Outcome outcome = rules.submit(
                    key -> read(key).or(() -> item.isApplied() && unseen.contains(key) ? THERE : Optional.empty()),
                    sent(transaction),
                    List.of(item.envelope(), NO_HINTS),
                    List.of(item.read()),
                    signatures);
            switch (outcome) {
                case Failed failed ->
                    findings.fail(
                            Check.ACCURACY_VERDICTS,
                            place.item(item.index()),
                            "decided again, it fails: " + failed.message());
                case Done done -> one(item, done, computed, place.item(item.index()));
            }
        }
        writes(transaction, computed, key -> !isOf(others, key, transaction), place);
        remember(transaction, at);
    }

    /// The records of recovery parties whose chains the pack does not hold: that they are there is taken as stated.
    private Set<String> unseen(Items.Item item) {
        TreeSet<String> keys = new TreeSet<>();
        item.payload()
                .map(Payload::act)
                .flatMap(Replay::recovery)
                .ifPresent(recovery -> recovery.parties().stream()
                        .filter(party -> !chains.contains("pty/" + party.text()))
                        .forEach(party -> keys.add(Keys.party(party.text()))));
        return keys;
    }

    private static Optional<Recovery> recovery(Act act) {
        return switch (act) {
            case Act.RecoverySet set -> Optional.of(set.recovery());
            case Act.Enroll enroll -> enroll.recovery();
            default -> Optional.empty();
        };
    }

    private void one(Items.Item item, Done done, SortedMap<String, Optional<Bytes>> computed, Place place) {
        Json answer = done.response().items("items").getFirst();
        if (isTaken(item, (Json.Obj) answer)) {
            take(item, computed, place);
            return;
        }
        if (leftSomething(item.stated()) || leftSomething(answer)) {
            findings.sameValue(
                    Check.ACCURACY_VERDICTS, place, item.stated(), answer, "decided again, the answer differs");
        }
        computed.putAll(done.writes());
        apply(done.writes());
    }

    private static boolean isTaken(Items.Item item, Json.Obj computed) {
        boolean later = computed.find("result").equals(Optional.of(Json.text("applied")))
                || computed.findText("code").filter(AFTER_TAKEN::contains).isPresent();
        return item.isVerdict()
                && !item.isApplied()
                && item.code().filter(TAKEN::contains).isPresent()
                && later;
    }

    /// Takes a refusal as stated: it leaves its marker and nothing else.
    private void take(Items.Item item, SortedMap<String, Optional<Bytes>> computed, Place place) {
        Signed signed = (Signed) item.read();
        Payload payload = signed.payload();
        Json.Obj stated = item.stated();
        Json.Obj form = Json.object()
                .with("code", item.code().orElseThrow())
                .with("hash", signed.instruction().hex())
                .with("result", "refused")
                .with("t", stated.find("t"))
                .with("values", stated.find("values"))
                .with("verdict", "1")
                .build();
        findings.sameValue(Check.ACCURACY_VERDICTS, place, stated, form, "not the form of a verdict");
        findings.attention(
                Check.ATTENTION_TAKEN, place, "refused with " + item.code().orElseThrow() + ", taken as stated");
        Markers.Place marked = Markers.Place.of(
                key -> read(key).flatMap(Replay::object).map(Markers::decode),
                Keys.REGISTRY,
                payload.party().text(),
                payload.id());
        Bytes value = marked.with(new Markers.Marker(signed.instruction(), stated))
                .encode()
                .canonical();
        computed.put(marked.key(), Optional.of(value));
        state.put(marked.key(), value);
    }

    /// Whether a key holds what only acts that are not judged wrote.
    private static boolean isOf(Set<String> owners, String key, TransactionEnvelope transaction) {
        if (key.startsWith("kid/")) {
            return transaction.writes().stream()
                    .filter(write -> write.key().equals(key))
                    .flatMap(write -> write.value().stream())
                    .flatMap(value -> object(value).stream())
                    .anyMatch(value -> value.find("owner")
                            .filter(owner -> owner instanceof Json.Text(var text) && owners.contains(text))
                            .isPresent());
        }
        return owners.stream()
                .anyMatch(owner -> key.equals("pty/" + owner)
                        || key.startsWith("key/" + owner + "/")
                        || key.matches("once/[0-9]{8}/reg/\\Q" + owner + "\\E/[^/]+"));
    }

    /// Whether a key's writes are comparable.
    @FunctionalInterface
    private interface Judged {
        boolean test(String key);
    }

    private void writes(
            TransactionEnvelope transaction, SortedMap<String, Optional<Bytes>> computed, Judged judged, Place place) {
        TreeMap<String, Optional<Bytes>> stated = new TreeMap<>();
        transaction.writes().stream()
                .filter(write -> computed.containsKey(write.key()) || judged.test(write.key()))
                .forEach(write -> stated.put(write.key(), write.value()));
        TreeSet<String> keys = new TreeSet<>(stated.keySet());
        keys.addAll(computed.keySet());
        for (String key : keys) {
            Optional<Bytes> one = stated.getOrDefault(key, Optional.empty());
            Optional<Bytes> other = computed.getOrDefault(key, Optional.empty());
            boolean both = stated.containsKey(key) && computed.containsKey(key);
            if (!both || !one.equals(other)) {
                differs(key, one, other, place);
            }
        }
    }

    private void differs(String key, Optional<Bytes> stated, Optional<Bytes> computed, Place place) {
        Json one = json(key, stated);
        Json other = json(key, computed);
        if (key.equals(Keys.NET)) {
            one = without(one, OF_NET_NOT_COMPARED);
            other = without(other, OF_NET_NOT_COMPARED);
            if (one.equals(other)) {
                return;
            }
        }
        Place where = place.at("/writes" + org.tallystick.agreement.json.Form.pointer("", key));
        if (one.equals(other)) {
            findings.fail(Check.ACCURACY_VERDICTS, where, "the value written has another spelling than what follows");
        } else {
            findings.sameValue(
                    Check.ACCURACY_VERDICTS, where, one, other, "the value written differs from what follows");
        }
    }

    private static Json json(String key, Optional<Bytes> value) {
        return value.<Json>map(bytes ->
                        object(bytes).<Json>map(object -> object).orElseGet(() -> Json.text(key + " with " + bytes)))
                .orElse(new Json.Null());
    }

    private static Optional<Json.Obj> object(Bytes bytes) {
        return JsonReader.readCanonical(bytes) instanceof JsonReader.Value(Json.Obj object)
                ? Optional.of(object)
                : Optional.empty();
    }

    private static Json without(Json json, Set<String> names) {
        if (!(json instanceof Json.Obj(var members))) {
            return json;
        }
        TreeMap<String, Json> rest = new TreeMap<>(members);
        rest.keySet().removeAll(names);
        return new Json.Obj(rest);
    }

    private void apply(SortedMap<String, Optional<Bytes>> writes) {
        writes.forEach((key, value) -> value.ifPresentOrElse(bytes -> state.put(key, bytes), () -> state.remove(key)));
    }

    private void remember(TransactionEnvelope transaction, Position at) {
        for (TransactionEnvelope.Write write : transaction.writes()) {
            if (write.value().isPresent()) {
                writers.put(write.key(), at);
            } else {
                writers.remove(write.key());
            }
        }
    }

    /// Each key that only the pack's transactions write was read as the last of them before left it: else one of them
    /// is
    /// missing or stands elsewhere, or this one was never valid.
    private void compareReads(TransactionEnvelope transaction, Items items, Place place) {
        TreeSet<String> unseen = new TreeSet<>();
        items.all().forEach(item -> unseen.addAll(unseen(item)));
        TreeSet<String> others = new TreeSet<>();
        items.all().stream()
                .flatMap(item -> item.payload().stream())
                .filter(payload -> !chains.contains(Keys.chain(payload)))
                .forEach(payload -> others.add(payload.party().text()));
        boolean unanswered = items.all().stream().anyMatch(item -> !item.isVerdict() && !item.isRepeat());
        for (TransactionEnvelope.Read read : transaction.reads()) {
            String key = read.key();
            boolean ours = !key.equals(Keys.NET)
                    && !key.startsWith("kid/")
                    && !unseen.contains(key)
                    && !isOf(others, key, transaction);
            Optional<Position> written = Optional.ofNullable(writers.get(key));
            boolean strangersKey = unanswered && written.isEmpty();
            if (ours && !strangersKey && !written.equals(read.version())) {
                findings.fail(
                        Check.CUTOFF_TIME,
                        place.at("/reads" + org.tallystick.agreement.json.Form.pointer("", key)),
                        Json.text(read.version().map(Position::toString).orElse("nothing")),
                        Json.text(written.map(Position::toString).orElse("nothing")),
                        "it read what another transaction wrote");
            }
        }
    }

    /// What the rules have settled, by period.
    Optional<Bytes> value(String key) {
        return read(key);
    }

    LedgerTime time(TransactionEnvelope transaction) {
        return net().map(net -> net.time(transaction.time())).orElse(transaction.time());
    }
}
