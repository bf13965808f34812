package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.numbers.Rational;

/// What is allowed but seldom meant: the warnings of terms/1 section 15. They never refuse.
///
/// Nothing is looked up by name, so that a document with faults of meaning has its warnings too. Of clauses that clash
/// with several others, each is warned of once: the number of warnings grows with the document, not with its square.
final class TermsWarnings {

    private final Terms terms;
    private final SortedSet<Finding> warnings = new TreeSet<>();

    private TermsWarnings(Terms terms) {
        this.terms = terms;
    }

    static List<Finding> of(Terms terms) {
        TermsWarnings of = new TermsWarnings(terms);
        of.measures();
        for (int i = 0; i < terms.clauses().size(); i++) {
            of.clause(terms.clauses().get(i), at(i));
            of.overlap(i);
            of.gap(i);
            of.recoupedTwice(i);
        }
        of.outgo();
        return List.copyOf(of.warnings);
    }

    private static String at(int clause) {
        return "/clauses/" + clause;
    }

    private void add(String code, String pointer, String sentence) {
        warnings.add(new Finding(code, pointer, sentence));
    }

    private void measures() {
        SortedSet<String> used = new TreeSet<>();
        terms.clauses().forEach(clause -> MeasureUse.of(clause).forEach(use -> used.add(use.measure())));
        for (String measure : terms.measures().keySet()) {
            if (!used.contains(measure)) {
                add("MEASURE_UNUSED", Form.pointer("/measures", measure), "no clause uses the measure " + measure);
            }
        }
    }

    private void clause(Clause clause, String at) {
        switch (clause) {
            case Clause.Fee(var _, var _, var _, var pricing) -> pricing(pricing, at, "rate");
            case Clause.Unit(var _, var _, var _, var pricing) -> pricing(pricing, at, "price");
            case Clause.Fund(var _, var _, var pricing, var _) -> pricing(pricing, at, "rate");
            case Clause.Guarantee guarantee -> guarantee(guarantee, at);
            case Clause.Split _,
                    Clause.Fixed _,
                    Clause.Kpi _,
                    Clause.Advance _,
                    Clause.Reserve _,
                    Clause.Withholding _,
                    Clause.Waterfall _ -> {}
        }
    }

    private void pricing(Pricing pricing, String at, String rateName) {
        switch (pricing.charge()) {
            case Pricing.Rated(var rate) -> rate(rate, at + "/" + rateName);
            case Pricing.Tiered(var tiers) -> cliffs(tiers, at + "/tiers/steps/");
        }
    }

    private void rate(Rate rate, String at) {
        if (rate instanceof Rate.ByAttribute(var attr, var table)) {
            if (!table.containsKey(Rate.OTHERWISE)) {
                add(
                        "RATE_NO_DEFAULT",
                        at + "/table",
                        "an event whose " + attr + " is none of the " + table.size()
                                + " listed stops the settlement; a row * would price it");
            }
            table.forEach((row, inner) -> rate(inner, Form.pointer(at + "/table", row)));
        }
    }

    private void cliffs(Tiers tiers, String steps) {
        for (int i = 1; tiers.mode() == Tiers.Mode.WHOLE && i < tiers.steps().size(); i++) {
            Tiers.Step before = tiers.steps().get(i - 1);
            Rational rate = tiers.steps().get(i).rate();
            if (!rate.equals(before.rate())) {
                add(
                        "TIER_CLIFF",
                        steps + i,
                        "just above " + before.upTo().map(Rational::toString).orElse("the step before")
                                + " the rate of everything changes from " + before.rate() + " to " + rate);
            }
        }
    }

    private void guarantee(Clause.Guarantee guarantee, String at) {
        Validity when = guarantee.when();
        if (when.to().isEmpty()) {
            add("GUARANTEE_OPEN", at, "guarantee " + guarantee.id() + " has no end: no when.to is given");
        }
        if (guarantee.window() == Window.YEAR) {
            when.from().ifPresent(day -> wholeYear(guarantee.id(), "when.from", day, at + "/when/from"));
            when.to().ifPresent(day -> wholeYear(guarantee.id(), "when.to", day, at + "/when/to"));
        }
    }

    private void wholeYear(String guarantee, String member, LocalDate day, String at) {
        if (day.getDayOfYear() != 1) {
            add(
                    "GUARANTEE_PARTIAL",
                    at,
                    "guarantee " + guarantee + " is for whole calendar years, but its " + member + " is " + day
                            + ", not 1 January");
        }
    }

    // Clauses that price the same.

    /// What a fee, unit or split clause prices, and between whom; clauses with the same lane belong together.
    private record Lane(String type, String from, String to, String of, Filter where) {

        String shown() {
            return to.isEmpty()
                    ? "no split of " + of + " held by " + from
                    : "no " + type + " from " + from + " to " + to + " on " + of;
        }
    }

    private static Optional<Lane> lane(Clause clause) {
        return switch (clause) {
            case Clause.Fee(var _, var from, var to, var pricing) ->
                Optional.of(new Lane(clause.type(), from, to, pricing.of(), pricing.where()));
            case Clause.Unit(var _, var from, var to, var pricing) ->
                Optional.of(new Lane(clause.type(), from, to, pricing.of(), pricing.where()));
            case Clause.Split split ->
                Optional.of(new Lane(clause.type(), split.holder(), "", split.of(), split.where()));
            case Clause.Fund _,
                    Clause.Fixed _,
                    Clause.Kpi _,
                    Clause.Guarantee _,
                    Clause.Advance _,
                    Clause.Reserve _,
                    Clause.Withholding _,
                    Clause.Waterfall _ -> Optional.empty();
        };
    }

    private Clause clauseAt(int index) {
        return terms.clauses().get(index);
    }

    /// The clauses before this one in its lane.
    private List<Integer> othersIn(Lane lane, int before) {
        return IntStream.range(0, before)
                .filter(i -> Optional.of(lane).equals(lane(clauseAt(i))))
                .boxed()
                .toList();
    }

    private void overlap(int index) {
        Clause clause = clauseAt(index);
        Optional<Integer> other = lane(clause)
                .flatMap(lane -> othersIn(lane, index).stream()
                        .filter(i -> clauseAt(i).when().overlaps(clause.when()))
                        .findFirst());
        other.ifPresent(i -> add(
                "OVERLAP",
                at(index),
                "clause " + clause.id() + " prices what clause " + clauseAt(i).id() + " prices, at the same time"));
    }

    /// Of the clauses of a lane that begin earlier, all end before this one begins.
    private void gap(int index) {
        Clause clause = clauseAt(index);
        Optional<Lane> lane = lane(clause);
        Optional<LocalDate> from = clause.when().from();
        if (lane.isEmpty() || from.isEmpty()) {
            return;
        }
        List<Validity> earlier = new ArrayList<>();
        for (int i : othersIn(lane.get(), terms.clauses().size())) {
            Validity when = clauseAt(i).when();
            boolean isEarlier = when.from().isEmpty()
                    || when.from().get().isBefore(from.get())
                    || (when.from().equals(from) && i < index);
            if (isEarlier) {
                earlier.add(when);
            }
        }
        Optional<LocalDate> covered =
                earlier.stream().map(when -> when.to().orElse(LocalDate.MAX)).max(Comparator.naturalOrder());
        if (covered.isPresent() && covered.get().isBefore(from.get())) {
            add(
                    "GAP",
                    at(index) + "/when/from",
                    lane.get().shown() + " is in force from " + covered.get() + " until " + from.get());
        }
    }

    // What several clauses come to together.

    private void outgo() {
        SortedMap<String, List<Payment>> payments = new TreeMap<>();
        for (int i = 0; i < terms.clauses().size(); i++) {
            if (clauseAt(i) instanceof Clause.Fee fee) {
                String what = fee.from() + " pays of " + fee.pricing().of();
                payments.computeIfAbsent(what, _ -> new ArrayList<>())
                        .add(new Payment(i, fee.id(), fee.when(), highest(fee.pricing())));
            }
        }
        payments.forEach(this::outgo);
    }

    /// A fee, with the most it can take of what it is a share of.
    private record Payment(int index, String id, Validity when, Rational highest) {}

    /// Fees that overlap have a day in common, and the first such day is the first day of one of them.
    private void outgo(String what, List<Payment> payments) {
        SortedSet<LocalDate> days = new TreeSet<>();
        payments.forEach(payment -> days.add(payment.when().from().orElse(LocalDate.MIN)));
        for (LocalDate day : days) {
            List<Payment> together = payments.stream()
                    .filter(payment -> payment.when().contains(day))
                    .toList();
            Sum sum = Sum.of(together.stream().map(Payment::highest).toList());
            if (sum.isAboveOne()) {
                String ids = together.stream()
                        .map(payment -> "[" + payment.id() + "]")
                        .collect(Collectors.joining(", "));
                add(
                        "OUTGO_ABOVE_ONE",
                        at(together.getLast().index()),
                        "the highest rates that " + what + " under " + ids + " add up to " + sum.shown()
                                + ", which is above 1");
                return;
            }
        }
    }

    private static Rational highest(Pricing pricing) {
        return switch (pricing.charge()) {
            case Pricing.Rated(var rate) -> highest(rate);
            case Pricing.Tiered(var tiers) -> highest(tiers.steps().stream().map(Tiers.Step::rate));
        };
    }

    private static Rational highest(Rate rate) {
        return switch (rate) {
            case Rate.Constant(var value) -> value;
            case Rate.ByAttribute(var _, var table) ->
                highest(table.values().stream().map(TermsWarnings::highest));
            case Rate.ByDate(var steps) -> highest(steps.stream().map(Rate.DateStep::rate));
            case Rate.ByFact(var _, var before, var after) -> before.max(after);
            case Rate.ByEvent(var _, var _, var max) -> max;
        };
    }

    private static Rational highest(Stream<Rational> rates) {
        return rates.max(Comparator.naturalOrder()).orElseThrow();
    }

    private void recoupedTwice(int index) {
        if (!(clauseAt(index) instanceof Clause.Advance later)) {
            return;
        }
        for (int i = 0; i < index; i++) {
            if (clauseAt(i) instanceof Clause.Advance earlier
                    && earlier.to().equals(later.to())
                    && !earlier.clauses().contains(later.id())
                    && !later.clauses().contains(earlier.id())) {
                SortedSet<String> shared = new TreeSet<>(later.clauses());
                shared.retainAll(new TreeSet<>(earlier.clauses()));
                if (!shared.isEmpty()) {
                    add(
                            "RECOUP_OVERLAP",
                            at(index) + "/clauses",
                            "advances " + earlier.id() + " and " + later.id() + " to " + later.to()
                                    + " are both recouped from " + shared.first() + ", and neither lists the other");
                    return;
                }
            }
        }
    }
}
