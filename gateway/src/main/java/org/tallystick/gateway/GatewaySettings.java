package org.tallystick.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.tallystick.gateway.configuration.Configuration;
import org.tallystick.gateway.configuration.Operation;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.webhook.WebhookSettings;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// What a gateway needs to know.
///
/// @param port 0 for any that is free
/// @param store where what was acknowledged is held
/// @param instance which of the gateways that share the store this is; the same after a restart
/// @param patience how long a transaction may take to its block before its status is asked, if not the
///     default
public record GatewaySettings(
        String host,
        int port,
        StoreAddress store,
        LedgerSource ledger,
        Capacity.Limits capacity,
        HttpLimits http,
        Optional<Duration> patience,
        LogSettings log,
        String instance,
        Operation operation,
        WebhookSettings webhooks) {

    /// Opens the ledger that is followed; the gateway closes it.
    @FunctionalInterface
    public interface LedgerSource {
        Ledger open() throws LedgerException;
    }

    public static GatewaySettings of(String host, int port, StoreAddress store, LedgerSource ledger) {
        return new GatewaySettings(
                host,
                port,
                store,
                ledger,
                Capacity.Limits.DEFAULT,
                HttpLimits.DEFAULT,
                Optional.empty(),
                LogSettings.NONE,
                Courier.ALONE,
                Operation.DEFAULT,
                WebhookSettings.NONE);
    }

    /// What an operator says.
    public static GatewaySettings of(
            Configuration configuration, Map<String, String> environment, LedgerSource ledger) {
        return of(
                        configuration.listen().host(),
                        configuration.listen().port(),
                        configuration.store(environment),
                        ledger)
                .withCapacity(configuration.held())
                .withHttp(configuration.http())
                .withLog(configuration.log())
                .withInstance(configuration.instance())
                .withOperation(configuration.operation())
                .withWebhooks(configuration.webhooks());
    }

    /// The same over a file of SQLite.
    public static GatewaySettings of(String host, int port, Path store, LedgerSource ledger) {
        return of(host, port, StoreAddress.file(store), ledger);
    }

    public GatewaySettings withStore(StoreAddress address) {
        return new GatewaySettings(
                host, port, address, ledger, capacity, http, patience, log, instance, operation, webhooks);
    }

    public GatewaySettings withCapacity(Capacity.Limits limits) {
        return new GatewaySettings(
                host, port, store, ledger, limits, http, patience, log, instance, operation, webhooks);
    }

    public GatewaySettings withHttp(HttpLimits limits) {
        return new GatewaySettings(
                host, port, store, ledger, capacity, limits, patience, log, instance, operation, webhooks);
    }

    public GatewaySettings withPatience(Duration first) {
        return new GatewaySettings(
                host, port, store, ledger, capacity, http, Optional.of(first), log, instance, operation, webhooks);
    }

    public GatewaySettings withLog(LogSettings settings) {
        return new GatewaySettings(
                host, port, store, ledger, capacity, http, patience, settings, instance, operation, webhooks);
    }

    public GatewaySettings withInstance(String name) {
        return new GatewaySettings(host, port, store, ledger, capacity, http, patience, log, name, operation, webhooks);
    }

    public GatewaySettings withOperation(Operation how) {
        return new GatewaySettings(host, port, store, ledger, capacity, http, patience, log, instance, how, webhooks);
    }

    public GatewaySettings withWebhooks(WebhookSettings settings) {
        return new GatewaySettings(
                host, port, store, ledger, capacity, http, patience, log, instance, operation, settings);
    }
}
