package org.tallystick.ledger.client;

import java.math.BigInteger;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;

/// What a file would report, and everything that is wrong with it.
///
/// @param file hash of its octets and of its mapping
/// @param events how many there are
/// @param sums by type and currency
/// @param first the first events as they would be reported
/// @param faults the first of them, `faultCount` says how many there are: with one, nothing is reported
/// @param warnings the first of them, `warningCount` says how many there are: worth a look, and no obstacle
public record Review(
        Hash file,
        long events,
        SortedMap<Kind, Sum> sums,
        List<EventDraft> first,
        List<LineFault> faults,
        long faultCount,
        List<LineFault> warnings,
        long warningCount) {

    /// How many faults, warnings and first events are kept.
    public static final int MOST_FAULTS = 100;

    public static final int MOST_FIRST = 10;

    public Review {
        sums = Collections.unmodifiableSortedMap(new TreeMap<>(sums));
        first = List.copyOf(first);
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
    }

    /// @param currency empty where events say none: then an amount is in that of the event they name, or of the
    /// terms
    public record Kind(String type, String currency) implements Comparable<Kind> {
        private static final Comparator<Kind> ORDER =
                Comparator.comparing(Kind::type).thenComparing(Kind::currency);

        @Override
        public int compareTo(Kind other) {
            return ORDER.compare(this, other);
        }
    }

    /// @param amount in minor units
    public record Sum(long count, BigInteger amount) {
        static final Sum NONE = new Sum(0, BigInteger.ZERO);

        Sum plus(BigInteger more) {
            return new Sum(count + 1, amount.add(more));
        }
    }

    public boolean good() {
        return faultCount == 0;
    }

    /// For programs.
    public Json.Builder encode() {
        return Json.object()
                .with("events", events)
                .with("faultCount", faultCount)
                .with(
                        "faults",
                        Json.array(faults.stream().map(LineFault::encode).toList()))
                .with("file", file.hex())
                .with("first", Json.array(first.stream().map(Review::encode).toList()))
                .with(
                        "sums",
                        Json.array(sums.entrySet().stream()
                                .map(sum -> Json.object()
                                        .with(
                                                "amount",
                                                Amounts.encode(sum.getValue().amount()))
                                        .with("count", sum.getValue().count())
                                        .with("currency", sum.getKey().currency())
                                        .with("type", sum.getKey().type())
                                        .build())
                                .toList()))
                .with("warningCount", warningCount)
                .with(
                        "warnings",
                        Json.array(warnings.stream().map(LineFault::encode).toList()));
    }

    private static Json.Obj encode(EventDraft draft) {
        TreeMap<String, Json> members = new TreeMap<>(draft.json().members());
        draft.reference().ifPresent(reference -> members.put("id", Json.text(reference)));
        draft.refOf().ifPresent(refOf -> members.put("refOf", Json.text(refOf)));
        return new Json.Obj(members);
    }
}
