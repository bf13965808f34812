package org.tallystick.gateway.http;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.keys.KeyFolderException;

/// A view of the routes for tests of other packages.
public final class RoutesForTests {

    private RoutesForTests() {}

    public static String contract() {
        return Routes.contract();
    }

    /// Method and path by operation.
    public static Map<String, String> operations(Path file, Ledger ledger)
            throws StoreException, IOException, KeyFolderException {
        Map<String, String> operations = new TreeMap<>();
        Vertx vertx = Vertx.vertx();
        try (Store store = Store.open(StoreAddress.file(file))) {
            Courier courier = new Courier(
                    store, ledger, 0, Duration.ZERO, Capacity.Limits.DEFAULT, Optional.empty(), Courier.ALONE);
            Routes.Parts parts = new Routes.Parts(
                    vertx,
                    courier,
                    store,
                    ledger,
                    Runnable::run,
                    HttpLimits.DEFAULT,
                    true,
                    () -> false,
                    TransparencyLog.of(store.log(), ledger, LogSettings.NONE));
            for (Routes.Operation operation : Routes.operations(parts)) {
                operations.put(
                        operation.id(), operation.method().name().toLowerCase(Locale.ROOT) + " " + operation.path());
            }
        } finally {
            var _ = vertx.close();
        }
        return operations;
    }
}
