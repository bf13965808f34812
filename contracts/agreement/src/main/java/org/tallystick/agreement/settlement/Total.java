package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.EventType;

/// How many events of one type and currency there are, and what they add up to, signs left aside.
///
/// @param currency stated or taken from the origin; absent for events that have neither
/// @param amount absent if none of them has one, as `quantity`
public record Total(
        EventType type,
        Optional<String> currency,
        long count,
        Optional<BigInteger> amount,
        Optional<Rational> quantity) {

    Total plus(Total other) {
        return new Total(
                type,
                currency,
                Math.addExact(count, other.count),
                amount.isPresent() && other.amount.isPresent()
                        ? Optional.of(amount.get().add(other.amount.get()))
                        : amount.or(other::amount),
                quantity.isPresent() && other.quantity.isPresent()
                        ? Optional.of(quantity.get().plus(other.quantity.get()))
                        : quantity.or(other::quantity));
    }

    public Json encode() {
        return Json.object()
                .with("amount", amount.map(Amounts::encode))
                .with("count", count)
                .withText("currency", currency)
                .with("quantity", quantity.map(Total::spell))
                .with("type", type.text())
                .build();
    }

    private static Json spell(Rational quantity) {
        return quantity.isWhole() ? Amounts.encode(quantity.numerator()) : Json.text(quantity.toString());
    }
}
