package org.tallystick.agreement.instruction;

import java.util.Optional;
import java.util.regex.Pattern;

/// A member of the network, by its MSP id.
public record MemberId(String text) implements Owner, Comparable<MemberId> {

    static final String FORM = "[A-Za-z][A-Za-z0-9-]{0,31}";
    private static final Pattern PATTERN = Pattern.compile(FORM);

    public MemberId {
        Check.form(PATTERN, text, "member id");
    }

    public static Optional<MemberId> parse(String text) {
        return Check.fits(PATTERN, text) ? Optional.of(new MemberId(text)) : Optional.empty();
    }

    @Override
    public MemberId member() {
        return this;
    }

    @Override
    public int compareTo(MemberId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
