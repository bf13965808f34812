package org.tallystick.agreement.settlement;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.EventType;

/// Events added up by type and currency, as the declaration of a source states them (instruction-1 section 6.4).
///
/// Refunds stand under the currency they inherit. Totals of a part and of the rest add up to the totals of all. Two are
/// equal if their values are, however they were spelled.
public final class Totals {

    /// No totals.
    public static final Totals NONE = new Totals(new TreeMap<>());

    private final SortedMap<Key, Total> byKey;

    private record Key(String type, String currency) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::type).thenComparing(Key::currency);

        static Key of(Total total) {
            return new Key(total.type().text(), total.currency().orElse(""));
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private Totals(SortedMap<Key, Total> byKey) {
        this.byKey = byKey;
    }

    public static Totals of(Collection<KnownEvent> events) {
        SortedMap<Key, Total> byKey = new TreeMap<>();
        Sum sum = new Sum(EventType.SALE, Optional.empty());
        for (KnownEvent known : events) {
            Event event = known.event();
            Optional<String> currency =
                    event.currency().isPresent() || known.origin().isEmpty()
                            ? event.currency()
                            : known.origin().get().currency();
            if (!sum.isOf(event.kind(), currency)) {
                sum.into(byKey);
                sum = new Sum(event.kind(), currency);
            }
            sum.add(event);
        }
        sum.into(byKey);
        return new Totals(byKey);
    }

    /// Events of one type and currency that follow each other, being added up.
    private static final class Sum {
        private final EventType type;
        private final Optional<String> currency;
        private final Cell amounts = new Cell(Arithmetic.LONGS);
        private final Cell quantities = new Cell(Arithmetic.LONGS);
        private long count;
        private boolean anyAmount;
        private boolean anyQuantity;

        Sum(EventType type, Optional<String> currency) {
            this.type = type;
            this.currency = currency;
        }

        boolean isOf(EventType otherType, Optional<String> otherCurrency) {
            return type == otherType && currency.equals(otherCurrency);
        }

        void add(Event event) {
            count++;
            if (event.amount().isPresent()) {
                anyAmount = true;
                amounts.add(1, event.amount().get());
            }
            if (event.quantity().isPresent()) {
                anyQuantity = true;
                quantities.add(1, event.quantity().get());
            }
        }

        void into(SortedMap<Key, Total> byKey) {
            if (count > 0) {
                Totals.add(
                        byKey,
                        new Total(
                                type,
                                currency,
                                count,
                                anyAmount ? Optional.of(amounts.sum().numerator()) : Optional.empty(),
                                anyQuantity ? Optional.of(quantities.sum()) : Optional.empty()));
            }
        }
    }

    private static void add(SortedMap<Key, Total> byKey, Total total) {
        byKey.merge(Key.of(total), total, Total::plus);
    }

    public Totals plus(Totals other) {
        SortedMap<Key, Total> both = new TreeMap<>(byKey);
        other.byKey.forEach((key, total) -> both.merge(key, total, Total::plus));
        return new Totals(both);
    }

    /// Sorted by type and then currency.
    public Json.Arr encode() {
        return Json.array(byKey.values().stream().map(Total::encode).toList());
    }

    /// What [#encode] wrote, or a declaration stated in the form of one.
    public static Totals decode(List<Json> items) {
        SortedMap<Key, Total> byKey = new TreeMap<>();
        for (Json item : items) {
            Total total = total((Json.Obj) item);
            add(byKey, total);
        }
        return new Totals(byKey);
    }

    private static Total total(Json.Obj item) {
        return new Total(
                EventType.ofText(item.text("type")).orElseThrow(),
                item.findText("currency"),
                item.whole("count"),
                item.find("amount").map(Amounts::decode),
                item.find("quantity").map(Totals::quantity));
    }

    private static Rational quantity(Json value) {
        return switch (value) {
            case Json.Whole(var number) -> Rational.whole(number);
            case Json.Text(var text) -> Rational.ofText(text);
            default -> throw new IllegalArgumentException("not a quantity: " + value);
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Totals totals && byKey.equals(totals.byKey);
    }

    @Override
    public int hashCode() {
        return byKey.hashCode();
    }

    @Override
    public String toString() {
        return byKey.values().toString();
    }
}
