package org.tallystick.agreement.state;

import java.util.Optional;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// The head of a source.
///
/// @param held how many of its events are held
/// @param last the last number taken, 0 at first
/// @param lastRun first number of the last run, 0 if there is none
/// @param open the first period not declared
/// @param booked the last period in which something of it is booked
public record SourceHead(LedgerTime at, long held, long last, long lastRun, Period open, Optional<Period> booked) {
    public static final Codec<SourceHead> CODEC = new Codec<>(SourceHead::decode, SourceHead::encode);

    /// A source that has neither reported nor declared.
    public static SourceHead unused(Period first) {
        return new SourceHead(new LedgerTime(0), 0, 0, 0, first, Optional.empty());
    }

    /// After a report.
    public SourceHead reported(LedgerTime when, long more, Run run) {
        return new SourceHead(when, held + more, run.last(), run.first(), open, booked);
    }

    /// With another first period not declared.
    public SourceHead opened(LedgerTime when, Period first) {
        return new SourceHead(when, held, last, lastRun, first, booked);
    }

    /// After some of its events were released.
    public SourceHead released(LedgerTime when, long fewer) {
        return new SourceHead(when, held - fewer, last, lastRun, open, booked);
    }

    /// With something booked in a period.
    public SourceHead booked(Period period) {
        boolean later = booked.filter(latest -> latest.compareTo(period) >= 0).isEmpty();
        return later ? new SourceHead(at, held, last, lastRun, open, Optional.of(period)) : this;
    }

    public static SourceHead decode(Json.Obj json) {
        return new SourceHead(
                LedgerTime.of(json.text("at")),
                json.whole("held"),
                json.whole("last"),
                json.whole("lastRun"),
                Periods.stored(json.text("open")),
                json.findText("booked").map(Periods::stored));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("at", at.text())
                .withText("booked", booked.map(Period::text))
                .with("held", held)
                .with("last", last)
                .with("lastRun", lastRun)
                .with("open", open.text())
                .build();
    }
}
