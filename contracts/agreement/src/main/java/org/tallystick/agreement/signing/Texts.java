package org.tallystick.agreement.signing;

/// Texts cut to a number of characters, counted as code points so that none is cut in half.
final class Texts {

    private Texts() {}

    static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }
}
