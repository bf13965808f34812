package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.numbers.Rational;

/// The meaning of a document whose form holds: stage 2 of its checks (terms/1 section 14.2).
final class TermsChecks {

    private final Terms terms;
    private final SortedSet<String> parties = new TreeSet<>();
    private final SortedMap<String, Integer> clauseIndex = new TreeMap<>();

    /// For each measure, the earliest clause that uses it.
    private final SortedMap<String, Integer> firstUse = new TreeMap<>();

    /// Measures of which a clause they name was reported.
    private final SortedSet<String> faulty = new TreeSet<>();

    private SortedSet<Finding> findings = new TreeSet<>();

    TermsChecks(Terms terms) {
        this.terms = terms;
    }

    void run(SortedSet<Finding> into) {
        findings = into;
        for (int i = 0; i < terms.roster().size(); i++) {
            String id = terms.roster().get(i).id();
            if (!parties.add(id)) {
                add("PARTY_DUP", "/parties/" + i + "/id", "two parties are called " + id);
            }
        }
        party(terms.hub(), "/hub");
        if (!Currencies.knows(terms.currency())) {
            add("CURRENCY_UNKNOWN", "/currency", terms.currency() + " is not a currency of terms/1");
        }
        for (String party : terms.settlement().minimumPayout().keySet()) {
            String at = Form.pointer("/settlement/minimumPayout", party);
            party(party, at);
            if (party.equals(terms.hub())) {
                add("PARTY_UNKNOWN", at, "the hub " + party + " pays and is not paid, so it has no minimum");
            }
        }
        indexClauses();
        terms.measures().forEach(this::measure);
        for (int i = 0; i < terms.clauses().size(); i++) {
            clause(i, terms.clauses().get(i), "/clauses/" + i);
        }
    }

    private void add(String code, String pointer, String sentence) {
        findings.add(new Finding(code, pointer, sentence));
    }

    private void indexClauses() {
        Optional<String> waterfall = Optional.empty();
        for (int i = 0; i < terms.clauses().size(); i++) {
            Clause clause = terms.clauses().get(i);
            String at = "/clauses/" + i;
            if (clauseIndex.putIfAbsent(clause.id(), i) != null) {
                add("CLAUSE_DUP", at + "/id", "two clauses are called " + clause.id());
            }
            if (clause.id().equals("dispute")) {
                add("ID_RESERVED", at + "/id", "the id dispute is reserved");
            }
            if (clause instanceof Clause.Waterfall) {
                if (waterfall.isPresent()) {
                    add("WATERFALL_MANY", at, "there is a waterfall already: " + waterfall.get());
                }
                waterfall = waterfall.or(() -> Optional.of(clause.id()));
            }
            for (MeasureUse use : MeasureUse.of(clause)) {
                firstUse.merge(use.measure(), i, Math::min);
            }
        }
    }

    private void measure(String id, Measure measure) {
        String at = Form.pointer("/measures", id);
        references(id, measure.plusClauses(), at + "/plusClauses");
        references(id, measure.lessClauses(), at + "/lessClauses");
        filters(measure, measure.plus(), at + "/plus");
        filters(measure, measure.minus(), at + "/minus");
    }

    private void references(String measure, List<String> clauses, String at) {
        int before = firstUse.getOrDefault(measure, Integer.MAX_VALUE);
        if (!listed(clauses, at, before, clause -> switch (clause) {
            case Clause.Fee _, Clause.Unit _, Clause.Fixed _, Clause.Kpi _ -> true;
            default -> false;
        })) {
            faulty.add(measure);
        }
    }

    private void filters(Measure measure, List<Filter> filters, String at) {
        for (int i = 0; i < filters.size(); i++) {
            for (EventType type : filters.get(i).types()) {
                if (!fits(measure.of(), type)) {
                    add(
                            "MEASURE_KIND",
                            at + "/" + i,
                            type.text() + " events have no " + measure.of().text());
                }
            }
        }
    }

    private static boolean fits(Measure.Of of, EventType type) {
        return switch (of) {
            case AMOUNT -> type != EventType.USAGE && type != EventType.SUBSCRIBERS && type != EventType.MILESTONE;
            case QUANTITY -> type != EventType.MILESTONE;
            case COUNT -> true;
        };
    }

    /// Whether each of the clauses exists, stands before the clause at `before`, and is of an allowed kind.
    private boolean listed(List<String> ids, String at, int before, Predicate<Clause> allowed) {
        boolean holds = true;
        for (int i = 0; i < ids.size(); i++) {
            holds &= reference(ids.get(i), at + "/" + i, before, allowed);
        }
        return holds;
    }

    /// One reference has at most one fault.
    private boolean reference(String id, String at, int before, Predicate<Clause> allowed) {
        Integer index = clauseIndex.get(id);
        if (index == null) {
            add("CLAUSE_UNKNOWN", at, "there is no clause " + id);
            return false;
        }
        if (index >= before) {
            add(
                    "FORWARD_REFERENCE",
                    at,
                    "clause " + id + " does not stand before clause "
                            + terms.clauses().get(before).id());
            return false;
        }
        Clause clause = terms.clauses().get(index);
        if (!allowed.test(clause)) {
            add("CLAUSE_KIND", at, "clause " + id + " is a " + clause.type() + ", which may not be listed here");
            return false;
        }
        return true;
    }

    private void clause(int index, Clause clause, String at) {
        switch (clause) {
            case Clause.Fee(var _, var from, var to, var pricing) -> {
                payment(from, to, at);
                pricing(pricing, at, "rate", false);
            }
            case Clause.Unit(var _, var from, var to, var pricing) -> {
                payment(from, to, at);
                pricing(pricing, at, "price", true);
            }
            case Clause.Fund(var _, var from, var pricing, var claims) -> {
                party(from, at + "/from");
                party(claims.to(), at + "/claims/to");
                pricing(pricing, at, "rate", false);
                portion(claims.reimburse(), at + "/claims/reimburse");
            }
            case Clause.Split split -> split(split, at);
            case Clause.Fixed fixed -> {
                payment(fixed.from(), fixed.to(), at);
                validity(fixed.when(), at);
            }
            case Clause.Kpi kpi -> kpi(kpi, at);
            case Clause.Guarantee guarantee -> guarantee(index, guarantee, at);
            case Clause.Advance advance -> {
                payment(advance.from(), advance.to(), at);
                portion(advance.recoupRate(), at + "/recoupRate");
                for (int i = 0; i < advance.clauses().size(); i++) {
                    advanceLists(index, advance.clauses().get(i), at + "/clauses/" + i);
                }
            }
            case Clause.Reserve reserve -> {
                party(reserve.party(), at + "/party");
                portion(reserve.rate(), at + "/rate");
                validity(reserve.when(), at);
                var _ = listed(
                        reserve.clauses(),
                        at + "/clauses",
                        Integer.MAX_VALUE,
                        listed -> isEarned(listed) || listed instanceof Clause.Guarantee);
            }
            case Clause.Withholding withholding -> withholding(withholding, at);
            case Clause.Waterfall waterfall -> waterfall(waterfall, at);
        }
    }

    private void party(String id, String at) {
        if (!parties.contains(id)) {
            add("PARTY_UNKNOWN", at, "there is no party " + id);
        }
    }

    private void payment(String from, String to, String at) {
        party(from, at + "/from");
        party(to, at + "/to");
        if (from.equals(to)) {
            add("SELF_PAYMENT", at, from + " would pay itself");
        }
    }

    private void validity(Validity when, String at) {
        if (when.from().isPresent()
                && when.to().isPresent()
                && !when.from().get().isBefore(when.to().get())) {
            add(
                    "WHEN_EMPTY",
                    at + "/when",
                    "no day lies between " + when.from().get() + " and "
                            + when.to().get());
        }
    }

    private Optional<Measure> measureNamed(String id, String at) {
        Measure measure = terms.measures().get(id);
        if (measure == null) {
            add("MEASURE_UNKNOWN", at, "there is no measure " + id);
        }
        return Optional.ofNullable(measure);
    }

    private void amountMeasure(String id, String at) {
        Optional<Measure> measure = measureNamed(id, at);
        if (measure.isPresent() && measure.get().of() != Measure.Of.AMOUNT) {
            add(
                    "MEASURE_KIND",
                    at,
                    "measure " + id + " is of a " + measure.get().of().text() + ", not of an amount");
        }
    }

    private void unitMeasure(String id, String at) {
        Optional<Measure> measure = measureNamed(id, at);
        if (measure.isPresent() && measure.get().of() == Measure.Of.AMOUNT) {
            add("MEASURE_KIND", at, "measure " + id + " is of an amount, which has no units");
        }
    }

    /// Events are priced one by one, so what clauses made due cannot be part of it.
    private void notDerived(String id, String at) {
        Measure measure = terms.measures().get(id);
        if (measure != null && measure.isDerived() && !faulty.contains(id)) {
            add(
                    "DERIVED_BASE",
                    at,
                    "measure " + id + " adds or deducts clauses, which are no events that could be priced one by one");
        }
    }

    private void notNegative(Rational value, String at) {
        if (value.signum() < 0) {
            add("RATE_RANGE", at, value + " is negative");
        }
    }

    private void portion(Rational value, String at) {
        if (value.signum() < 0 || value.compareTo(Rational.ONE) > 0) {
            add("RATE_RANGE", at, value + " is not from 0 to 1");
        }
    }

    private void pricing(Pricing pricing, String at, String rateName, boolean ofUnits) {
        if (ofUnits) {
            unitMeasure(pricing.of(), at + "/of");
        } else {
            amountMeasure(pricing.of(), at + "/of");
        }
        if (pricing.pricesEvents()) {
            notDerived(pricing.of(), at + "/of");
        }
        validity(pricing.when(), at);
        switch (pricing.charge()) {
            case Pricing.Rated(var rate) -> rate(rate, at + "/" + rateName);
            case Pricing.Tiered(var tiers) -> tiers(tiers, pricing.of(), at + "/tiers");
        }
        pricing.floor().ifPresent(floor -> {
            limit(floor, at + "/floor");
            if (pricing.window() != Window.PERIOD) {
                add(
                        "FLOOR_WINDOW",
                        at + "/floor",
                        "a floor needs the window period, not "
                                + pricing.window().text());
            }
        });
        pricing.cap().ifPresent(cap -> {
            limit(cap.limit(), at + "/cap");
            if (!pricing.perEvent() && cap.window() != pricing.window()) {
                add(
                        "CAP_WINDOW",
                        at + "/cap",
                        "the cap adds up over the window " + cap.window().text() + ", the clause over "
                                + pricing.window().text());
            }
            if (pricing.floor().isPresent()
                    && isBelow(cap.limit(), pricing.floor().get())) {
                add(
                        "CAP_BELOW_FLOOR",
                        at,
                        "the cap " + shown(cap.limit()) + " is below the floor "
                                + shown(pricing.floor().get()));
            }
        });
    }

    private void limit(Pricing.Limit limit, String at) {
        switch (limit) {
            case Pricing.AmountLimit _ -> {}
            case Pricing.MeasureLimit(var of, var rate) -> {
                var _ = measureNamed(of, at + "/of");
                notNegative(rate, at + "/rate");
            }
            case Pricing.PriceLimit(var price) -> notNegative(price, at + "/price");
        }
    }

    private static boolean isBelow(Pricing.Limit cap, Pricing.Limit floor) {
        return switch (cap) {
            case Pricing.AmountLimit(var amount) ->
                floor instanceof Pricing.AmountLimit(var least) && amount.compareTo(least) < 0;
            case Pricing.PriceLimit(var price) ->
                floor instanceof Pricing.PriceLimit(var least) && price.compareTo(least) < 0;
            case Pricing.MeasureLimit(var of, var rate) ->
                floor instanceof Pricing.MeasureLimit(var floorOf, var least)
                        && of.equals(floorOf)
                        && rate.compareTo(least) < 0;
        };
    }

    private static String shown(Pricing.Limit limit) {
        return switch (limit) {
            case Pricing.AmountLimit(var amount) -> amount.toString();
            case Pricing.PriceLimit(var price) -> price.toString();
            case Pricing.MeasureLimit(var _, var rate) -> rate.toString();
        };
    }

    private void rate(Rate rate, String at) {
        switch (rate) {
            case Rate.Constant(var value) -> notNegative(value, at);
            case Rate.ByAttribute(var _, var table) ->
                table.forEach((row, inner) -> rate(inner, Form.pointer(at + "/table", row)));
            case Rate.ByDate(var steps) -> {
                for (int i = 0; i < steps.size(); i++) {
                    String step = at + "/steps/" + i;
                    notNegative(steps.get(i).rate(), step + "/rate");
                    LocalDate from = steps.get(i).from();
                    if (i > 0 && !from.isAfter(steps.get(i - 1).from())) {
                        add(
                                "TIER_UNREACHABLE",
                                step,
                                from + " is not after " + steps.get(i - 1).from() + ", the date of the step before");
                    }
                }
            }
            case Rate.ByFact(var _, var before, var after) -> {
                notNegative(before, at + "/before");
                notNegative(after, at + "/after");
            }
            case Rate.ByEvent(var _, var min, var max) -> {
                notNegative(min, at + "/min");
                if (min.compareTo(max) > 0) {
                    add("BOUNDS_EMPTY", at, min + " is above " + max);
                }
            }
        }
    }

    private void tiers(Tiers tiers, String of, String at) {
        if (!tiers.measure().equals(of)) {
            var _ = measureNamed(tiers.measure(), at + "/measure");
            switch (tiers.mode()) {
                case MARGINAL, FORWARD, PER_EVENT ->
                    add(
                            "TIER_MIXED_MARGINAL",
                            at + "/measure",
                            "in mode " + tiers.mode().text() + " only what is priced, " + of + ", can decide, not "
                                    + tiers.measure());
                case WHOLE, BLENDED, LOOKBACK -> {}
            }
        }
        List<Tiers.Step> steps = tiers.steps();
        steps.getLast()
                .upTo()
                .ifPresent(upTo -> add(
                        "TIER_GAP",
                        at + "/steps/" + (steps.size() - 1),
                        "the last step ends at " + upTo + "; above it nothing is said"));
        boolean open = false;
        Optional<Rational> previous = Optional.empty();
        for (int i = 0; i < steps.size(); i++) {
            String step = at + "/steps/" + i;
            Optional<Rational> upTo = steps.get(i).upTo();
            notNegative(steps.get(i).rate(), step + "/rate");
            if (open) {
                add("TIER_UNREACHABLE", step, "a step before has no upTo and leaves nothing for this one");
            } else if (upTo.isPresent() && previous.isPresent() && upTo.get().compareTo(previous.get()) <= 0) {
                add("TIER_UNREACHABLE", step, "upTo " + upTo.get() + " is not above " + previous.get() + " before it");
            }
            open |= upTo.isEmpty();
            if (upTo.isPresent()) {
                previous = upTo;
            }
        }
    }

    private void split(Clause.Split split, String at) {
        party(split.holder(), at + "/holder");
        amountMeasure(split.of(), at + "/of");
        if (split.perEvent()) {
            notDerived(split.of(), at + "/of");
        }
        validity(split.when(), at);
        if (!split.shares().containsKey(split.holder())) {
            add("HOLDER_NO_SHARE", at + "/shares", "the holder " + split.holder() + " is not listed");
        }
        Rational extra = Rational.ZERO;
        if (split.proRata().isPresent()) {
            Clause.ProRata proRata = split.proRata().get();
            String place = at + "/proRata";
            extra = proRata.share();
            for (int i = 0; i < proRata.among().size(); i++) {
                party(proRata.among().get(i), place + "/among/" + i);
            }
            party(proRata.ifNone(), place + "/ifNone");
            var _ = measureNamed(proRata.of(), place + "/of");
            notDerived(proRata.of(), place + "/of");
            if (extra.signum() < 0) {
                add("SHARE_NEGATIVE", place + "/share", extra + " is negative");
            }
        }
        shares(split.shares(), extra, at + "/shares");
    }

    private void shares(SortedMap<String, Rational> shares, Rational extra, String at) {
        List<Rational> all = new ArrayList<>(List.of(extra));
        for (Map.Entry<String, Rational> share : shares.entrySet()) {
            String place = Form.pointer(at, share.getKey());
            party(share.getKey(), place);
            if (share.getValue().signum() < 0) {
                add("SHARE_NEGATIVE", place, share.getValue() + " is negative");
            }
            all.add(share.getValue());
        }
        Sum sum = Sum.of(all);
        if (!sum.isOne()) {
            add("SHARES_NOT_ONE", at, "shares add up to " + sum.shown() + ", not to 1");
        }
    }

    private void kpi(Clause.Kpi kpi, String at) {
        payment(kpi.from(), kpi.to(), at);
        amountMeasure(kpi.of(), at + "/of");
        validity(kpi.when(), at);
        for (int i = 0; i < kpi.tables().size(); i++) {
            List<Clause.KpiStep> steps = kpi.tables().get(i).steps();
            for (int j = 1; j < steps.size(); j++) {
                if (steps.get(j).gte().compareTo(steps.get(j - 1).gte()) >= 0) {
                    add(
                            "TIER_UNREACHABLE",
                            at + "/table/" + i + "/steps/" + j,
                            steps.get(j).gte() + " is not below "
                                    + steps.get(j - 1).gte() + ", the step before");
                }
            }
        }
        if (kpi.least().isPresent()
                && kpi.most().isPresent()
                && kpi.least().get().compareTo(kpi.most().get()) > 0) {
            add(
                    "BOUNDS_EMPTY",
                    at + "/collar",
                    kpi.least().get() + " is above " + kpi.most().get());
        }
    }

    private void guarantee(int index, Clause.Guarantee guarantee, String at) {
        payment(guarantee.from(), guarantee.to(), at);
        validity(guarantee.when(), at);
        var _ = listed(guarantee.clauses(), at + "/clauses", index, TermsChecks::isAccrued);
        if (guarantee.promise() instanceof Clause.PromisedPerUnit(var of, var price)) {
            unitMeasure(of, at + "/perUnit/of");
            notNegative(price, at + "/perUnit/price");
        }
    }

    /// An advance may list any clause that pays, wherever it stands, and earlier advances.
    private void advanceLists(int index, String id, String at) {
        Integer listed = clauseIndex.get(id);
        boolean isAdvance = listed != null && terms.clauses().get(listed) instanceof Clause.Advance;
        var _ = reference(
                id,
                at,
                isAdvance ? index : Integer.MAX_VALUE,
                clause -> isEarned(clause)
                        || clause instanceof Clause.Guarantee
                        || clause instanceof Clause.Reserve
                        || clause instanceof Clause.Advance);
    }

    private void withholding(Clause.Withholding withholding, String at) {
        party(withholding.party(), at + "/party");
        party(withholding.authority(), at + "/authority");
        if (withholding.party().equals(withholding.authority())) {
            add("SELF_PAYMENT", at, withholding.party() + " would pay itself");
        }
        portion(withholding.rate(), at + "/rate");
        validity(withholding.when(), at);
        var _ = listed(
                withholding.clauses(),
                at + "/clauses",
                Integer.MAX_VALUE,
                clause -> !(clause instanceof Clause.Withholding));
    }

    /// What a guarantee may list.
    private static boolean isAccrued(Clause clause) {
        return switch (clause) {
            case Clause.Fee _, Clause.Unit _, Clause.Split _, Clause.Fixed _, Clause.Kpi _ -> true;
            default -> false;
        };
    }

    private static boolean isEarned(Clause clause) {
        return isAccrued(clause) || clause instanceof Clause.Waterfall;
    }

    private void waterfall(Clause.Waterfall waterfall, String at) {
        party(waterfall.holder(), at + "/holder");
        amountMeasure(waterfall.of(), at + "/of");
        notNegative(waterfall.preferredRate(), at + "/preferredRate");
        for (int i = 0; i < waterfall.investors().size(); i++) {
            party(waterfall.investors().get(i), at + "/investors/" + i);
        }
        SortedSet<String> ids = new TreeSet<>();
        Optional<String> split = Optional.empty();
        for (int i = 0; i < waterfall.tiers().size(); i++) {
            Clause.Rank rank = waterfall.tiers().get(i);
            String place = at + "/tiers/" + i;
            if (!ids.add(rank.id())) {
                add("CLAUSE_DUP", place + "/id", "two tiers are called " + rank.id());
            }
            if (split.isPresent()) {
                add("TIER_UNREACHABLE", place, "the split " + split.get() + " leaves nothing for tier " + rank.id());
            }
            rank(rank, place);
            if (rank instanceof Clause.Remainder) {
                split = split.or(() -> Optional.of(rank.id()));
            }
        }
        Clause.Rank last = waterfall.tiers().getLast();
        if (!(last instanceof Clause.Remainder)) {
            add(
                    "WATERFALL_OPEN",
                    at + "/tiers",
                    "the last tier " + last.id() + " is no split, so something could be left");
        }
    }

    private void rank(Clause.Rank rank, String at) {
        switch (rank) {
            case Clause.Recover(var _, var party, var of) -> {
                party(party, at + "/party");
                amountMeasure(of, at + "/of");
            }
            case Clause.CatchUp(var _, var party, var target) -> {
                party(party, at + "/party");
                if (target.signum() < 0 || target.compareTo(Rational.ONE) >= 0) {
                    add("RATE_RANGE", at + "/target", target + " is not from 0 to below 1");
                }
            }
            case Clause.Remainder(var _, var shares) -> shares(shares, Rational.ZERO, at + "/shares");
            case Clause.Preferred _, Clause.ReturnOfCapital _ -> {}
        }
    }
}
