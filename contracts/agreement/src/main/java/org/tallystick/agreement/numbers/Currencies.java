package org.tallystick.agreement.numbers;

import java.util.Collections;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// The currencies of terms/1 and their minor-unit exponents: Appendix A, pinned.
///
/// Never taken from the platform: its table changes with the JDK, and two verifiers would then disagree.
public final class Currencies {

    private static final String WITH_0 = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    private static final String WITH_3 = "BHD IQD JOD KWD LYD OMR TND";
    private static final String WITH_4 = "CLF UYW";
    private static final String WITH_2 = """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
            CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
            HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU \
            MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR \
            SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED \
            VES WST XAD XCD XCG YER ZAR ZMW ZWG""";

    private static final SortedMap<String, Integer> EXPONENTS = exponents();

    private Currencies() {}

    private static SortedMap<String, Integer> exponents() {
        SortedMap<String, Integer> exponents = new TreeMap<>();
        put(exponents, WITH_0, 0);
        put(exponents, WITH_2, 2);
        put(exponents, WITH_3, 3);
        put(exponents, WITH_4, 4);
        return Collections.unmodifiableSortedMap(exponents);
    }

    private static void put(SortedMap<String, Integer> exponents, String codes, int exponent) {
        for (String code : codes.split(" ", -1)) {
            exponents.put(code, exponent);
        }
    }

    /// How many decimals the major unit has, or nothing for a code that is not in the table.
    public static OptionalInt exponent(String code) {
        Integer exponent = EXPONENTS.get(code);
        return exponent == null ? OptionalInt.empty() : OptionalInt.of(exponent);
    }

    public static boolean knows(String code) {
        return EXPONENTS.containsKey(code);
    }

    /// Every code with its exponent.
    public static SortedMap<String, Integer> all() {
        return EXPONENTS;
    }
}
