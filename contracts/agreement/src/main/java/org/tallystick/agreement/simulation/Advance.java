package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.terms.Period;

/// How far the advances of a clause were got back.
///
/// @param paid all advances of the simulated periods
/// @param left what is not yet recouped after the last of them
/// @param recoupedIn the period in which the last of it was got back; absent while something is left, or if there was
/// no advance
public record Advance(
        String clause, BigInteger paid, BigInteger recouped, BigInteger left, Optional<Period> recoupedIn) {

    public Json.Obj encode() {
        return Json.object()
                .with("clause", clause)
                .with("left", Amounts.encode(left))
                .with("paid", Amounts.encode(paid))
                .with("recouped", Amounts.encode(recouped))
                .withText("recoupedIn", recoupedIn.map(Period::text))
                .build();
    }
}
