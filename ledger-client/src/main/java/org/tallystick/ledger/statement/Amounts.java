package org.tallystick.ledger.statement;

import java.math.BigInteger;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.Working.Figure;
import org.tallystick.agreement.settlement.Working.Unit;
import org.tallystick.agreement.terms.NumberText;

/// Numbers of a statement as people read them, exactly: money in major units, the currency said once above them.
public final class Amounts {

    private static final int CODE = 4;

    private final NumberText text;

    public Amounts(String currency) {
        this.text = new NumberText(currency);
    }

    /// `1,234.00` for 123400 minor units of EUR.
    public String money(BigInteger minorUnits) {
        return exact(Rational.whole(minorUnits));
    }

    /// The same, of another currency.
    static String money(BigInteger minorUnits, String currency) {
        return new Amounts(currency).money(minorUnits);
    }

    /// Money that need not be whole, with as many more decimals as needed; `1/3 minor units` if there is no end to
    /// them.
    private String exact(Rational minorUnits) {
        String said = text.price(minorUnits);
        int of = said.indexOf(" minor units of ");
        return of < 0 ? said.substring(CODE) : said.substring(0, of) + " minor units";
    }

    String figure(Figure figure) {
        return switch (figure.unit()) {
            case MONEY -> exact(figure.value());
            case FOREIGN -> throw new IllegalArgumentException("money of a currency that is not said");
            case UNITS -> NumberText.decimal(figure.value()) + " units";
            case EVENTS -> NumberText.decimal(figure.value()) + " events";
            case RATE -> NumberText.percent(figure.value());
            case NUMBER -> NumberText.decimal(figure.value());
        };
    }

    String figure(Figure figure, String currency) {
        return figure.unit() == Unit.FOREIGN && Currencies.exponent(currency).isPresent()
                ? currency + " " + money(figure.value().numerator(), currency)
                : figure(figure);
    }

    /// A share of money, or a price of anything else.
    String rate(Rational rate, Unit of) {
        return of == Unit.MONEY ? NumberText.percent(rate) : exact(rate) + " each";
    }
}
