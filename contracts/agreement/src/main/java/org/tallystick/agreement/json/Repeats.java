package org.tallystick.agreement.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a text says again and again, made once: like objects have the same names, and often the same words.
///
/// Each lies in the one place that its characters lead to; another that leads there takes it.
final class Repeats {

    /// Powers of two.
    private static final int NAMES = 32;

    private static final int WORDS = 64;
    private static final int OBJECTS = 8;
    private static final int LONGEST_WORD = 16;

    private final byte[] text;
    private final Words names = new Words(NAMES);
    private final Words words = new Words(WORDS);
    private final String[] @Nullable [] objects = new String[OBJECTS][];

    /// @param text of which only parts in ASCII are asked for
    Repeats(byte[] text) {
        this.text = text;
    }

    private static final class Words {
        private final Json.@Nullable Text[] found;
        private final int[] at;

        Words(int places) {
            this.found = new Json.Text[places];
            this.at = new int[places];
        }
    }

    /// The name of a member.
    String name(int from, int to) {
        return find(names, from, to).value();
    }

    Json.Text text(int from, int to) {
        return to - from > LONGEST_WORD ? make(from, to) : find(words, from, to);
    }

    private Json.Text find(Words in, int from, int to) {
        int place = (31 * text[from] + 7 * text[to - 1] + to - from) & (in.at.length - 1);
        Json.Text found = in.found[place];
        int before = in.at[place];
        if (found == null
                || found.value().length() != to - from
                || !Arrays.equals(text, from, to, text, before, before + to - from)) {
            found = make(from, to);
            in.found[place] = found;
            in.at[place] = from;
        }
        return found;
    }

    private Json.Text make(int from, int to) {
        return new Json.Text(new String(text, from, to - from, ISO_8859_1));
    }

    /// The names of an object's members, in an array that others like it have, too.
    String[] names(String[] all, int from, int to) {
        int place = (all[from].length() + 3 * (to - from)) & (OBJECTS - 1);
        String[] names = objects[place];
        if (names == null || !areThese(names, all, from, to)) {
            names = Arrays.copyOfRange(all, from, to);
            objects[place] = names;
        }
        return names;
    }

    private static boolean areThese(String[] names, String[] all, int from, int to) {
        if (names.length != to - from) {
            return false;
        }
        for (int i = 0; i < names.length; i++) {
            if (!names[i].equals(all[from + i])) {
                return false;
            }
        }
        return true;
    }
}
