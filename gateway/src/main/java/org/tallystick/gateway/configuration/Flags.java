package org.tallystick.gateway.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tallystick.gateway.webhook.WebhookSettings;
import org.tallystick.ledger.cli.PeerAccess;

/// What the command line says. It counts more than a file.
///
/// @param witnesses all of them, if there are any
public record Flags(
        Optional<String> listen,
        Optional<String> store,
        Optional<String> instance,
        Optional<Path> logKeys,
        List<String> witnesses,
        Optional<Duration> logPace,
        WebhookSettings webhooks,
        PeerAccess ledger) {

    public static final Flags NONE = new Flags(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            WebhookSettings.NONE,
            PeerAccess.NONE);

    public Flags {
        witnesses = List.copyOf(witnesses);
    }
}
