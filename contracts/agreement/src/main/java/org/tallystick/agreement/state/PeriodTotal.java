package org.tallystick.agreement.state;

import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Totals;

/// What a source has booked in a period.
///
/// @param released how many of these events were held before, facts not counted
/// @param pages of figures, which these events come to
/// @param from first number of the first run that booked there, `to` that of the last; 0 if none did
public record PeriodTotal(long from, long to, long count, long released, int pages, Totals totals) {
    public static final Codec<PeriodTotal> CODEC = new Codec<>(PeriodTotal::decode, PeriodTotal::encode);

    public static final PeriodTotal NONE = new PeriodTotal(0, 0, 0, 0, 0, Totals.NONE);

    public PeriodTotal plus(long run, long more, int nowPages, Totals sums) {
        return new PeriodTotal(from == 0 ? run : from, run, count + more, released, nowPages, totals.plus(sums));
    }

    /// With events that were held.
    ///
    /// @param noFacts how many of them are no facts
    public PeriodTotal plusReleased(long more, long noFacts, int nowPages, Totals sums) {
        return new PeriodTotal(from, to, count + more, released + noFacts, nowPages, totals.plus(sums));
    }

    public static PeriodTotal decode(Json.Obj json) {
        return new PeriodTotal(
                json.whole("from"),
                json.whole("to"),
                json.whole("count"),
                json.whole("released"),
                (int) json.whole("pages"),
                Totals.decode(json.items("totals")));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("count", count)
                .with("from", from)
                .with("pages", pages)
                .with("released", released)
                .with("to", to)
                .with("totals", totals.encode())
                .build();
    }
}
