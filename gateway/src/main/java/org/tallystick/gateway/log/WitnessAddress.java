package org.tallystick.gateway.log;

import java.net.URI;
import java.util.Optional;
import org.tallystick.agreement.signing.VerifierKey;

/// Where a witness is asked to cosign.
///
/// @param prefix below which `add-checkpoint` stands
/// @param key of a witness that is no member; those of members are on the ledger
public record WitnessAddress(URI prefix, Optional<VerifierKey> key) {

    private static final String ADD_CHECKPOINT = "/add-checkpoint";

    /// Reads `URL`, or `URL VKEY` with a space between them.
    public static Optional<WitnessAddress> parse(String text) {
        int space = text.indexOf(' ');
        Optional<URI> prefix = uri(space < 0 ? text : text.substring(0, space));
        if (space < 0 || prefix.isEmpty()) {
            return prefix.map(found -> new WitnessAddress(found, Optional.empty()));
        }
        return VerifierKey.parse(text.substring(space + 1))
                .filter(key -> key.type().isCosignature())
                .map(key -> new WitnessAddress(prefix.get(), Optional.of(key)));
    }

    /// As [#parse] reads it.
    public String text() {
        return prefix + key.map(known -> " " + known.text()).orElse("");
    }

    private static Optional<URI> uri(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    URI addCheckpoint() {
        return URI.create(prefix + ADD_CHECKPOINT);
    }
}
