package org.tallystick.agreement.rules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.terms.Period;

record SingleEvents(Overlay state) {
    Optional<No> count(Engaged engaged, String source, Map<Period, List<KnownEvent>> booked) {
        return Optional.empty();
    }
}
