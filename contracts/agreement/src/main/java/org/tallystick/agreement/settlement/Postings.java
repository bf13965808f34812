package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.terms.Period;

/// The lines of a settlement as they come, and what each clause has earned whom so far (terms/1 section 12.2).
final class Postings {

    /// The kind of a line that pays an advance.
    static final String ADVANCE = "advance";

    private final List<Line> lines = new ArrayList<>();

    /// By clause and account.
    private final SortedMap<String, SortedMap<String, BigInteger>> earned = new TreeMap<>();

    /// The same, lines that pay an advance left aside.
    private final SortedMap<String, SortedMap<String, BigInteger>> withoutAdvances = new TreeMap<>();

    List<Line> lines() {
        return Collections.unmodifiableList(lines);
    }

    /// Posts what a clause accrues, in the direction of its sign.
    void accrue(String clause, String from, String to, BigInteger amount, Optional<Period> adjusts) {
        add(clause, Line.signed(clause, from, to, amount, adjusts));
    }

    /// Posts an amount unless it is 0.
    void post(String clause, String from, String to, BigInteger amount) {
        post(clause, clause, from, to, amount, Optional.empty());
    }

    void post(String clause, String from, String to, BigInteger amount, String kind) {
        post(clause, clause, from, to, amount, Optional.of(kind));
    }

    /// Posts what a tier of a waterfall pays; a part that falls to who pays makes no line.
    void post(String waterfall, String tier, String from, String to, BigInteger amount) {
        if (!from.equals(to)) {
            post(waterfall, waterfall + "." + tier, from, to, amount, Optional.empty());
        }
    }

    private void post(String clause, String named, String from, String to, BigInteger amount, Optional<String> kind) {
        if (amount.signum() != 0) {
            add(clause, new Line(named, from, to, amount, kind, Optional.empty()));
        }
    }

    private void add(String clause, Line line) {
        lines.add(line);
        earn(earned, clause, line);
        if (!line.kind().equals(Optional.of(ADVANCE))) {
            earn(withoutAdvances, clause, line);
        }
    }

    private static void earn(SortedMap<String, SortedMap<String, BigInteger>> earned, String clause, Line line) {
        SortedMap<String, BigInteger> byAccount = earned.computeIfAbsent(clause, _ -> new TreeMap<>());
        byAccount.merge(line.to(), line.amount(), BigInteger::add);
        byAccount.merge(line.from(), line.amount().negate(), BigInteger::add);
    }

    /// What a party has earned under these clauses so far.
    BigInteger earned(String party, List<String> clauses) {
        return sum(earned, party, clauses);
    }

    /// The same, without the advances that were paid.
    BigInteger earnedWithoutAdvances(String party, List<String> clauses) {
        return sum(withoutAdvances, party, clauses);
    }

    /// Clauses are a set: one that is listed twice counts once.
    private static BigInteger sum(
            SortedMap<String, SortedMap<String, BigInteger>> earned, String party, List<String> clauses) {
        BigInteger sum = BigInteger.ZERO;
        for (String clause : clauses.stream().distinct().toList()) {
            sum = sum.add(
                    earned.getOrDefault(clause, Collections.emptySortedMap()).getOrDefault(party, BigInteger.ZERO));
        }
        return sum;
    }

    /// By account, what all lines add to it.
    SortedMap<String, BigInteger> moved() {
        SortedMap<String, BigInteger> moved = new TreeMap<>();
        for (Line line : lines) {
            moved.merge(line.to(), line.amount(), BigInteger::add);
            moved.merge(line.from(), line.amount().negate(), BigInteger::add);
        }
        return moved;
    }
}
