package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

public record Line(
        String clause, String from, String to, BigInteger amount, Optional<String> kind, Optional<Period> adjusts) {
    public Json.Obj encode() {
        throw new IllegalStateException();
    }
}
