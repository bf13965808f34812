package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;

/// An event that is priced or divided alone, once its fixing or the use of its period is known; equal ones are counted.
///
/// @param by the text of the rate key or of the period that its rate follows, or [Figures#PLAIN]
/// @param quantity that a limit by price follows
/// @param size whose step its rate is, if that is another event
record Alone(String by, Money money, Optional<Rational> quantity, Optional<Money> size) implements Comparable<Alone> {

    /// An amount before conversion, without its sign.
    record Money(BigInteger amount, Coin coin) implements Comparable<Money> {
        private static final Comparator<Money> ORDER =
                Comparator.comparing(Money::amount).thenComparing(Money::coin);

        @Override
        public int compareTo(Money other) {
            return ORDER.compare(this, other);
        }

        private List<Json> encode() {
            return List.of(Json.text(amount.toString()), Json.text(coin.text()));
        }

        private static Money decode(List<Json> row, int index) {
            return new Money(new BigInteger(text(row, index)), Coin.ofText(text(row, index + 1)));
        }
    }

    private static final Comparator<Alone> ORDER = Comparator.comparing(Alone::by)
            .thenComparing(Alone::money)
            .thenComparing(alone -> alone.quantity().orElse(Rational.ZERO))
            .thenComparing(alone -> alone.quantity().isPresent())
            .thenComparing(alone -> alone.size().orElse(alone.money()))
            .thenComparing(alone -> alone.size().isPresent());

    static Alone of(String by, Money money) {
        return new Alone(by, money, Optional.empty(), Optional.empty());
    }

    @Override
    public int compareTo(Alone other) {
        return ORDER.compare(this, other);
    }

    /// A row that begins with how many there are, refunds deducted.
    Json encode(BigInteger count) {
        List<Json> row = new ArrayList<>();
        row.add(Json.text(count.toString()));
        row.add(Json.text(by));
        row.add(Json.text(quantity.map(Rational::toString).orElse("")));
        row.addAll(money.encode());
        size.ifPresent(other -> row.addAll(other.encode()));
        return Json.array(row);
    }

    static BigInteger count(List<Json> row) {
        return new BigInteger(text(row, 0));
    }

    /// What [#encode] wrote.
    static Alone decode(List<Json> row) {
        Optional<Rational> quantity =
                Optional.of(text(row, 2)).filter(text -> !text.isEmpty()).map(Rational::ofText);
        return new Alone(
                text(row, 1),
                Money.decode(row, 3),
                quantity,
                row.size() > 5 ? Optional.of(Money.decode(row, 5)) : Optional.empty());
    }

    private static String text(List<Json> row, int index) {
        return ((Json.Text) row.get(index)).value();
    }
}
