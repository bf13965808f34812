package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
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

    /// @param id of the instruction
    /// @param root over the canonical bytes of its events, if there are several; a single one stands among those of
    /// its run, and its root would be most of what the report takes
    public record Report(long first, long count, String id, Optional<Hash> root) {
        public static Report of(long first, String id, List<? extends Json> events) {
            Optional<Hash> root = events.size() == 1
                    ? Optional.empty()
                    : Optional.of(
                            Merkle.root(events.stream().map(Json::canonical).toList()));
            return new Report(first, events.size(), id, root);
        }
    }

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
        List<Report> reports = new ArrayList<>();
        long first = json.whole("last") - json.whole("count") + 1;
        for (Json item : json.items("reports")) {
            Json.Obj report = (Json.Obj) item;
            boolean several = report.has("root");
            long count = several ? report.whole("count") : 1;
            Optional<Hash> root = several ? Optional.of(new Hash(report.text("root"))) : Optional.empty();
            reports.add(new Report(first, count, report.text("id"), root));
            first += count;
        }
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
                .with("reports", Json.array(reports.stream().map(Run::encode).toList()))
                .with("unsettled", unsettled.text())
                .build();
    }

    private static Json.Obj encode(Report report) {
        Json.Builder json = Json.object().with("id", report.id());
        return report.root()
                .map(root -> json.with("count", report.count()).with("root", root.hex()))
                .orElse(json)
                .build();
    }
}
