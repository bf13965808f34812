package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.Pricing;

/// The price of one event, rounded and limited alone (terms/1 section 11.3).
final class EventPrice {

    private final Rounding round;
    private final Optional<Pricing.Limit> cap;
    private final Optional<Pricing.Limit> floor;

    EventPrice(Pricing pricing) {
        round = pricing.round();
        cap = pricing.cap().map(Pricing.Cap::limit);
        floor = pricing.floor();
    }

    /// Whether a limit follows the quantity of the event.
    boolean needsQuantity() {
        return cap.filter(EventPrice::isByPrice).isPresent()
                || floor.filter(EventPrice::isByPrice).isPresent();
    }

    private static boolean isByPrice(Pricing.Limit limit) {
        return limit instanceof Pricing.PriceLimit;
    }

    /// Without its sign.
    ///
    /// @param quantity of the event, if it is needed
    BigInteger of(Rational rate, Rational value, Optional<Rational> quantity, Arithmetic arithmetic) {
        BigInteger price = arithmetic.round(round, rate, value).abs();
        if (cap.isPresent()) {
            price = price.min(limit(cap.get(), quantity, arithmetic));
        }
        return floor.isPresent() ? price.max(limit(floor.get(), quantity, arithmetic)) : price;
    }

    private BigInteger limit(Pricing.Limit limit, Optional<Rational> quantity, Arithmetic arithmetic) {
        return switch (limit) {
            case Pricing.AmountLimit(var amount) -> amount;
            case Pricing.PriceLimit(var price) -> arithmetic.round(round, price, quantity.orElseThrow());
            case Pricing.MeasureLimit _ -> throw new IllegalStateException("a limit by measure for single events");
        };
    }
}
