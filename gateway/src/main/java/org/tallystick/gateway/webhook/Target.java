package org.tallystick.gateway.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// Where a webhook is, as its URL says.
///
/// @param path with the query
public record Target(boolean tls, String host, int port, String path) {

    /// Characters of a URL.
    private static final int LONGEST = 2_048;

    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int LAST_PORT = 65_535;

    /// Nothing if it is no URL of `https`, or of `http`, which only this machine may have; or if it says who calls.
    public static Optional<Target> parse(String url) {
        try {
            URI uri = new URI(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean tls = scheme.equals("https");
            String host = uri.getHost();
            int port = uri.getPort() < 0 ? (tls ? HTTPS : HTTP) : uri.getPort();
            boolean good = (tls || scheme.equals("http"))
                    && url.length() <= LONGEST
                    && host != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && port > 0
                    && port <= LAST_PORT;
            return good ? Optional.of(new Target(tls, bare(String.valueOf(host)), port, path(uri))) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /// Without TLS, this machine alone; whether it is public is seen when it is told.
    public boolean mayBeTold() {
        return tls || host.equals("localhost") || host.equals("127.0.0.1") || host.equals("::1");
    }

    /// An address of IPv6 without its brackets.
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
