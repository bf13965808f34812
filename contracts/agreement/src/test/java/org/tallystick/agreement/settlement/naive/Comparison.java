package org.tallystick.agreement.settlement.naive;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.CaseFile;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// Holds the engine beside the naive evaluator.
///
/// Statements must be equal. A refusal must have at least one code, and none that the naive evaluator, which finds all
/// of them, does not have: the text demands some, and asks for all.
public final class Comparison {

    private static final String UNSUPPORTED = "not_supported_yet";

    private Comparison() {}

    /// The shortest clauses there are, one of each type, in an order in which each may list those before.
    private static final List<String> SHORTEST = List.of(
            "'id':'fee','type':'fee','from':'hub','to':'x','of':'sales','rate':'1'",
            "'id':'unit','type':'unit','from':'hub','to':'x','of':'units','price':'1'",
            "'id':'split','type':'split','holder':'hub','of':'sales','shares':{'hub':'1'}",
            "'id':'fixed','type':'fixed','from':'hub','to':'x','amount':1,'on':{'type':'sale'}",
            "'id':'kpi','type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'k','steps':["
                    + "{'gte':'0','rate':'1'}]}]",
            "'id':'fund','type':'fund','from':'hub','of':'sales','rate':'1','claims':{'on':{'type':'sale'},"
                    + "'reimburse':'1','to':'x'}",
            "'id':'guarantee','type':'guarantee','from':'hub','to':'x','clauses':['fee'],'window':'period','amount':1",
            "'id':'advance','type':'advance','from':'hub','to':'x','clauses':['fee']",
            "'id':'waterfall','type':'waterfall','holder':'hub','of':'sales','investors':['x'],'preferredRate':'0',"
                    + "'dayCount':'actual/365','compounding':'none','tiers':[{'id':'t','kind':'split',"
                    + "'shares':{'x':'1'}}]",
            "'id':'reserve','type':'reserve','party':'x','clauses':['fee'],'rate':'1','releaseAfter':1",
            "'id':'withholding','type':'withholding','party':'x','authority':'y','clauses':['fee'],'rate':'1'");

    /// Every feature of the language: the types of clause, and `fx`.
    static SortedSet<String> features() {
        SortedSet<String> features = new TreeSet<>();
        SHORTEST.forEach(clause -> features.add(typeOf(clause)));
        features.add("fx");
        return features;
    }

    /// The features that the engine does not refuse as not supported yet. Whatever else it finds is a mistake.
    public static SortedSet<String> supported() {
        SortedSet<String> supported = new TreeSet<>();
        String fee = "{" + SHORTEST.getFirst() + "}";
        for (String clause : SHORTEST) {
            if (isSupported(Documents.of(clause.equals(SHORTEST.getFirst()) ? fee : fee + ",{" + clause + "}"))) {
                supported.add(typeOf(clause));
            }
        }
        if (isSupported(Documents.with(
                Documents.of(fee), "settlement", "{'fx':{'fixing':'period-end','refunds':'original'}}"))) {
            supported.add("fx");
        }
        return supported;
    }

    private static String typeOf(String clause) {
        return clause.substring("'id':'".length(), clause.indexOf("',"));
    }

    private static boolean isSupported(Json.Obj terms) {
        return switch (TermsReader.read(terms)) {
            case TermsReading.Accepted _ -> true;
            case TermsReading.Refused refused -> {
                if (!refused.codes().equals(new TreeSet<>(List.of(UNSUPPORTED)))) {
                    throw new AssertionError("a valid document is refused: " + refused.findings());
                }
                yield false;
            }
        };
    }

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
