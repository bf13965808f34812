package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.List;
import java.util.SortedMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

public record Statement(
        Period period,
        List<Line> lines,
        SortedMap<String, BigInteger> payments,
        SortedMap<String, SortedMap<String, BigInteger>> balances) {
    public Json.Obj encode() {
        throw new IllegalStateException();
    }
}
