package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.terms.Period;

/// Where what is kept of a settled period lies: the closes that wrote it, the last one last.
///
/// A close writes under its own period alone, and changes this when it is over. So whoever computes it again in the
/// middle, another step or a second attempt, finds what the first did; and who asks later what a close started from
/// finds that.
///
/// @param lookers the later periods that were computed with something of this one
/// @param singles of closes that wrote the events that clauses keep one by one
/// @param sums of closes that wrote all else
record PastRecord(SortedSet<Period> lookers, List<Period> singles, List<Period> sums) {

    private static final PastRecord NONE = new PastRecord(new TreeSet<>(), List.of(), List.of());

    PastRecord {
        lookers = Collections.unmodifiableSortedSet(new TreeSet<>(lookers));
        singles = List.copyOf(singles);
        sums = List.copyOf(sums);
    }

    /// The last of these closes that was not after `settled`.
    static Optional<Period> newest(List<Period> closes, Period settled) {
        return closes.reversed().stream()
                .filter(closed -> closed.compareTo(settled) <= 0)
                .findFirst();
    }

    /// After the close of a period that changed what is kept.
    static PastRecord after(Optional<PastRecord> before, Period closed, History.Renewed renewed) {
        PastRecord old = before.orElse(NONE);
        return new PastRecord(
                renewed.lookers(),
                renewed.kept().isPresent() ? with(old.singles, closed) : old.singles,
                renewed.past().isPresent() ? with(old.sums, closed) : old.sums);
    }

    private static List<Period> with(List<Period> closes, Period closed) {
        List<Period> with = new ArrayList<>(closes);
        with.add(closed);
        return with;
    }

    Json.Obj encode() {
        return Json.object()
                .with("lookers", texts(lookers))
                .with("singles", texts(singles))
                .with("sums", texts(sums))
                .build();
    }

    private static Json texts(Iterable<Period> periods) {
        List<String> texts = new ArrayList<>();
        periods.forEach(period -> texts.add(period.text()));
        return Json.texts(texts);
    }

    /// What [#encode] wrote.
    static PastRecord decode(Json.Obj json) {
        return new PastRecord(new TreeSet<>(periods(json, "lookers")), periods(json, "singles"), periods(json, "sums"));
    }

    private static List<Period> periods(Json.Obj json, String member) {
        return json.items(member).stream()
                .map(period -> Period.ofText(((Json.Text) period).value()))
                .toList();
    }
}
