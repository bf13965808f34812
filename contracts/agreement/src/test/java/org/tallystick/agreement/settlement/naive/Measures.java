package org.tallystick.agreement.settlement.naive;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// Section 7: what is added up.
final class Measures {

    /// A(k, q) of a clause that has one amount in a period.
    interface Accrued {
        Fraction of(String clause, int q);
    }

    private final Known known;
    private final Accrued accrued;

    /// What was selected before: it saves time, not thought.
    private final SortedMap<String, List<Event>> selected = new TreeMap<>();

    Measures(Known known, Accrued accrued) {
        this.known = known;
        this.accrued = accrued;
    }

    private Json.Obj measure(String m) {
        return known.terms().object("measures").object(m);
    }

    /// `sel(c, m, q)`, of all events where no clause selects.
    List<Event> sel(Optional<Json.Obj> c, String m, int q) {
        String key = c.map(clause -> clause.text("id")).orElse("-") + " " + m + " " + q;
        List<Event> before = selected.get(key);
        if (before != null) {
            return before;
        }
        List<Event> sel = known.datedIn(q).stream()
                .filter(e -> c.isEmpty() || isIn(c.get(), e.orig()))
                .filter(e -> c.isEmpty()
                        || !c.get().has("where")
                        || Filter.matches(c.get().object("where"), e))
                .filter(e -> sign(m, e) != 0)
                .toList();
        selected.put(key, sel);
        return sel;
    }

    /// Whether the day lies within `when` of the clause.
    static boolean isIn(Json.Obj c, LocalDate day) {
        Json.Obj when = c.has("when") ? c.object("when") : Json.Obj.EMPTY;
        return when.findText("from")
                        .map(from -> !day.isBefore(LocalDate.parse(from)))
                        .orElse(true)
                && when.findText("to")
                        .map(to -> day.isBefore(LocalDate.parse(to)))
                        .orElse(true);
    }

    int sign(String m, Event e) {
        if (matchesOne(m, "plus", e)) {
            return 1;
        }
        return matchesOne(m, "minus", e) ? -1 : 0;
    }

    private boolean matchesOne(String m, String list, Event e) {
        return measure(m).has(list)
                && measure(m).items(list).stream().anyMatch(filter -> Filter.matches((Json.Obj) filter, e));
    }

    /// `val(X)`: of events that the measure counts, or of one of them alone.
    Fraction val(String m, List<Event> events) {
        return switch (measure(m).findText("of").orElse("amount")) {
            case "count" -> events.stream().map(e -> Fraction.of(sign(m, e))).reduce(Fraction.ZERO, Fraction::plus);
            case "quantity" ->
                events.stream()
                        .map(e -> quantity(e).times(Fraction.of(sign(m, e))))
                        .reduce(Fraction.ZERO, Fraction::plus);
            default -> amount(m, events);
        };
    }

    Fraction quantity(Event e) {
        if (e.quantity().isEmpty()) {
            known.missing("FIGURE_MISSING");
        }
        return e.quantity().orElse(Fraction.ZERO);
    }

    /// Converted once for each group of one currency and one rate.
    private Fraction amount(String m, List<Event> events) {
        record Group(String currency, Fraction rate) {}
        List<Group> groups =
                events.stream().map(e -> new Group(e.currency(), known.rate(e))).toList();
        Fraction total = Fraction.ZERO;
        for (Group group : groups.stream().distinct().toList()) {
            Fraction sum = Fraction.ZERO;
            for (int i = 0; i < events.size(); i++) {
                if (groups.get(i).equals(group)) {
                    sum = sum.plus(events.get(i).amount().orElseThrow().times(Fraction.of(sign(m, events.get(i)))));
                }
            }
            total = total.plus(Fraction.of(group.rate().times(sum).round()));
        }
        return total;
    }

    /// What one event is worth with sign +1, whatever a measure would make of it.
    Fraction worth(Event e) {
        return Fraction.of(known.rate(e).times(e.amount().orElseThrow()).round());
    }

    Fraction der(String m, int q) {
        return accruals(m, "plusClauses", q).minus(accruals(m, "lessClauses", q));
    }

    private Fraction accruals(String m, String list, int q) {
        Fraction sum = Fraction.ZERO;
        for (Json id : measure(m).has(list) ? measure(m).items(list) : List.<Json>of()) {
            sum = sum.plus(accrued.of(((Json.Text) id).value(), q));
        }
        return sum;
    }

    Fraction tot(Optional<Json.Obj> c, String m, int q) {
        return val(m, sel(c, m, q)).plus(der(m, q));
    }

    Fraction tot(Optional<Json.Obj> c, String m, List<Integer> periods) {
        return periods.stream().map(p -> tot(c, m, p)).reduce(Fraction.ZERO, Fraction::plus);
    }
}
