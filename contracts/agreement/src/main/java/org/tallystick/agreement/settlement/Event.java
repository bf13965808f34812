package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.EventType;

/// A revenue event as its reporter states it: what happened, before the ledger gave it an id and booked it.
///
/// @param attrs strings, integers and booleans, by name
/// @param refOf the event that a refund or return takes back
/// @param kpi the figure that `value` is recorded for
/// @param pair the currencies of a fixing, `rate` major units of the second for one of the first
public record Event(
        EventType kind,
        LocalDate date,
        Optional<BigInteger> amount,
        Optional<String> currency,
        Optional<Rational> quantity,
        SortedMap<String, Json> attrs,
        Optional<String> refOf,
        Optional<String> kpi,
        Optional<Rational> value,
        Optional<String> pair,
        Optional<Rational> rate) {

    public Event {
        attrs = new Json.Obj(attrs).members();
    }

    /// The name of its kind, as terms/1 spells it.
    public String type() {
        return kind.text();
    }

    /// The exact numbers it states, amounts and agreed rates left aside.
    public List<Rational> numbers() {
        return quantity.isEmpty() && value.isEmpty() && rate.isEmpty()
                ? List.of()
                : Stream.of(quantity, value, rate).flatMap(Optional::stream).toList();
    }

    /// The exact numbers it states to terms: also what it gives as an agreed rate.
    ///
    /// @param agreedRates the attributes in which the terms look for one
    public List<Rational> numbers(List<String> agreedRates) {
        if (agreedRates.isEmpty()) {
            return numbers();
        }
        Stream<Rational> agreed = agreedRates.stream()
                .map(this::textAttribute)
                .flatMap(Optional::stream)
                .map(Rational::parse)
                .flatMap(Optional::stream);
        return Stream.concat(numbers().stream(), agreed).toList();
    }

    /// The attribute if it is there and a string.
    public Optional<String> textAttribute(String name) {
        return attrs.get(name) instanceof Json.Text(var text) ? Optional.of(text) : Optional.empty();
    }
}
