package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.acceptance.History.Absent;
import org.tallystick.acceptance.History.Decided;
import org.tallystick.acceptance.History.Kind;
import org.tallystick.acceptance.History.Promised;
import org.tallystick.acceptance.History.Told;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.Position;

/// The history checker finds each kind of lie, and none where there is none.
final class HistoryTest {

    private static final Hash ONE = Hash.of(Bytes.ofUtf8("one"));
    private static final Position AT = new Position(7, 0, 1);
    private static final Json.Obj APPLIED =
            Json.object().with("result", "applied").build();
    private static final Json.Obj REFUSED =
            Json.object().with("result", "refused").build();
    private static final Told RECEIVED = new Told("received", Optional.empty(), Optional.empty());
    private static final Told WAITING = new Told("waiting", Optional.of(REFUSED), Optional.empty());
    private static final Told DONE = new Told("applied", Optional.of(APPLIED), Optional.of(AT));
    private static final Map<Hash, List<Decided>> BLOCKS = Map.of(ONE, List.of(new Decided(APPLIED, AT)));

    private final History history = new History();

    /// Acknowledged at 1 to 2, seen waiting at 3 to 4, and applied at 5 to 6.
    private History usual() {
        history.sends(ONE);
        history.acknowledged(ONE, 1, 2, RECEIVED);
        history.sees(ONE, 3, 4, WAITING);
        history.sees(ONE, 5, 6, DONE);
        return history;
    }

    private List<Kind> lies(Map<Hash, List<Decided>> blocks) {
        return history.lies(blocks).stream().map(History.Lie::kind).toList();
    }

    @Test
    void what_can_be_true_is_no_lie() {
        history.sends(ONE);
        history.sees(ONE, 0, 1, new Absent());
        History _ = usual();
        history.acknowledged(ONE, 7, 8, DONE);
        history.promised(ONE, new Promised(new LedgerTime(1), new LedgerTime(61)));
        history.promised(ONE, new Promised(new LedgerTime(1), new LedgerTime(61)));
        // Looks that overlap others may have been before them.
        history.sees(ONE, 2, 9, RECEIVED);
        history.sees(ONE, 1, 9, new Absent());

        assertThat(lies(BLOCKS)).isEmpty();
    }

    @Test
    void what_was_sent_without_an_answer_may_have_a_verdict_or_none() {
        history.sends(ONE);

        assertThat(lies(BLOCKS)).isEmpty();
        assertThat(lies(Map.of())).isEmpty();
    }

    @Test
    void acknowledged_and_in_no_block_is_lost() {
        history.sends(ONE);
        history.acknowledged(ONE, 1, 2, RECEIVED);

        assertThat(lies(Map.of())).containsExactly(Kind.LOST);
    }

    @Test
    void acknowledged_and_then_unknown_is_forgotten() {
        usual().sees(ONE, 2, 3, new Absent());

        assertThat(lies(BLOCKS)).containsExactly(Kind.FORGOTTEN);
    }

    @Test
    void a_state_after_a_farther_one_is_backward() {
        usual().sees(ONE, 4, 5, RECEIVED);

        assertThat(lies(BLOCKS)).containsExactly(Kind.BACKWARD);
    }

    @Test
    void a_final_state_that_is_taken_back_is_backward() {
        usual().sees(ONE, 6, 7, WAITING);

        assertThat(lies(BLOCKS)).containsExactly(Kind.BACKWARD);
    }

    @Test
    void another_verdict_than_before_is_changed_and_one_of_them_guessed() {
        usual().sees(ONE, 7, 8, new Told("refused", Optional.of(REFUSED), Optional.of(AT)));

        assertThat(lies(BLOCKS)).containsExactly(Kind.CHANGED, Kind.GUESSED);
    }

    @Test
    void the_same_verdict_at_another_position_is_changed_and_guessed() {
        usual().sees(ONE, 7, 8, new Told("applied", Optional.of(APPLIED), Optional.of(new Position(7, 0, 2))));

        assertThat(lies(BLOCKS)).containsExactly(Kind.CHANGED, Kind.GUESSED);
    }

    @Test
    void a_verdict_that_the_ledger_does_not_have_is_guessed() {
        History _ = usual();

        assertThat(lies(Map.of(ONE, List.of(new Decided(REFUSED, AT))))).containsExactly(Kind.GUESSED);
    }

    @Test
    void a_state_that_is_not_what_its_answer_says_is_guessed() {
        history.sends(ONE);
        history.acknowledged(ONE, 1, 2, new Told("refused", Optional.of(APPLIED), Optional.of(AT)));

        assertThat(lies(BLOCKS)).containsExactly(Kind.GUESSED);
    }

    @Test
    void two_verdicts_in_the_blocks_are_one_too_many() {
        History _ = usual();

        assertThat(lies(Map.of(ONE, List.of(new Decided(APPLIED, AT), new Decided(APPLIED, new Position(8, 0, 0))))))
                .containsExactly(Kind.DECIDED_TWICE);
    }

    @Test
    void a_verdict_on_what_nobody_sent_is_invented() {
        assertThat(lies(BLOCKS)).containsExactly(Kind.INVENTED);
    }

    @Test
    void a_later_time_of_receipt_than_was_promised_first_is_a_promise_moved() {
        usual().promised(ONE, new Promised(new LedgerTime(1), new LedgerTime(61)));
        history.promised(ONE, new Promised(new LedgerTime(2), new LedgerTime(62)));

        assertThat(lies(BLOCKS)).containsExactly(Kind.PROMISE_MOVED);
    }
}
