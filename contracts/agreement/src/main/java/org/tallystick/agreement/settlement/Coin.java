package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.Comparator;
import org.tallystick.agreement.terms.Days;

/// What must be equal for two amounts to be converted at one fixing, whichever that will be (terms/1 section 8).
///
/// Sums are kept by it, so that a fixing that is recorded late converts them again without their events.
///
/// @param currency empty for the currency of the terms, and for what is no money
/// @param day whose fixing it is: the first day of the period, if fixings are those of period ends
record Coin(String currency, LocalDate day) implements Comparable<Coin> {

    /// What needs no fixing.
    static final Coin OWN = new Coin("", LocalDate.EPOCH);

    private static final Comparator<Coin> ORDER =
            Comparator.comparing(Coin::currency).thenComparing(Coin::day);

    boolean isOwn() {
        return currency.isEmpty();
    }

    String text() {
        return isOwn() ? "" : currency + " " + day;
    }

    /// What [#text] wrote.
    static Coin ofText(String text) {
        return text.isEmpty() ? OWN : new Coin(text.substring(0, 3), Days.ofText(text.substring(4)));
    }

    @Override
    public int compareTo(Coin other) {
        return this == other ? 0 : ORDER.compare(this, other);
    }
}
