package org.tallystick.agreement.terms;

import java.util.ArrayList;
import java.util.List;

/// That a clause uses a measure, and how.
///
/// @param whole whether the clause's own `when` and `where` leave it alone (terms/1 section 7.3)
/// @param window over which it is added up
record MeasureUse(String measure, boolean whole, Window window) {

    /// All uses of a clause, of its own and in its limits.
    static List<MeasureUse> of(Clause clause) {
        List<MeasureUse> uses = new ArrayList<>();
        switch (clause) {
            case Clause.Fee(var _, var _, var _, var pricing) -> add(uses, pricing);
            case Clause.Unit(var _, var _, var _, var pricing) -> add(uses, pricing);
            case Clause.Fund(var _, var _, var pricing, var _) -> add(uses, pricing);
            case Clause.Split split -> {
                uses.add(selected(split.of(), Window.PERIOD));
                split.proRata().ifPresent(proRata -> uses.add(whole(proRata.of(), Window.PERIOD)));
            }
            case Clause.Kpi kpi -> uses.add(selected(kpi.of(), Window.PERIOD));
            case Clause.Guarantee guarantee -> {
                if (guarantee.promise() instanceof Clause.PromisedPerUnit(var of, var _)) {
                    uses.add(whole(of, guarantee.window()));
                }
            }
            case Clause.Waterfall waterfall -> {
                uses.add(selected(waterfall.of(), Window.LIFE));
                for (Clause.Rank rank : waterfall.tiers()) {
                    if (rank instanceof Clause.Recover(var _, var _, var of)) {
                        uses.add(whole(of, Window.LIFE));
                    }
                }
            }
            case Clause.Fixed _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _ -> {}
        }
        return uses;
    }

    private static void add(List<MeasureUse> uses, Pricing pricing) {
        uses.add(selected(pricing.of(), pricing.window()));
        if (pricing.charge() instanceof Pricing.Tiered(var tiers)) {
            uses.add(selected(tiers.measure(), pricing.window()));
        }
        pricing.floor().ifPresent(floor -> add(uses, floor, Window.PERIOD));
        pricing.cap().ifPresent(cap -> add(uses, cap.limit(), cap.window()));
    }

    private static void add(List<MeasureUse> uses, Pricing.Limit limit, Window window) {
        if (limit instanceof Pricing.MeasureLimit(var of, var _)) {
            uses.add(whole(of, window));
        }
    }

    private static MeasureUse selected(String measure, Window window) {
        return new MeasureUse(measure, false, window);
    }

    private static MeasureUse whole(String measure, Window window) {
        return new MeasureUse(measure, true, window);
    }
}
