package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Validity;

/// What an imagined event looks like, whatever its volume.
///
/// @param of what its volume is: minor units, units, or how many events
/// @param when it may happen
/// @param attrs facts that stay
/// @param dated facts that are days, as days after that of the event
/// @param price of one unit in minor units; without it an event has an amount or a quantity, not both
public record Specimen(
        EventType type,
        Measure.Of of,
        Validity when,
        String currency,
        SortedMap<String, Json> attrs,
        SortedMap<String, Long> dated,
        Optional<Rational> price) {

    private static final int ID_DIGITS = 5;

    public Specimen {
        attrs = Collections.unmodifiableSortedMap(new TreeMap<>(attrs));
        dated = Collections.unmodifiableSortedMap(new TreeMap<>(dated));
    }

    Specimen with(String attr, Json value) {
        SortedMap<String, Json> more = new TreeMap<>(attrs);
        more.put(attr, value);
        return new Specimen(type, of, when, currency, more, dated, price);
    }

    Specimen at(Rational unitPrice) {
        return new Specimen(type, of, when, currency, attrs, dated, Optional.of(unitPrice));
    }

    /// The first day of the period on which it may happen, or else its first day.
    LocalDate dayIn(Period period) {
        return when.from()
                .filter(from -> period.contains(from) && from.isAfter(period.start()))
                .orElse(period.start());
    }

    /// The first period, not before `earliest` if there is one, in which it may happen.
    public Period periodFrom(Period earliest) {
        if (when.from().isPresent() && when.from().get().isAfter(earliest.start())) {
            return earliest.frequency().periodOf(when.from().get());
        }
        if (when.to().isPresent() && !when.to().get().isAfter(earliest.start())) {
            return earliest.frequency().periodOf(when.to().get().minusDays(1));
        }
        return earliest;
    }

    /// How many events this volume takes.
    BigInteger count(Rational volume, int pieces) {
        return switch (of) {
            case AMOUNT, QUANTITY -> BigInteger.valueOf(pieces);
            case COUNT -> volume.floor();
        };
    }

    /// The events of a volume in a period, all on one day; their ids begin with `name` and stand in this order.
    ///
    /// @param pieces how many events share an amount or a quantity, as evenly as whole numbers can
    List<Json> events(String name, Period period, Rational volume, int pieces) {
        List<Json> events = new ArrayList<>();
        LocalDate day = dayIn(period);
        switch (of) {
            case AMOUNT -> {
                BigInteger[] parts = volume.floor().divideAndRemainder(BigInteger.valueOf(pieces));
                for (int i = 0; i < pieces; i++) {
                    boolean odd = BigInteger.valueOf(i).compareTo(parts[1]) < 0;
                    BigInteger amount = odd ? parts[0].add(BigInteger.ONE) : parts[0];
                    events.add(event(
                            id(name, i),
                            day,
                            amount,
                            price.map(one -> Rational.whole(amount).dividedBy(one))));
                }
            }
            case QUANTITY -> {
                Rational part = volume.times(Rational.of(1, pieces));
                for (int i = 0; i < pieces; i++) {
                    events.add(event(id(name, i), day, worth(part), Optional.of(part)));
                }
            }
            case COUNT -> {
                for (int i = 0; i < volume.floor().intValueExact(); i++) {
                    events.add(event(id(name, i), day, worth(Rational.ONE), price.map(_ -> Rational.ONE)));
                }
            }
        }
        return events;
    }

    private BigInteger worth(Rational quantity) {
        return price.map(one -> Rounding.HALF_UP.round(one.times(quantity))).orElse(BigInteger.ZERO);
    }

    private static String id(String name, int number) {
        String digits = Integer.toString(number);
        return name + "/" + "0".repeat(Math.max(0, ID_DIGITS - digits.length())) + digits;
    }

    private Json.Obj event(String id, LocalDate day, BigInteger amount, Optional<Rational> quantity) {
        SortedMap<String, Json> facts = new TreeMap<>(attrs);
        dated.forEach(
                (name, after) -> facts.put(name, Json.text(day.plusDays(after).toString())));
        boolean counted = type != EventType.MILESTONE;
        return Json.object()
                .with("amount", hasAmount() ? Optional.of(Amounts.encode(amount)) : Optional.empty())
                .with("attrs", facts.isEmpty() ? Optional.empty() : Optional.of(new Json.Obj(facts)))
                .withText("currency", hasAmount() ? Optional.of(currency) : Optional.empty())
                .with("date", day.toString())
                .with("id", id)
                .withText("quantity", quantity.filter(_ -> counted).map(Rational::toString))
                .with("type", type.text())
                .build();
    }

    private boolean hasAmount() {
        return switch (type) {
            case USAGE, SUBSCRIBERS, MILESTONE -> false;
            default -> true;
        };
    }

    /// An event of one unit, as the clauses see it.
    Json.Obj one(Period period) {
        return (Json.Obj) events("one", period, Rational.ONE, 1).getFirst();
    }

    public Json.Obj encode() {
        SortedMap<String, Json> days = new TreeMap<>();
        dated.forEach((name, after) -> days.put(name, Json.whole(after)));
        return Json.object()
                .with("attrs", new Json.Obj(attrs))
                .with("daysAfter", new Json.Obj(days))
                .with("of", of.text())
                .withText("price", price.map(Rational::toString))
                .with("type", type.text())
                .build();
    }
}
