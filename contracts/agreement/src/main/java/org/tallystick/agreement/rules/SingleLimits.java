package org.tallystick.agreement.rules;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.SingleEvents;
import org.tallystick.agreement.state.Keys;

/// Counts the events that clauses must keep one by one, for each source apart, since sources share no key.
final class SingleLimits {

    private final Overlay state;

    SingleLimits(Overlay state) {
        this.state = state;
    }

    /// Adds these events to the counters, or says which is full.
    Optional<No> count(Engaged engaged, SingleEvents singles, String source, Collection<List<KnownEvent>> booked) {
        Document document = engaged.document();
        Map<SingleEvents.Kept, Long> counts =
                singles.count(booked.stream().flatMap(List::stream).toList());
        for (Map.Entry<SingleEvents.Kept, Long> more : counts.entrySet()) {
            SingleEvents.Kept kept = more.getKey();
            String key = Keys.singles(
                    engaged.agreement(), source, kept.clause(), kept.window().text());
            long count = state.read(key).map(value -> value.whole("count")).orElse(0L) + more.getValue();
            if (count > document.singleEvents()) {
                return Optional.of(No.refused(
                        Code.SINGLE_EVENTS_FULL,
                        Json.object()
                                .with("clause", kept.clause())
                                .with("limit", document.singleEvents())
                                .with("source", source)
                                .with("window", kept.window().text())));
            }
            state.write(key, Json.object().with("count", count).build());
        }
        return Optional.empty();
    }
}
