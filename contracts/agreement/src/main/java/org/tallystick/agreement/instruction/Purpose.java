package org.tallystick.agreement.instruction;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a party lets a key sign.
public enum Purpose {
    ADMINISTER,
    DECIDE,
    REPORT,
    SIGN;

    public static final List<Purpose> ALL = List.of(values());

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Purpose> ofText(String text) {
        return ALL.stream().filter(purpose -> purpose.text().equals(text)).findFirst();
    }
}
