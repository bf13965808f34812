package org.tallystick.acceptance.bench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Told;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// Brings a transaction to its block, straight at a member's peer.
final class Submission {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int SENDINGS = 4;

    private Submission() {}

    /// That so many instructions were all applied.
    static void applied(Json.Obj response, int count) {
        List<Json> items = response.items("items");
        boolean all = items.size() == count
                && items.stream()
                        .allMatch(item -> Told.isBrief(item)
                                || (item instanceof Json.Obj one
                                        && one.findText("result").equals(Optional.of("applied"))));
        if (!all) {
            throw new IllegalStateException("not every instruction was applied: "
                    + response.canonical().utf8().orElse(""));
        }
    }

    /// Endorses, sends, and waits until it is in a block and valid. An orderer that loses its lead may lose what it
    /// took:
    /// the same bytes are then sent again, as a gateway does.
    static Ledger.Endorsed carry(Ledger ledger, Ledger.Call call) throws LedgerException {
        Ledger.Endorsed endorsed = ledger.endorse(call);
        if (!commit(ledger, endorsed)) {
            throw new IllegalStateException("transaction " + endorsed.transaction() + " is invalid");
        }
        return endorsed;
    }

    /// Sends what was endorsed, and waits until it is in a block.
    ///
    /// @return whether it is valid there
    static boolean commit(Ledger ledger, Ledger.Endorsed endorsed) throws LedgerException {
        for (int sending = 1; ; sending++) {
            ledger.broadcast(endorsed);
            try {
                return ledger.await(endorsed.transaction(), LONGEST).valid();
            } catch (LedgerException.Unavailable e) {
                if (sending == SENDINGS) {
                    throw e;
                }
            }
        }
    }
}
