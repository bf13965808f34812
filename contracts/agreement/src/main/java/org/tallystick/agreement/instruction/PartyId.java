package org.tallystick.agreement.instruction;

import java.util.Optional;
import java.util.regex.Pattern;

/// A party, `member/name`. It keeps its first member's name for ever, whoever hosts it now.
public record PartyId(String text) implements Owner, Comparable<PartyId> {

    static final String FORM = MemberId.FORM + "/[a-z][a-z0-9-]{0,31}";
    private static final Pattern PATTERN = Pattern.compile(FORM);

    public PartyId {
        Check.form(PATTERN, text, "party id");
    }

    public static Optional<PartyId> parse(String text) {
        return Check.fits(PATTERN, text) ? Optional.of(new PartyId(text)) : Optional.empty();
    }

    @Override
    public MemberId member() {
        return new MemberId(text.substring(0, text.indexOf('/')));
    }

    @Override
    public int compareTo(PartyId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
