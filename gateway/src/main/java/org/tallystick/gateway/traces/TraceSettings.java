package org.tallystick.gateway.traces;

import java.net.URI;
import java.util.Optional;

/// Where traces are sent, and how many.
///
/// @param endpoint of a collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318/v1/traces`
/// @param perThousand how many of a thousand requests are traced
public record TraceSettings(URI endpoint, int perThousand) {

    public static final int ALL = 1_000;

    public TraceSettings {
        if (perThousand < 0 || perThousand > ALL) {
            throw new IllegalArgumentException("no share of a thousand: " + perThousand);
        }
    }

    /// An address of the Web without a user.
    public static Optional<URI> endpoint(String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null && uri.getUserInfo() == null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
