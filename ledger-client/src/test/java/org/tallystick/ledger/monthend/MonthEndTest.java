package org.tallystick.ledger.monthend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.LivedCase;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Snapshot;

class MonthEndTest {

    private static final PartyId HUB = new PartyId("north/platform");
    private static final LedgerTime IN_DECEMBER = LedgerTime.of("2026-12-01T00:00:00Z");

    /// An agreement that is settled every quarter, up to the third of 2026.
    private static LivedCase reseller() throws Exception {
        Bytes text = Bytes.copyOf(Files.readAllBytes(Path.of("../docs/spec/examples/01-channel-reseller.json")));
        if (!(JsonReader.read(text, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj file))) {
            throw new IllegalStateException("the example is no JSON object");
        }
        return LivedCase.of(file.object("terms"), file.items("events"), "2026-Q1", "2026-Q3", 1);
    }

    private static Snapshot snapshot(LivedCase lived) {
        Snapshot snapshot = new Snapshot();
        snapshot.values.putAll(lived.state());
        snapshot.agreements.add(lived.agreement());
        return snapshot;
    }

    private static List<Readiness> asked(LivedCase lived, PartyId by, String period, LedgerTime now) throws Exception {
        return new MonthEnd(snapshot(lived), by, now).of(Period.ofText(period));
    }

    @Test
    void a_quarter_ends_with_its_last_month_and_with_no_other() throws Exception {
        LivedCase lived = reseller();

        List<Readiness> march = asked(lived, HUB, "2026-03", IN_DECEMBER);

        assertThat(march).hasSize(1);
        assertThat(march.getFirst().period()).isEqualTo(Period.ofText("2026-Q1"));
        assertThat(march.getFirst().state()).isInstanceOf(Readiness.Settled.class);
        assertThat(march.getFirst().missing()).isEmpty();
        assertThat(asked(lived, HUB, "2026-02", IN_DECEMBER)).isEmpty();
        assertThat(asked(lived, HUB, "2025-12", IN_DECEMBER)).isEmpty();
        assertThat(asked(lived, new PartyId("west/stranger"), "2026-03", IN_DECEMBER))
                .isEmpty();
    }

    @Test
    void what_is_not_declared_is_owed_by_the_owner_of_the_source() throws Exception {
        LivedCase lived = reseller();

        Readiness next = asked(lived, HUB, "2026-12", LedgerTime.of("2027-01-02T00:00:00Z"))
                .getFirst();

        assertThat(next.state()).isInstanceOf(Readiness.Waiting.class);
        assertThat(next.missing())
                .hasSize(2)
                .allSatisfy(missing -> assertThat(missing).isInstanceOf(Readiness.Declaration.class))
                .anySatisfy(missing -> assertThat(missing.owing()).containsExactly(HUB));
    }

    @Test
    void a_period_that_is_not_over_and_one_behind_another_say_so() throws Exception {
        LivedCase lived = reseller();

        Readiness early = asked(lived, HUB, "2026-12", IN_DECEMBER).getFirst();
        Readiness later = asked(lived, HUB, "2027-03", LedgerTime.of("2027-04-02T00:00:00Z"))
                .getFirst();

        assertThat(early.missing()).contains(new Readiness.Time(LedgerTime.of("2027-01-01T00:00:00Z")));
        assertThat(later.missing()).contains(new Readiness.Earlier(Period.ofText("2026-Q4")));
    }

    /// All is declared, and the terms multiply by a figure that nobody recorded.
    @Test
    void a_figure_that_lacks_is_owed_by_who_could_report_it() {
        Json.Obj terms = Documents.of(
                "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1','factor':{'kpi':'q'}}");
        Json sale = Documents.json("{'id':'s','type':'sale','date':'2026-01-10','amount':1000,'currency':'USD'}");

        LivedCase lived = LivedCase.of(terms, List.of(sale), "2026-01", "2026-01", 1);

        assertThat(lived.periods()).isEmpty();
        assertThat(readiness(lived, "2026-01").missing())
                .containsExactly(new Readiness.Fact("FIGURE_MISSING", List.of("books"), new TreeSet<>(List.of(HUB))));
    }

    private static Readiness readiness(LivedCase lived, String period) {
        try {
            return asked(lived, HUB, period, IN_DECEMBER).getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closers_may_close_at_once_and_others_after_the_agreed_days() {
        PartyId other = new PartyId("east/p1");
        LedgerTime anybody = LedgerTime.of("2026-02-21T00:00:00Z");
        Readiness.Ready ready = new Readiness.Ready(new TreeSet<>(List.of(HUB)), anybody);

        assertThat(ready.closableBy(HUB, LedgerTime.of("2026-02-01T00:00:00Z"))).isTrue();
        assertThat(ready.closableBy(other, LedgerTime.of("2026-02-20T23:59:59Z")))
                .isFalse();
        assertThat(ready.closableBy(other, anybody)).isTrue();
    }

    @Test
    void what_falls_due_comes_in_order_of_day_and_no_later_than_asked() throws Exception {
        Snapshot snapshot = snapshot(reseller());
        LocalDate today = LocalDate.of(2027, 1, 2);

        List<Due> month = new Dues(snapshot, HUB, today, 30).all();
        List<Due> week = new Dues(snapshot, HUB, today, 7).all();

        assertThat(month).isSorted();
        assertThat(month)
                .filteredOn(due -> due.kind() == Due.Kind.DECLARATION)
                .hasSize(2)
                .allSatisfy(due -> {
                    assertThat(due.day()).isEqualTo(LocalDate.of(2027, 1, 11));
                    assertThat(due.period()).isEqualTo(Optional.of(Period.ofText("2026-Q4")));
                });
        assertThat(month)
                .anyMatch(due -> due.kind() == Due.Kind.CLOSE && due.day().equals(LocalDate.of(2027, 1, 1)));
        assertThat(month)
                .anyMatch(due ->
                        due.kind() == Due.Kind.CLOSE_BY_ANYBODY && due.day().equals(LocalDate.of(2027, 1, 21)));
        assertThat(week).isSubsetOf(month).noneMatch(due -> due.kind() == Due.Kind.DECLARATION);
        assertThat(new Dues(snapshot, new PartyId("west/stranger"), today, 30).all())
                .isEmpty();
    }

    /// Q3 is settled and Q4 is not; claims of both end 90 days after the quarter.
    @Test
    void the_time_for_claims_ends_whether_a_period_is_settled_or_not() throws Exception {
        Snapshot snapshot = snapshot(reseller());

        List<Due> december = new Dues(snapshot, HUB, LocalDate.of(2026, 12, 1), 30).all();
        List<Due> march = new Dues(snapshot, HUB, LocalDate.of(2027, 3, 15), 30).all();
        List<Due> past = new Dues(snapshot, HUB, LocalDate.of(2027, 4, 1), 30).all();

        assertThat(claimsEnd(december)).containsExactly("2026-12-30 2026-Q3");
        assertThat(claimsEnd(march)).containsExactly("2027-04-01 2026-Q4");
        assertThat(claimsEnd(past)).isEmpty();
    }

    private static List<String> claimsEnd(List<Due> dues) {
        return dues.stream()
                .filter(due -> due.kind() == Due.Kind.CLAIMS_END)
                .map(due -> due.day() + " " + due.period().orElseThrow().text())
                .toList();
    }

    @Test
    void what_is_to_be_paid_falls_due_also_when_the_agreement_is_closed() throws Exception {
        LivedCase lived = reseller();
        Snapshot snapshot = snapshot(lived);
        String head = Keys.agreement(lived.agreement().text());
        LocalDate day = dueOf(snapshot, lived, "2026-Q3");

        List<Due> active = payments(new Dues(snapshot, HUB, day, 1).all());
        snapshot.values.put(
                head,
                AgreementHead.CODEC
                        .decode()
                        .apply(Optional.ofNullable(snapshot.values.get(head)).orElseThrow())
                        .settled(Period.ofText("2026-Q3"), AgreementHead.Stage.CLOSED, IN_DECEMBER)
                        .encode());
        List<Due> closed = new Dues(snapshot, HUB, day, 1).all();

        assertThat(active).isNotEmpty();
        assertThat(closed).isEqualTo(active);
        assertThat(new Dues(snapshot, HUB, day.plusDays(1), 1).all()).isEmpty();
    }

    /// The day on which all that a settlement makes due is to be paid.
    private static LocalDate dueOf(Snapshot snapshot, LivedCase lived, String period) {
        return snapshot.values.entrySet().stream()
                .filter(key -> key.getKey().startsWith("itm/" + lived.agreement() + "/" + period + "/"))
                .map(key -> OpenItem.decode(key.getValue()).due())
                .findFirst()
                .orElseThrow();
    }

    private static List<Due> payments(List<Due> dues) {
        return dues.stream().filter(due -> due.kind() == Due.Kind.PAYMENT).toList();
    }
}
