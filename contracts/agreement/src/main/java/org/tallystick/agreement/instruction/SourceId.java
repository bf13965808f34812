package org.tallystick.agreement.instruction;

import java.util.Optional;
import java.util.regex.Pattern;

/// A gap-free stream of revenue events under one agreement.
public record SourceId(String text) implements Comparable<SourceId> {

    static final String FORM = "[A-Za-z][A-Za-z0-9_-]{0,31}";
    private static final Pattern PATTERN = Pattern.compile(FORM);

    public SourceId {
        Check.form(PATTERN, text, "source id");
    }

    public static Optional<SourceId> parse(String text) {
        return Check.fits(PATTERN, text) ? Optional.of(new SourceId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(SourceId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
