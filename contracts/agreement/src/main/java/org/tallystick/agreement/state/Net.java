package org.tallystick.agreement.state;

import java.time.Duration;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// What every transaction reads: which ledger this is, and its time.
///
/// @param trial whether its clock may be moved forward
/// @param offset how far ledger time is ahead of the transactions' timestamps; zero unless a trial
/// @param rules the rules version of the code that wrote it last: older code decides nothing any more; `layout` is the
/// version of the state's keys
public record Net(
        Hash ledger, boolean trial, Duration offset, long epoch, LedgerTime epochAt, long rules, long layout) {
    public static final Codec<Net> CODEC = new Codec<>(Net::decode, Net::encode);

    public static final long RULES = 1;
    public static final long LAYOUT = 1;

    public static Net begin(Hash ledger, boolean trial, LedgerTime at) {
        return new Net(ledger, trial, Duration.ZERO, 1, at, RULES, LAYOUT);
    }

    /// Ledger time at a transaction with this timestamp.
    public LedgerTime time(LedgerTime timestamp) {
        return timestamp.plus(offset);
    }

    /// @param rules of the code that writes it
    public Net withOffset(Duration offset, long rules) {
        return new Net(ledger, trial, offset, epoch, epochAt, rules, layout);
    }

    /// @param rules of the code that writes it
    public Net nextEpoch(LedgerTime at, long rules) {
        return new Net(ledger, trial, offset, epoch + 1, at, rules, layout);
    }

    public static Net decode(Json.Obj json) {
        return new Net(
                new Hash(json.text("ledger")),
                json.bool("trial"),
                Duration.ofSeconds(json.whole("offset")),
                json.whole("epoch"),
                LedgerTime.of(json.text("epochAt")),
                json.whole("rules"),
                json.whole("layout"));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("epoch", epoch)
                .with("epochAt", epochAt.text())
                .with("layout", layout)
                .with("ledger", ledger.hex())
                .with("offset", offset.toSeconds())
                .with("rules", rules)
                .with("trial", trial)
                .build();
    }
}
