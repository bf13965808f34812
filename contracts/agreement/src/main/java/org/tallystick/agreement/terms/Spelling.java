package org.tallystick.agreement.terms;

import java.util.regex.Pattern;

/// How terms and events spell names and texts (terms/1 section 2).
public final class Spelling {

    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final int LONGEST_TEXT = 200;

    private Spelling() {}

    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /// An id that is not one of the two names that stand for dates of the event.
    public static boolean isAttribute(String text) {
        return isId(text) && !text.equals(Filter.OWN_DATE) && !text.equals(Filter.ORIGIN_DATE);
    }

    /// 1 to 200 characters, none of them a control character.
    public static boolean isText(String text) {
        int length = text.codePointCount(0, text.length());
        return length >= 1 && length <= LONGEST_TEXT && text.chars().noneMatch(Spelling::isControl);
    }

    private static boolean isControl(int c) {
        return c < 0x20 || (0x7f <= c && c <= 0x9f);
    }
}
