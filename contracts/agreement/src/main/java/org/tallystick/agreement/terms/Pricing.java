package org.tallystick.agreement.terms;

import java.math.BigInteger;
import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;

/// How fee, unit and fund clauses turn a measure into money (terms/1 sections 11.2 and 11.3).
///
/// @param of the measure that is priced
/// @param where which of its events
/// @param perEvent whether every event is rounded and limited alone
/// @param factor the recorded figure that multiplies the rate
public record Pricing(
        String of,
        Charge charge,
        Filter where,
        Validity when,
        Window window,
        boolean perEvent,
        Rounding round,
        Optional<String> factor,
        Optional<Limit> floor,
        Optional<Cap> cap) {

    public sealed interface Charge {}

    public record Rated(Rate rate) implements Charge {}

    public record Tiered(Tiers tiers) implements Charge {}

    public sealed interface Limit {}

    public record AmountLimit(BigInteger amount) implements Limit {}

    /// A fraction of an amount measure, or minor units for each unit of another.
    public record MeasureLimit(String of, Rational rate) implements Limit {}

    /// Minor units for each unit of the event.
    public record PriceLimit(Rational price) implements Limit {}

    public record Cap(Limit limit, Window window) {}

    /// Whether events are priced one by one, so that a measure without events of its own cannot be.
    public boolean pricesEvents() {
        return perEvent
                || switch (charge) {
                    case Rated(var rate) -> !rate.isConstant();
                    case Tiered(var tiers) -> tiers.mode().pricesEvents();
                };
    }

    /// The same, in force at another time.
    Pricing during(Validity other) {
        return new Pricing(of, charge, where, other, window, perEvent, round, factor, floor, cap);
    }
}
