package org.tallystick.agreement.terms;

import java.util.Optional;
import java.util.SortedSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;

/// The form of a terms document: stage 1 of its checks (terms/1 section 14.1).
///
/// Reads like the tables of the text. A value that is not an exact number has NOT_EXACT and nothing else, so that one
/// mistake has one code.
final class TermsForm {

    private static final Shape ID = Shape.text("an id", Spelling::isId);
    private static final Shape IDS = Shape.array(1, ID);
    private static final Shape TEXT = Shape.text("a text of 1 to 200 characters", Spelling::isText);
    private static final Shape DATE =
            Shape.text("a date", text -> Days.parse(text).isPresent());
    private static final Shape ATTRIBUTE = Shape.text("an attribute name", Spelling::isAttribute);
    private static final Shape ROUND = Shape.oneOf("half-up", "half-even", "down", "up");
    private static final Shape WINDOW = Shape.oneOf("period", "year", "life");

    private static final Shape AMOUNT = Shape.leaf(
            Shape.NOT_EXACT,
            "an amount in minor units",
            value -> Amounts.read(value).isPresent());
    private static final Shape RATIONAL =
            Shape.leaf(Shape.NOT_EXACT, "a rational written as a string", TermsForm::isRational);
    private static final Shape LIMIT = Shape.leaf(
            Shape.NOT_EXACT,
            "a number that is not negative",
            value -> Amounts.readNumber(value).filter(x -> x.signum() >= 0).isPresent() && !isSignedZero(value));

    /// A rate that may not vary: anything but a rational is inexact, except an object, which is no number at all.
    private static final Shape PLAIN_RATE = (value, at, faults) -> {
        if (value instanceof Json.Obj) {
            faults.add(new Finding(Shape.FORM, at, "must be a rational written as a string, not an object"));
        } else {
            RATIONAL.check(value, at, faults);
        }
    };

    private static final Shape SCALAR = Shape.leaf(
            Shape.FORM,
            "a string, an integer or a boolean",
            value -> value instanceof Json.Text || value instanceof Json.Whole || value instanceof Json.Bool);
    private static final Shape BOUND = Shape.leaf(Shape.FORM, "a number or a date", TermsForm::isBound);
    private static final Shape CONDITION = (value, at, faults) -> {
        Shape shape = switch (value) {
            case Json.Obj _ -> Shape.object().may("gte", BOUND).may("lt", BOUND).and(notEmpty());
            case Json.Arr _ -> Shape.array(1, SCALAR);
            default -> SCALAR;
        };
        shape.check(value, at, faults);
    };
    private static final Shape TYPE = Shape.text(
            "a measured event type",
            text -> EventType.ofText(text).filter(EventType::isMeasured).isPresent());
    private static final Shape TYPES =
            (value, at, faults) -> (value instanceof Json.Arr ? Shape.array(1, TYPE) : TYPE).check(value, at, faults);

    private static final Shape FILTER = filterMembers().with("type", TYPES);
    private static final Shape WHERE = filterMembers().may("type", TYPES).and(notEmpty());
    private static final Shape WHEN =
            Shape.object().may("from", DATE).may("to", DATE).and(notEmpty());

    private static final Shape DATE_STEP = Shape.object().with("from", DATE).with("rate", PLAIN_RATE);
    private static final Shape RATE = new Shape() {
        @Override
        public void check(Json value, String at, SortedSet<Finding> faults) {
            if (value instanceof Json.Obj rate) {
                form(rate).check(value, at, faults);
            } else {
                RATIONAL.check(value, at, faults);
            }
        }

        private Shape form(Json.Obj rate) {
            Shape.Members form = Shape.object().with("by", Shape.oneOf("attr", "date", "fact", "event"));
            return switch (textOf(rate, "by").orElse("")) {
                case "attr" ->
                    form.with("attr", ATTRIBUTE)
                            .with("table", Shape.map(1, "the text of an attribute", name -> !name.isEmpty(), this));
                case "date" -> form.with("steps", Shape.array(1, DATE_STEP));
                case "fact" -> form.with("fact", TEXT).with("before", RATIONAL).with("after", RATIONAL);
                case "event" ->
                    form.with("attr", ATTRIBUTE).with("min", RATIONAL).with("max", RATIONAL);
                default -> Shape.rule("must be a rate by attr, date, fact or event", _ -> false);
            };
        }
    };

    private static final Shape MODE = Shape.leaf(
            "TIER_MODE",
            "one of marginal, whole, forward, per-event, lookback, blended",
            value -> value instanceof Json.Text(var text)
                    && Tiers.Mode.ofText(text).isPresent());
    private static final Shape TIERS = Shape.object()
            .with("mode", MODE)
            .may("measure", ID)
            .with("steps", Shape.array(1, Shape.object().may("upTo", LIMIT).with("rate", PLAIN_RATE)));

    private static final Shape PERIOD_FLOOR = either(
            Shape.object().with("amount", AMOUNT).may("window", Shape.oneOf("period")),
            Shape.object().with("of", ID).with("rate", PLAIN_RATE));
    private static final Shape PERIOD_CAP = either(
            Shape.object().with("amount", AMOUNT).may("window", WINDOW),
            Shape.object().with("of", ID).with("rate", PLAIN_RATE).may("window", WINDOW));
    private static final Shape EVENT_LIMIT = either(
            Shape.object().with("amount", AMOUNT).may("per", Shape.oneOf("event")),
            Shape.object().with("price", PLAIN_RATE).may("per", Shape.oneOf("event")));
    private static final Shape SHARES = Shape.map(1, "a party id", Spelling::isId, RATIONAL);

    private static final Shape KPI_TABLE = Shape.object()
            .with("kpi", TEXT)
            .with("steps", Shape.array(1, Shape.object().with("gte", RATIONAL).with("rate", PLAIN_RATE)));

    private static final Shape PARTY =
            Shape.object().with("id", ID).may("name", TEXT).may("role", TEXT);

    private static final Shape DOCUMENT = Shape.object()
            .with("terms", Shape.oneOf("1"))
            .with("id", ID)
            .may("title", TEXT)
            .may("version", Shape.whole(1, Json.Whole.MAX))
            .may("supersedes", Shape.pattern("64 lower-case hexadecimal digits", "[0-9a-f]{64}"))
            .with("hub", ID)
            .with("currency", Shape.pattern("a currency code", "[A-Z]{3}"))
            .with(
                    "calendar",
                    Shape.object()
                            .with("frequency", Shape.oneOf("month", "quarter", "year"))
                            .may("timeZone", TEXT))
            .with("parties", Shape.array(1, PARTY))
            .with("measures", Shape.map(0, "an id", Spelling::isId, measure()))
            .with("clauses", Shape.array(1, TermsForm::checkClause))
            .with("settlement", settlement())
            .may(
                    "rounding",
                    Shape.object()
                            .with("single", Shape.oneOf("half-away-from-zero"))
                            .with("split", Shape.oneOf("largest-remainder"))
                            .with("ties", Shape.oneOf("listed-order"))
                            .with("negative", Shape.oneOf("symmetric")));

    private TermsForm() {}

    static void check(Json document, SortedSet<Finding> faults) {
        DOCUMENT.check(document, "", faults);
    }

    private static boolean isRational(Json value) {
        return value instanceof Json.Text(var text) && Rational.parse(text).isPresent();
    }

    private static boolean isSignedZero(Json value) {
        return value instanceof Json.Text(var text) && text.startsWith("-");
    }

    private static boolean isBound(Json value) {
        return Amounts.readNumber(value).isPresent()
                || (value instanceof Json.Text(var text) && Days.parse(text).isPresent());
    }

    private static Shape notEmpty() {
        return Shape.rule("must not be empty", object -> !object.members().isEmpty());
    }

    /// The first form, or the second if the object has a member that only the second knows.
    private static Shape either(Shape amount, Shape other) {
        return (value, at, faults) -> {
            boolean isOther = value instanceof Json.Obj object
                    && !object.has("amount")
                    && (object.has("of") || object.has("rate") || object.has("price"));
            (isOther ? other : amount).check(value, at, faults);
        };
    }

    private static Shape.Members filterMembers() {
        return Shape.object()
                .may("attrs", Shape.map(0, "an attribute name", Spelling::isAttribute, CONDITION))
                .may(
                        "days",
                        Shape.array(
                                1,
                                Shape.object().with("from", ID).with("to", ID).with("max", Shape.whole(0, 36_500))))
                .may(
                        "monthsBefore",
                        Shape.array(1, Shape.object().with("since", ID).with("months", Shape.whole(1, 1_200))));
    }

    private static Shape measure() {
        return Shape.object()
                .may("of", Shape.oneOf("amount", "quantity", "count"))
                .may("plus", Shape.array(0, FILTER))
                .may("minus", Shape.array(0, FILTER))
                .may("plusClauses", Shape.array(0, ID))
                .may("lessClauses", Shape.array(0, ID))
                .and(Shape.rule(
                        "must add or deduct something",
                        measure -> hasItems(measure, "plus")
                                || hasItems(measure, "minus")
                                || hasItems(measure, "plusClauses")
                                || hasItems(measure, "lessClauses")))
                .and(Shape.rule(
                        "must be an amount measure to add or deduct clauses",
                        measure -> !(hasItems(measure, "plusClauses") || hasItems(measure, "lessClauses"))
                                || !measure.has("of")
                                || measure.find("of").equals(Optional.of(Json.text("amount")))));
    }

    private static boolean hasItems(Json.Obj object, String name) {
        return object.find(name)
                .filter(value -> value instanceof Json.Arr(var items) && !items.isEmpty())
                .isPresent();
    }

    private static Shape settlement() {
        return Shape.object()
                .may("negative", Shape.oneOf("carry", "invoice"))
                .may("minimumPayout", Shape.map(0, "a party id", Spelling::isId, AMOUNT))
                .may(
                        "fx",
                        Shape.object()
                                .with("fixing", Shape.oneOf("period-end", "transaction"))
                                .with("refunds", Shape.oneOf("original", "refund-date")));
    }

    private static Optional<String> textOf(Json.Obj object, String name) {
        return object.find(name).map(value -> value instanceof Json.Text(var text) ? text : "");
    }

    private static void checkClause(Json value, String at, SortedSet<Finding> faults) {
        if (!(value instanceof Json.Obj clause)) {
            faults.add(new Finding(Shape.FORM, at, "must be an object, not " + Shape.shown(value)));
            return;
        }
        Shape.Members form = Shape.object().with("id", ID).with("type", TEXT);
        Shape shape = switch (textOf(clause, "type").orElse("")) {
            case "fee" -> priced(clause, form.with("from", ID).with("to", ID), "rate");
            case "unit" -> priced(clause, form.with("from", ID).with("to", ID), "price");
            case "fund" -> fund(form);
            case "split" -> split(form);
            case "fixed" -> fixed(form);
            case "kpi" -> kpi(form);
            case "guarantee" -> guarantee(form);
            case "advance" ->
                form.with("from", ID).with("to", ID).with("clauses", IDS).may("recoupRate", RATIONAL);
            case "reserve" ->
                form.with("party", ID)
                        .with("clauses", IDS)
                        .with("rate", PLAIN_RATE)
                        .with("releaseAfter", Shape.whole(1, 1_200))
                        .may("when", WHEN);
            case "withholding" ->
                form.with("party", ID)
                        .with("authority", ID)
                        .with("clauses", IDS)
                        .with("rate", PLAIN_RATE)
                        .may("when", WHEN);
            case "waterfall" -> waterfall(form);
            default -> Shape.rule("is not a clause of a known type", _ -> false);
        };
        shape.check(value, at, faults);
    }

    /// Fee and unit: the same, but for the name of the rate.
    private static Shape priced(Json.Obj clause, Shape.Members form, String rate) {
        boolean perEvent = textOf(clause, "per").orElse("").equals("event");
        Shape.Members members = form.with("of", ID)
                .may(rate, RATE)
                .may("tiers", TIERS)
                .may("where", WHERE)
                .may("when", WHEN)
                .may("window", perEvent ? Shape.oneOf("period") : WINDOW)
                .may("per", Shape.oneOf("period", "event"))
                .may("round", ROUND)
                .may("factor", Shape.object().with("kpi", TEXT))
                .may("floor", perEvent ? EVENT_LIMIT : PERIOD_FLOOR)
                .may("cap", perEvent ? EVENT_LIMIT : PERIOD_CAP);
        return members.and(oneOfTwo(rate, "tiers"))
                .and(Shape.rule("tiers take no factor", object -> !(object.has("tiers") && object.has("factor"))))
                .and(Shape.rule(
                        "per event takes neither tiers nor factor",
                        object -> !perEvent || !(object.has("tiers") || object.has("factor"))));
    }

    private static Shape oneOfTwo(String one, String other) {
        return Shape.rule("must have either " + one + " or " + other, object -> object.has(one) != object.has(other));
    }

    private static Shape fund(Shape.Members form) {
        return form.with("from", ID)
                .with("of", ID)
                .may("rate", RATE)
                .may("tiers", TIERS)
                .may("where", WHERE)
                .may("when", WHEN)
                .may("window", WINDOW)
                .may("cap", PERIOD_CAP)
                .may("round", ROUND)
                .with(
                        "claims",
                        Shape.object()
                                .with("on", FILTER)
                                .with("reimburse", RATIONAL)
                                .with("to", ID))
                .and(oneOfTwo("rate", "tiers"));
    }

    private static Shape split(Shape.Members form) {
        return form.with("holder", ID)
                .with("of", ID)
                .may("where", WHERE)
                .may("when", WHEN)
                .may("per", Shape.oneOf("period", "event"))
                .with("shares", SHARES)
                .may(
                        "proRata",
                        Shape.object()
                                .with("share", RATIONAL)
                                .with("by", ATTRIBUTE)
                                .with("among", IDS)
                                .with("of", ID)
                                .with("ifNone", ID));
    }

    private static Shape fixed(Shape.Members form) {
        return form.with("from", ID)
                .with("to", ID)
                .with("amount", AMOUNT)
                .with("on", FILTER)
                .may("when", WHEN)
                .may("cap", Shape.object().with("amount", AMOUNT).may("window", WINDOW));
    }

    private static Shape kpi(Shape.Members form) {
        return form.with("from", ID)
                .with("to", ID)
                .with("of", ID)
                .may("where", WHERE)
                .may("when", WHEN)
                .with("table", Shape.array(1, KPI_TABLE))
                .may(
                        "collar",
                        Shape.object().may("min", RATIONAL).may("max", RATIONAL).and(notEmpty()));
    }

    private static Shape guarantee(Shape.Members form) {
        return form.with("from", ID)
                .with("to", ID)
                .with("clauses", IDS)
                .with("window", Shape.oneOf("period", "year"))
                .may("when", WHEN)
                .may("amount", AMOUNT)
                .may("perUnit", Shape.object().with("of", ID).with("price", PLAIN_RATE))
                .and(oneOfTwo("amount", "perUnit"));
    }

    private static Shape waterfall(Shape.Members form) {
        return form.with("holder", ID)
                .with("of", ID)
                .with("investors", IDS.and(TermsForm::checkDistinct))
                .with("preferredRate", RATIONAL)
                .with("dayCount", Shape.oneOf("actual/365"))
                .with("compounding", Shape.oneOf("none"))
                .with("tiers", Shape.array(1, TermsForm::checkRank));
    }

    private static void checkDistinct(Json value, String at, SortedSet<Finding> faults) {
        if (value instanceof Json.Arr(var items) && items.stream().distinct().count() < items.size()) {
            faults.add(new Finding(Shape.FORM, at, "must not name anybody twice"));
        }
    }

    private static void checkRank(Json value, String at, SortedSet<Finding> faults) {
        Shape.Members form = Shape.object()
                .with("id", ID)
                .with("kind", Shape.oneOf("recover", "preferred", "return-of-capital", "catch-up", "split"));
        String kind = value instanceof Json.Obj rank ? textOf(rank, "kind").orElse("") : "";
        Shape shape = switch (kind) {
            case "recover" -> form.with("party", ID).with("of", ID);
            case "catch-up" -> form.with("party", ID).with("target", RATIONAL);
            case "split" -> form.with("shares", SHARES);
            default -> form;
        };
        shape.check(value, at, faults);
    }
}
