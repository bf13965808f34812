package org.tallystick.agreement.terms;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a revenue event can be: the closed list of terms/1 section 6.2.
public enum EventType {
    SALE(Use.MEASURED),
    COST(Use.MEASURED),
    DELIVERY(Use.MEASURED),
    REFUND(Use.MEASURED),
    RETURN(Use.MEASURED),
    USAGE(Use.MEASURED),
    SUBSCRIBERS(Use.MEASURED),
    MDF_CLAIM(Use.MEASURED),
    MILESTONE(Use.MEASURED),
    KPI(Use.FIGURE),
    FX(Use.FIGURE),
    ADVANCE(Use.BOOKED),
    CAPITAL(Use.BOOKED),
    SUSPEND(Use.BOOKED),
    RESUME(Use.BOOKED),
    DISPUTE_HOLD(Use.BOOKED),
    DISPUTE_RELEASE(Use.BOOKED);

    private enum Use {
        /// Added up by measures and matched by filters.
        MEASURED,
        /// Looked up by what prices others.
        FIGURE,
        /// Acts in the settlement of the period it is booked in.
        BOOKED
    }

    private static final Map<String, EventType> BY_TEXT =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventType::text, type -> type));

    private final Use use;

    private final String text;

    EventType(Use use) {
        this.use = use;
        this.text = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String text() {
        return text;
    }

    public static Optional<EventType> ofText(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }

    /// Whether filters may name it.
    public boolean isMeasured() {
        return use == Use.MEASURED;
    }

    /// Whether a refund may name it as its origin.
    public boolean isReferable() {
        return switch (this) {
            case SALE, COST, DELIVERY, USAGE, SUBSCRIBERS, MDF_CLAIM -> true;
            default -> false;
        };
    }

    /// Whether its amount must be in the currency of the terms.
    public boolean isInTermsCurrency() {
        return switch (this) {
            case ADVANCE, CAPITAL, DISPUTE_HOLD, DISPUTE_RELEASE -> true;
            default -> false;
        };
    }
}
