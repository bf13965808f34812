package org.tallystick.agreement.settlement.naive;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.tallystick.agreement.json.Json;

/// Section 10: the entitlement by steps, over the window that ends with a period.
final class Tiers {

    private final Known known;
    private final Measures measures;
    private final Json.Obj c;
    private final Json.Obj tiers;
    private final String window;
    private final String of;
    private final String measure;

    Tiers(Known known, Measures measures, Json.Obj c) {
        this.known = known;
        this.measures = measures;
        this.c = c;
        this.tiers = c.object("tiers");
        this.window = c.findText("window").orElse("period");
        this.of = c.text("of");
        this.measure = tiers.findText("measure").orElse(of);
    }

    Fraction entitlement(int q) {
        List<Integer> periods = known.window(window, q);
        return switch (tiers.text("mode")) {
            case "marginal" -> bands(measures.tot(Optional.of(c), of, periods));
            case "whole" ->
                step(measures.tot(Optional.of(c), measure, periods)).times(measures.tot(Optional.of(c), of, periods));
            case "blended" -> {
                Fraction base = measures.tot(Optional.of(c), of, periods);
                Fraction x = measures.tot(Optional.of(c), measure, periods);
                yield x.sign() == 0
                        ? base.times(rate(steps().getFirst()))
                        : base.times(bands(x)).over(x);
            }
            default -> singly(q);
        };
    }

    private List<Json.Obj> steps() {
        return tiers.items("steps").stream().map(step -> (Json.Obj) step).toList();
    }

    private static Fraction rate(Json.Obj step) {
        return Fraction.read(step.get("rate"));
    }

    private Fraction step(Fraction x) {
        for (Json.Obj step : steps()) {
            if (!step.has("upTo") || x.compareTo(Fraction.read(step.get("upTo"))) <= 0) {
                return rate(step);
            }
        }
        throw new IllegalStateException("no last step in " + tiers);
    }

    /// `M(x)`.
    private Fraction bands(Fraction x) {
        if (x.sign() < 0) {
            return bands(x.negative()).negative();
        }
        Fraction sum = Fraction.ZERO;
        Fraction below = Fraction.ZERO;
        for (Json.Obj step : steps()) {
            Fraction reached = step.has("upTo") ? x.least(Fraction.read(step.get("upTo"))) : x;
            sum = sum.plus(rate(step).times(reached.minus(below).most(Fraction.ZERO)));
            below = step.has("upTo") ? Fraction.read(step.get("upTo")) : x;
        }
        return sum;
    }

    /// One event after the other, from the opening on; those of the window are summed.
    private Fraction singly(int q) {
        List<Integer> periods = known.window(window, q);
        SortedMap<String, Fraction> priced = new TreeMap<>();
        Fraction sum = Fraction.ZERO;
        for (int p = known.opening(); p <= q; p++) {
            for (Event e : measures.sel(Optional.of(c), of, p)) {
                Fraction v = measures.val(of, List.of(e));
                Fraction r =
                        Optional.ofNullable(priced.get(e.refOf().orElse(""))).orElseGet(ownRate(e, v, p));
                priced.put(e.id(), r);
                if (periods.contains(p)) {
                    sum = sum.plus(r.times(v));
                }
            }
        }
        return sum;
    }

    private Supplier<Fraction> ownRate(Event e, Fraction v, int p) {
        return switch (tiers.text("mode")) {
            case "forward" -> () -> step(run(e, p));
            case "per-event" -> () -> step(v.size());
            case "lookback" ->
                () -> step(p == known.opening() ? Fraction.ZERO : measures.tot(Optional.of(c), measure, p - 1));
            default -> throw new IllegalArgumentException(tiers.text("mode"));
        };
    }

    /// The sum of the events before this one in its window.
    private Fraction run(Event until, int q) {
        Fraction run = Fraction.ZERO;
        for (int p : known.window(window, q)) {
            for (Event e : measures.sel(Optional.of(c), of, p)) {
                if (e.id().equals(until.id())) {
                    return run;
                }
                run = run.plus(measures.val(of, List.of(e)));
            }
        }
        throw new IllegalStateException("not selected: " + until);
    }
}
