package org.tallystick.gateway.configuration;

import java.util.Map;
import java.util.Optional;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.webhook.WebhookSettings;
import org.tallystick.ledger.cli.PeerAccess;

/// What an operator says of a gateway: by a file, by flags, and by saying nothing.
///
/// @param store without a password
/// @param password of the store, if it is said here where that is
/// @param ledger how its peer is reached
/// @param held how much may be held without an answer
public record Configuration(
        Address listen,
        StoreAddress store,
        Optional<Secret> password,
        String instance,
        PeerAccess ledger,
        LogSettings log,
        WebhookSettings webhooks,
        Capacity.Limits held,
        HttpLimits http,
        Operation operation) {

    /// The store with its password, which must be there.
    public StoreAddress store(Map<String, String> environment) {
        return password.map(secret -> switch (secret.read(environment)) {
                    case Secret.Here(var text) -> store.withPassword(text);
                    case Secret.Missing(var why) -> throw new IllegalStateException(why);
                })
                .orElse(store);
    }
}
