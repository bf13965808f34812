package org.tallystick.agreement.terms;

/// How terms and events spell names and texts (terms/1 section 2).
public final class Spelling {

    private static final int LONGEST_ID = 64;
    private static final int LONGEST_TEXT = 200;

    private Spelling() {}

    /// A letter, then letters, digits, `_` and `-`: at most 64 in all, and all of them ASCII.
    public static boolean isId(String text) {
        if (text.isEmpty() || text.length() > LONGEST_ID || !isLetter(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !('0' <= c && c <= '9') && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z');
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
