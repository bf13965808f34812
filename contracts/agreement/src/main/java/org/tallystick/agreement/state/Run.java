package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// What one transaction applied for a source: its reports, with what booking looked at.
///
/// @param first number of its first event; `previous` that of the run before, 0 if none
/// @param open the first period the source could still book sales in
/// @param unsettled the first period neither settled nor closing
public record Run(long first, LedgerTime at, long previous, Period open, Period unsettled, List<Report> reports) {
    public static final Codec<Run> CODEC = new Codec<>(Run::decode, Run::encode);

    /// How many reports a run may hold; then the next begins.
    public static final int MAX_REPORTS = 64;

    public Run {
        reports = List.copyOf(reports);
    }

    /// @param hash the instruction, `id` its id
    /// @param root over the canonical bytes of its events
    public record Report(long first, long count, Hash hash, String id, Hash root) {}

    public long count() {
        return reports.stream().mapToLong(Report::count).sum();
    }

    public long last() {
        return first + count() - 1;
    }

    public Optional<Report> report(long first) {
        return reports.stream().filter(report -> report.first() == first).findFirst();
    }

    public Run with(Report report) {
        List<Report> all = new ArrayList<>(reports);
        all.add(report);
        return new Run(first, at, previous, open, unsettled, all);
    }

    public static Run decode(Json.Obj json) {
        List<Report> reports = json.items("reports").stream()
                .map(Json.Obj.class::cast)
                .map(report -> new Report(
                        report.whole("first"),
                        report.whole("count"),
                        new Hash(report.text("hash")),
                        report.text("id"),
                        new Hash(report.text("root"))))
                .toList();
        return new Run(
                reports.getFirst().first(),
                LedgerTime.of(json.text("at")),
                json.whole("previous"),
                Periods.stored(json.text("open")),
                Periods.stored(json.text("unsettled")),
                reports);
    }

    public Json.Obj encode() {
        return Json.object()
                .with("at", at.text())
                .with("count", count())
                .with("last", last())
                .with("open", open.text())
                .with("previous", previous)
                .with(
                        "reports",
                        Json.array(reports.stream()
                                .map(report -> Json.object()
                                        .with("count", report.count())
                                        .with("first", report.first())
                                        .with("hash", report.hash().hex())
                                        .with("id", report.id())
                                        .with("root", report.root().hex())
                                        .build())
                                .toList()))
                .with("unsettled", unsettled.text())
                .build();
    }
}
