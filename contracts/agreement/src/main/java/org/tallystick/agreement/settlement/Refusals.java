package org.tallystick.agreement.settlement;

/// Why an event or a settlement is refused (terms/1 section 16), as the codes stand in answers.
public final class Refusals {

    public static final String EVENT_FORM = "EVENT_FORM";
    public static final String EVENT_DUP = "EVENT_DUP";
    public static final String EVENT_REF = "EVENT_REF";
    public static final String EVENT_PERIOD = "EVENT_PERIOD";
    public static final String EVENT_CLOSED = "EVENT_CLOSED";
    public static final String EVENT_PARTY = "EVENT_PARTY";
    public static final String EVENT_CURRENCY = "EVENT_CURRENCY";
    public static final String FX_MISSING = "FX_MISSING";
    public static final String RATE_MISSING = "RATE_MISSING";
    public static final String RATE_BOUNDS = "RATE_BOUNDS";
    public static final String FIGURE_MISSING = "FIGURE_MISSING";
    public static final String DISPUTE_OVERDRAWN = "DISPUTE_OVERDRAWN";

    private Refusals() {}
}
