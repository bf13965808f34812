package org.tallystick.gateway.store;

import java.util.Locale;

/// What is listed from the blocks, for those who ask without knowing an instruction.
public enum Listing {
    /// Instructions with a verdict.
    INSTRUCTIONS,
    /// Versions of agreements, where they were adopted.
    ADOPTIONS,
    /// Sources, where they were first named.
    SOURCES,
    /// Reports, each with the numbers of its events.
    REPORTS,
    /// Declarations of sources, and where one was taken back.
    DECLARATIONS,
    /// Settlements of periods.
    SETTLEMENTS,
    /// Views of a settlement, one for each side.
    STATEMENTS;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
