package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;

/// Events that are priced alone are counted together only if they are the same in every respect.
class AloneTest {

    private static final Alone.Money FIVE = money(5, "EUR 2026-01-10");

    private static final List<Alone> DIFFERENT = List.of(
            alone("", FIVE, Optional.empty(), Optional.empty()),
            alone("", FIVE, Optional.empty(), Optional.of(FIVE)),
            alone("", FIVE, Optional.empty(), Optional.of(money(6, "EUR 2026-01-10"))),
            alone("", FIVE, Optional.of(Rational.ZERO), Optional.empty()),
            alone("", FIVE, Optional.of(Rational.ZERO), Optional.of(FIVE)),
            alone("", FIVE, Optional.of(Rational.ONE), Optional.empty()),
            alone("", money(5, "EUR 2026-01-11"), Optional.empty(), Optional.empty()),
            alone("", money(6, "EUR 2026-01-10"), Optional.empty(), Optional.empty()),
            alone("1/10", FIVE, Optional.empty(), Optional.empty()));

    private static Alone.Money money(long amount, String coin) {
        return new Alone.Money(BigInteger.valueOf(amount), Coin.ofText(coin));
    }

    private static Alone alone(String by, Alone.Money money, Optional<Rational> quantity, Optional<Alone.Money> size) {
        return new Alone(by, money, quantity, size);
    }

    @Test
    void each_comes_before_those_that_are_written_after_it() {
        for (int i = 0; i < DIFFERENT.size(); i++) {
            for (int k = 0; k < DIFFERENT.size(); k++) {
                int order = DIFFERENT.get(i).compareTo(DIFFERENT.get(k));

                assertThat(Integer.signum(order)).isEqualTo(Integer.compare(i, k));
            }
        }
    }

    @Test
    void what_is_written_is_read_again() {
        for (Alone one : DIFFERENT) {
            List<Json> row = ((Json.Arr) one.encode(BigInteger.TWO)).items();

            assertThat(Alone.decode(row)).isEqualTo(one);
            assertThat(Alone.count(row)).isEqualTo(2);
        }
    }
}
