package org.tallystick.agreement.settlement;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Window;

/// Folds events as they come, long before anything is priced, and says how many of them clauses must keep one by one.
///
/// Everything else adds up, so only these are counted against the limit that an agreement states.
public final class Folding {

    private final Terms terms;
    private final Period opening;
    private final Plan plan;

    /// @param opening the first period that is ever settled
    public Folding(Terms terms, Period opening) {
        this.terms = terms;
        this.opening = opening;
        this.plan = new Plan(terms);
    }

    public Figures fold(List<KnownEvent> events) {
        return Figures.of(plan, events, Arithmetic.LONGS);
    }

    /// Whether formulas miss something in one of these events that nothing can bring: [EventFaults] says in which.
    public boolean lacks(Figures figures) {
        return !figures.possibleFaults(terms.settlement().fx().isPresent()).isEmpty();
    }

    /// @param window the first period of the window that the clause adds up over
    public record Kept(String clause, Period window) implements Comparable<Kept> {
        @Override
        public int compareTo(Kept other) {
            int byClause = clause.compareTo(other.clause);
            return byClause != 0 ? byClause : window.compareTo(other.window);
        }
    }

    /// For each clause and window that keeps events of these figures, how many.
    public SortedMap<Kept, Long> kept(Figures figures) {
        SortedMap<Kept, Long> counts = new TreeMap<>();
        for (Clause clause : terms.clauses()) {
            Window window = clause.priced().map(Pricing::window).orElse(Window.PERIOD);
            figures.kept(clause.id(), terms.frequency()::periodOf).forEach((period, count) -> {
                counts.merge(new Kept(clause.id(), window.first(opening, period)), count, Long::sum);
            });
        }
        return counts;
    }

    /// By clause that may have to keep events one by one, the types of these events.
    public static SortedMap<String, SortedSet<String>> keepers(Terms terms) {
        Plan plan = new Plan(terms);
        SortedMap<String, SortedSet<String>> keepers = new TreeMap<>();
        for (EventType type : EventType.values()) {
            for (Plan.Task task : plan.tasks(type)) {
                plan.keeper(task)
                        .ifPresent(clause -> keepers.computeIfAbsent(clause, _ -> new TreeSet<>())
                                .add(type.text()));
            }
        }
        return keepers;
    }
}
