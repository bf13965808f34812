package org.tallystick.gateway;

import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.ledger.cli.CommandFailure;

/// What `--store` says.
final class StoreOption {

    private StoreOption() {}

    static StoreAddress address(String text) throws CommandFailure {
        StoreAddress address = switch (StoreAddress.parse(text)) {
            case StoreAddress.Good(var good) -> good;
            // Without the text: it may have a password.
            case StoreAddress.Bad(var why) ->
                throw CommandFailure.cannot("not a store: " + why, "give --store gateway.db");
        };
        if (address instanceof StoreAddress.Server server && server.password().isPresent()) {
            throw CommandFailure.cannot(
                    "a password on the command line is seen by everybody on this machine",
                    "put it into PGPASSWORD, or into the file that PGPASSFILE names; --store " + server.text());
        }
        return address;
    }
}
