package org.tallystick.agreement.simulation;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// What one imagined volume comes to.
public sealed interface Result {

    record Paid(Payouts payouts) implements Result {}

    /// The settlement of a period was refused.
    ///
    /// @param codes of terms/1 section 16
    record Refused(Period period, SortedSet<String> codes) implements Result {
        public Refused {
            codes = Collections.unmodifiableSortedSet(new TreeSet<>(codes));
        }
    }

    /// No events that could be imagined come to this volume.
    record Unreached() implements Result {}

    /// With the members that say what it is, and no other.
    default Json.Builder encode() {
        return switch (this) {
            case Paid(var payouts) -> Json.object().with("payouts", payouts.encode());
            case Refused(var period, var codes) ->
                Json.object().with("codes", Json.texts(codes)).with("period", period.text());
            case Unreached _ -> Json.object().with("unreached", true);
        };
    }
}
