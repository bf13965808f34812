package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.numbers.Rational;

/// New terms that are to take the place of old ones, from the first day of a period on.
///
/// The rule is structural (terms/1 section 18.3): it looks at the two documents and never at events, and yet what it
/// allows cannot change a line of a period that was settled before. Old clauses stay and may only end later or sooner;
/// new ones stand behind them and begin in time.
///
/// @param first the first period that is settled under the new terms
public record Amendment(Terms old, Terms amended, Period first) {

    private static final String CODE = "AMENDMENT_RESTATES";

    /// @throws IllegalArgumentException if `first` is not a period of the old calendar
    public Amendment {
        if (first.frequency() != old.frequency()) {
            throw new IllegalArgumentException(
                    first + " is not a " + old.frequency().text());
        }
    }

    /// Why the new terms must be refused, with places in the new document; nothing if they may take effect.
    ///
    /// Terms that are byte for byte the old ones change nothing and have no findings.
    public List<Finding> findings() {
        if (old.hash().equals(amended.hash())) {
            return List.of();
        }
        SortedSet<Finding> findings = new TreeSet<>();
        new Comparison(findings).run();
        return List.copyOf(findings);
    }

    /// One comparison of the two documents, which gathers what it finds.
    private final class Comparison {

        private final SortedSet<Finding> findings;
        private final LocalDate start = first.start();
        private final SortedMap<String, Integer> places = new TreeMap<>();
        private final SortedSet<String> oldClauses = new TreeSet<>();

        Comparison(SortedSet<Finding> findings) {
            this.findings = findings;
            for (int i = 0; i < amended.clauses().size(); i++) {
                places.putIfAbsent(amended.clauses().get(i).id(), i);
            }
            old.clauses().forEach(clause -> oldClauses.add(clause.id()));
        }

        void run() {
            succession();
            frame();
            parties();
            measures();
            order();
            for (Clause clause : old.clauses()) {
                Optional.ofNullable(places.get(clause.id())).ifPresent(place -> oldClause(clause, place));
            }
            for (int i = 0; i < amended.clauses().size(); i++) {
                if (!oldClauses.contains(amended.clauses().get(i).id())) {
                    newClause(amended.clauses().get(i), "/clauses/" + i);
                }
            }
        }

        private void add(String at, String sentence) {
            findings.add(new Finding(CODE, at, sentence));
        }

        private void succession() {
            unchanged("/id", old.id(), amended.id());
            if (amended.version() <= old.version()) {
                add("/version", "version " + amended.version() + " is not above " + old.version() + ", the old one");
            }
            if (!amended.supersedes().equals(Optional.of(old.hash()))) {
                add(
                        "/supersedes",
                        "must be the hash of the old terms, " + old.hash().hex());
            }
        }

        private void unchanged(String at, String before, String after) {
            if (!before.equals(after)) {
                add(at, "must stay " + before + ", not become " + after);
            }
        }

        private void frame() {
            unchanged("/hub", old.hub(), amended.hub());
            unchanged("/currency", old.currency(), amended.currency());
            unchanged(
                    "/calendar/frequency",
                    old.frequency().text(),
                    amended.frequency().text());
            unchanged(
                    "/calendar/timeZone",
                    old.timeZone().orElse("absent"),
                    amended.timeZone().orElse("absent"));
            if (!old.settlement().fx().equals(amended.settlement().fx())) {
                add("/settlement/fx", "must stay as it is");
            }
        }

        /// By id: names and roles are shown and never computed with.
        private void parties() {
            List<String> before = old.parties();
            List<String> after = amended.parties();
            for (int i = 0; i < before.size(); i++) {
                if (i >= after.size()) {
                    add("/parties", "party " + before.get(i) + " is missing");
                } else if (!before.get(i).equals(after.get(i))) {
                    add("/parties/" + i, "must stay " + before.get(i) + ", not become " + after.get(i));
                }
            }
        }

        private void measures() {
            old.measures().forEach((id, measure) -> {
                if (!amended.measures().containsKey(id)) {
                    add("/measures", "measure " + id + " is missing");
                } else if (!measure.equals(amended.measure(id))) {
                    add(Form.pointer("/measures", id), "an old measure must stay as it is");
                }
            });
        }

        /// Every old clause is there, in the old order, and before all new ones.
        private void order() {
            int reached = 0;
            for (int i = 0; i < old.clauses().size(); i++) {
                String id = old.clauses().get(i).id();
                Integer place = places.get(id);
                if (place == null) {
                    add("/clauses", "clause " + id + " is missing");
                } else if (place < reached) {
                    add("/clauses/" + place, "clause " + id + " must stay behind the clauses before it");
                } else {
                    reached = place;
                }
            }
            for (int i = 0; i < reached; i++) {
                String id = amended.clauses().get(i).id();
                if (!oldClauses.contains(id)) {
                    add("/clauses/" + i, "the new clause " + id + " must stand behind all old ones");
                }
            }
        }

        private void oldClause(Clause before, int place) {
            Clause after = amended.clauses().get(place);
            String at = "/clauses/" + place;
            if (!sameButForEnd(before, after)) {
                add(at, "the old clause " + before.id() + " may change in nothing but when.to");
                return;
            }
            if (before.when().to().equals(after.when().to())) {
                return;
            }
            if (endsBeforeStart(before)) {
                add(
                        at,
                        "clause " + before.id() + " ended before " + start
                                + " and may not change its when.to any more");
            }
            if (endsBeforeStart(after)) {
                add(at, "clause " + before.id() + " would end before " + start + ", in periods that are settled");
            }
        }

        private boolean endsBeforeStart(Clause clause) {
            return clause.when().to().filter(to -> to.isBefore(start)).isPresent();
        }

        private void newClause(Clause clause, String at) {
            boolean mayBegin = clause instanceof Clause.Advance
                    || clause.when()
                            .from()
                            .filter(from -> !from.isBefore(start))
                            .isPresent();
            if (!mayBegin) {
                add(at, "the new clause " + clause.id() + " needs a when.from that is not before " + start);
            }
            for (MeasureUse use : MeasureUse.of(clause)) {
                measureOf(clause, use, at);
            }
        }

        private void measureOf(Clause clause, MeasureUse use, String at) {
            Measure measure = amended.measure(use.measure());
            List<String> named = new ArrayList<>(measure.plusClauses());
            named.addAll(measure.lessClauses());
            named.stream()
                    .filter(oldClauses::contains)
                    .findFirst()
                    .ifPresent(id -> add(
                            at,
                            "the new clause " + clause.id() + " may not use measure " + use.measure()
                                    + ", which names the old clause " + id));
            if (use.whole() && use.window() != Window.PERIOD && !isTakenWhole(use.measure())) {
                add(
                        at,
                        "the new clause " + clause.id() + " may not take measure " + use.measure()
                                + " whole over the window " + use.window().text()
                                + ", since no old clause takes it whole");
            }
        }

        private boolean isTakenWhole(String measure) {
            return old.clauses().stream()
                    .flatMap(clause -> MeasureUse.of(clause).stream())
                    .anyMatch(use -> use.whole() && use.measure().equals(measure));
        }
    }

    /// In the `split` tier of a waterfall parties may enter and shares may change.
    private static boolean sameButForEnd(Clause before, Clause after) {
        return endless(before).equals(endless(after))
                || (before instanceof Clause.Waterfall was
                        && after instanceof Clause.Waterfall is
                        && unshared(was).equals(unshared(is))
                        && keepsSharers(was, is));
    }

    private static boolean keepsSharers(Clause.Waterfall was, Clause.Waterfall is) {
        for (int i = 0; i < was.tiers().size(); i++) {
            if (was.tiers().get(i) instanceof Clause.Remainder(var _, var before)
                    && is.tiers().get(i) instanceof Clause.Remainder(var _, var after)
                    && !after.keySet().containsAll(before.keySet())) {
                return false;
            }
        }
        return true;
    }

    private static Clause.Waterfall unshared(Clause.Waterfall waterfall) {
        return new Clause.Waterfall(
                waterfall.id(),
                waterfall.holder(),
                waterfall.of(),
                waterfall.investors(),
                waterfall.preferredRate(),
                waterfall.tiers().stream().map(Amendment::unshared).toList());
    }

    private static Clause.Rank unshared(Clause.Rank rank) {
        SortedMap<String, Rational> none = Collections.emptySortedMap();
        return switch (rank) {
            case Clause.Remainder(var id, var _) -> new Clause.Remainder(id, none);
            case Clause.Recover _, Clause.Preferred _, Clause.ReturnOfCapital _, Clause.CatchUp _ -> rank;
        };
    }

    /// The clause without its `when.to`.
    private static Clause endless(Clause clause) {
        Validity when = new Validity(clause.when().from(), Optional.empty());
        return switch (clause) {
            case Clause.Fee(var id, var from, var to, var pricing) ->
                new Clause.Fee(id, from, to, pricing.during(when));
            case Clause.Unit(var id, var from, var to, var pricing) ->
                new Clause.Unit(id, from, to, pricing.during(when));
            case Clause.Fund(var id, var from, var pricing, var claims) ->
                new Clause.Fund(id, from, pricing.during(when), claims);
            case Clause.Split(var id, var holder, var of, var where, var _, var perEvent, var shares, var proRata) ->
                new Clause.Split(id, holder, of, where, when, perEvent, shares, proRata);
            case Clause.Fixed(var id, var from, var to, var amount, var on, var _, var cap) ->
                new Clause.Fixed(id, from, to, amount, on, when, cap);
            case Clause.Kpi(var id, var from, var to, var of, var where, var _, var tables, var least, var most) ->
                new Clause.Kpi(id, from, to, of, where, when, tables, least, most);
            case Clause.Guarantee(var id, var from, var to, var clauses, var window, var _, var promise) ->
                new Clause.Guarantee(id, from, to, clauses, window, when, promise);
            case Clause.Reserve(var id, var party, var clauses, var rate, var releaseAfter, var _) ->
                new Clause.Reserve(id, party, clauses, rate, releaseAfter, when);
            case Clause.Withholding(var id, var party, var authority, var clauses, var rate, var _) ->
                new Clause.Withholding(id, party, authority, clauses, rate, when);
            case Clause.Advance _, Clause.Waterfall _ -> clause;
        };
    }
}
