package org.tallystick.ledger.client;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.PartyId;

/// Which agreements somebody wants to see.
///
/// @param party that has a part in it, as a side or by a role
/// @param states any of these; none for all
/// @param from it covers this day or a later one
/// @param to it covers this day or an earlier one
public record AgreementFilter(
        Optional<PartyId> party, List<String> states, Optional<LocalDate> from, Optional<LocalDate> to) {

    /// All that an agreement can be in.
    public static final List<String> STATES = List.of("offered", "lapsed", "active", "paused", "run_off", "closed");

    public static final AgreementFilter ALL =
            new AgreementFilter(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    public AgreementFilter {
        states = List.copyOf(states);
    }

    public boolean isAll() {
        return party.isEmpty() && states.isEmpty() && from.isEmpty() && to.isEmpty();
    }

    public boolean takes(AgreementSummary one) {
        return party.map(one.document()::binds).orElse(true)
                && (states.isEmpty() || states.contains(one.state()))
                && from.flatMap(day -> one.lastDay().map(last -> !last.isBefore(day)))
                        .orElse(true)
                && to.map(day -> !one.from().isAfter(day)).orElse(true);
    }
}
