package org.tallystick.agreement.settlement;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.settlement.naive.Comparison;
import org.tallystick.agreement.terms.Amendment;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// An amendment of the terms of a case that terms/1 18.3 allows from a period on, with whatever a seed draws: clauses
/// that end, a party that enters, clauses and measures of another generated document, other rules of payment.
///
/// Each change is tried, and stays if the amended document is valid and [Amendment] has nothing against it; so what is
/// drawn is what the rule allows, and not what its author thought of.
final class GeneratedAmendment {

    private final Random random;
    private final Period start;
    private final Terms old;
    private Json.Obj amended;

    /// How many changes stayed.
    private int changes;

    GeneratedAmendment(Case one, Period start, long seed) {
        this.random = new Random(seed);
        this.start = start;
        this.old = Documents.accepted(one.terms());
        this.amended = with(
                with(one.terms(), "version", Json.whole(old.version() + 1)),
                "supersedes",
                Json.text(old.hash().hex()));
        endClauses();
        add("parties", Documents.json("{'id':'w'}"));
        addClauses(seed);
    }

    int changes() {
        return changes;
    }

    Json.Obj terms() {
        return amended;
    }

    /// The amended terms with other rules of payment, and other shares of what a waterfall has left.
    Json.Obj withOtherPayments() {
        Json.Obj before = amended;
        Json.Obj settlement = with(amended.object("settlement"), "negative", Json.text("invoice"));
        attempt(with(amended, "settlement", with(settlement, "minimumPayout", Documents.json("{'x':37,'z':1500}"))));
        List<Json> clauses = amended.items("clauses");
        for (int i = 0; i < clauses.size(); i++) {
            Json.Obj clause = (Json.Obj) clauses.get(i);
            if (clause.text("type").equals("waterfall")) {
                List<Json> tiers = new ArrayList<>(clause.items("tiers"));
                Json.Obj rest = (Json.Obj) tiers.removeLast();
                TreeMap<String, Json> shares =
                        new TreeMap<>(rest.object("shares").members());
                shares.replaceAll((_, _) -> Json.text("0"));
                shares.put("x", Json.text("2/5"));
                shares.put("y", Json.text("3/5"));
                tiers.add(with(rest, "shares", new Json.Obj(shares)));
                replaceClause(i, with(clause, "tiers", Json.array(tiers)));
            }
        }
        Json.Obj changed = amended;
        amended = before;
        return changed;
    }

    private void endClauses() {
        List<Json> clauses = amended.items("clauses");
        for (int i = 0; i < clauses.size(); i++) {
            Json.Obj clause = (Json.Obj) clauses.get(i);
            Json.Obj when = clause.find("when").map(Json.Obj.class::cast).orElse(Json.Obj.EMPTY);
            String end = start.start().plusDays(random.nextInt(3) * 20L).toString();
            if (random.nextInt(3) == 0) {
                replaceClause(i, with(clause, "when", with(when, "to", Json.text(end))));
            }
        }
    }

    /// The clauses of another document, which begin with the period or some time in it.
    private void addClauses(long seed) {
        Json.Obj other = Case.draw(seed + 500, Comparison.FEATURES).terms();
        boolean renamesAll = random.nextBoolean();
        SortedMap<String, String> names = new TreeMap<>();
        other.items("clauses")
                .forEach(clause -> names.put(((Json.Obj) clause).text("id"), "n-" + ((Json.Obj) clause).text("id")));
        other.object("measures").members().keySet().stream()
                .filter(name -> renamesAll || name.matches("m[0-9]+"))
                .forEach(name -> names.put(name, "n-" + name));
        SortedMap<String, Json> measures = new TreeMap<>();
        other.object("measures").members().forEach((name, measure) -> {
            if (names.containsKey(name)) {
                measures.put(names.get(name), renamed(measure, names));
            }
        });
        for (Json clause : other.items("clauses")) {
            addClause((Json.Obj) renamed(clause, names), measures);
        }
    }

    private void addClause(Json.Obj clause, SortedMap<String, Json> measures) {
        Json.Obj added = clause;
        if (clause.has("clauses")) {
            List<Json> listed = new ArrayList<>(clause.items("clauses"));
            listed.addAll(
                    random.nextBoolean()
                            ? List.of(Json.text(old.clauses().getFirst().id()))
                            : List.of());
            added = with(added, "clauses", Json.array(listed));
        }
        if (!clause.text("type").equals("advance")) {
            String from = start.start().plusDays(random.nextInt(2) * 10L).toString();
            added = with(added, "when", Json.object().with("from", from).build());
        }
        TreeMap<String, Json> all = new TreeMap<>(amended.object("measures").members());
        for (String name : named(added)) {
            if (measures.containsKey(name)) {
                all.putIfAbsent(name, measures.get(name));
            }
        }
        List<Json> clauses = new ArrayList<>(amended.items("clauses"));
        clauses.add(added);
        attempt(with(with(amended, "measures", new Json.Obj(all)), "clauses", Json.array(clauses)));
    }

    /// Every text in a value.
    private static SortedSet<String> named(Json value) {
        SortedSet<String> names = new TreeSet<>();
        switch (value) {
            case Json.Text(var text) -> names.add(text);
            case Json.Obj(var members) -> members.values().forEach(member -> names.addAll(named(member)));
            case Json.Arr(var items) -> items.forEach(item -> names.addAll(named(item)));
            case Json.Whole _, Json.Bool _, Json.Inexact _, Json.Null _ -> {}
        }
        return names;
    }

    private static Json renamed(Json value, SortedMap<String, String> names) {
        return switch (value) {
            case Json.Text(var text) -> Json.text(names.getOrDefault(text, text));
            case Json.Obj(var members) -> {
                TreeMap<String, Json> renamed = new TreeMap<>();
                members.forEach((name, member) -> renamed.put(name, renamed(member, names)));
                yield new Json.Obj(renamed);
            }
            case Json.Arr(var items) ->
                Json.array(items.stream().map(item -> renamed(item, names)).toList());
            case Json.Whole _, Json.Bool _, Json.Inexact _, Json.Null _ -> value;
        };
    }

    private void add(String array, Json item) {
        List<Json> items = new ArrayList<>(amended.items(array));
        items.add(item);
        attempt(with(amended, array, Json.array(items)));
    }

    private void replaceClause(int index, Json.Obj clause) {
        List<Json> clauses = new ArrayList<>(amended.items("clauses"));
        clauses.set(index, clause);
        attempt(with(amended, "clauses", Json.array(clauses)));
    }

    private void attempt(Json.Obj changed) {
        if (TermsReader.read(changed) instanceof TermsReading.Accepted(var terms)
                && new Amendment(old, terms, start).findings().isEmpty()) {
            amended = changed;
            changes++;
        }
    }

    private static Json.Obj with(Json.Obj object, String name, Json value) {
        TreeMap<String, Json> members = new TreeMap<>(object.members());
        members.put(name, value);
        return new Json.Obj(members);
    }
}
