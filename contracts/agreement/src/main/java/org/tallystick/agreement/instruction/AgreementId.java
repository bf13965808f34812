package org.tallystick.agreement.instruction;

import java.util.Optional;
import java.util.regex.Pattern;

/// An agreement, `member/name/label`: it begins with the party that made the first offer, so nobody can squat it.
public record AgreementId(String text) implements Comparable<AgreementId> {

    static final String FORM = PartyId.FORM + "/[a-z0-9][a-z0-9-]{0,39}";
    private static final Pattern PATTERN = Pattern.compile(FORM);

    public AgreementId {
        Check.form(PATTERN, text, "agreement id");
    }

    public static Optional<AgreementId> parse(String text) {
        return Check.fits(PATTERN, text) ? Optional.of(new AgreementId(text)) : Optional.empty();
    }

    public PartyId offerer() {
        return new PartyId(text.substring(0, text.lastIndexOf('/')));
    }

    @Override
    public int compareTo(AgreementId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
