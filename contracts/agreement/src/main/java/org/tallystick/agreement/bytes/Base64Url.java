package org.tallystick.agreement.bytes;

import java.util.Base64;
import java.util.Optional;

/// base64url without padding (RFC 4648 section 5), in its one spelling.
public final class Base64Url {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

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
            byte[] octets = Base64.getUrlDecoder().decode(text);
            return unusedBits(text) == 0 ? Optional.of(Bytes.owning(octets)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// What the last character says beyond whole octets; Java's decoder passes over it.
    private static int unusedBits(String text) {
        int beyond = text.length() % 4;
        return beyond == 0 ? 0 : ALPHABET.indexOf(text.charAt(text.length() - 1)) & (beyond == 2 ? 0xf : 0x3);
    }
}
