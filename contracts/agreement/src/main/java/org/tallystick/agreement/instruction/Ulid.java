package org.tallystick.agreement.instruction;

import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;

/// The caller's id of an instruction: 26 characters, the first ten of which are a time.
public record Ulid(String text) implements Comparable<Ulid> {

    static final String FORM = "[0-7][0-9A-HJKMNP-TV-Z]{25}";
    private static final Pattern PATTERN = Pattern.compile(FORM);
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TIME = 10;
    private static final int LENGTH = 26;
    private static final int ENTROPY = 10;
    private static final long LATEST = (1L << 48) - 1;

    public Ulid {
        Check.form(PATTERN, text, "ULID");
    }

    public static Optional<Ulid> parse(String text) {
        return Check.fits(PATTERN, text) ? Optional.of(new Ulid(text)) : Optional.empty();
    }

    /// @param entropy ten octets that nobody used before with this time
    public static Ulid of(long millis, Bytes entropy) {
        if (millis < 0 || millis > LATEST || entropy.size() != ENTROPY) {
            throw new IllegalArgumentException("no ULID of " + millis + " ms and " + entropy.size() + " octets");
        }
        char[] text = new char[LENGTH];
        for (int i = TIME - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (millis >> (5 * (TIME - 1 - i))) & 31);
        }
        int bits = 0;
        int held = 0;
        int next = TIME;
        for (int i = 0; i < ENTROPY; i++) {
            bits = (bits << 8 | entropy.at(i)) & 0xffff;
            for (held += 8; held >= 5; held -= 5) {
                text[next++] = ALPHABET.charAt(bits >> (held - 5) & 31);
            }
        }
        return new Ulid(new String(text));
    }

    /// Milliseconds since 1970.
    public long millis() {
        long millis = 0;
        for (int i = 0; i < TIME; i++) {
            millis = millis << 5 | ALPHABET.indexOf(text.charAt(i));
        }
        return millis;
    }

    /// The UTC day of its time: where the ledger keeps the marker of the instruction.
    public LocalDate day() {
        return LocalDate.ofEpochDay(millis() / LedgerTime.MILLIS_A_DAY);
    }

    @Override
    public int compareTo(Ulid other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
