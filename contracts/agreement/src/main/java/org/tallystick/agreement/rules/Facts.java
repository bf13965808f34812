package org.tallystick.agreement.rules;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.terms.Period;

/// The keys from which a close reads fixings, figures, milestones, and what decisions made.
///
/// A close reads them, so whoever writes one holds the close up. Once a period should have been closed, each may be
/// written once an hour.
final class Facts {

    private static final Duration APART = Duration.ofHours(1);

    private final Overlay state;
    private final Moment moment;

    Facts(Overlay state, Moment moment) {
        this.state = state;
        this.moment = moment;
    }

    /// Why these may not be booked yet.
    Optional<No> tooSoon(Engaged engaged, SortedMap<Period, List<KnownEvent>> booked) {
        return booked.entrySet().stream()
                .flatMap(period -> tooSoon(engaged, period.getKey(), period.getValue()).stream())
                .findFirst();
    }

    private Optional<No> tooSoon(Engaged engaged, Period period, List<KnownEvent> booked) {
        LocalDate grace = period.end().plusDays(engaged.document().days().grace());
        if (moment.time().isBefore(LedgerTime.startOf(grace))) {
            return Optional.empty();
        }
        return booked.stream()
                .filter(known -> Booking.isFact(known.event()))
                .map(known -> known.event().type())
                .distinct()
                .flatMap(type -> FactPage.written(engaged.agreement(), type, period.text(), state::read).stream())
                .map(at -> at.plus(APART))
                .filter(moment.time()::isBefore)
                .findFirst()
                .map(time -> No.waiting(Code.TOO_EARLY, Json.object().with("time", time.text())));
    }

    /// Adds facts of a type, if there are any.
    void add(Engaged engaged, String type, Period period, List<FactPage.Fact> facts) {
        if (!facts.isEmpty()) {
            FactPage.append(engaged.agreement(), type, period.text(), facts, moment.time(), state::read, state::write);
        }
    }
}
