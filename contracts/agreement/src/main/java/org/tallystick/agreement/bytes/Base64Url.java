package org.tallystick.agreement.bytes;

import java.util.Base64;
import java.util.Optional;

/// base64url without padding (RFC 4648 section 5), in its one spelling.
public final class Base64Url {

    private Base64Url() {}

    public static String encode(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toArray());
    }

    /// The octets, or nothing for any other character, padding, an impossible length, or unused bits that are not 0.
    public static Optional<Bytes> decode(String text) {
        if (text.indexOf('=') >= 0) {
            return Optional.empty();
        }
        try {
            Bytes bytes = Bytes.copyOf(Base64.getUrlDecoder().decode(text));
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
