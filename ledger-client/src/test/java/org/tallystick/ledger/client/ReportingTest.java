package org.tallystick.ledger.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.ledger.LedgerException;

/// Drafts become numbered reports, and what they name elsewhere is proven.
class ReportingTest {

    private static final AgreementId AGREEMENT = new AgreementId("north/vendor/reseller");
    private static final SourceId SALES = new SourceId("sales");
    private static final LedgerTime AT = LedgerTime.of("2026-01-31T12:00:00Z");
    private static final Terms TERMS =
            Documents.accepted("{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'1/8'}");
    private static final Period JANUARY = Period.parse("2026-01").orElseThrow();

    private final Snapshot state = new Snapshot();

    @Test
    void events_take_the_next_numbers_and_keep_their_references() throws Exception {
        List<Act.Report> reports = report(List.of(sale("INV-1"), sale("INV-2")));

        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.first()).isEqualTo(1);
            assertThat(report.proofs()).isEmpty();
            assertThat(report.events().get(1).object("attrs").text("ref")).isEqualTo("INV-2");
            assertThat(report.events().get(1).has("id")).isFalse();
        });
    }

    @Test
    void a_refund_names_an_earlier_event_of_the_same_report_without_a_proof() throws Exception {
        Act.Report report = report(List.of(sale("INV-1"), refundOf("INV-1"))).getFirst();

        assertThat(report.events().get(1).text("refOf")).isEqualTo("sales/0000000001");
        assertThat(report.events().get(1).has("attrs")).isFalse();
        assertThat(report.proofs()).isEmpty();
    }

    /// Two reports share a run: the proof leads to the root of the second, the hint to the first number of the run.
    @Test
    void a_refund_of_an_event_on_the_ledger_carries_its_proof() throws Exception {
        List<Json.Obj> first = List.of(ledgerSale("INV-1"), ledgerSale("INV-2"));
        List<Json.Obj> second = List.of(ledgerSale("INV-3"), ledgerSale("INV-4"), ledgerSale("INV-5"));
        store(1, List.of(first, second), 0);

        Act.Report report =
                report(List.of(refundOf("INV-4"), refundOf("sales/0000000004"))).getFirst();

        assertThat(report.first()).isEqualTo(6);
        assertThat(report.proofs()).singleElement().satisfies(proof -> {
            assertThat(proof.id().number()).isEqualTo(4);
            assertThat(proof.first()).isEqualTo(3);
            assertThat(Merkle.root(Merkle.leaf(proof.event().canonical()), 1, 3, proof.path()))
                    .contains(root(second));
        });
        assertThat(new SourceHistory(state, AGREEMENT, SALES)
                        .run(3)
                        .orElseThrow()
                        .first())
                .isEqualTo(1);
    }

    @Test
    void a_run_is_found_from_any_of_its_numbers() throws Exception {
        store(1, List.of(List.of(ledgerSale("A"), ledgerSale("B"))), 0);
        store(3, List.of(List.of(ledgerSale("C")), List.of(ledgerSale("D"))), 1);
        SourceHistory history = new SourceHistory(state, AGREEMENT, SALES);

        assertThat(first(history.run(1))).isEqualTo(1);
        assertThat(first(history.run(2))).isEqualTo(1);
        assertThat(first(history.run(4))).isEqualTo(3);
        assertThat(history.run(5)).isEmpty();
        assertThat(history.runs()).hasSize(2);
        assertThat(history.referredTo("D").orElseThrow().number()).isEqualTo(4);
    }

    @Test
    void more_events_than_a_report_takes_become_several() throws Exception {
        List<EventDraft> drafts = new ArrayList<>();
        for (int i = 0; i < 4_500; i++) {
            drafts.add(sale("INV-" + i));
        }
        drafts.add(refundOf("INV-0"));

        List<Act.Report> reports = report(drafts);

        long next = 1;
        for (Act.Report report : reports) {
            assertThat(report.first()).isEqualTo(next);
            assertThat(report.body().canonical().size()).isLessThan(256 * 1024 - 1024);
            next += report.events().size();
        }
        assertThat(next).isEqualTo(4_502);
        Act.Report first = reports.getFirst();
        assertThat(reports.getLast().proofs()).singleElement().satisfies(proof -> {
            Hash leaf = Merkle.leaf(proof.event().canonical());
            assertThat(Merkle.root(leaf, 0, first.events().size(), proof.path()))
                    .contains(root(first.events()));
        });
    }

    @Test
    void a_report_has_events_of_at_most_four_periods() throws Exception {
        List<Act.Report> reports = report(monthsOf2025(9));

        assertThat(reports).extracting(report -> report.events().size()).containsExactly(4, 4, 1);
        assertThat(reports).extracting(Act.Report::first).containsExactly(1L, 5L, 9L);
    }

    /// It is booked where its sale is, in January of the year after.
    @Test
    void a_refund_of_a_sale_that_is_booked_in_a_fifth_period_goes_into_the_next_report() throws Exception {
        store(1, List.of(List.of(ledgerSale("INV-0"))), 0);
        List<EventDraft> drafts = monthsOf2025(4);
        drafts.add(dated("2025-02-10", refund("INV-0")));
        drafts.add(dated("2025-02-11", object("sale", "INV-9")));

        List<Act.Report> reports = report(drafts);

        assertThat(reports).extracting(report -> report.events().size()).containsExactly(4, 2);
    }

    @Test
    void so_does_a_refund_of_such_a_sale_in_the_report_before() throws Exception {
        List<EventDraft> drafts = new ArrayList<>(List.of(dated("2025-09-01", object("sale", "INV-0"))));
        drafts.addAll(monthsOf2025(7));
        drafts.add(dated("2025-05-10", refund("INV-0")));

        List<Act.Report> reports = report(drafts);

        assertThat(reports).extracting(report -> report.events().size()).containsExactly(4, 4, 1);
    }

    /// What is late is booked in the first period that can be declared, but a fact in the first that is not settled.
    @Test
    void facts_count_as_a_period_of_their_own() throws Exception {
        List<EventDraft> drafts = monthsOf2025(4);
        drafts.add(dated("2025-04-10", object("kpi", "K-1")));

        List<Act.Report> reports = report(drafts);

        assertThat(reports).extracting(report -> report.events().size()).containsExactly(4, 1);
    }

    private static List<EventDraft> monthsOf2025(int last) {
        List<EventDraft> drafts = new ArrayList<>();
        for (int month = 1; month <= last; month++) {
            drafts.add(dated("2025-0" + month + "-03", object("sale", "INV-" + month)));
        }
        return drafts;
    }

    private static EventDraft dated(String date, Json.Obj draft) {
        return EventDraft.of(with(draft, "date", Json.text(date)));
    }

    @Test
    void an_event_that_names_nothing_known_is_not_reported() {
        assertThatThrownBy(() -> report(List.of(sale("INV-1"), refundOf("INV-9"))))
                .isInstanceOfSatisfying(
                        EventRefersNowhere.class,
                        nowhere -> assertThat(nowhere.line()).isEqualTo(2))
                .hasMessageContaining("INV-9");
        assertThatThrownBy(() -> report(List.of(refundOf("sales/0000000009")))).isInstanceOf(EventRefersNowhere.class);
    }

    @Test
    void a_draft_does_not_say_what_the_ledger_says() {
        Json.Obj booked = with(object("sale", "INV-1"), "booked", Json.text("2026-02"));

        assertThatThrownBy(() -> EventDraft.of(booked)).hasMessageContaining("booked");
    }

    @Test
    void no_report_takes_more_events_than_it_may() throws Exception {
        List<EventDraft> drafts = Collections.nCopies(450, sale("INV-1"));

        List<Act.Report> reports = report(drafts, Reporting.MATCHED);

        assertThat(reports.stream().map(report -> report.events().size())).containsExactly(200, 200, 50);
    }

    private List<Act.Report> report(List<EventDraft> drafts) throws LedgerException, EventRefersNowhere {
        return report(drafts, Limits.EVENTS_IN_A_REPORT);
    }

    private List<Act.Report> report(List<EventDraft> drafts, int most) throws LedgerException, EventRefersNowhere {
        SourceHistory history = new SourceHistory(state, AGREEMENT, SALES);
        Reporting reporting = new Reporting(
                state,
                AGREEMENT,
                SALES,
                TERMS,
                history,
                history::referredTo,
                history.last() + 1,
                most,
                Integer.MAX_VALUE);
        List<Act.Report> reports = new ArrayList<>();
        for (int line = 1; line <= drafts.size(); line++) {
            reporting.add(line, drafts.get(line - 1)).ifPresent(reports::add);
        }
        reporting.rest().ifPresent(reports::add);
        return reports;
    }

    private static long first(Optional<Run> run) {
        return run.orElseThrow().first();
    }

    private void store(long first, List<List<Json.Obj>> reports, long previous) {
        List<Run.Report> stored = new ArrayList<>();
        List<Json> events = new ArrayList<>();
        long next = first;
        for (List<Json.Obj> report : reports) {
            stored.add(Run.Report.of(next, "01", report));
            events.addAll(report);
            next += report.size();
        }
        Run run = new Run(first, AT, previous, JANUARY, JANUARY, stored);
        state.values.put(Keys.run(AGREEMENT.text(), "sales", first), run.encode());
        state.values.put(
                Keys.events(AGREEMENT.text(), "sales", first),
                new RunEvents(events, new TreeSet<>(), new TreeMap<>(), new TreeMap<>()).encode());
        state.values.put(
                Keys.source(AGREEMENT.text(), "sales"),
                new SourceHead(AT, 0, next - 1, first, JANUARY, Optional.empty()).encode());
    }

    private static Hash root(List<Json.Obj> events) {
        List<Bytes> leaves = events.stream().map(Json::canonical).toList();
        return Merkle.root(leaves);
    }

    private static EventDraft sale(String id) {
        return EventDraft.of(object("sale", id));
    }

    private static Json.Obj ledgerSale(String reference) {
        return sale(reference).json();
    }

    private static EventDraft refundOf(String id) {
        return EventDraft.of(refund(id));
    }

    private static Json.Obj refund(String id) {
        return with(object("refund", "R-" + id), "refOf", Json.text(id));
    }

    private static Json.Obj object(String type, String id) {
        return Json.object()
                .with("amount", 100)
                .with("currency", "USD")
                .with("date", "2026-01-05")
                .with("id", id)
                .with("type", type)
                .build();
    }

    private static Json.Obj with(Json.Obj object, String name, Json value) {
        TreeMap<String, Json> members = new TreeMap<>(object.members());
        members.put(name, value);
        return new Json.Obj(members);
    }
}
