package org.tallystick.gateway.webhook;

import java.nio.file.Path;
import java.util.Optional;

/// How a gateway tells webhooks.
///
/// @param keys the folder of the keys that sign; without one, none is told anything
/// @param allowLoopback whether this machine may be told, too, and without TLS; for tests and trials
public record WebhookSettings(Optional<Path> keys, boolean allowLoopback) {

    public static final WebhookSettings NONE = new WebhookSettings(Optional.empty(), false);
}
