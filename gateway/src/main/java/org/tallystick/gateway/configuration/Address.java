package org.tallystick.gateway.configuration;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where something listens.
///
/// @param host a name or an address, without brackets
/// @param port 0 for any that is free
public record Address(String host, int port) {

    /// What a fault says that something is not.
    static final String FORM = "HOST:PORT, such as 127.0.0.1:8080";

    private static final Pattern PATTERN =
            Pattern.compile("(?<host>[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(?<port>:[0-9]{1,5})");

    private static final int LARGEST_PORT = 65_535;

    public static Optional<Address> parse(String text) {
        Matcher parts = PATTERN.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(parts.group("port").substring(1));
        String host = parts.group("host");
        return port > LARGEST_PORT
                ? Optional.empty()
                : Optional.of(new Address(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
    }

    public Address withPort(int other) {
        return new Address(host, other);
    }

    /// As it stands in a URL.
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
