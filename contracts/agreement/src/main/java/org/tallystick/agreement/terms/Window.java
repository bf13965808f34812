package org.tallystick.agreement.terms;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A run of periods over which a clause adds up (terms/1 section 5).
public enum Window {
    PERIOD,
    YEAR,
    LIFE;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Window> ofText(String text) {
        for (Window window : values()) {
            if (window.text().equals(text)) {
                return Optional.of(window);
            }
        }
        return Optional.empty();
    }

    /// The first period of the window that `period` is in; no window begins before the opening period.
    public Period first(Period opening, Period period) {
        return switch (this) {
            case PERIOD -> period;
            case YEAR -> {
                Period january = period.frequency().periodOf(period.start().withDayOfYear(1));
                yield january.compareTo(opening) < 0 ? opening : january;
            }
            case LIFE -> opening;
        };
    }

    /// The periods of the window up to and including this one, in order.
    public List<Period> upTo(Period opening, Period period) {
        List<Period> periods = new ArrayList<>();
        for (Period p = first(opening, period); p.compareTo(period) <= 0; p = p.next()) {
            periods.add(p);
        }
        return List.copyOf(periods);
    }
}
