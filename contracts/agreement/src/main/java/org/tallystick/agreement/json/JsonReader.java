package org.tallystick.agreement.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;

/// Reads JSON text exactly as RFC 8259 has it: no duplicate member, no lone surrogate, no byte too many.
///
/// The answer is a value or the first fault in reading order. See `docs/spec/instruction-1.md` section 2.
public final class JsonReader {

    /// How numbers are taken, and how deep arrays and objects may stand in each other.
    public enum Profile {
        /// What is signed: whole numbers in their one spelling.
        SIGNED(40),
        /// What people write in files: any number; those with an integral value up to 2^53-1 are whole.
        FILE(400);

        private final int depth;

        Profile(int depth) {
            this.depth = depth;
        }

        public int depth() {
            return depth;
        }
    }

    public sealed interface Reading {}

    public record Value(Json json) implements Reading {}

    /// @param code `not_json`, `duplicate_member`, `number_form`, `too_deep` or `not_canonical`
    /// @param at how many characters were read before the fault
    public record Fault(String code, int at) implements Reading {}

    private static final Fault NO_TEXT = new Fault("not_json", 0);
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final int LONGEST_WHOLE = 17;
    private static final int FEW = 16;
    /// Which octets are characters of ASCII that stand for themselves in a string.
    private static final boolean[] PLAIN = new boolean[0x100];

    static {
        Arrays.fill(PLAIN, 0x20, 0x80, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private final Bytes octets;
    private final byte[] text;
    private final Profile profile;
    private final Repeats repeats;
    private int at;
    /// Whether everything so far was spelled as [Canonical] spells it.
    private boolean canonical = true;
    /// Members of the objects that are being read, those of an inner one behind those of the outer.
    private String[] names = new String[FEW];

    private Json[] values = new Json[FEW];
    private int members;

    private JsonReader(Bytes octets, Profile profile) {
        this.octets = octets;
        this.text = octets.toArray();
        this.profile = profile;
        this.repeats = new Repeats(text);
    }

    /// Reads a value that stands alone between white space.
    public static Reading read(Bytes bytes, Profile profile) {
        return new JsonReader(bytes, profile).read();
    }

    /// Reads a value in its canonical spelling; any other spelling of it is the fault `not_canonical`.
    public static Reading readCanonical(Bytes bytes) {
        JsonReader reader = new JsonReader(bytes, Profile.SIGNED);
        Reading reading = reader.read();
        return reading instanceof Value(var json) && !reader.canonical
                ? new Fault("not_canonical", same(bytes, json.canonical()))
                : reading;
    }

    private static int same(Bytes bytes, Bytes canonical) {
        int same = 0;
        while (same < Math.min(bytes.size(), canonical.size()) && bytes.at(same) == canonical.at(same)) {
            same++;
        }
        return same;
    }

    private Reading read() {
        try {
            skip();
            Json value = value(0);
            skip();
            if (at < text.length) {
                throw stop("not_json");
            }
            return new Value(value);
        } catch (Stop stop) {
            return octets.utf8().isEmpty() ? NO_TEXT : new Fault(stop.code, characters(stop.at));
        }
    }

    /// How many characters, of UTF-16, so many octets are.
    private int characters(int end) {
        return new String(text, 0, end, UTF_8).length();
    }

    /// Ends the reading at the first fault; never leaves this class.
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1;

        final String code;
        final int at;

        Stop(String code, int at) {
            super(code, null, false, false);
            this.code = code;
            this.at = at;
        }
    }

    private Stop stop(String code) {
        return new Stop(code, at);
    }

    private void skip() {
        while (at < text.length && text[at] <= ' ' && " \t\n\r".indexOf(text[at]) >= 0) {
            at++;
            canonical = false;
        }
    }

    private char peek() {
        return at < text.length ? (char) (text[at] & 0xff) : '\0';
    }

    private boolean take(char wanted) {
        if (at < text.length && text[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private Json value(int depth) throws Stop {
        return switch (peek()) {
            case '{' -> object(deeper(depth));
            case '[' -> array(deeper(depth));
            case '"' -> text();
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", new Json.Null());
            default -> number();
        };
    }

    private int deeper(int depth) throws Stop {
        if (depth >= profile.depth()) {
            throw stop("too_deep");
        }
        at++;
        return depth + 1;
    }

    private Json word(String word, Json value) throws Stop {
        for (int i = 0; i < word.length(); i++) {
            if (at + i == text.length || text[at + i] != word.charAt(i)) {
                throw stop("not_json");
            }
        }
        at += word.length();
        return value;
    }

    private Json.Obj object(int depth) throws Stop {
        int from = at - 1;
        skip();
        if (take('}')) {
            return Json.Obj.EMPTY;
        }
        int first = members;
        Set<String> disordered = Set.of();
        while (true) {
            skip();
            if (peek() != '"') {
                throw stop("not_json");
            }
            int start = at;
            String name = name();
            if (!disordered.isEmpty() || (members > first && names[members - 1].compareTo(name) >= 0)) {
                canonical = false;
                disordered = disordered.isEmpty() ? new HashSet<>(read(first)) : disordered;
                if (!disordered.add(name)) {
                    throw new Stop("duplicate_member", start);
                }
            }
            skip();
            if (!take(':')) {
                throw stop("not_json");
            }
            skip();
            put(name, value(depth));
            skip();
            if (take('}')) {
                Members all = Members.of(
                        repeats.names(names, first, members),
                        Arrays.copyOfRange(values, first, members),
                        spelling(from));
                members = first;
                return new Json.Obj(disordered.isEmpty() ? all : all.ordered());
            }
            if (!take(',')) {
                throw stop("not_json");
            }
        }
    }

    /// The names of an object's members that were read so far.
    private List<String> read(int first) {
        return Arrays.asList(names).subList(first, members);
    }

    /// What was just read, if it was spelled as it has to be.
    private @Nullable Bytes spelling(int from) {
        return canonical ? Bytes.sharing(text, from, at - from) : null;
    }

    private void put(String name, Json value) {
        if (members == names.length) {
            names = Arrays.copyOf(names, 2 * members);
            values = Arrays.copyOf(values, 2 * members);
        }
        names[members] = name;
        values[members++] = value;
    }

    private Json.Arr array(int depth) throws Stop {
        List<Json> items = new ArrayList<>();
        skip();
        if (take(']')) {
            return new Json.Arr(items);
        }
        while (true) {
            skip();
            items.add(value(depth));
            skip();
            if (take(']')) {
                return new Json.Arr(items);
            }
            if (!take(',')) {
                throw stop("not_json");
            }
        }
    }

    private Json.Text text() throws Stop {
        int end = plain();
        if (end < 0) {
            return new Json.Text(string());
        }
        Json.Text plain = repeats.text(at + 1, end);
        at = end + 1;
        return plain;
    }

    private String name() throws Stop {
        int end = plain();
        if (end < 0) {
            return string();
        }
        String plain = repeats.name(at + 1, end);
        at = end + 1;
        return plain;
    }

    /// Where a string ends whose characters are all of ASCII and stand for themselves; -1 if some are not, or do not.
    private int plain() {
        int end = at + 1;
        while (end < text.length && PLAIN[text[end] & 0xff]) {
            end++;
        }
        return end < text.length && text[end] == '"' ? end : -1;
    }

    private String string() throws Stop {
        if (octets.utf8().isEmpty()) {
            throw stop("not_json");
        }
        StringBuilder out = new StringBuilder();
        int start = at++;
        while (!take('"')) {
            int from = at;
            while (at < text.length && (PLAIN[text[at] & 0xff] || text[at] < 0)) {
                at++;
            }
            if (at == text.length || text[at] < 0x20) {
                throw stop("not_json");
            }
            out.append(new String(text, from, at - from, UTF_8));
            if (take('\\')) {
                out.append(escaped());
            }
        }
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(c) && i + 1 < out.length() && Character.isLowSurrogate(out.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new Stop("not_json", start);
            }
        }
        String decoded = out.toString();
        canonical = canonical && Json.text(decoded).canonical().equals(Bytes.sharing(text, start, at - start));
        return decoded;
    }

    private char escaped() throws Stop {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unit();
            default -> throw new Stop("not_json", at - 1);
        };
    }

    private char unit() throws Stop {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = peek() < 0x80 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw stop("not_json");
            }
            unit = unit * 16 + digit;
            at++;
        }
        return (char) unit;
    }

    private static boolean isDigit(byte octet) {
        return '0' <= octet && octet <= '9';
    }

    private Json number() throws Stop {
        int end = at;
        long value = 0;
        while (end < text.length && end - at < LONGEST_WHOLE && isDigit(text[end])) {
            value = value * 10 + text[end++] - '0';
        }
        // Nothing but digits, few enough for a whole number: what nearly all numbers are.
        if (end > at
                && end - at < LONGEST_WHOLE - 1
                && (text[at] != '0' || end == at + 1)
                && (end == text.length || ".eE".indexOf(text[end]) < 0)) {
            at = end;
            return new Json.Whole(value);
        }
        return otherNumber();
    }

    private Json otherNumber() throws Stop {
        int end = at;
        while (end < text.length && (isDigit(text[end]) || "+-.eE".indexOf(text[end]) >= 0)) {
            end++;
        }
        Matcher found = NUMBER.matcher(new String(text, at, end - at, ISO_8859_1));
        if (!found.lookingAt()) {
            throw stop("not_json");
        }
        String spelling = found.group();
        boolean plain = found.group(2) == null && found.group(3) == null;
        Optional<Long> whole = plain ? plain(spelling) : Optional.empty();
        if (profile == Profile.SIGNED) {
            if (whole.isEmpty() || spelling.equals("-0")) {
                throw stop("number_form");
            }
        } else if (!plain) {
            whole = integral(spelling);
        }
        canonical &= plain && whole.isPresent() && !spelling.equals("-0");
        at += found.end();
        return whole.<Json>map(Json.Whole::new).orElseGet(() -> new Json.Inexact(spelling));
    }

    private static Optional<Long> plain(String digits) {
        if (digits.length() > LONGEST_WHOLE) {
            return Optional.empty();
        }
        long value = Long.parseLong(digits);
        return Math.abs(value) <= Json.Whole.MAX ? Optional.of(value) : Optional.empty();
    }

    /// The integral value of a number with a fraction or an exponent, without ever computing a power of ten.
    private static Optional<Long> integral(String spelling) {
        boolean negative = spelling.startsWith("-");
        String unsigned = negative ? spelling.substring(1) : spelling;
        int e = Math.max(unsigned.indexOf('e'), unsigned.indexOf('E'));
        String mantissa = e < 0 ? unsigned : unsigned.substring(0, e);
        int point = mantissa.indexOf('.');
        String digits = mantissa.replace(".", "").replaceFirst("^0+", "");
        if (digits.isEmpty()) {
            return Optional.of(0L);
        }
        Optional<Integer> exponent = e < 0 ? Optional.of(0) : small(unsigned.substring(e + 1));
        if (exponent.isEmpty()) {
            return Optional.empty();
        }
        int zeros = exponent.get() - (point < 0 ? 0 : mantissa.length() - point - 1);
        String significant = digits.replaceFirst("0+$", "");
        zeros += digits.length() - significant.length();
        if (zeros < 0 || significant.length() + zeros > LONGEST_WHOLE - 1) {
            return Optional.empty();
        }
        return plain((negative ? "-" : "") + significant + "0".repeat(zeros));
    }

    /// An exponent of at most nine digits; a longer one can only belong to a number far outside, or to zero.
    private static Optional<Integer> small(String exponent) {
        String digits = exponent.replaceFirst("^([+-]?)0+(?=[0-9])", "$1");
        return digits.length() > 9 ? Optional.empty() : Optional.of(Integer.parseInt(digits));
    }
}
