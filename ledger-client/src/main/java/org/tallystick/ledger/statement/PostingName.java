package org.tallystick.ledger.statement;

import java.util.Optional;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.terms.Period;

/// A posting by its agreement, its period and its number in the settlement: `north/vendor/reseller/2026-Q1/3`; of what
/// two parties agreed on beside what is computed, with an `a` before the number.
public record PostingName(AgreementId agreement, Period period, boolean agreed, long number) {

    private static final String AGREED = "a";

    private static final int MOST_DIGITS = 7;

    public static Optional<PostingName> parse(String text) {
        int last = text.lastIndexOf('/');
        int before = text.lastIndexOf('/', last - 1);
        if (before < 0) {
            return Optional.empty();
        }
        boolean agreed = text.startsWith(AGREED, last + 1);
        String digits = text.substring(last + 1 + (agreed ? AGREED.length() : 0));
        if (!digits.matches("[1-9][0-9]*") || digits.length() > MOST_DIGITS) {
            return Optional.empty();
        }
        return AgreementId.parse(text.substring(0, before))
                .flatMap(agreement -> Period.parse(text.substring(before + 1, last))
                        .map(period -> new PostingName(agreement, period, agreed, Long.parseLong(digits))));
    }

    @Override
    public String toString() {
        return agreement + "/" + period.text() + "/" + (agreed ? AGREED : "") + number;
    }
}
