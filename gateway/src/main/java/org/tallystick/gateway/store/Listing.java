package org.tallystick.gateway.store;

import java.util.Locale;
import java.util.Set;

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

    /// What its items can be chosen by.
    public Set<String> facets() {
        return switch (this) {
            case INSTRUCTIONS -> Set.of("agreement", "party", "act", "state");
            case ADOPTIONS -> Set.of("agreement");
            case SOURCES -> Set.of("agreement", "party");
            case REPORTS -> Set.of("agreement", "party", "source", "period");
            case DECLARATIONS -> Set.of("agreement", "party", "source", "period", "state");
            case SETTLEMENTS -> Set.of("agreement", "period");
            case STATEMENTS -> Set.of("agreement", "party", "period");
        };
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
