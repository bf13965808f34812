package org.tallystick.acceptance.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// One figure of a benchmark.
///
/// @param goal the most that it may be, or the least, for those that machine and load change little: the ratios
/// @param least whether the goal is the least
record Measurement(String name, double value, String unit, OptionalDouble goal, boolean least) {

    private static final double SMALL = 10;

    static Measurement of(String name, double value, String unit) {
        return new Measurement(name, value, unit, OptionalDouble.empty(), false);
    }

    static Measurement atMost(String name, double value, String unit, double goal) {
        return new Measurement(name, value, unit, OptionalDouble.of(goal), false);
    }

    static Measurement atLeast(String name, double value, String unit, double goal) {
        return new Measurement(name, value, unit, OptionalDouble.of(goal), true);
    }

    /// Whether the goal is met; what has none always holds.
    boolean holds() {
        return goal.isEmpty() || (least ? value >= goal.getAsDouble() : value <= goal.getAsDouble());
    }

    /// With more digits where small numbers would lose their meaning.
    private static String text(double number) {
        return String.format(Locale.ROOT, Math.abs(number) < SMALL ? "%.2f" : "%.1f", number);
    }

    private String goalText(String none) {
        return goal.isEmpty() ? none : text(goal.getAsDouble());
    }

    private String shownGoal() {
        return goal.isEmpty() ? "" : (least ? ">= " : "<= ") + text(goal.getAsDouble());
    }

    private String json() {
        return "{\"name\":\"" + name + "\",\"value\":" + text(value) + ",\"unit\":\"" + unit + "\",\"goal\":"
                + goalText("null") + ",\"holds\":" + holds() + "}";
    }

    static String json(List<Measurement> all) {
        return "[" + String.join(",\n ", all.stream().map(Measurement::json).toList()) + "]";
    }

    private String row() {
        return String.format(
                Locale.ROOT,
                "%-34s %12s  %-22s %10s  %s",
                name,
                text(value),
                unit,
                shownGoal(),
                holds() ? "" : "MISSED");
    }

    static String table(List<Measurement> all) {
        String head = String.format(Locale.ROOT, "%-34s %12s  %-22s %10s", "figure", "value", "unit", "goal");
        return head + "\n"
                + String.join("\n", all.stream().map(Measurement::row).toList());
    }
}
