package org.tallystick.gateway;

import java.nio.file.Files;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.store.StoreException;
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

    /// What somebody has to say to a store that is there.
    @FunctionalInterface
    interface Work<T> {
        T on(Store store) throws StoreException, CommandFailure, InterruptedException;
    }

    /// Works on a store beside the gateway, which may be running on it.
    static <T> T in(String at, Work<T> work) throws CommandFailure, InterruptedException {
        StoreAddress address = address(at);
        if (address instanceof StoreAddress.File file && !Files.exists(file.path())) {
            throw CommandFailure.cannot("no such file: " + file.text());
        }
        try (Store store = Store.open(address)) {
            return work.on(store);
        } catch (StoreException e) {
            throw CommandFailure.cannot(String.valueOf(e.getMessage()));
        }
    }
}
