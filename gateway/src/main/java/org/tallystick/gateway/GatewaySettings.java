package org.tallystick.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// What a gateway needs to know.
///
/// @param port 0 for any that is free
/// @param store the SQLite file; made if it is not there
/// @param storeLimit how many bytes the file may have, if that is limited
/// @param patience how long a transaction may take to its block before its status is asked, if not the default
public record GatewaySettings(
        String host,
        int port,
        Path store,
        OptionalLong storeLimit,
        LedgerSource ledger,
        Capacity.Limits capacity,
        HttpLimits http,
        Optional<Duration> patience,
        LogSettings log) {

    /// Opens the ledger that is followed; the gateway closes it.
    @FunctionalInterface
    public interface LedgerSource {
        Ledger open() throws LedgerException;
    }

    public static GatewaySettings of(String host, int port, Path store, LedgerSource ledger) {
        return new GatewaySettings(
                host,
                port,
                store,
                OptionalLong.empty(),
                ledger,
                Capacity.Limits.DEFAULT,
                HttpLimits.DEFAULT,
                Optional.empty(),
                LogSettings.NONE);
    }

    public GatewaySettings withStoreLimit(long bytes) {
        return new GatewaySettings(host, port, store, OptionalLong.of(bytes), ledger, capacity, http, patience, log);
    }

    public GatewaySettings withCapacity(Capacity.Limits limits) {
        return new GatewaySettings(host, port, store, storeLimit, ledger, limits, http, patience, log);
    }

    public GatewaySettings withHttp(HttpLimits limits) {
        return new GatewaySettings(host, port, store, storeLimit, ledger, capacity, limits, patience, log);
    }

    public GatewaySettings withPatience(Duration first) {
        return new GatewaySettings(host, port, store, storeLimit, ledger, capacity, http, Optional.of(first), log);
    }

    public GatewaySettings withLog(LogSettings settings) {
        return new GatewaySettings(host, port, store, storeLimit, ledger, capacity, http, patience, settings);
    }
}
