package org.tallystick.ledger.client;

import org.tallystick.agreement.json.Json;

/// Where a verdict stands: block, transaction in the block, item in the transaction.
public record Position(long block, long transaction, long item) {

    public static Position decode(Json.Obj json) {
        return new Position(json.whole("block"), json.whole("transaction"), json.whole("item"));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("block", block)
                .with("item", item)
                .with("transaction", transaction)
                .build();
    }

    @Override
    public String toString() {
        return block + "/" + transaction + "/" + item;
    }
}
