package org.tallystick.agreement.settlement.naive;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;

/// What cases have in them: every type of clause, modifier, event and refusal of terms/1, counted by name.
final class Coverage {

    private final SortedMap<String, Integer> cases = new TreeMap<>();
    private int total;

    void add(Case one, Json.Arr said) {
        SortedSet<String> names = new TreeSet<>();
        document(one.terms(), names);
        events(one, names);
        said.items().forEach(statement -> outcome(one.terms(), (Json.Obj) statement, names));
        names.forEach(name -> cases.merge(name, 1, Integer::sum));
        total++;
    }

    int of(String name) {
        return cases.getOrDefault(name, 0);
    }

    SortedMap<String, Integer> cases() {
        return cases;
    }

    /// The features of a document that an engine may not know yet: its types of clause, and `fx`.
    static SortedSet<String> features(Json.Obj terms) {
        SortedSet<String> features = new TreeSet<>();
        terms.items("clauses").forEach(clause -> features.add(((Json.Obj) clause).text("type")));
        if (terms.object("settlement").has("fx")) {
            features.add("fx");
        }
        return features;
    }

    private static void document(Json.Obj terms, SortedSet<String> names) {
        names.add("settled every " + terms.object("calendar").text("frequency"));
        Json.Obj settlement = terms.object("settlement");
        names.add("negative balances: " + settlement.findText("negative").orElse("by default"));
        if (settlement.has("minimumPayout")) {
            names.add("minimumPayout");
        }
        settlement.find("fx").ifPresent(fx -> {
            names.add("fixing " + ((Json.Obj) fx).text("fixing"));
            names.add("fixing of refunds: " + ((Json.Obj) fx).text("refunds"));
        });
        terms.items("clauses").forEach(clause -> clause((Json.Obj) clause, terms, names));
        terms.object("measures").members().values().forEach(measure -> filters(measure, names));
    }

    private static void clause(Json.Obj c, Json.Obj terms, SortedSet<String> names) {
        String type = c.text("type");
        names.add("clause " + type);
        for (String name : List.of("where", "when", "factor", "collar", "proRata", "perUnit", "recoupRate")) {
            if (c.has(name)) {
                names.add(type + " with " + name);
            }
        }
        for (String name : List.of("window", "round")) {
            c.findText(name).ifPresent(value -> names.add(type + " with " + name + " " + value));
        }
        String per = c.findText("per").map(each -> " per " + each).orElse("");
        if (!per.isEmpty()) {
            names.add(type + per);
        }
        for (String name : List.of("cap", "floor")) {
            c.find(name)
                    .ifPresent(limit -> ((Json.Obj) limit)
                            .members()
                            .keySet()
                            .forEach(member -> names.add(type + per + " with " + name + " of " + member)));
        }
        c.find("rate").or(() -> c.find("price")).ifPresent(rate -> rate(type, rate, 0, names));
        c.find("tiers").filter(Json.Obj.class::isInstance).ifPresent(tiers -> {
            names.add(type + " with tiers " + ((Json.Obj) tiers).text("mode"));
            if (((Json.Obj) tiers).has("measure")) {
                names.add("tiers " + ((Json.Obj) tiers).text("mode") + " by another measure");
            }
        });
        if (type.equals("waterfall")) {
            c.items("tiers").forEach(tier -> names.add("waterfall " + ((Json.Obj) tier).text("kind")));
        }
        c.findText("of")
                .map(of -> terms.object("measures").object(of))
                .filter(of -> of.has("plusClauses") || of.has("lessClauses"))
                .ifPresent(_ -> names.add(type + " of results"));
        filters(c, names);
    }

    private static void rate(String type, Json rate, int depth, SortedSet<String> names) {
        if (!(rate instanceof Json.Obj by)) {
            names.add(type + " with a constant rate");
            return;
        }
        names.add(type + " with rate by " + by.text("by"));
        if (by.has("table")) {
            for (Json row : by.object("table").members().values()) {
                if (row instanceof Json.Obj inner) {
                    names.add("rate by " + inner.text("by") + " in a table of depth " + (depth + 1));
                    rate(type, row, depth + 1, names);
                }
            }
        }
    }

    private static void filters(Json value, SortedSet<String> names) {
        switch (value) {
            case Json.Arr(var items) -> items.forEach(item -> filters(item, names));
            case Json.Obj object -> {
                for (String name : List.of("days", "monthsBefore")) {
                    if (object.has(name)) {
                        names.add("filter by " + name);
                    }
                }
                object.find("attrs")
                        .ifPresent(attrs -> ((Json.Obj) attrs)
                                .members()
                                .values()
                                .forEach(condition -> names.add("filter by attrs, "
                                        + switch (condition) {
                                            case Json.Arr _ -> "one of";
                                            case Json.Obj range ->
                                                "range " + range.members().keySet();
                                            default -> "equal";
                                        })));
                object.members().values().forEach(member -> filters(member, names));
            }
            default -> {}
        }
    }

    private static void events(Case one, SortedSet<String> names) {
        Calendar calendar = Calendar.of(one.terms().object("calendar").text("frequency"));
        Events events = new Events(one.terms(), calendar, calendar.read(one.first()), one.events());
        if (!events.faults(Integer.MAX_VALUE).isEmpty()) {
            return;
        }
        Map<String, Event> byId = new TreeMap<>();
        for (Event e : events.read()) {
            names.add("event " + e.type());
            if (e.booked() > calendar.period(e.date())) {
                names.add("late " + e.type());
            }
            if (e.amount().isPresent() && e.amount().get().sign() == 0) {
                names.add("amount of zero");
            }
            if (e.json().find("amount").filter(Json.Text.class::isInstance).isPresent()) {
                names.add("amount above 2^53");
            }
            if (!e.currency().equals(one.terms().text("currency"))) {
                names.add("foreign " + e.type());
            }
            e.refOf().ifPresent(origin -> names.add(refund(e, Map.copyOf(byId), origin, calendar)));
            byId.put(e.id(), e);
        }
    }

    private static String refund(Event e, Map<String, Event> before, String origin, Calendar calendar) {
        if (!before.containsKey(origin)) {
            return "refund before its origin in event order";
        }
        return calendar.period(e.orig()) == calendar.period(e.date())
                ? "refund in its period"
                : "refund across periods";
    }

    private static void outcome(Json.Obj terms, Json.Obj statement, SortedSet<String> names) {
        Lines.codes(statement)
                .ifPresent(codes -> codes.forEach(code -> names.add("refusal " + ((Json.Text) code).value())));
        if (statement.has("codes")) {
            return;
        }
        for (Json item : statement.items("lines")) {
            Json.Obj line = (Json.Obj) item;
            names.add("line of a " + typeOf(terms, line.text("clause")));
            line.findText("kind").ifPresent(kind -> names.add("line of kind " + kind));
            if (line.has("adjusts")) {
                names.add("line that adjusts");
            }
        }
        statement.object("balances").members().keySet().forEach(group -> names.add("balance " + group));
        if (statement.object("payments").members().values().stream()
                .anyMatch(pay -> Fraction.read(pay).sign() < 0)) {
            names.add("payment that is negative");
        }
    }

    /// The type of the clause, or of a waterfall the kind of the tier, that a line comes from.
    private static String typeOf(Json.Obj terms, String clause) {
        if (clause.equals("dispute")) {
            return clause;
        }
        String[] parts = clause.split("\\.", -1);
        Json.Obj c = Accruals.clause(terms, parts[0]);
        return c.text("type")
                + c.find("tiers").filter(_ -> parts.length > 1).stream()
                        .flatMap(tiers -> ((Json.Arr) tiers).items().stream())
                        .map(tier -> (Json.Obj) tier)
                        .filter(tier -> tier.text("id").equals(parts[1]))
                        .map(tier -> " " + tier.text("kind"))
                        .findFirst()
                        .orElse("");
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder("in " + total + " cases:\n");
        cases.forEach((name, times) -> table.append("%7d  %s%n".formatted(times, name)));
        return table.toString();
    }
}
