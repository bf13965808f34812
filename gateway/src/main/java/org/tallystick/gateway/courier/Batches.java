package org.tallystick.gateway.courier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.signing.Signed;

/// Which instructions of one home travel in the next transaction.
final class Batches {

    /// Must be the acts that [Transactions] answers `not_alone`.
    private static final List<ActKind> ALONE =
            List.of(ActKind.OFFER, ActKind.COUNTER, ActKind.AMEND, ActKind.ATTEST, ActKind.CONTRADICT, ActKind.CLOSE);

    /// The frame of the hints, and the most that one hint takes: three numbers in a list.
    private static final int HINTS = 32;

    private static final int HINT = 24;

    private Batches() {}

    static boolean alone(Signed signed) {
        ActKind kind = signed.payload().kind();
        return ALONE.contains(kind)
                || (kind == ActKind.REPORT && signed.payloadBytes().size() > Transactions.SMALL_REPORT);
    }

    /// @param due in the order in which they were acknowledged, at least one
    static List<Pending> next(List<Pending> due) {
        List<Pending> batch = new ArrayList<>();
        int size = HINTS;
        for (Pending pending : inTurns(byNumber(due))) {
            Signed signed = pending.signed();
            boolean alone = alone(signed);
            size += size(signed);
            boolean full = batch.size() == Transactions.MAX_ENVELOPES || size > Transactions.MAX_ARGUMENTS;
            if (!batch.isEmpty() && (alone || full)) {
                return batch;
            }
            batch.add(pending);
            if (alone) {
                return batch;
            }
        }
        return batch;
    }

    private static int size(Signed signed) {
        int proofs = signed.payload().act() instanceof Act.Report report
                ? report.proofs().size()
                : 0;
        return signed.envelope().size() + proofs * HINT;
    }

    /// The same order, but the reports of a source take their places among each other by number: one with a higher
    /// number could only wait for the lower one.
    private static List<Pending> byNumber(List<Pending> due) {
        Map<String, List<Pending>> sources = new TreeMap<>();
        for (Pending pending : due) {
            if (pending.signed().payload().act() instanceof Act.Report report) {
                sources.computeIfAbsent(report.source().text(), _ -> new ArrayList<>())
                        .add(pending);
            }
        }
        Map<String, Queue<Pending>> ordered = new TreeMap<>();
        sources.forEach((source, reports) -> {
            reports.sort(Comparator.comparingLong(Batches::firstNumber));
            ordered.put(source, new ArrayDeque<>(reports));
        });
        List<Pending> all = new ArrayList<>();
        for (Pending pending : due) {
            all.add(
                    pending.signed().payload().act() instanceof Act.Report report
                            ? ordered.getOrDefault(report.source().text(), new ArrayDeque<>())
                                    .remove()
                            : pending);
        }
        return all;
    }

    /// The same order for each party, but the parties take turns: who sends much makes nobody wait who sends little.
    private static List<Pending> inTurns(List<Pending> all) {
        Map<String, Integer> counts = new TreeMap<>();
        TreeMap<Integer, List<Pending>> turns = new TreeMap<>();
        for (Pending pending : all) {
            int turn = counts.merge(pending.signed().payload().party().text(), 1, Integer::sum);
            turns.computeIfAbsent(turn, _ -> new ArrayList<>()).add(pending);
        }
        return turns.values().stream().flatMap(List::stream).toList();
    }

    private static long firstNumber(Pending pending) {
        return ((Act.Report) pending.signed().payload().act()).first();
    }
}
