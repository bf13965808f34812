package org.tallystick.agreement.simulation;

/// How much one simulation may imagine: enough for years of an agreement, and done while a person waits.
public final class Limits {

    /// Events in one simulation.
    public static final int EVENTS = 1_000_000;

    /// Imagined events for one volume, all periods together.
    public static final int EVENTS_OF_VOLUME = 20_000;

    /// Periods settled one after another: ten years of months.
    public static final int PERIODS = 120;

    /// Volumes of one sweep, the limits of tiers left aside.
    public static final int VOLUMES = 2_000;

    /// Settlements of one sweep: volumes times periods.
    public static final int SETTLEMENTS = 50_000;

    /// Limits of tiers of which both sides are looked at.
    public static final int TIER_LIMITS = 1_000;

    /// The largest volume, in minor units, units or events: as many digits as an amount may have.
    public static final int DIGITS_OF_VOLUME = 30;

    private Limits() {}
}
