package org.tallystick.ledger.monthend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.LivedCase;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.NoticeRecord;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.client.Snapshot;
import org.tallystick.ledger.client.StoryEntry;

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
        LedgerTime today = LedgerTime.startOf(LocalDate.of(2027, 1, 2));

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

        List<Due> december = new Dues(snapshot, HUB, LedgerTime.startOf(LocalDate.of(2026, 12, 1)), 30).all();
        List<Due> march = new Dues(snapshot, HUB, LedgerTime.startOf(LocalDate.of(2027, 3, 15)), 30).all();
        List<Due> past = new Dues(snapshot, HUB, LedgerTime.startOf(LocalDate.of(2027, 4, 1)), 30).all();

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
        LedgerTime day = LedgerTime.startOf(dueOf(snapshot, lived, "2026-Q3"));

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
        assertThat(new Dues(snapshot, HUB, day.plus(Duration.ofDays(1)), 1).all())
                .isEmpty();
    }

    /// The day on which all that a settlement makes due is to be paid.
    private static LocalDate dueOf(Snapshot snapshot, LivedCase lived, String period) {
        String key = Keys.openItems(lived.agreement().text(), period);
        return OpenItem.CODEC
                .decode()
                .apply(Objects.requireNonNull(snapshot.values.get(key)))
                .firstEntry()
                .getValue()
                .due();
    }

    private static List<Due> payments(List<Due> dues) {
        return dues.stream().filter(due -> due.kind() == Due.Kind.PAYMENT).toList();
    }

    /// Has another version adopted, as a decision does; what it may change is not asked here.
    private static Json.Obj amended(Snapshot snapshot, LivedCase lived, String starts, UnaryOperator<Json.Obj> change) {
        String id = lived.agreement().text();
        AgreementHead head = AgreementHead.decode(Objects.requireNonNull(snapshot.values.get(Keys.agreement(id))));
        Json.Obj old = Objects.requireNonNull(snapshot.values.get(
                Keys.document(id, head.newest().orElseThrow().hash())));
        TreeMap<String, Json> members = new TreeMap<>(change.apply(old).members());
        members.put("number", Json.whole(2));
        members.put("starts", Json.text(starts));
        members.put("supersedes", Json.text(head.newest().orElseThrow().hash().hex()));
        Json.Obj document = new Json.Obj(members);
        Hash version = Hash.of(document.canonical());
        snapshot.values.put(Keys.document(id, version), document);
        snapshot.values.put(
                Keys.agreement(id),
                head.adopted(new AgreementHead.Version(version, IN_DECEMBER, Period.ofText(starts)))
                        .encode());
        return document;
    }

    private static Json.Obj with(Json.Obj object, String name, Json value) {
        TreeMap<String, Json> members = new TreeMap<>(object.members());
        members.put(name, value);
        return new Json.Obj(members);
    }

    /// The fourth quarter is settled under the first version, whatever a later one names.
    @Test
    void a_period_lacks_what_the_version_in_effect_for_it_asks() throws Exception {
        LivedCase lived = reseller();
        Snapshot snapshot = snapshot(lived);
        LedgerTime january = LedgerTime.of("2027-01-02T00:00:00Z");
        Json.Obj _ = amended(snapshot, lived, "2027-Q1", old -> {
            List<Json> sources = new ArrayList<>(old.object("roles").items("sources"));
            Json.Obj other = with((Json.Obj) sources.getFirst(), "id", Json.text("other"));
            sources.add(
                    with(with(other, "first", Json.text("2026-Q4")), "types", Json.texts(List.of("refund", "sale"))));
            return with(old, "roles", with(old.object("roles"), "sources", Json.array(sources)));
        });

        Readiness last = new MonthEnd(snapshot, HUB, january)
                .of(Period.ofText("2026-12"))
                .getFirst();
        List<Due> dues = new Dues(snapshot, HUB, january, 30).all();

        assertThat(last.missing()).hasSize(2);
        assertThat(dues).filteredOn(due -> due.kind() == Due.Kind.DECLARATION).hasSize(2);
    }

    @Test
    void votes_locks_breaches_and_renewals_fall_due() throws Exception {
        LivedCase lived = reseller();
        Snapshot snapshot = snapshot(lived);
        Json.Obj renewal =
                Json.object().with("months", 12).with("noticeDays", 10).build();
        Json.Obj document = amended(
                snapshot,
                lived,
                "2027-Q1",
                old -> with(
                        old,
                        "term",
                        with(with(old.object("term"), "renewal", renewal), "until", Json.text("2027-01-01"))));
        Json.Obj motion = Json.object()
                .with("at", "2026-12-01T00:00:00Z")
                .with(
                        "ballots",
                        Json.array(List.of(Json.object()
                                .with("classes", Json.texts(List.of("pause")))
                                .with("deadline", "2026-12-20T00:00:00Z")
                                .with("votes", Json.Obj.EMPTY)
                                .build())))
                .with("by", HUB.text())
                .with(
                        "decision",
                        Json.object()
                                .with("kind", "pause")
                                .with("reason", "why")
                                .build())
                .with("expires", "2027-01-01T00:00:00Z")
                .with("moved", "2026-12-01T00:00:00Z")
                .with("under", Hash.of(document.canonical()).hex())
                .build();
        Json.Obj breach = new NoticeRecord(
                        LedgerTime.of("2026-11-20T00:00:00Z"),
                        HUB.text(),
                        "breach",
                        Optional.of("east/somebody"),
                        Optional.empty())
                .encode();
        Hash moved = tells(snapshot, "motion");
        Hash noticed = tells(snapshot, "notice");
        snapshot.values.put(Keys.motion(lived.agreement().text(), moved), motion);
        snapshot.values.put(Keys.notice(lived.agreement().text(), noticed), breach);

        List<Due> dues = new Dues(snapshot, HUB, IN_DECEMBER, 60).all();
        List<Due> late = new Dues(snapshot, HUB, LedgerTime.of("2026-12-25T00:00:00Z"), 60).all();

        assertThat(days(dues, Due.Kind.VOTE))
                .containsExactly("2026-12-20 " + moved.hex().substring(0, 12));
        assertThat(days(dues, Due.Kind.CURE))
                .containsExactly("2026-12-20 " + noticed.hex().substring(0, 12));
        assertThat(days(dues, Due.Kind.RENEWAL)).containsExactly("2026-12-22 ");
        assertThat(days(dues, Due.Kind.EXPIRY)).isEmpty();
        assertThat(dues.stream()
                        .filter(due -> due.kind() == Due.Kind.VOTE)
                        .findFirst()
                        .orElseThrow()
                        .owing())
                .contains(HUB);
        for (Due.Kind over : List.of(Due.Kind.VOTE, Due.Kind.CURE, Due.Kind.RENEWAL)) {
            assertThat(days(late, over)).isEmpty();
        }
    }

    /// Puts a line into the story of what was moved, or given notice of.
    private static Hash tells(Snapshot snapshot, String what) {
        Hash instruction = Hash.of(Bytes.ofUtf8(what));
        snapshot.story.add(new StoryEntry(
                new Position(9, 0, snapshot.story.size()),
                IN_DECEMBER,
                what,
                Optional.empty(),
                List.of(Json.object()
                        .with("kind", what)
                        .with(what, instruction.hex())
                        .build())));
        return instruction;
    }

    private static List<String> days(List<Due> dues, Due.Kind kind) {
        return dues.stream()
                .filter(due -> due.kind() == kind)
                .map(due -> due.day() + " " + due.name())
                .toList();
    }
}
