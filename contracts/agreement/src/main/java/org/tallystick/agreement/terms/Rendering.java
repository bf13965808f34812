package org.tallystick.agreement.terms;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;

/// The text the parties read, generated from the terms and never the reverse (terms/1 section 17).
final class Rendering {

    /// Strings as their UTF-8 bytes are ordered, which is not how Java orders them.
    private static final Comparator<String> BYTE_ORDER = Comparator.comparing(Bytes::ofUtf8);

    private final Terms terms;
    private final NumberText numbers;

    private Rendering(Terms terms) {
        this.terms = terms;
        this.numbers = new NumberText(terms.currency());
    }

    static String of(Terms terms) {
        return new Rendering(terms).lines().stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /// The line of a clause, or nothing if there is none of this id.
    static String sentence(Terms terms, String id) {
        List<Clause> clauses = terms.clauses();
        for (int i = 0; i < clauses.size(); i++) {
            if (clauses.get(i).id().equals(id)) {
                return new Rendering(terms).line(i);
            }
        }
        return "";
    }

    private String line(int clause) {
        Clause of = terms.clauses().get(clause);
        return (clause + 1) + ". [" + of.id() + "] " + sentence(of) + ".";
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(terms.title() + ": settled every " + frequency() + " in " + terms.currency() + "; "
                + name(terms.hub()) + " keeps the books.");
        terms.timeZone().ifPresent(zone -> lines.add("Days are counted in " + zone + "."));
        terms.measures().forEach((id, measure) -> lines.add(id + " means " + parts(measure) + "."));
        for (int i = 0; i < terms.clauses().size(); i++) {
            lines.add(line(i));
        }
        for (Party party : terms.roster()) {
            BigInteger minimum = terms.settlement().minimum(party.id());
            if (minimum.signum() > 0) {
                lines.add("Balances of " + party.name() + " below " + numbers.money(minimum) + " are carried forward.");
            }
        }
        lines.add(
                terms.settlement().invoicesNegative()
                        ? "Negative balances are invoiced."
                        : "Negative balances are carried forward.");
        terms.settlement()
                .fx()
                .ifPresent(fx -> lines.add("Amounts in other currencies are converted at the "
                        + (fx.daily() ? "fixing of the day" : "last fixing of the " + frequency())
                        + ", refunds at that of "
                        + (fx.refundsAtOriginal() ? "the original" : "the refund") + "."));
        lines.add(
                "Amounts are rounded half away from zero unless stated otherwise; shares by largest remainder, ties in"
                        + " the order of the parties.");
        return lines;
    }

    private String frequency() {
        return terms.frequency().text();
    }

    private String name(String party) {
        return terms.roster().stream()
                .filter(known -> known.id().equals(party))
                .map(Party::name)
                .findFirst()
                .orElse(party);
    }

    private String names(List<String> parties) {
        return parties.stream().map(this::name).collect(Collectors.joining(", "));
    }

    private static String listed(List<String> clauses) {
        return clauses.stream().map(id -> "[" + id + "]").collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        return Json.text(text).canonical().utf8().orElseThrow();
    }

    private String per(Window window) {
        return switch (window) {
            case PERIOD -> "per " + frequency();
            case YEAR -> "per calendar year";
            case LIFE -> "over the life of the agreement";
        };
    }

    // Measures and filters.

    private String parts(Measure measure) {
        String noun = switch (measure.of()) {
            case AMOUNT -> "the amounts of ";
            case QUANTITY -> "the quantities of ";
            case COUNT -> "the number of ";
        };
        List<String> parts = new ArrayList<>();
        if (!measure.plus().isEmpty()) {
            parts.add("plus " + noun + events(measure.plus()));
        }
        if (!measure.minus().isEmpty()) {
            parts.add("less " + noun + events(measure.minus()));
        }
        if (!measure.plusClauses().isEmpty()) {
            parts.add("plus the result of " + listed(measure.plusClauses()));
        }
        if (!measure.lessClauses().isEmpty()) {
            parts.add("less the result of " + listed(measure.lessClauses()));
        }
        String text = String.join(" ", parts);
        return text.startsWith("plus ") ? text.substring("plus ".length()) : text;
    }

    private String events(List<Filter> filters) {
        return filters.stream().map(this::events).collect(Collectors.joining(" and "));
    }

    private String events(Filter filter) {
        return filter.types().stream().map(EventType::text).collect(Collectors.joining(" or ")) + " events"
                + conditions(filter);
    }

    private String where(Filter where) {
        return where.types().isEmpty() ? conditions(where) : " for " + events(where);
    }

    private String conditions(Filter filter) {
        List<String> conditions = new ArrayList<>();
        filter.attrs().forEach((attr, condition) -> conditions.add(attr + " " + condition(condition)));
        for (Filter.Within days : filter.days()) {
            conditions.add(day(days.to()) + " is at most " + days.max() + " days after " + day(days.from()));
        }
        for (Filter.Since months : filter.monthsBefore()) {
            conditions.add("the origin date is within " + months.months() + " months from " + day(months.since()));
        }
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    private static String condition(Filter.Condition condition) {
        return switch (condition) {
            case Filter.Condition.OneOf(var values) ->
                "is " + values.stream().map(Rendering::value).collect(Collectors.joining(" or "));
            case Filter.Condition.Between(var from, var below) ->
                "is " + from.map(bound -> "at least " + value(bound)).orElse("")
                        + (from.isPresent() && below.isPresent() ? " and " : "")
                        + below.map(bound -> "below " + value(bound)).orElse("");
        };
    }

    private static String value(Json value) {
        return value.canonical().utf8().orElseThrow();
    }

    private static String day(String name) {
        return switch (name) {
            case Filter.OWN_DATE -> "the event date";
            case Filter.ORIGIN_DATE -> "the origin date";
            default -> name;
        };
    }

    private static String validity(Validity when) {
        if (when.from().isPresent() && when.to().isPresent()) {
            return "from " + when.from().get() + " until " + when.to().get() + ": ";
        }
        return when.from()
                .map(from -> "from " + from + ": ")
                .or(() -> when.to().map(to -> "until " + to + ": "))
                .orElse("");
    }

    // Rates.

    private String rate(Rate rate, Function<Rational, String> number) {
        return switch (rate) {
            case Rate.Constant(var value) -> number.apply(value);
            case Rate.ByAttribute(var attr, var table) -> rows(attr, table, number);
            case Rate.ByDate(var steps) ->
                steps.stream()
                        .map(step -> number.apply(step.rate()) + " from " + step.from())
                        .collect(Collectors.joining(", then "));
            case Rate.ByFact(var fact, var before, var after) ->
                number.apply(before) + ", or " + number.apply(after) + " from the day " + quoted(fact) + " is recorded";
            case Rate.ByEvent(var attr, var min, var max) ->
                "the " + attr + " agreed on each event, from " + number.apply(min) + " to " + number.apply(max);
        };
    }

    private String rows(String attr, SortedMap<String, Rate> table, Function<Rational, String> number) {
        List<String> rows = new ArrayList<>();
        for (String key : table.keySet().stream().sorted(BYTE_ORDER).toList()) {
            if (!key.equals(Rate.OTHERWISE)) {
                rows.add(row(table, key, number) + " where " + attr + " is " + quoted(key));
            }
        }
        if (table.containsKey(Rate.OTHERWISE)) {
            rows.add(row(table, Rate.OTHERWISE, number) + " otherwise");
        }
        return String.join("; ", rows);
    }

    private String row(SortedMap<String, Rate> table, String key, Function<Rational, String> number) {
        Rate rate = Optional.ofNullable(table.get(key)).orElseThrow();
        return rate.isConstant() ? rate(rate, number) : "(" + rate(rate, number) + ")";
    }

    // Clauses.

    private String sentence(Clause clause) {
        return switch (clause) {
            case Clause.Fee(var _, var from, var to, var pricing) -> fee(name(from) + " pays " + name(to), pricing);
            case Clause.Unit(var _, var from, var to, var pricing) -> unit(name(from) + " pays " + name(to), pricing);
            case Clause.Fund(var id, var from, var pricing, var claims) ->
                fee(name(from) + " sets aside in fund " + id, pricing) + "; " + name(claims.to()) + " is paid "
                        + NumberText.percent(claims.reimburse()) + " of each of the " + events(claims.on())
                        + " from it while it lasts";
            case Clause.Split split -> split(split);
            case Clause.Fixed fixed -> fixed(fixed);
            case Clause.Kpi kpi -> kpi(kpi);
            case Clause.Guarantee guarantee -> guarantee(guarantee);
            case Clause.Advance advance ->
                "advances paid by " + name(advance.from()) + " to " + name(advance.to()) + " are recouped at "
                        + NumberText.percent(advance.recoupRate()) + " from " + listed(advance.clauses())
                        + " and are not repaid otherwise";
            case Clause.Reserve reserve ->
                validity(reserve.when()) + NumberText.percent(reserve.rate()) + " of what " + name(reserve.party())
                        + " earns under " + listed(reserve.clauses()) + " is held back and released after "
                        + reserve.releaseAfter() + " " + frequency() + (reserve.releaseAfter() == 1 ? "" : "s");
            case Clause.Withholding withholding ->
                validity(withholding.when()) + NumberText.percent(withholding.rate()) + " of what "
                        + name(withholding.party()) + " earns under " + listed(withholding.clauses())
                        + " is withheld and paid to " + name(withholding.authority());
            case Clause.Waterfall waterfall -> waterfall(waterfall);
        };
    }

    private String fee(String pays, Pricing pricing) {
        return priced(pays, pricing, NumberText::percent, " of ", " a share of ");
    }

    private String unit(String pays, Pricing pricing) {
        return priced(pays, pricing, numbers::price, " per unit of ", " a price per unit of ");
    }

    private String priced(
            String pays, Pricing pricing, Function<Rational, String> number, String constant, String variable) {
        String body = validity(pricing.when()) + pays;
        String of = pricing.of() + where(pricing.where());
        body += switch (pricing.charge()) {
            case Pricing.Rated(var rate) ->
                rate.isConstant()
                        ? " " + rate(rate, number) + constant + of
                        : variable + of + ": " + rate(rate, number);
            case Pricing.Tiered(var tiers) ->
                " on " + of + ", " + per(pricing.window()) + ": " + steps(tiers, number) + " (" + mode(tiers) + ")";
        };
        return body + more(pricing);
    }

    private String steps(Tiers tiers, Function<Rational, String> number) {
        if (tiers.steps().size() == 1) {
            return number.apply(tiers.steps().getFirst().rate());
        }
        return tiers.steps().stream()
                .map(step -> number.apply(step.rate())
                        + step.upTo()
                                .map(limit -> " up to " + limit(tiers.measure(), limit))
                                .orElse(" above"))
                .collect(Collectors.joining("; "));
    }

    private String limit(String measure, Rational limit) {
        return switch (terms.measure(measure).of()) {
            case AMOUNT -> numbers.price(limit);
            case QUANTITY -> NumberText.decimal(limit) + " units";
            case COUNT -> NumberText.decimal(limit) + " events";
        };
    }

    private String mode(Tiers tiers) {
        return switch (tiers.mode()) {
            case MARGINAL -> "each rate for its own band only";
            case WHOLE -> "the rate reached by " + tiers.measure() + " for the whole";
            case FORWARD -> "by the total before each event";
            case PER_EVENT -> "by the size of each event";
            case LOOKBACK -> "by " + tiers.measure() + " of the " + frequency() + " before";
            case BLENDED -> "averaged over the bands of " + tiers.measure();
        };
    }

    private String more(Pricing pricing) {
        StringBuilder more = new StringBuilder();
        pricing.factor()
                .ifPresent(kpi -> more.append(", multiplied by the recorded ").append(kpi));
        if (pricing.perEvent()) {
            more.append(", event by event");
        }
        if (pricing.window() != Window.PERIOD && pricing.charge() instanceof Pricing.Rated) {
            more.append(", added up ").append(per(pricing.window()));
        }
        pricing.floor().ifPresent(floor -> more.append(", at least ").append(limit(pricing, floor, Window.PERIOD)));
        pricing.cap().ifPresent(cap -> more.append(", at most ").append(limit(pricing, cap.limit(), cap.window())));
        return more.append(rounded(pricing.round())).toString();
    }

    private static String rounded(Rounding round) {
        return switch (round) {
            case HALF_UP -> "";
            case HALF_EVEN -> ", rounded half to even";
            case DOWN -> ", rounded down";
            case UP -> ", rounded up";
        };
    }

    private String limit(Pricing pricing, Pricing.Limit limit, Window window) {
        return switch (limit) {
            case Pricing.AmountLimit(var amount) ->
                numbers.money(amount) + " " + (pricing.perEvent() ? "per event" : per(window));
            case Pricing.PriceLimit(var price) -> numbers.price(price) + " per unit of each event";
            case Pricing.MeasureLimit(var of, var rate) ->
                terms.measure(of).of() == Measure.Of.AMOUNT
                        ? NumberText.percent(rate) + " of " + of
                        : numbers.price(rate) + " per unit of " + of;
        };
    }

    private String shares(SortedMap<String, Rational> shares) {
        return terms.roster().stream()
                .filter(party -> shares.containsKey(party.id()))
                .map(party -> party.name() + " " + NumberText.percent(share(shares, party.id())))
                .collect(Collectors.joining(", "));
    }

    private static Rational share(Map<String, Rational> shares, String party) {
        return Optional.ofNullable(shares.get(party)).orElseThrow();
    }

    private String split(Clause.Split split) {
        String pro = split.proRata()
                .map(proRata -> ", and " + NumberText.percent(proRata.share()) + " among " + names(proRata.among())
                        + " in proportion to " + proRata.of() + " by " + proRata.by() + " (to "
                        + name(proRata.ifNone()) + " if there is none)")
                .orElse("");
        return validity(split.when()) + split.of() + where(split.where()) + ", held by " + name(split.holder())
                + ", is shared " + shares(split.shares()) + pro + ", "
                + (split.perEvent() ? "per event" : per(Window.PERIOD)) + ", odd minor units by largest remainder";
    }

    private String fixed(Clause.Fixed fixed) {
        String cap = fixed.cap()
                .map(limit -> ", at most " + numbers.money(limit.amount()) + " " + per(limit.window()))
                .orElse("");
        return validity(fixed.when()) + name(fixed.from()) + " pays " + name(fixed.to()) + " "
                + numbers.money(fixed.amount()) + " for each of the " + events(fixed.on()) + cap;
    }

    private String kpi(Clause.Kpi kpi) {
        String tables = kpi.tables().stream()
                .map(table -> "by " + quoted(table.kpi()) + " "
                        + table.steps().stream()
                                .map(step ->
                                        NumberText.percent(step.rate()) + " from " + NumberText.decimal(step.gte()))
                                .collect(Collectors.joining("; ")))
                .collect(Collectors.joining(" plus "));
        String collar = kpi.least()
                        .map(least -> " not below " + NumberText.percent(least))
                        .orElse("")
                + (kpi.least().isPresent() && kpi.most().isPresent() ? " and" : "")
                + kpi.most()
                        .map(most -> " not above " + NumberText.percent(most))
                        .orElse("");
        return validity(kpi.when()) + name(kpi.from()) + " pays " + name(kpi.to())
                + ", or is paid if negative, a percentage of " + kpi.of() + where(kpi.where()) + ": " + tables
                + ", nothing for a figure not recorded" + (collar.isEmpty() ? "" : ", in total" + collar);
    }

    private String guarantee(Clause.Guarantee guarantee) {
        String promise = switch (guarantee.promise()) {
            case Clause.PromisedAmount(var amount) -> numbers.money(amount);
            case Clause.PromisedPerUnit(var of, var price) -> numbers.price(price) + " per unit of " + of;
        };
        return validity(guarantee.when()) + name(guarantee.from()) + " guarantees " + name(guarantee.to()) + " "
                + promise + " " + per(guarantee.window()) + " from " + listed(guarantee.clauses())
                + " and tops up any shortfall";
    }

    private String waterfall(Clause.Waterfall waterfall) {
        return waterfall.of() + ", held by " + name(waterfall.holder()) + ", is paid in this order: "
                + waterfall.tiers().stream()
                        .map(rank -> "[" + rank.id() + "] " + rank(waterfall, rank))
                        .collect(Collectors.joining("; "));
    }

    private String rank(Clause.Waterfall waterfall, Clause.Rank rank) {
        return switch (rank) {
            case Clause.Recover(var _, var party, var of) -> of + " to " + name(party) + " until recovered";
            case Clause.Preferred _ ->
                "a preferred return of " + NumberText.percent(waterfall.preferredRate())
                        + " a year (actual/365, not compounded) on capital outstanding to "
                        + names(waterfall.investors());
            case Clause.ReturnOfCapital _ -> "capital outstanding to " + names(waterfall.investors());
            case Clause.CatchUp(var _, var party, var target) ->
                "to " + name(party) + " until it has " + NumberText.percent(target)
                        + " of preferred return and catch-up together";
            case Clause.Remainder(var _, var shares) -> "the rest shared " + shares(shares);
        };
    }
}
