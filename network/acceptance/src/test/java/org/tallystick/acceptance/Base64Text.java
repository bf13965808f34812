package org.tallystick.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/// What a text looks like inside a longer one in base64url, depending on where it begins.
final class Base64Text {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Base64Text() {}

    /// The three spellings, less the digits that also depend on what stands before and after.
    static List<String> of(String text) {
        return IntStream.range(0, 3).mapToObj(before -> spelled(text, before)).toList();
    }

    private static String spelled(String text, int before) {
        byte[] octets = text.getBytes(UTF_8);
        byte[] shifted = new byte[before + octets.length];
        System.arraycopy(octets, 0, shifted, before, octets.length);
        String digits = BASE64.encodeToString(shifted);
        int first = (before * 8 + 5) / 6;
        int last = shifted.length * 8 / 6;
        return digits.substring(first, last);
    }
}
