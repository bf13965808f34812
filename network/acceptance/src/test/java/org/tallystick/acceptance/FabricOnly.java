package org.tallystick.acceptance;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The scenarios that cannot be played on the embedded ledger, and why. A comparison ends with them.
final class FabricOnly {

    static final String REMOVAL =
            "a_member_is_removed_and_the_next_period_of_three_agreements_closes_with_the_parties_it_hosted";

    private static final Map<String, String> REASONS = new TreeMap<>(
            Map.of(
                    REMOVAL,
                    "the members of an embedded ledger are those it was founded with; the moves of the parties are played on both"));

    private FabricOnly() {}

    /// Why a scenario is played on Fabric alone; nothing if it is not among those.
    static Optional<String> reason(String scenario) {
        return Optional.ofNullable(REASONS.get(scenario.replace("()", "")));
    }
}
