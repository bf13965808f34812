package org.tallystick.agreement.terms;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What terms need of the world around them: parties, event types, attributes.
final class Needs {

    private Needs() {}

    /// Whom a clause pays or charges, an authority left out.
    static List<String> parties(Clause clause) {
        return switch (clause) {
            case Clause.Fee(var _, var from, var to, var _) -> List.of(from, to);
            case Clause.Unit(var _, var from, var to, var _) -> List.of(from, to);
            case Clause.Fund(var _, var from, var _, var claims) -> List.of(from, claims.to());
            case Clause.Split split -> {
                List<String> parties = new ArrayList<>(List.of(split.holder()));
                split.shares().forEach((party, share) -> {
                    if (share.signum() > 0) {
                        parties.add(party);
                    }
                });
                split.proRata().ifPresent(proRata -> {
                    parties.addAll(proRata.among());
                    parties.add(proRata.ifNone());
                });
                yield parties;
            }
            case Clause.Fixed fixed -> List.of(fixed.from(), fixed.to());
            case Clause.Kpi kpi -> List.of(kpi.from(), kpi.to());
            case Clause.Guarantee guarantee -> List.of(guarantee.from(), guarantee.to());
            case Clause.Advance advance -> List.of(advance.from(), advance.to());
            case Clause.Reserve reserve -> List.of(reserve.party());
            case Clause.Withholding withholding -> List.of(withholding.party());
            case Clause.Waterfall waterfall -> {
                List<String> parties = new ArrayList<>(waterfall.investors());
                parties.add(waterfall.holder());
                waterfall.tiers().forEach(rank -> parties.addAll(parties(rank)));
                yield parties;
            }
        };
    }

    private static List<String> parties(Clause.Rank rank) {
        return switch (rank) {
            case Clause.Recover(var _, var party, var _) -> List.of(party);
            case Clause.CatchUp(var _, var party, var _) -> List.of(party);
            case Clause.Remainder(var _, var shares) ->
                shares.entrySet().stream()
                        .filter(share -> share.getValue().signum() > 0)
                        .map(share -> share.getKey())
                        .toList();
            case Clause.Preferred _, Clause.ReturnOfCapital _ -> List.of();
        };
    }

    /// Named by measures, `on` and `claims.on`, or looked up by a rate, a factor, a figure, a conversion.
    static SortedSet<EventType> types(Terms terms) {
        SortedSet<EventType> types = new TreeSet<>();
        for (Measure measure : terms.measures().values()) {
            measure.plus().forEach(filter -> types.addAll(filter.types()));
            measure.minus().forEach(filter -> types.addAll(filter.types()));
        }
        for (Clause clause : terms.clauses()) {
            switch (clause) {
                case Clause.Fee(var _, var _, var _, var pricing) -> types.addAll(types(pricing));
                case Clause.Unit(var _, var _, var _, var pricing) -> types.addAll(types(pricing));
                case Clause.Fund(var _, var _, var pricing, var claims) -> {
                    types.addAll(types(pricing));
                    types.addAll(claims.on().types());
                }
                case Clause.Fixed fixed -> types.addAll(fixed.on().types());
                case Clause.Kpi _ -> types.add(EventType.KPI);
                case Clause.Advance _ -> types.add(EventType.ADVANCE);
                case Clause.Waterfall _ -> types.add(EventType.CAPITAL);
                case Clause.Split _, Clause.Guarantee _, Clause.Reserve _, Clause.Withholding _ -> {}
            }
        }
        if (terms.settlement().fx().isPresent()) {
            types.add(EventType.FX);
        }
        return types;
    }

    private static List<EventType> types(Pricing pricing) {
        List<EventType> types = new ArrayList<>();
        if (pricing.factor().isPresent()) {
            types.add(EventType.KPI);
        }
        if (rates(pricing).stream().anyMatch(rate -> rate instanceof Rate.ByFact)) {
            types.add(EventType.MILESTONE);
        }
        return types;
    }

    /// The attributes that some rate by event reads.
    static SortedSet<String> agreedRates(Terms terms) {
        SortedSet<String> attributes = new TreeSet<>();
        for (Clause clause : terms.clauses()) {
            List<Rate> rates = switch (clause) {
                case Clause.Fee(var _, var _, var _, var pricing) -> rates(pricing);
                case Clause.Unit(var _, var _, var _, var pricing) -> rates(pricing);
                case Clause.Fund(var _, var _, var pricing, var _) -> rates(pricing);
                default -> List.of();
            };
            for (Rate rate : rates) {
                if (rate instanceof Rate.ByEvent(var attr, var _, var _)) {
                    attributes.add(attr);
                }
            }
        }
        return attributes;
    }

    /// The rate of a clause with all rows of its tables.
    private static List<Rate> rates(Pricing pricing) {
        List<Rate> rates = new ArrayList<>();
        if (pricing.charge() instanceof Pricing.Rated(var rate)) {
            collect(rate, rates);
        }
        return rates;
    }

    private static void collect(Rate rate, List<Rate> rates) {
        rates.add(rate);
        if (rate instanceof Rate.ByAttribute(var _, var table)) {
            table.values().forEach(row -> collect(row, rates));
        }
    }
}
