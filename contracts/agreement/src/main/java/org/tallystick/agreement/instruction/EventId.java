package org.tallystick.agreement.instruction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// A revenue event, `source/0000000042`: the ledger numbers the events of a source from 1, nobody chooses an id.
public record EventId(SourceId source, long number) implements Comparable<EventId> {

    static final String FORM = SourceId.FORM + "/(?!0{10})[0-9]{10}";
    private static final Pattern PATTERN = Pattern.compile(FORM);
    private static final int DIGITS = 10;
    private static final Comparator<EventId> ORDER =
            Comparator.comparing(EventId::source).thenComparing(EventId::number);

    public EventId {
        if (number < 1 || number > Limits.NUMBER) {
            throw new IllegalArgumentException("not the number of an event: " + number);
        }
    }

    public static Optional<EventId> parse(String text) {
        if (!Check.fits(PATTERN, text)) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        return Optional.of(
                new EventId(new SourceId(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1))));
    }

    public String text() {
        String name = source.text();
        byte[] text = new byte[name.length() + 1 + DIGITS];
        for (int i = 0; i < name.length(); i++) {
            text[i] = (byte) name.charAt(i);
        }
        text[name.length()] = '/';
        long rest = number;
        for (int i = text.length - 1; i > name.length(); i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return new String(text, ISO_8859_1);
    }

    /// A number of an event as keys and ids spell it, so that they sort.
    public static String tenDigits(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    @Override
    public int compareTo(EventId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text();
    }
}
