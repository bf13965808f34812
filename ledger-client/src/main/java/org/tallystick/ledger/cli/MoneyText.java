package org.tallystick.ledger.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Currencies;

/// Amounts as people read them: `304,750.00` for 30475000 minor units of USD.
final class MoneyText {

    private MoneyText() {}

    static String of(Json amount, String currency) {
        return of(Amounts.decode(amount), currency);
    }

    static String of(BigInteger units, String currency) {
        int digits = Currencies.exponent(currency).orElse(0);
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(digits);
        return format.format(new BigDecimal(units, digits));
    }
}
