package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.util.Optional;

/// The days on which a clause is in force: from the first day, up to but not including the other; open where absent.
public record Validity(Optional<LocalDate> from, Optional<LocalDate> to) {

    public static final Validity ALWAYS = new Validity(Optional.empty(), Optional.empty());

    public boolean contains(LocalDate day) {
        return (from.isEmpty() || !day.isBefore(from.get())) && (to.isEmpty() || day.isBefore(to.get()));
    }

    /// Whether some day is in both.
    boolean overlaps(Validity other) {
        return isBefore(from, other.to) && isBefore(other.from, to);
    }

    private static boolean isBefore(Optional<LocalDate> from, Optional<LocalDate> to) {
        return from.isEmpty() || to.isEmpty() || from.get().isBefore(to.get());
    }
}
