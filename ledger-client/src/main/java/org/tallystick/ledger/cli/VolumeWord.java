package org.tallystick.ledger.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.agreement.numbers.Rational;

/// A volume on the command line, `2000000`, or a range of volumes, `0..2000000`.
record VolumeWord(Rational from, Rational to, boolean isRange) {

    private static final Pattern FORM = Pattern.compile("([0-9/]+(?:\\.[0-9]+)?)(?:\\.\\.([0-9/]+(?:\\.[0-9]+)?))?");

    static Optional<VolumeWord> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        Optional<Rational> from = Rational.parse(form.group(1));
        if (form.group(2) == null) {
            return from.map(volume -> new VolumeWord(volume, volume, false));
        }
        Optional<Rational> to = Rational.parse(form.group(2));
        return from.flatMap(first -> to.map(last -> new VolumeWord(first, last, true)));
    }
}
