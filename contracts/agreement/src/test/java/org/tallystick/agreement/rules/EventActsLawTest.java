package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.agreement.rules.HeldStory.OWNERS;
import static org.tallystick.agreement.rules.MemoryLedger.told;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Whatever the parties report, attest, contradict, declare, take back, seal and claim, in whatever order the ledger
/// takes it: a close posts what the engine makes of the events booked, and nobody can stop it.
final class EventActsLawTest {

    private static final List<String> PARTIES =
            List.of(HeldStory.HUB, HeldStory.AUDIT, HeldStory.ANA, HeldStory.BEN, HeldStory.CLEO);
    private static final List<String> SIDES = List.of(HeldStory.HUB, HeldStory.ANA, HeldStory.BEN, HeldStory.CLEO);
    private static final List<String> PERIODS = List.of("2026-01", "2026-02", "2026-03");
    private static final Period KIOSK_ENDS = Period.ofText("2026-01");
    private static final int ACTS = 45;

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    /// The events as the text of the format books them, kept without looking at the ledger's state.
    private static final class Model {

        private static final class Entry {
            final Event event;
            final String source;
            final Json.Obj json;
            final Set<String> missing;
            final TreeSet<String> contradicted = new TreeSet<>();
            Optional<Period> booked = Optional.empty();

            /// Free when its source had ended: it waits for another word of an attester, if it has one.
            boolean late;

            Entry(String source, Json.Obj json) {
                this.source = source;
                this.json = json;
                this.event = read(json);
                this.missing = needed(json);
            }
        }

        private final Terms terms;
        private final TreeMap<String, Entry> entries = new TreeMap<>();
        private final TreeMap<String, Period> open = new TreeMap<>();
        private Period unsettled = Period.ofText("2026-01");
        private History history;

        Model(Terms terms) {
            this.terms = terms;
            this.history = History.open(terms, unsettled);
            OWNERS.keySet().forEach(source -> open.put(source, unsettled));
        }

        static Event read(Json json) {
            if (EventReader.read(json) instanceof EventReading.Formed(var event)) {
                return event;
            }
            throw new AssertionError(json.toString());
        }

        private static Set<String> needed(Json.Obj json) {
            return switch (json.text("type")) {
                case "usage" -> new TreeSet<>(List.of(HeldStory.CLEO, HeldStory.AUDIT));
                case "kpi" -> new TreeSet<>(List.of(HeldStory.HUB));
                case "sale" -> json.has("attrs") ? new TreeSet<>(List.of(HeldStory.HUB)) : new TreeSet<>();
                default -> new TreeSet<>();
            };
        }

        void reported(String source, long first, List<Json.Obj> events) {
            for (int k = 0; k < events.size(); k++) {
                entries.put(HeldStory.id(source, first + k), new Entry(source, events.get(k)));
            }
            bookWhatMay();
        }

        void attested(String party, String id) {
            entry(id).missing.remove(party);
            entry(id).contradicted.remove(party);
            entry(id).late = false;
        }

        void contradicted(String party, String id) {
            entry(id).contradicted.add(party);
        }

        private Entry entry(String id) {
            return Optional.ofNullable(entries.get(id)).orElseThrow();
        }

        /// Books all that nothing holds any more, origins first.
        void bookWhatMay() {
            for (boolean again = true; again; ) {
                again = false;
                for (Entry entry : entries.values()) {
                    Optional<Entry> origin = entry.event.refOf().map(this::entry);
                    boolean free = entry.missing.isEmpty()
                            && entry.contradicted.isEmpty()
                            && origin.filter(named -> named.booked.isEmpty()).isEmpty();
                    if (entry.booked.isEmpty() && !entry.late && free) {
                        Period period = period(entry, origin);
                        entry.late = entry.source.equals("kiosk") && period.compareTo(KIOSK_ENDS) > 0;
                        if (!entry.late) {
                            entry.booked = Optional.of(period);
                            again = true;
                        }
                    }
                }
            }
        }

        private Period period(Entry entry, Optional<Entry> origin) {
            Period period = terms.frequency().periodOf(entry.event.date());
            boolean fact = entry.event.type().equals("kpi");
            Period least = fact
                    ? unsettled
                    : Booking.later(
                            unsettled,
                            Optional.ofNullable(open.get(entry.source)).orElseThrow());
            Period booked = Booking.later(period, least);
            return origin.flatMap(named -> named.booked)
                    .map(named -> Booking.later(booked, named))
                    .orElse(booked);
        }

        /// Whether it names an event, which counts.
        boolean isOriginBooked(Entry entry) {
            return entry.event
                    .refOf()
                    .filter(named -> entry(named).booked.isPresent())
                    .isPresent();
        }

        long held(String source) {
            return entries.values().stream()
                    .filter(entry -> entry.source.equals(source) && entry.booked.isEmpty())
                    .count();
        }

        /// What the engine makes of what is booked in the first period not settled.
        Hash closes() {
            List<KnownEvent> events = new ArrayList<>();
            entries.forEach((id, entry) -> {
                if (entry.booked.equals(Optional.of(unsettled))) {
                    events.add(new KnownEvent(
                            id, entry.event, unsettled, entry.event.refOf().map(ref -> entry(ref).event)));
                }
            });
            if (!(Settlement.settle(terms, history, events) instanceof Outcome.Settled(var statement, var after))) {
                throw new AssertionError("the engine lacks something");
            }
            history = after;
            unsettled = unsettled.next();
            List<Bytes> lines = statement.lines().stream()
                    .map(Line::encode)
                    .map(Json::canonical)
                    .toList();
            return Merkle.root(lines);
        }
    }

    /// One run of acts.
    private static final class Play {

        private final Random random;
        private final HeldStory at = new HeldStory();
        private final Model model;
        private final TreeMap<Hash, String> claims = new TreeMap<>();
        private final SortedMap<String, Integer> answers = new TreeMap<>();
        private LedgerTime now = LedgerTime.of("2026-01-05T12:00:00Z");

        Play(long seed) {
            random = new Random(seed);
            model = new Model(Documents.accepted(at.document().object("terms")));
        }

        private <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        void go() {
            for (int i = 0; i < ACTS; i++) {
                now = now.plus(Duration.ofHours(random.nextInt(90)));
                at.story.moveTo(now.text());
                act();
                check();
            }
            for (String period : PERIODS) {
                Period end = Period.ofText(period);
                if (end.compareTo(model.unsettled) < 0) {
                    continue;
                }
                LedgerTime allowed = LedgerTime.startOf(end.end().plusDays(20));
                now = now.isBefore(allowed) ? allowed : now;
                at.story.moveTo(now.text());
                act();
                check();
                if (end.equals(model.unsettled)) {
                    String anybody = one(SIDES);
                    for (String source : OWNERS.keySet()) {
                        if (told(at.seals(anybody, source, period)).equals("applied")) {
                            model.open.put(source, end.next());
                        }
                    }
                    close(anybody, period, true);
                }
            }
        }

        private void count(String act, Json.Obj answer) {
            answers.merge(act + " " + told(answer), 1, Integer::sum);
        }

        private void act() {
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> report();
                case 4, 5, 6 -> attest();
                case 7 -> contradict();
                case 8, 9 -> declare();
                case 10 -> takeBack();
                case 11 -> seal();
                case 12 -> claim();
                default -> close(one(PARTIES), model.unsettled.text(), false);
            }
        }

        /// One of the last days, or one long ago; none before the agreement begins.
        private String date() {
            LocalDate day = now.day().minusDays(random.nextInt(random.nextInt(5) == 0 ? 40 : 4));
            LocalDate first = LocalDate.of(2026, 1, 1);
            return (day.isBefore(first) ? first : day).toString();
        }

        private void report() {
            String source = one(List.copyOf(OWNERS.keySet()));
            List<Json.Obj> events = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                event(source).ifPresent(events::add);
            }
            if (events.isEmpty()) {
                return;
            }
            long first = at.last(source) + 1;
            Json.Obj answer = at.reports(source, events.toArray(Json.Obj[]::new));
            count("report", answer);
            if (told(answer).equals("applied")) {
                model.reported(source, first, events);
            }
        }

        private Optional<Json.Obj> event(String source) {
            long amount = 1L + random.nextInt(900);
            if (source.equals("figures")) {
                return Optional.of(HeldStory.figure(date(), amount));
            }
            if (source.equals("returns") || random.nextInt(4) == 0) {
                List<String> sales = model.entries.entrySet().stream()
                        .filter(entry -> entry.getValue().event.type().equals("sale"))
                        .map(Map.Entry::getKey)
                        .toList();
                return sales.isEmpty()
                        ? Optional.empty()
                        : Optional.of(HeldStory.refund(now.day().toString(), amount, one(sales)));
            }
            if (source.equals("kiosk") && random.nextBoolean()) {
                return refundOfHeld(amount);
            }
            if (source.equals("web") && random.nextBoolean()) {
                return Optional.of(HeldStory.usage(date(), amount, one(List.of("a", "b"))));
            }
            return Optional.of(
                    random.nextBoolean() ? HeldStory.sale(date(), amount) : HeldStory.flagged(date(), amount));
        }

        /// Before or after the end of its source, which it may reach while it is held.
        private Optional<Json.Obj> refundOfHeld(long amount) {
            List<String> held = model.entries.entrySet().stream()
                    .filter(entry -> entry.getValue().event.type().equals("sale")
                            && entry.getValue().booked.isEmpty())
                    .map(Map.Entry::getKey)
                    .toList();
            return held.isEmpty() ? Optional.empty() : Optional.of(HeldStory.refund(date(), amount, one(held)));
        }

        /// Some events, most of them held.
        private String[] some() {
            List<String> ids = model.entries.entrySet().stream()
                    .filter(entry -> entry.getValue().booked.isEmpty() || random.nextInt(9) == 0)
                    .map(Map.Entry::getKey)
                    .filter(_ -> random.nextInt(3) > 0)
                    .toList();
            return ids.toArray(String[]::new);
        }

        /// Those of these events that the party attests.
        private String[] own(String party, String... ids) {
            return Arrays.stream(ids)
                    .filter(id -> random.nextInt(20) == 0
                            || Model.needed(model.entry(id).json).contains(party))
                    .toArray(String[]::new);
        }

        private void attest() {
            String party = one(List.of(HeldStory.HUB, HeldStory.AUDIT, HeldStory.CLEO));
            String[] ids = own(party, some());
            if (ids.length == 0) {
                return;
            }
            Json.Obj answer = at.attests(party, ids);
            count("attest", answer);
            if (told(answer).equals("applied")) {
                for (String id : ids) {
                    model.attested(party, id);
                }
                model.bookWhatMay();
            }
        }

        private void contradict() {
            String party = one(List.of(HeldStory.HUB, HeldStory.AUDIT, HeldStory.CLEO));
            String[] ids = own(party, some());
            if (ids.length == 0) {
                return;
            }
            Json.Obj answer = at.contradicts(party, ids);
            count("contradict", answer);
            if (told(answer).equals("applied")) {
                for (String id : ids) {
                    model.contradicted(party, id);
                    model.entry(id).missing.add(party);
                }
            }
        }

        /// Mostly the first period that the source has not declared, or the one before.
        private String period(String source, boolean declared) {
            Period open = Optional.ofNullable(model.open.get(source)).orElseThrow();
            List<String> fit = PERIODS.stream()
                    .filter(text -> (declared ? Period.ofText(text).next() : Period.ofText(text)).equals(open))
                    .toList();
            return fit.isEmpty() || random.nextInt(4) == 0 ? one(PERIODS) : one(fit);
        }

        private void declare() {
            String source = one(List.copyOf(OWNERS.keySet()));
            String period = period(source, false);
            Json.Obj answer = at.declares(source, period);
            count("declare", answer);
            if (told(answer).equals("applied")) {
                model.open.put(source, Period.ofText(period).next());
                if (random.nextInt(4) == 0) {
                    takeBack(source, period);
                }
            }
        }

        private void takeBack() {
            String source = one(List.copyOf(OWNERS.keySet()));
            takeBack(source, period(source, true));
        }

        private void takeBack(String source, String period) {
            Json.Obj answer = at.takesBack(source, period);
            count("take-back", answer);
            if (told(answer).equals("applied")) {
                model.open.put(source, Period.ofText(period));
            }
        }

        private void seal() {
            String source = one(List.copyOf(OWNERS.keySet()));
            String period = period(source, false);
            Json.Obj answer = at.seals(one(PARTIES), source, period);
            count("seal", answer);
            if (told(answer).equals("applied")) {
                model.open.put(source, Period.ofText(period).next());
            }
        }

        private void claim() {
            if (claims.isEmpty() || random.nextBoolean()) {
                String source = one(List.of("shop", "web"));
                Json.Obj answer = at.claims(one(PARTIES), source, HeldStory.sale(date(), 5));
                count("claim", answer);
                if (told(answer).equals("applied")) {
                    claims.put(new Hash(((Json.Obj) answer.items("effects").getFirst()).text("claim")), source);
                }
                return;
            }
            List<String> ids = List.copyOf(model.entries.keySet());
            Act.Reply reply = ids.isEmpty() || random.nextBoolean()
                    ? new Act.Reply.Refusal("nothing was sold")
                    : new Act.Reply.Reported(at.proof(EventId.parse(one(ids)).orElseThrow()));
            Hash claim = one(List.copyOf(claims.keySet()));
            String owner = at.owner(Optional.ofNullable(claims.get(claim)).orElseThrow());
            count("claim-answer", at.answers(random.nextInt(4) == 0 ? one(PARTIES) : owner, claim, reply));
        }

        private void close(String party, String period, boolean must) {
            Json.Obj answer = at.closes(party, period);
            count("close", answer);
            if (must) {
                assertThat(told(answer)).as(answer.toString()).isEqualTo("applied");
            }
            if (told(answer).equals("applied")) {
                Json.Obj settled = at.story.ledger.json(Keys.settlement(Story.AGREEMENT, period));
                assertThat(settled.text("postings")).isEqualTo(model.closes().hex());
            }
        }

        /// The ledger's counts are those of the model.
        private void check() {
            for (String source : OWNERS.keySet()) {
                long held = at.head(source).map(head -> head.whole("held")).orElse(0L);
                assertThat(held).as("held of " + source).isEqualTo(model.held(source));
                for (String period : PERIODS) {
                    long booked = at.story
                            .ledger
                            .find(Keys.total(Story.AGREEMENT, source, period))
                            .map(total -> total.whole("count"))
                            .orElse(0L);
                    long expected = model.entries.values().stream()
                            .filter(entry -> entry.source.equals(source)
                                    && entry.booked.equals(Optional.of(Period.ofText(period))))
                            .count();
                    assertThat(booked).as(source + " in " + period).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Tag("slow")
    void any_order_that_the_ledger_takes_closes_as_the_engine_settles_and_nobody_stops_it(long seed) {
        Play play = new Play(seed);

        play.go();

        assertThat(play.model.unsettled.text()).isEqualTo("2026-04");
    }

    /// Every act is taken at times and refused at times, or the law says little.
    @Test
    void the_acts_drawn_are_taken_and_refused() {
        TreeMap<String, Integer> answers = new TreeMap<>();

        for (long seed = 0; seed < 40; seed++) {
            Play play = new Play(seed);
            play.go();
            play.answers.forEach((answer, times) -> answers.merge(answer, times, Integer::sum));
            play.model.entries.values().stream()
                    .filter(entry -> entry.late && play.model.isOriginBooked(entry))
                    .forEach(_ -> answers.merge("late", 1, Integer::sum));
        }

        assertThat(answers)
                .containsKeys(
                        "attest applied",
                        "attest already_attested",
                        "claim applied",
                        "claim-answer applied",
                        "claim-answer claim_answered",
                        "close applied",
                        "close not_declared_yet",
                        "contradict applied",
                        "contradict already_contradicted",
                        "declare applied",
                        "declare already_declared",
                        "late",
                        "report applied",
                        "report source_ended",
                        "seal applied",
                        "seal grace_running",
                        "take-back applied",
                        "take-back grace_over");
    }
}
