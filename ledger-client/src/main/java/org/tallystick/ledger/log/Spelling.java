package org.tallystick.ledger.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.TreeHash;

/// The one spelling of what stands in the log's texts: lines, decimal numbers, base64.
final class Spelling {

    private static final int LONGEST_NUMBER = 19;
    private static final char DELETE = 0x7f;

    /// Ends a reading; never leaves this package.
    static final class Stop extends Exception {
        private static final long serialVersionUID = 1;

        Stop(String why) {
            super(why, null, false, false);
        }
    }

    interface Reader<T> {
        T read() throws Stop;
    }

    private Spelling() {}

    static <T> Reading<T> reading(Reader<T> reader) {
        try {
            return new Reading.Value<>(reader.read());
        } catch (Stop stop) {
            return new Reading.Fault<>(String.valueOf(stop.getMessage()));
        }
    }

    static void need(boolean condition, String otherwise) throws Stop {
        if (!condition) {
            throw new Stop(otherwise);
        }
    }

    /// Well-formed UTF-8 without control characters but for the ends of lines.
    static String text(Bytes octets, int most) throws Stop {
        need(octets.size() <= most, "more than " + most + " octets");
        String text = octets.utf8().orElseThrow(() -> new Stop("not UTF-8"));
        need(isText(text), "a control character");
        return text;
    }

    static boolean isText(String text) {
        return text.chars().allMatch(c -> c >= ' ' || c == '\n');
    }

    /// Whether a text can be one line of another, and has its octets back when it is read.
    static boolean isLine(String text, int most) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return !text.isEmpty()
                && octets.length <= most
                && text.chars().allMatch(c -> c >= ' ')
                && new String(octets, StandardCharsets.UTF_8).equals(text);
    }

    /// Visible ASCII characters alone.
    static boolean isVisible(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < DELETE);
    }

    /// The lines of a text that ends with the end of a line, without their ends.
    static List<String> lines(String text) throws Stop {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            need(end >= 0, "the last line has no end");
            lines.add(text.substring(from, end));
            from = end + 1;
        }
        return lines;
    }

    /// A whole number below 2^63, without leading zeros.
    static long number(String text) throws Stop {
        boolean digits = !text.isEmpty()
                && text.length() <= LONGEST_NUMBER
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        need(digits, "no number in its one spelling");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new Stop("a number of 2^63 or more");
        }
    }

    static Bytes base64(String text) throws Stop {
        return Bytes.ofBase64(text).orElseThrow(() -> new Stop("no base64 in its one spelling"));
    }

    static Bytes hash(String text) throws Stop {
        Bytes hash = base64(text);
        need(hash.size() == TreeHash.SIZE, "no hash of " + TreeHash.SIZE + " octets");
        return hash;
    }

    /// What follows this word and a space.
    static String after(String word, String line) throws Stop {
        need(line.startsWith(word + " "), "no line that begins with " + word);
        return line.substring(word.length() + 1);
    }
}
