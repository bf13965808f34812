package org.tallystick.agreement.settlement.naive;

import java.math.BigInteger;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.agreement.SharedVectors;

/// Appendix A, taken from the text itself.
final class Currencies {

    private static final Pattern ROW = Pattern.compile("\\| ([0-9]) \\| ([A-Z]{3}( [A-Z]{3})*) \\|");

    private static final SortedMap<String, Integer> EXPONENTS = read();

    private Currencies() {}

    private static SortedMap<String, Integer> read() {
        String text = SharedVectors.bytes(SharedVectors.path("docs/spec/terms-1.md", "spec/terms-1.md"))
                .utf8()
                .orElseThrow();
        String appendix = text.substring(text.indexOf("## Appendix A."), text.indexOf("## Appendix B."));
        SortedMap<String, Integer> exponents = new TreeMap<>();
        for (Matcher row = ROW.matcher(appendix); row.find(); ) {
            for (String code : row.group(2).split(" ", -1)) {
                exponents.put(code, Integer.parseInt(row.group(1)));
            }
        }
        return exponents;
    }

    static boolean isKnown(String code) {
        return EXPONENTS.containsKey(code);
    }

    /// The factor from one unit of the minor unit of `from` to that of `to`, at one major unit for one.
    static Fraction scale(String from, String to) {
        int places = exponent(to) - exponent(from);
        Fraction power = Fraction.of(BigInteger.TEN.pow(Math.abs(places)));
        return places < 0 ? Fraction.ONE.over(power) : power;
    }

    private static int exponent(String code) {
        Integer exponent = EXPONENTS.get(code);
        if (exponent == null) {
            throw new IllegalArgumentException("not in Appendix A: " + code);
        }
        return exponent;
    }
}
