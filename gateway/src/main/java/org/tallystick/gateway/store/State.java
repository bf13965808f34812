package org.tallystick.gateway.store;

import java.util.Locale;

/// How far an instruction is, as this gateway knows.
public enum State {
    /// Held, and not answered yet.
    RECEIVED,
    /// The ledger would not decide it yet; it is offered again.
    WAITING,
    APPLIED,
    /// By a verdict if it has a position; else before a valid signature, and the same bytes may be sent again.
    REFUSED;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isFinal() {
        return this == APPLIED || this == REFUSED;
    }

    static State ofText(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
