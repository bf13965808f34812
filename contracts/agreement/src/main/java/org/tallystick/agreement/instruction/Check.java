package org.tallystick.agreement.instruction;

import java.util.regex.Pattern;

/// What the small value types have in common.
final class Check {

    private Check() {}

    static boolean fits(Pattern pattern, String text) {
        return pattern.matcher(text).matches();
    }

    static void form(Pattern pattern, String text, String what) {
        if (!fits(pattern, text)) {
            throw new IllegalArgumentException("not a " + what + ": " + text);
        }
    }
}
