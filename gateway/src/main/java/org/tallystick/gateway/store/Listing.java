package org.tallystick.gateway.store;

import java.util.Locale;
import java.util.Set;

/// What is listed from the blocks, for those who ask without knowing an instruction.
public enum Listing {
    /// Instructions with a verdict.
    INSTRUCTIONS("agreement", "party", "act", "state"),
    /// Versions of agreements, where they were adopted.
    ADOPTIONS("agreement"),
    /// Sources, where they were first named.
    SOURCES("agreement", "party"),
    /// Reports, each with the numbers of its events.
    REPORTS("agreement", "party", "source", "period"),
    /// Declarations of sources, and where one was taken back.
    DECLARATIONS("agreement", "party", "source", "period", "state"),
    /// Settlements of periods.
    SETTLEMENTS("agreement", "period"),
    /// Views of a settlement, one for each side.
    STATEMENTS("agreement", "party", "period");

    private final Set<String> facets;

    Listing(String... facets) {
        this.facets = Set.of(facets);
    }

    /// What its items can be chosen by.
    public Set<String> facets() {
        return facets;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
