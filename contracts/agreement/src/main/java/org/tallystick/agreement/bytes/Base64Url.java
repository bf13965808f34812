package org.tallystick.agreement.bytes;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/// base64url without padding (RFC 4648 section 5), in its one spelling.
public final class Base64Url {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static final int PADDING = '=';

    private Base64Url() {}

    public static String encode(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toArray());
    }

    public static Optional<Bytes> decode(String text) {
        return decode(Bytes.ofUtf8(text));
    }

    /// The octets, or nothing for any other character, padding, an impossible length, or unused bits that are not 0.
    public static Optional<Bytes> decode(Bytes text) {
        int last = text.size() == 0 ? 0 : text.at(text.size() - 1);
        if (last == PADDING) {
            return Optional.empty();
        }
        try {
            ByteBuffer octets = Base64.getUrlDecoder().decode(text.wrapped());
            return unusedBits(text.size(), last) == 0
                    ? Optional.of(Bytes.sharing(octets.array(), octets.arrayOffset(), octets.remaining()))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// What the last character says beyond whole octets; Java's decoder passes over it.
    private static int unusedBits(int length, int last) {
        int beyond = length % 4;
        return beyond == 0 ? 0 : ALPHABET.indexOf(last) & (beyond == 2 ? 0xf : 0x3);
    }
}
