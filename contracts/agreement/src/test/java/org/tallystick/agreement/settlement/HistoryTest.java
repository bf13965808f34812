package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What is kept between two settlements.
class HistoryTest {

    private static final Terms TERMS =
            Documents.accepted("{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}");

    @Test
    void what_is_settled_to_the_last_unit_is_left_out_of_the_balances() {
        // 100 of 1000 are earned and paid, so that 0 is carried.
        Outcome outcome = Settlement.settle(
                TERMS,
                History.open(TERMS, Period.ofText("2026-01")),
                Books.known(TERMS, Books.events("s sale 2026-01-01 a=1000")));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Settled.class,
                        settled -> assertThat(settled.after().encode().get("balances"))
                                .isEqualTo(
                                        Documents.json(
                                                "{'advances':{},'carried':{},'disputed':{},'funds':{},'reserves':{},'suspended':[]}")));
    }

    @Test
    void a_history_of_another_version_is_not_read() {
        Json.Obj history = History.open(TERMS, Period.ofText("2026-01")).encode();

        assertThat(History.decode(history, new Shelf()).encode()).isEqualTo(history);
        assertThatThrownBy(() -> History.decode(Documents.with(history, "history", "'1'"), new Shelf()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a history of version 1");
    }
}
