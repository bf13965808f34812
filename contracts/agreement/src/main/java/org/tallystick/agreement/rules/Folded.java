package org.tallystick.agreement.rules;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Figures;
import org.tallystick.agreement.settlement.Folding;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Period;

/// What a source's events come to, added up as they are booked, so that a close need not look at them again.
///
/// For each source apart, since sources share no key. A page of figures that is full continues in the next.
final class Folded {

    /// So many rows a page may have; what would make them more begins the next.
    private static final int FULL = 4_000;

    private static final Codec<Figures> CODEC = new Codec<>(Figures::decode, Figures::encode);

    private final Overlay state;

    Folded(Overlay state) {
        this.state = state;
    }

    /// Counts the events that clauses must keep one by one, or says for which that is too many.
    Optional<No> count(Engaged engaged, Folding folding, String source, Collection<Figures> booked) {
        Document document = engaged.document();
        Figures all = Figures.sum(booked);
        for (Map.Entry<Folding.Kept, Long> more : folding.kept(all).entrySet()) {
            Folding.Kept kept = more.getKey();
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

    /// Adds figures to what a source has booked in a period.
    ///
    /// @param pages how many there are
    /// @return how many there are now
    int add(String agreement, String source, Period period, int pages, Figures more) {
        if (more.rows() == 0) {
            return pages;
        }
        if (pages > 0) {
            String last = Keys.figures(agreement, source, period.text(), pages);
            Figures together = state.read(last, CODEC).orElseThrow().plus(more);
            if (together.rows() <= FULL) {
                state.write(last, CODEC, together);
                return pages;
            }
        }
        state.write(Keys.figures(agreement, source, period.text(), pages + 1), CODEC, more);
        return pages + 1;
    }

    /// All that a source has booked in a period.
    Figures all(String agreement, String source, Period period, int pages) {
        return Figures.sum(IntStream.rangeClosed(1, pages)
                .mapToObj(page -> Keys.figures(agreement, source, period.text(), page))
                .map(key -> state.read(key, CODEC)
                        .orElseThrow(() -> new IllegalStateException("figures " + key + " are not there")))
                .toList());
    }
}
