package org.tallystick.ledger.verify;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Edition;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.Inputs;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.pack.EntryName;
import org.tallystick.ledger.pack.TrustFile;

/// Settles each period again from the signed events, and compares it with what the ledger wrote and the pack states.
final class SettlementCheck {

    /// The rules by which settlements are computed here.
    private static final String RULES = String.valueOf(Edition.THIS.rules());

    private final Findings findings;
    private final Optional<List<String>> engines;
    private final TreeMap<String, Settled> settled = new TreeMap<>();
    private final TreeMap<String, BigInteger> carried = new TreeMap<>();
    private final TreeSet<String> enginesNamed = new TreeSet<>();
    private final TreeSet<String> rulesNamed = new TreeSet<>();
    private final TreeSet<String> statedPeriods = new TreeSet<>();
    /// Settled by an engine or rules that are not known here, or after one that was.
    private final TreeSet<String> unchecked = new TreeSet<>();
    private Optional<History> history = Optional.empty();
    private Hash previous = Hash.ZERO;

    SettlementCheck(Findings findings, Optional<TrustFile> trust) {
        this.findings = findings;
        this.engines = trust.flatMap(TrustFile::engines);
    }

    /// What a close settles.
    ///
    /// @param declared by source
    /// @param inputs all that is booked in the period, and what decisions made
    /// @param facts in event order, with what decisions made
    /// @param agreed what payers and payees agreed on beside what is computed
    /// @param time of the transaction that settles
    record Close(
            Document document,
            Period period,
            SortedMap<String, SourceBook.Declared> declared,
            Supplier<List<Inputs>> inputs,
            List<SourceBook.Booked> facts,
            List<AgreedLine> agreed,
            LedgerTime time) {
        Close at(LedgerTime later) {
            return new Close(document, period, declared, inputs, facts, agreed, later);
        }
    }

    /// Periods that the ledger settled, in order.
    SortedSet<String> periods() {
        TreeSet<String> periods = new TreeSet<>(settled.keySet());
        periods.addAll(unchecked);
        return periods;
    }

    SortedSet<String> enginesNamed() {
        return enginesNamed;
    }

    SortedSet<String> rulesNamed() {
        return rulesNamed;
    }

    /// @param writes all that the transactions of this close wrote
    void check(Close close, Optional<Json.Obj> effect, Map<String, Json.Obj> writes, Place place) {
        String agreement = close.document().id().text();
        String period = close.period().text();
        Place at = place.at("/writes/set~1" + agreement.replace("/", "~1") + "~1" + period);
        Json.Obj stated = writes.getOrDefault(Keys.settlement(agreement, period), Json.Obj.EMPTY);
        List<Json> statedLines = lines(writes, agreement, period);
        statedBalance(stated, statedLines, close.document(), at);
        String engine = stated.find("engine").map(SettlementCheck::text).orElse("");
        enginesNamed.add(engine);
        String rules = stated.find("rules").map(SettlementCheck::text).orElse("");
        rulesNamed.add(rules);
        if (rules.equals(RULES) && !engine.equals(Settlement.ENGINE)) {
            unchecked.add(period);
            findings.fail(Check.ACCURACY_SETTLED, at.at("/engine"), "the rules " + rules + " have no engine " + engine);
            return;
        }
        if (!engine.equals(Settlement.ENGINE)
                || engines.filter(known -> !known.contains(engine)).isPresent()) {
            notChecked(period, at.at("/engine"), "the engine " + engine + " is not accepted here");
            return;
        }
        if (!rules.isEmpty() && !rules.equals(RULES)) {
            notChecked(period, at.at("/rules"), "the rules " + rules + " are not known here");
            return;
        }
        if (!unchecked.isEmpty()) {
            notChecked(period, at, "it goes on from that of " + unchecked.last() + ", which was not checked");
            return;
        }
        History before = history.orElseGet(
                () -> History.open(close.document().terms(), close.document().opening()));
        if (!before.next().equals(close.period())) {
            notChecked(period, at, "the settlement of " + before.next() + " is not in the pack");
            return;
        }
        switch (Inputs.settle(close.document().terms(), before, close.inputs().get())) {
            case Outcome.Refused(var codes) ->
                findings.fail(Check.ACCURACY_SETTLED, place, "computed again, it lacks " + String.join(", ", codes));
            case Outcome.Settled(var statement, var after) -> {
                history = Optional.of(after);
                compare(close, statement, stated, statedLines, effect, writes, at);
            }
        }
    }

    private void notChecked(String period, Place at, String why) {
        unchecked.add(period);
        findings.notChecked(Check.ACCURACY_SETTLED, at, why);
    }

    private static String text(Json json) {
        return json instanceof Json.Text(var text) ? text : "";
    }

    private void compare(
            Close close,
            Statement statement,
            Json.Obj stated,
            List<Json> statedLines,
            Optional<Json.Obj> effect,
            Map<String, Json.Obj> writes,
            Place at) {
        List<Json> lines = statement.lines().stream().<Json>map(Line::encode).toList();
        Json.Obj record = record(close, statement, lines);
        Settled computed = new Settled(record, lines);
        settled.put(close.period().text(), computed);
        findings.sameValue(
                Check.COMPLETENESS_PERIODS,
                at.at("/previous"),
                stated.find("previous").orElse(new Json.Null()),
                record.get("previous"),
                "it does not go on from the settlement before");
        previous = computed.hash();
        findings.sameValue(Check.ACCURACY_SETTLED, at, stated, record, "computed again, the settlement differs");
        findings.sameValue(
                Check.ACCURACY_SETTLED,
                at.at("/lines"),
                Json.array(statedLines),
                Json.array(lines),
                "computed again, the lines differ");
        findings.sameValue(
                Check.ACCURACY_SETTLED,
                at.at("/effect"),
                effect.<Json>map(found -> found).orElse(new Json.Null()),
                Json.object()
                        .with("count", lines.size())
                        .with("hash", computed.hash().hex())
                        .with("kind", "settlement")
                        .with("period", close.period().text())
                        .with("postings", record.text("postings"))
                        .build(),
                "the verdict names another settlement");
        items(close, statement, writes, at);
    }

    private Json.Obj record(Close close, Statement statement, List<Json> lines) {
        Document document = close.document();
        List<Json> consumed = new ArrayList<>();
        close.declared()
                .forEach((source, declared) -> consumed.add(Json.object()
                        .with("count", declared.count())
                        .with("from", declared.from())
                        .with("last", declared.last())
                        .with("sealed", declared.sealed())
                        .with("source", source)
                        .build()));
        Json.Obj encoded = statement.encode();
        return Json.object()
                .with(
                        "agreed",
                        Json.array(
                                close.agreed().stream().map(AgreedLine::encode).toList()))
                .with("agreement", document.id().text())
                .with("balances", encoded.get("balances"))
                .with("consumed", Json.array(consumed))
                .with("count", lines.size())
                .with("engine", Settlement.ENGINE)
                .with("facts", facts(close.facts()))
                .with("number", settled.size() + 1L)
                .with("payments", encoded.get("payments"))
                .with("period", close.period().text())
                .with("postings", root(lines))
                .with("previous", previous.hex())
                .with("rules", RULES)
                .with("settlement", "1")
                .with("terms", document.terms().hash().hex())
                .with("version", document.version().hex())
                .build();
    }

    private static String root(List<Json> leaves) {
        return Merkle.root(leaves.stream().map(Json::canonical).toList()).hex();
    }

    private static Json facts(List<SourceBook.Booked> facts) {
        TreeMap<String, List<Json>> byType = new TreeMap<>();
        for (SourceBook.Booked fact : facts) {
            byType.computeIfAbsent(isMade(fact) ? "ledger" : fact.event().type(), _ -> new ArrayList<>())
                    .add(Json.object()
                            .with("event", fact.json())
                            .with("id", fact.id())
                            .build());
        }
        TreeMap<String, Json> roots = new TreeMap<>();
        byType.forEach((type, all) -> roots.put(
                type,
                Json.object().with("count", all.size()).with("root", root(all)).build()));
        return new Json.Obj(roots);
    }

    /// Whether a decision made it.
    private static boolean isMade(SourceBook.Booked fact) {
        return fact.id().startsWith("ledger/");
    }

    private void items(Close close, Statement statement, Map<String, Json.Obj> writes, Place at) {
        String key = Keys.openItems(close.document().id().text(), close.period().text());
        LocalDate due = close.time().day().plusDays(close.document().netDays());
        TreeMap<String, BigInteger> agreed = new TreeMap<>();
        String hub = close.document().terms().hub();
        for (AgreedLine line : close.agreed()) {
            boolean toParty = line.payer().equals(hub);
            agreed.merge(
                    toParty ? line.payee() : line.payer(),
                    toParty ? line.amount() : line.amount().negate(),
                    BigInteger::add);
        }
        TreeMap<String, BigInteger> owed = new TreeMap<>(statement.payments());
        agreed.keySet().forEach(party -> owed.putIfAbsent(party, BigInteger.ZERO));
        TreeMap<String, OpenItem> computed = new TreeMap<>();
        owed.forEach((party, amount) ->
                computed.put(party, new OpenItem(amount, agreed.getOrDefault(party, BigInteger.ZERO), due)));
        findings.sameValue(
                Check.ACCURACY_ITEMS,
                at.at("/items"),
                writes.getOrDefault(key, Json.Obj.EMPTY),
                OpenItem.CODEC.encode().apply(computed),
                "the open items are not those of the settlement");
    }

    /// What is stated must add up by itself: each line moves a positive amount between two accounts, and what a party
    /// is
    /// carried is what it was carried before, what the lines moved, and what it is paid.
    private void statedBalance(Json.Obj stated, List<Json> lines, Document document, Place at) {
        TreeMap<String, BigInteger> moved = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Json.Obj line = lines.get(i) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
            Optional<BigInteger> amount = line.find("amount").flatMap(SettlementCheck::amount);
            String from = line.find("from").map(SettlementCheck::text).orElse("");
            String to = line.find("to").map(SettlementCheck::text).orElse("");
            if (amount.filter(number -> number.signum() > 0).isEmpty() || from.equals(to)) {
                findings.fail(Check.ACCURACY_ZERO_SUM, at.at("/lines/" + i), "it moves nothing between two accounts");
                return;
            }
            moved.merge(from, amount.get().negate(), BigInteger::add);
            moved.merge(to, amount.get(), BigInteger::add);
        }
        Map<String, BigInteger> payments = amounts(stated.find("payments"));
        Map<String, BigInteger> after = amounts(stated.find("balances")
                .flatMap(balances -> balances instanceof Json.Obj groups ? groups.find("carried") : Optional.empty()));
        for (String party : document.terms().parties()) {
            if (party.equals(document.terms().hub())) {
                continue;
            }
            BigInteger balance = carried.getOrDefault(party, BigInteger.ZERO)
                    .add(moved.getOrDefault(party, BigInteger.ZERO))
                    .subtract(payments.getOrDefault(party, BigInteger.ZERO));
            findings.same(
                    Check.ACCURACY_ZERO_SUM,
                    at.at("/balances/carried/" + party),
                    after.getOrDefault(party, BigInteger.ZERO).toString(),
                    balance.toString(),
                    "the account of " + party + " does not balance");
        }
        carried.clear();
        carried.putAll(after);
    }

    private static Map<String, BigInteger> amounts(Optional<Json> object) {
        Map<String, BigInteger> amounts = new HashMap<>();
        if (object.orElse(Json.Obj.EMPTY) instanceof Json.Obj(var members)) {
            members.forEach((name, value) -> amount(value).ifPresent(number -> amounts.put(name, number)));
        }
        return amounts;
    }

    private static Optional<BigInteger> amount(Json json) {
        return switch (json) {
            case Json.Whole(var number) -> Optional.of(BigInteger.valueOf(number));
            case Json.Text(var digits) when digits.matches("-?[0-9]{1,60}") -> Optional.of(new BigInteger(digits));
            default -> Optional.empty();
        };
    }

    private static List<Json> lines(Map<String, Json.Obj> writes, String agreement, String period) {
        List<Json> lines = new ArrayList<>();
        for (int page = 1; writes.containsKey(Keys.lines(agreement, period, page)); page++) {
            Json.Obj written = writes.get(Keys.lines(agreement, period, page));
            if (written != null && written.find("lines").orElse(Json.Obj.EMPTY) instanceof Json.Arr(var items)) {
                lines.addAll(items);
            }
        }
        return lines;
    }

    /// Compares what the pack states of a settlement.
    void entry(EntryName name, Bytes content) {
        Place place = Place.of(name);
        statedPeriods.add(name.last());
        if (unchecked.contains(name.last())) {
            return;
        }
        Settled computed = settled.get(name.last());
        if (computed == null) {
            findings.fail(Check.ACCURACY_SETTLED, place, "the pack's transactions settle no such period");
            return;
        }
        if (content.equals(computed.entry())) {
            return;
        }
        String[] lines = content.utf8().orElse("").split("\n", -1);
        findings.sameValue(
                Check.ACCURACY_SETTLED, place, json(lines[0]), computed.record(), "the settlement stated differs");
        List<Json> stated = new ArrayList<>();
        for (int i = 1; i < lines.length - 1; i++) {
            stated.add(json(lines[i]));
        }
        findings.sameValue(
                Check.ACCURACY_SETTLED,
                place.at("/lines"),
                Json.array(stated),
                Json.array(computed.lines()),
                "a line stated differs");
        if (json(lines[0]).equals(computed.record()) && stated.equals(computed.lines())) {
            findings.fail(Check.ACCURACY_SETTLED, place, "the settlement stated has another spelling");
        }
    }

    private static Json json(String line) {
        return JsonReader.readCanonical(Bytes.ofUtf8(line)) instanceof JsonReader.Value(var json)
                ? json
                : Json.text(line.length() <= 100 ? line : line.substring(0, 100));
    }

    /// After the last entry: every settlement must be stated.
    void end() {
        for (String period : settled.keySet()) {
            if (!statedPeriods.contains(period)) {
                findings.fail(
                        Check.ACCURACY_SETTLED,
                        Place.of(EntryName.settlement(period)),
                        "the pack does not state this settlement");
            }
        }
    }
}
