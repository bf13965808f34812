package org.tallystick.agreement.state;

import java.math.BigInteger;
import java.util.List;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.terms.Period;

/// A sum that payer and payee agreed on: a line of a settlement beside those that are computed.
///
/// @param amount minor units, above 0
/// @param payer a party of the terms, as `payee`; one of them is the hub
/// @param period that it is about
/// @param hash of the instruction that both signed
public record AgreedLine(BigInteger amount, String payer, String payee, Period period, String reason, Hash hash) {

    public Json amountJson() {
        return Amounts.encode(amount);
    }

    public static AgreedLine decode(Json.Obj json) {
        return new AgreedLine(
                Amounts.decode(json.get("amount")),
                json.text("from"),
                json.text("to"),
                Periods.stored(json.text("period")),
                json.text("reason"),
                new Hash(json.text("hash")));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("amount", amountJson())
                .with("from", payer)
                .with("hash", hash.hex())
                .with("period", period.text())
                .with("reason", reason)
                .with("to", payee)
                .build();
    }

    /// Those that wait for a settlement.
    public static List<AgreedLine> all(Json.Obj waiting) {
        return waiting.items("lines").stream()
                .map(line -> decode((Json.Obj) line))
                .toList();
    }

    public static Json.Obj encode(List<AgreedLine> lines) {
        return Json.object()
                .with("lines", Json.array(lines.stream().map(AgreedLine::encode).toList()))
                .build();
    }
}
