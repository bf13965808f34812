package org.tallystick.agreement.state;

import java.util.List;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Totals;

/// What a source has booked in a period.
///
/// @param from first number of the first run that booked there, `to` that of the last; 0 if none did
public record PeriodTotal(long from, long to, long count, Totals totals) {
    public static final Codec<PeriodTotal> CODEC = new Codec<>(PeriodTotal::decode, PeriodTotal::encode);

    public static final PeriodTotal NONE = new PeriodTotal(0, 0, 0, Totals.NONE);

    public PeriodTotal plus(long run, long more, Totals sums) {
        return new PeriodTotal(from == 0 ? run : from, run, count + more, totals.plus(sums));
    }

    public static PeriodTotal decode(Json.Obj json) {
        return new PeriodTotal(
                json.whole("from"), json.whole("to"), json.whole("count"), Totals.decode(json.items("totals")));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("count", count)
                .with("from", from)
                .with("released", Json.array(List.of()))
                .with("to", to)
                .with("totals", totals.encode())
                .build();
    }
}
