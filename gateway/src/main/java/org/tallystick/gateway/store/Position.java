package org.tallystick.gateway.store;

import org.tallystick.agreement.json.Json;

/// Where a verdict lies on the ledger.
///
/// @param transaction index in the block
/// @param item index in the transaction
public record Position(long block, int transaction, int item) {

    public Json.Obj toJson() {
        return Json.object()
                .with("block", block)
                .with("item", item)
                .with("transaction", transaction)
                .build();
    }
}
