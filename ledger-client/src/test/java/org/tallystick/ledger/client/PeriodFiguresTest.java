package org.tallystick.ledger.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.LivedCase;
import org.tallystick.agreement.settlement.Figures;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// What the ledger has added up is what the events add up to.
class PeriodFiguresTest {

    private static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static Snapshot snapshot(LivedCase lived) {
        Snapshot snapshot = new Snapshot();
        snapshot.values.putAll(lived.state());
        return snapshot;
    }

    private static Document document(Snapshot snapshot, LivedCase lived) throws LedgerException {
        return new Agreements(snapshot)
                .find(lived.agreement())
                .orElseThrow()
                .inEffect()
                .orElseThrow();
    }

    @Tag("slow")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void figures_of_a_period_are_those_of_its_events(long seed) throws Exception {
        LivedCase lived = LivedCase.drawn(seed);
        Snapshot snapshot = snapshot(lived);
        Document document = document(snapshot, lived);

        for (String period : lived.periods()) {
            Period asked = Period.ofText(period);
            List<KnownEvent> booked = new ArrayList<>();
            PeriodEvents events = PeriodEvents.read(snapshot, lived.agreement(), document, asked, booked::addAll);
            PeriodFigures figures = PeriodFigures.of(snapshot, lived.agreement(), document, asked);

            assertThat(figures.figures()).as(period).isEqualTo(Figures.of(document.terms(), booked));
            assertThat(figures.undeclared()).as(period).isEqualTo(events.undeclared());
        }
        assertThat(lived.periods()).isNotEmpty();
    }

    @Test
    void a_page_of_figures_that_is_gone_or_broken_is_told_and_not_left_out() throws Exception {
        LivedCase lived = LivedCase.drawn(1);
        Snapshot whole = snapshot(lived);
        Document document = document(whole, lived);
        List<String> pages = whole.values.keySet().stream()
                .filter(key -> key.startsWith("fig/"))
                .sorted()
                .toList();
        String page = pages.getFirst();
        Period period = Period.ofText(page.split("/", -1)[5]);
        Snapshot without = snapshot(lived);
        var _ = without.values.remove(page);
        Snapshot broken = snapshot(lived);
        var _ = broken.values.put(page, Json.object().with("x", 1).build());

        assertThat(PeriodFigures.of(whole, lived.agreement(), document, period).figures())
                .isNotEqualTo(Figures.NONE);
        assertThatThrownBy(() -> PeriodFigures.of(without, lived.agreement(), document, period))
                .isInstanceOf(LedgerException.Refused.class)
                .hasMessage("the figures " + page + " are not there");
        assertThatThrownBy(() -> PeriodFigures.of(broken, lived.agreement(), document, period))
                .isInstanceOf(LedgerException.Refused.class)
                .hasMessage("the figures " + page + " cannot be read");
    }
}
