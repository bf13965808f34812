package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;

/// What settlement moves for one account, a party or an escrow account.
///
/// @param receives all lines to it
/// @param gives all lines from it
/// @param paid by the hub, collected if negative; of the hub itself, the other way round
/// @param carried to the next settlement
public record Payout(String account, BigInteger receives, BigInteger gives, BigInteger paid, BigInteger carried) {

    static Payout none(String account) {
        return new Payout(account, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);
    }

    public BigInteger net() {
        return receives.subtract(gives);
    }

    /// Whether nothing happens to the account at all.
    public boolean isNothing() {
        return receives.signum() == 0 && gives.signum() == 0 && paid.signum() == 0 && carried.signum() == 0;
    }

    /// Together with those of a later settlement.
    Payout then(Payout later) {
        return new Payout(
                account, receives.add(later.receives), gives.add(later.gives), paid.add(later.paid), later.carried);
    }

    public Json.Obj encode() {
        return Json.object()
                .with("account", account)
                .with("carried", Amounts.encode(carried))
                .with("gives", Amounts.encode(gives))
                .with("net", Amounts.encode(net()))
                .with("paid", Amounts.encode(paid))
                .with("receives", Amounts.encode(receives))
                .build();
    }
}
