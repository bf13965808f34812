package org.tallystick.agreement.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodTest {

    @ParameterizedTest(name = "{0} goes from {1} to before {2}, then comes {3}")
    @CsvSource({
        "2026-01, 2026-01-01, 2026-02-01, 2026-02",
        "2026-12, 2026-12-01, 2027-01-01, 2027-01",
        "2026-Q1, 2026-01-01, 2026-04-01, 2026-Q2",
        "2026-Q4, 2026-10-01, 2027-01-01, 2027-Q1",
        "2026, 2026-01-01, 2027-01-01, 2027",
        "1000-01, 1000-01-01, 1000-02-01, 1000-02",
    })
    void knows_its_days_and_its_neighbors(String text, LocalDate start, LocalDate end, String next) {
        Period period = Period.ofText(text);

        assertThat(period.start()).isEqualTo(start);
        assertThat(period.end()).isEqualTo(end);
        assertThat(period.next()).isEqualTo(Period.ofText(next));
        assertThat(period.next().previous()).isEqualTo(period);
        assertThat(period.text()).isEqualTo(text);
        assertThat(period.frequency().periodOf(start)).isEqualTo(period);
        assertThat(period.contains(end.minusDays(1))).isTrue();
        assertThat(period.contains(end)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-13", "2026-00", "2026-1", "2026-Q0", "2026-Q5", "0999", "10000", "2026-01-01"})
    void other_texts_name_no_period(String text) {
        assertThat(Period.parse(text)).isEmpty();
    }

    @Test
    void periods_of_different_frequencies_have_no_order() {
        assertThatThrownBy(() -> Period.ofText("2026").compareTo(Period.ofText("2026-01")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0} of {1}, opened {2}: {3}")
    @CsvSource({
        "PERIOD, 2026-03, 2026-01, 2026-03",
        "YEAR, 2026-03, 2026-01, 2026-01 2026-02 2026-03",
        "YEAR, 2026-03, 2025-11, 2026-01 2026-02 2026-03",
        "YEAR, 2026-03, 2026-02, 2026-02 2026-03",
        "LIFE, 2026-01, 2025-11, 2025-11 2025-12 2026-01",
        "YEAR, 2026-Q2, 2026-Q1, 2026-Q1 2026-Q2",
        "YEAR, 2026, 2020, 2026",
    })
    void a_window_never_begins_before_the_opening(Window window, String period, String opening, String periods) {
        assertThat(window.upTo(Period.ofText(opening), Period.ofText(period)))
                .isEqualTo(List.of(periods.split(" ", -1)).stream()
                        .map(Period::ofText)
                        .toList());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "2024-02-29, true",
        "2026-02-29, false",
        "2100-02-29, false",
        "2000-02-29, true",
        "1000-01-01, true",
        "9999-12-31, true",
        "0999-12-31, false",
        "2026-04-31, false",
        "2026-4-01, false",
    })
    void a_date_is_a_real_day_of_the_years_1000_to_9999(String text, boolean real) {
        assertThat(Days.parse(text).isPresent()).isEqualTo(real);
    }
}
