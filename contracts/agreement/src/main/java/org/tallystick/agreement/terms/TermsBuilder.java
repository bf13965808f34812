package org.tallystick.agreement.terms;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;

/// Turns a document whose form was checked into [Terms], filling in the defaults.
final class TermsBuilder {

    private final Json.Obj document;

    TermsBuilder(Json.Obj document) {
        this.document = document;
    }

    Terms build() {
        Json.Obj calendar = document.object("calendar");
        return new Terms(
                Hash.of(document.canonical()),
                document.text("id"),
                document.findText("title").orElse(document.text("id")),
                document.findWhole("version").orElse(1L),
                document.findText("supersedes").map(Hash::new),
                document.text("hub"),
                document.text("currency"),
                Frequency.ofText(calendar.text("frequency")).orElseThrow(),
                calendar.findText("timeZone"),
                objects(document, "parties").map(TermsBuilder::party),
                values(document.object("measures"), value -> measure((Json.Obj) value)),
                objects(document, "clauses").map(TermsBuilder::clause),
                settlement(document.object("settlement")));
    }

    private static Party party(Json.Obj party) {
        return new Party(party.text("id"), party.findText("name").orElse(party.text("id")), party.findText("role"));
    }

    private static Measure measure(Json.Obj measure) {
        return new Measure(
                measure.findText("of").flatMap(Measure.Of::ofText).orElse(Measure.Of.AMOUNT),
                objects(measure, "plus").map(TermsBuilder::filter),
                objects(measure, "minus").map(TermsBuilder::filter),
                texts(measure, "plusClauses"),
                texts(measure, "lessClauses"));
    }

    private static Filter filter(Json.Obj filter) {
        return new Filter(
                filter.find("type").map(TermsBuilder::types).orElse(List.of()),
                filter.has("attrs") ? values(filter.object("attrs"), TermsBuilder::condition) : new TreeMap<>(),
                objects(filter, "days")
                        .map(days -> new Filter.Within(days.text("from"), days.text("to"), (int) days.whole("max"))),
                objects(filter, "monthsBefore")
                        .map(months -> new Filter.Since(months.text("since"), (int) months.whole("months"))));
    }

    private static List<EventType> types(Json type) {
        List<Json> types = type instanceof Json.Arr(var items) ? items : List.of(type);
        return types.stream()
                .map(text -> EventType.ofText(((Json.Text) text).value()).orElseThrow())
                .toList();
    }

    private static Filter.Condition condition(Json condition) {
        return switch (condition) {
            case Json.Obj range -> new Filter.Condition.Between(range.find("gte"), range.find("lt"));
            case Json.Arr(var values) -> new Filter.Condition.OneOf(values);
            default -> new Filter.Condition.OneOf(List.of(condition));
        };
    }

    private static Filter where(Json.Obj clause) {
        return clause.has("where") ? filter(clause.object("where")) : Filter.ANY;
    }

    private static Validity when(Json.Obj clause) {
        if (!clause.has("when")) {
            return Validity.ALWAYS;
        }
        Json.Obj when = clause.object("when");
        return new Validity(
                when.findText("from").map(Days::ofText), when.findText("to").map(Days::ofText));
    }

    private static Rate rate(Json rate) {
        if (rate instanceof Json.Text(var text)) {
            return new Rate.Constant(Rational.ofText(text));
        }
        Json.Obj by = (Json.Obj) rate;
        return switch (by.text("by")) {
            case "attr" -> new Rate.ByAttribute(by.text("attr"), values(by.object("table"), TermsBuilder::rate));
            case "date" ->
                new Rate.ByDate(objects(by, "steps")
                        .map(step -> new Rate.DateStep(Days.ofText(step.text("from")), rational(step, "rate"))));
            case "fact" -> new Rate.ByFact(by.text("fact"), rational(by, "before"), rational(by, "after"));
            case "event" -> new Rate.ByEvent(by.text("attr"), rational(by, "min"), rational(by, "max"));
            default -> throw new IllegalStateException("a rate by " + by.text("by"));
        };
    }

    private static Pricing pricing(Json.Obj clause, String rate) {
        String of = clause.text("of");
        boolean perEvent = clause.findText("per").orElse("").equals("event");
        return new Pricing(
                of,
                clause.has("tiers")
                        ? new Pricing.Tiered(tiers(clause.object("tiers"), of))
                        : new Pricing.Rated(rate(clause.get(rate))),
                where(clause),
                when(clause),
                window(clause),
                perEvent,
                clause.findText("round").flatMap(Rounding::ofText).orElse(Rounding.HALF_UP),
                clause.has("factor") ? clause.object("factor").findText("kpi") : Optional.empty(),
                clause.has("floor") ? Optional.of(limit(clause.object("floor"))) : Optional.empty(),
                clause.has("cap") ? Optional.of(cap(clause.object("cap"))) : Optional.empty());
    }

    private static Tiers tiers(Json.Obj tiers, String of) {
        return new Tiers(
                Tiers.Mode.ofText(tiers.text("mode")).orElseThrow(),
                tiers.findText("measure").orElse(of),
                objects(tiers, "steps")
                        .map(step -> new Tiers.Step(
                                step.find("upTo").flatMap(Amounts::readNumber), rational(step, "rate"))));
    }

    private static Pricing.Limit limit(Json.Obj limit) {
        if (limit.has("amount")) {
            return new Pricing.AmountLimit(amount(limit, "amount"));
        }
        if (limit.has("price")) {
            return new Pricing.PriceLimit(rational(limit, "price"));
        }
        return new Pricing.MeasureLimit(limit.text("of"), rational(limit, "rate"));
    }

    private static Pricing.Cap cap(Json.Obj cap) {
        return new Pricing.Cap(limit(cap), window(cap));
    }

    private static Window window(Json.Obj object) {
        return object.findText("window").flatMap(Window::ofText).orElse(Window.PERIOD);
    }

    private static Clause clause(Json.Obj clause) {
        String id = clause.text("id");
        return switch (clause.text("type")) {
            case "fee" -> new Clause.Fee(id, clause.text("from"), clause.text("to"), pricing(clause, "rate"));
            case "unit" -> new Clause.Unit(id, clause.text("from"), clause.text("to"), pricing(clause, "price"));
            case "fund" ->
                new Clause.Fund(id, clause.text("from"), pricing(clause, "rate"), claims(clause.object("claims")));
            case "split" -> split(id, clause);
            case "fixed" -> fixed(id, clause);
            case "kpi" -> kpi(id, clause);
            case "guarantee" -> guarantee(id, clause);
            case "advance" ->
                new Clause.Advance(
                        id,
                        clause.text("from"),
                        clause.text("to"),
                        texts(clause, "clauses"),
                        clause.findText("recoupRate").map(Rational::ofText).orElse(Rational.ONE));
            case "reserve" ->
                new Clause.Reserve(
                        id,
                        clause.text("party"),
                        texts(clause, "clauses"),
                        rational(clause, "rate"),
                        (int) clause.whole("releaseAfter"),
                        when(clause));
            case "withholding" ->
                new Clause.Withholding(
                        id,
                        clause.text("party"),
                        clause.text("authority"),
                        texts(clause, "clauses"),
                        rational(clause, "rate"),
                        when(clause));
            case "waterfall" ->
                new Clause.Waterfall(
                        id,
                        clause.text("holder"),
                        clause.text("of"),
                        texts(clause, "investors"),
                        rational(clause, "preferredRate"),
                        objects(clause, "tiers").map(TermsBuilder::rank));
            default -> throw new IllegalStateException("a clause of type " + clause.text("type"));
        };
    }

    private static Clause.Claims claims(Json.Obj claims) {
        return new Clause.Claims(filter(claims.object("on")), rational(claims, "reimburse"), claims.text("to"));
    }

    private static Clause split(String id, Json.Obj clause) {
        return new Clause.Split(
                id,
                clause.text("holder"),
                clause.text("of"),
                where(clause),
                when(clause),
                clause.findText("per").orElse("").equals("event"),
                shares(clause),
                clause.has("proRata") ? Optional.of(proRata(clause.object("proRata"))) : Optional.empty());
    }

    private static Clause.ProRata proRata(Json.Obj proRata) {
        return new Clause.ProRata(
                rational(proRata, "share"),
                proRata.text("by"),
                texts(proRata, "among"),
                proRata.text("of"),
                proRata.text("ifNone"));
    }

    private static Clause fixed(String id, Json.Obj clause) {
        Optional<Clause.FixedCap> cap = clause.has("cap")
                ? Optional.of(new Clause.FixedCap(amount(clause.object("cap"), "amount"), window(clause.object("cap"))))
                : Optional.empty();
        return new Clause.Fixed(
                id,
                clause.text("from"),
                clause.text("to"),
                amount(clause, "amount"),
                filter(clause.object("on")),
                when(clause),
                cap);
    }

    private static Clause kpi(String id, Json.Obj clause) {
        Json.Obj collar = clause.has("collar") ? clause.object("collar") : Json.Obj.EMPTY;
        return new Clause.Kpi(
                id,
                clause.text("from"),
                clause.text("to"),
                clause.text("of"),
                where(clause),
                when(clause),
                objects(clause, "table")
                        .map(table -> new Clause.KpiTable(
                                table.text("kpi"),
                                objects(table, "steps")
                                        .map(step ->
                                                new Clause.KpiStep(rational(step, "gte"), rational(step, "rate"))))),
                collar.findText("min").map(Rational::ofText),
                collar.findText("max").map(Rational::ofText));
    }

    private static Clause guarantee(String id, Json.Obj clause) {
        Clause.Promise promise = clause.has("amount")
                ? new Clause.PromisedAmount(amount(clause, "amount"))
                : new Clause.PromisedPerUnit(
                        clause.object("perUnit").text("of"), rational(clause.object("perUnit"), "price"));
        return new Clause.Guarantee(
                id,
                clause.text("from"),
                clause.text("to"),
                texts(clause, "clauses"),
                window(clause),
                when(clause),
                promise);
    }

    private static Clause.Rank rank(Json.Obj rank) {
        String id = rank.text("id");
        return switch (rank.text("kind")) {
            case "recover" -> new Clause.Recover(id, rank.text("party"), rank.text("of"));
            case "preferred" -> new Clause.Preferred(id);
            case "return-of-capital" -> new Clause.ReturnOfCapital(id);
            case "catch-up" -> new Clause.CatchUp(id, rank.text("party"), rational(rank, "target"));
            case "split" -> new Clause.Remainder(id, shares(rank));
            default -> throw new IllegalStateException("a tier of kind " + rank.text("kind"));
        };
    }

    private static SettlementRules settlement(Json.Obj settlement) {
        SortedMap<String, BigInteger> minimum = settlement.has("minimumPayout")
                ? values(
                        settlement.object("minimumPayout"),
                        value -> Amounts.read(value).orElseThrow())
                : new TreeMap<>();
        Optional<SettlementRules.Conversion> fx = settlement.has("fx")
                ? Optional.of(new SettlementRules.Conversion(
                        settlement.object("fx").text("fixing").equals("transaction"),
                        settlement.object("fx").text("refunds").equals("original")))
                : Optional.empty();
        return new SettlementRules(
                settlement.findText("negative").orElse("carry").equals("invoice"), minimum, fx);
    }

    private static SortedMap<String, Rational> shares(Json.Obj object) {
        return values(object.object("shares"), value -> Rational.ofText(((Json.Text) value).value()));
    }

    private static Rational rational(Json.Obj object, String name) {
        return Rational.ofText(object.text(name));
    }

    private static BigInteger amount(Json.Obj object, String name) {
        return Amounts.read(object.get(name)).orElseThrow();
    }

    private static List<String> texts(Json.Obj object, String name) {
        return object.has(name)
                ? object.items(name).stream()
                        .map(item -> ((Json.Text) item).value())
                        .toList()
                : List.of();
    }

    private static <T> SortedMap<String, T> values(Json.Obj object, Function<Json, T> read) {
        SortedMap<String, T> values = new TreeMap<>();
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            values.put(member.getKey(), read.apply(member.getValue()));
        }
        return values;
    }

    private static Objects objects(Json.Obj object, String name) {
        return new Objects(object.has(name) ? object.items(name) : List.of());
    }

    private record Objects(List<Json> items) {
        <T> List<T> map(Function<Json.Obj, T> read) {
            return items.stream().map(item -> read.apply((Json.Obj) item)).toList();
        }
    }
}
