package org.tallystick.ledger.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.EventReader;

class ReconciliationTest {

    private static Entry entry(String name, String reference, String event) {
        Bytes text = Bytes.ofUtf8(event.replace('\'', '"'));
        if (JsonReader.read(text, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json json)) {
            Optional<String> known = Optional.of(reference).filter(found -> !found.isEmpty());
            return new Entry(name, known, EventReader.known(json), "EUR");
        }
        throw new IllegalArgumentException(event);
    }

    private static Entry sale(String name, String reference, long amount) {
        return entry(name, reference, "{'type':'sale','date':'2026-01-10','amount':" + amount + ",'currency':'EUR'}");
    }

    private static List<String> names(List<Entry> entries) {
        return entries.stream().map(Entry::name).toList();
    }

    @Test
    void what_both_have_is_compared_and_what_one_has_is_named() {
        Reconciliation found = Reconciliation.of(
                List.of(sale("line 1", "A", 100), sale("line 2", "B", 200), sale("line 3", "C", 300)),
                List.of(sale("s/1", "A", 100), sale("s/2", "B", 250), sale("s/3", "D", 400)));

        assertThat(found.equal()).isEqualTo(1);
        assertThat(found.differing())
                .containsExactly(
                        new Reconciliation.Pair(sale("line 2", "B", 200), sale("s/2", "B", 250), List.of("amount")));
        assertThat(names(found.unreported())).containsExactly("line 3");
        assertThat(names(found.unknown())).containsExactly("s/3");
        assertThat(found.agrees()).isFalse();
    }

    @Test
    void every_member_that_both_state_is_compared_and_no_other() {
        Entry own = entry("line 1", "A", "{'type':'sale','date':'2026-01-10','amount':100,'currency':'EUR'}");
        Entry reported =
                entry("s/1", "A", "{'type':'cost','date':'2026-01-11','amount':100,'currency':'USD','quantity':2}");
        Entry inDollars = new Entry("s/1", reported.reference(), reported.event(), "USD");

        assertThat(own.differences(inDollars)).containsExactly("type", "date", "currency");
    }

    @Test
    void of_entries_with_one_reference_the_same_belong_together_and_the_rest_is_paired() {
        Reconciliation found = Reconciliation.of(
                List.of(sale("line 1", "A", 1), sale("line 2", "A", 2), sale("line 3", "A", 3)),
                List.of(sale("s/1", "A", 9), sale("s/2", "A", 1)));

        assertThat(found.equal()).isEqualTo(1);
        assertThat(found.differing()).hasSize(1);
        assertThat(found.differing().getFirst().own().name()).isEqualTo("line 2");
        assertThat(names(found.unreported())).containsExactly("line 3");
        assertThat(found.repeated()).containsExactly(new Reconciliation.Repeated("A", 3, 2));
    }

    @Test
    void what_has_no_reference_is_named_and_agrees_with_nothing() {
        Reconciliation found = Reconciliation.of(List.of(sale("line 1", "", 1)), List.of(sale("s/1", "", 1)));

        assertThat(names(found.unreferenced())).containsExactly("line 1", "s/1");
        assertThat(found.agrees()).isFalse();
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /// Whatever the order: every entry is in exactly one place, and what is the same on both sides in any other is not.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void each_entry_is_accounted_for_once_in_any_order(long seed) {
        Random random = new Random(seed);
        List<Entry> own = new ArrayList<>();
        List<Entry> reported = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String reference = random.nextInt(8) == 0 ? "" : "R" + random.nextInt(25);
            boolean mine = random.nextBoolean();
            (mine ? own : reported).add(sale((mine ? "line " : "s/") + i, reference, random.nextInt(3)));
        }

        Reconciliation found = Reconciliation.of(own, reported);
        Collections.shuffle(own, random);
        Collections.shuffle(reported, random);
        Reconciliation shuffled = Reconciliation.of(own, reported);

        long both = found.equal() + found.differing().size();
        assertThat(2 * both
                        + found.unreported().size()
                        + found.unknown().size()
                        + found.unreferenced().size())
                .isEqualTo(own.size() + reported.size());
        assertThat(found.unreported())
                .noneMatch(mine -> found.unknown().stream()
                        .anyMatch(theirs -> mine.reference().equals(theirs.reference())));
        assertThat(shuffled.equal()).isEqualTo(found.equal());
        assertThat(shuffled.unreported()).hasSameSizeAs(found.unreported());
        assertThat(shuffled.unknown()).hasSameSizeAs(found.unknown());
    }
}
