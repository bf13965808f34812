package org.tallystick.agreement.settlement.naive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.CaseFile;

/// Holds the engine beside the naive evaluator.
///
/// Statements must be equal. A refusal must have at least one code, and none that the naive evaluator, which finds all
/// of them, does not have: the text demands some, and asks for all.
public final class Comparison {

    /// Every feature of the language: the types of clause, and `fx`.
    public static final SortedSet<String> FEATURES = Collections.unmodifiableSortedSet(new TreeSet<>(List.of(
            "fee",
            "unit",
            "split",
            "fixed",
            "kpi",
            "fund",
            "guarantee",
            "advance",
            "waterfall",
            "reserve",
            "withholding",
            "fx")));

    private Comparison() {}

    /// How the two differ, if they do.
    static Optional<String> difference(Case one) {
        return difference(one, one.settledNaively());
    }

    static Optional<String> difference(Case one, Json.Arr said) {
        return switch (CaseFile.settle(one.file(said))) {
            case CaseFile.Settled settled ->
                difference(said.items(), settled.encode().items());
            case CaseFile.TermsRefused(var findings) -> Optional.of("a valid document is refused: " + findings);
            case CaseFile.NotACase(var at) ->
                isRefused(said.items().getFirst(), "EVENT_FORM") ? Optional.empty() : Optional.of("no case: " + at);
        };
    }

    private static boolean isRefused(Json statement, String code) {
        return Lines.codes(statement)
                .filter(codes -> codes.contains(Json.text(code)))
                .isPresent();
    }

    private static Optional<String> difference(List<Json> said, List<Json> settled) {
        if (said.size() != settled.size()) {
            return Optional.of("%d periods, not %d".formatted(settled.size(), said.size()));
        }
        for (int i = 0; i < said.size(); i++) {
            Optional<List<Json>> all = Lines.codes(said.get(i));
            if (all.isPresent()) {
                return refusalDiffers(all.get(), settled.subList(i, settled.size()));
            }
            if (!said.get(i).equals(settled.get(i))) {
                return Optional.of(
                        "by the text:   " + said.get(i).canonical().utf8().orElseThrow() + "\nby the engine: "
                                + settled.get(i).canonical().utf8().orElseThrow());
            }
        }
        return Optional.empty();
    }

    /// The first that is refused, and all after it.
    private static Optional<String> refusalDiffers(List<Json> all, List<Json> settled) {
        List<Json> found = new ArrayList<>();
        for (Json statement : settled) {
            Optional<List<Json>> codes = Lines.codes(statement);
            if (codes.isEmpty() || codes.get().isEmpty()) {
                return Optional.of("by the text: refused with " + all + "\nby the engine: "
                        + statement.canonical().utf8().orElseThrow());
            }
            if (found.isEmpty()) {
                found.addAll(codes.get());
            }
            if (!((Json.Obj) statement).get("refused").equals(codes.get().getFirst())) {
                return Optional.of("the code is not the first of its codes: " + statement);
            }
        }
        return all.containsAll(found)
                ? Optional.empty()
                : Optional.of("by the text: refused with " + all + "\nby the engine: with " + found);
    }

    /// Whether the engine reports as many codes as the naive evaluator.
    static boolean isComplete(Case one, Json.Arr said) {
        return CaseFile.settle(one.file(said)) instanceof CaseFile.Settled settled
                && Lines.codes(settled.encode().items().getLast())
                        .equals(Lines.codes(said.items().getLast()));
    }
}
