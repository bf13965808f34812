package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.life.Deed;
import org.tallystick.agreement.life.Paper;
import org.tallystick.agreement.life.Paper.Governing;
import org.tallystick.agreement.life.Paper.Successor;
import org.tallystick.agreement.life.Rule;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;

/// What nobody gets by trying in the life of an agreement: each no with its own code, and nothing left half done.
final class LifeRefusalsTest {

    private static final String HUB = LifeStory.HUB;
    private static final String ANA = "east/ana";
    private static final String BEN = "east/ben";
    private static final String CLEO = "west/cleo";
    private static final String DORA = "west/dora";
    private static final String ELI = "south/eli";
    private static final String SECOND = "east/second";

    private static final long HOUR = 3_600;
    private static final long DAY = LedgerTime.SECONDS_A_DAY;

    private static final SortedMap<String, String> SIDES =
            new TreeMap<>(Map.of("a", ANA, "b", BEN, "c", CLEO, "platform", HUB));
    private static final Paper.Term YEAR =
            new Paper.Term(Optional.of(LocalDate.of(2027, 1, 1)), Optional.empty(), OptionalInt.of(0), 10, 3);

    private final LifeStory story = new LifeStory();
    private long now = at("2026-01-02T10:00:00Z");
    private Paper newest = paper(Governing.by(new Rule.Unanimous(30)));

    private static long at(String time) {
        return LedgerTime.of(time).seconds();
    }

    private static Paper paper(Governing governing) {
        return paper(SIDES, governing, YEAR);
    }

    private static Paper paper(SortedMap<String, String> parties, Governing governing, Paper.Term term) {
        return new Paper(
                1,
                "",
                parties,
                governing,
                new TreeSet<>(),
                term,
                1,
                YearMonth.of(2026, 1),
                ELI,
                "Creators",
                Paper.Flaw.NONE);
    }

    /// Five seats, of which three are needed.
    private static Rule.Board five(int lockHours) {
        return Rule.board(3, lockHours, 10, List.of("platform", "a", "b", "c", ELI));
    }

    private static Governing inAdvance(Rule rule) {
        return new Governing(
                rule,
                new TreeMap<>(),
                new TreeSet<>(),
                false,
                new TreeMap<>(Map.of("b", new Successor(DORA, 20), "c", new Successor(SECOND, 20))));
    }

    private Paper titled(String title) {
        return version(title, newest.parties(), newest.governing(), newest.term(), newest.terms());
    }

    private Paper version(
            String title, SortedMap<String, String> parties, Governing governing, Paper.Term term, int terms) {
        return version(title, parties, governing, term, terms, YearMonth.of(2026, 3));
    }

    private Paper version(
            String title,
            SortedMap<String, String> parties,
            Governing governing,
            Paper.Term term,
            int terms,
            YearMonth starts) {
        return new Paper(
                newest.number() + 1,
                LifeStory.hash(newest),
                parties,
                governing,
                newest.mustAccept(),
                term,
                terms,
                starts,
                newest.arbiter(),
                title,
                Paper.Flaw.NONE);
    }

    // ---- deeds ----

    private Json.Obj answer(LifeStory.Signed signed) {
        return story.submit(now, signed.envelope()).getFirst();
    }

    private LifeStory.Signed signed(String party, Deed deed) {
        String version = switch (deed) {
            case Deed.Offer offer -> offer.hash();
            case Deed.Counter counter -> counter.hash();
            case Deed.Amend amend -> amend.hash();
            case Deed.Accept accept -> accept.version();
            case Deed.Decline decline -> decline.version();
            case Deed.Withdraw withdraw when withdraw.motion().isEmpty() -> withdraw.version();
            default -> LifeStory.hash(newest);
        };
        return story.signed(party, version, now, deed);
    }

    private String does(String party, Deed deed) {
        return MemoryLedger.told(answer(signed(party, deed)));
    }

    private void applies(String party, Deed deed) {
        Json.Obj answer = answer(signed(party, deed));
        assertThat(MemoryLedger.told(answer)).as(answer.toString()).isEqualTo("applied");
    }

    private Deed.Offer offer(Paper paper) {
        return new Deed.Offer(paper, LifeStory.hash(paper), now + 20 * DAY);
    }

    private static Deed.Accept accept(Paper paper) {
        return new Deed.Accept(LifeStory.hash(paper), Deed.Text.UNSAID);
    }

    private static Deed.Vote vote(String motion, String choice) {
        return new Deed.Vote(motion, choice);
    }

    private void agrees(Paper paper) {
        newest = paper;
        applies(HUB, offer(paper));
        for (String side : paper.parties().values()) {
            if (!side.equals(HUB)) {
                applies(side, accept(paper));
            }
        }
    }

    /// The hash of a motion that was moved.
    private String moves(String party, Deed deed) {
        LifeStory.Signed signed = signed(party, deed);
        Json.Obj answer = answer(signed);
        assertThat(MemoryLedger.told(answer)).as(answer.toString()).isEqualTo("applied");
        return signed.asked().hash();
    }

    private Deed.Amend amend(Paper paper, String decision) {
        return new Deed.Amend(paper, LifeStory.hash(paper), decision, now + 20 * DAY);
    }

    private Deed.Motion motion(Deed.Decision decision) {
        return new Deed.Motion(decision, now + 20 * DAY);
    }

    private String pause(String party) {
        return moves(party, motion(Deed.Decision.of("pause")));
    }

    private Json.Obj head() {
        return story.agreement().orElseThrow();
    }

    private String ended(String motion) {
        return story.ledger
                .json(Keys.motion(LifeStory.AGREEMENT, new Hash(motion)))
                .findText("ended")
                .orElse("open");
    }

    private static List<String> codes(Json.Obj answer) {
        return answer.object("values").items("codes").stream()
                .map(code -> ((Json.Text) code).value())
                .toList();
    }

    private List<String> together(LifeStory.Signed... instructions) {
        Bytes[] envelopes =
                List.of(instructions).stream().map(LifeStory.Signed::envelope).toArray(Bytes[]::new);
        return story.submit(now, envelopes).stream().map(MemoryLedger::told).toList();
    }

    // ---- signing something else ----

    @Test
    void who_accepts_another_document_or_another_text_has_accepted_nothing() {
        Paper other = paper(Governing.by(new Rule.Unanimous(29)));
        applies(HUB, offer(newest));

        assertThat(does(ANA, accept(other))).isEqualTo("offer_unknown");
        assertThat(does(ANA, new Deed.Accept(LifeStory.hash(newest), Deed.Text.WRONG)))
                .isEqualTo("text_wrong");
        assertThat(does(ANA, new Deed.Accept(LifeStory.hash(newest), Deed.Text.RIGHT)))
                .isEqualTo("applied");
        assertThat(head().text("state")).isEqualTo("offered");
    }

    @Test
    void who_accepts_what_a_counter_offer_has_replaced_has_accepted_nothing() {
        Paper first = newest;
        Paper second = paper(Governing.by(new Rule.Unanimous(29)));
        applies(HUB, offer(first));
        applies(ANA, new Deed.Counter(second, LifeStory.hash(second), now + DAY, LifeStory.hash(first)));

        assertThat(does(BEN, accept(first))).isEqualTo("offer_ended");
    }

    @Test
    void an_offer_can_be_accepted_until_the_second_in_which_it_expires() {
        Deed.Offer offer = offer(newest);
        applies(HUB, offer);

        now = offer.expires() - 1;
        assertThat(does(ANA, accept(newest))).isEqualTo("applied");
        now = offer.expires();
        assertThat(does(BEN, accept(newest))).isEqualTo("offer_ended");
    }

    @Test
    void an_acceptance_that_comes_before_its_new_offer_waits_for_it() {
        Paper again = paper(Governing.by(new Rule.Unanimous(29)));
        applies(HUB, offer(newest));
        applies(ANA, new Deed.Decline(LifeStory.hash(newest)));
        LifeStory.Signed early = signed(BEN, accept(again));

        assertThat(MemoryLedger.told(answer(early))).isEqualTo("offer_unknown");
        applies(HUB, offer(again));
        assertThat(MemoryLedger.told(answer(early))).isEqualTo("applied");
    }

    @Test
    void who_was_named_by_an_offer_that_is_replaced_leaves_no_trace_any_more() {
        TreeMap<String, String> more = new TreeMap<>(SIDES);
        more.put("d", DORA);
        Paper first = paper(more, newest.governing(), YEAR);
        applies(HUB, offer(first));
        applies(ANA, new Deed.Counter(newest, LifeStory.hash(newest), now + DAY, LifeStory.hash(first)));

        assertThat(does(DORA, accept(first))).isEqualTo("not_a_party");
    }

    // ---- voting ----

    @Test
    void a_vote_counts_once_and_is_too_late_from_the_second_of_the_deadline_on() {
        agrees(paper(Governing.by(five(0))));
        String motion = pause(HUB);
        long deadline = now + 10 * DAY;

        now = deadline - 1;
        assertThat(does(ANA, vote(motion, "yes"))).isEqualTo("applied");
        assertThat(does(ANA, vote(motion, "yes"))).isEqualTo("same_vote");
        now = deadline;
        assertThat(does(BEN, vote(motion, "yes"))).isEqualTo("motion_ended");
        assertThat(head().text("state")).isEqualTo("active");
    }

    @Test
    void the_deciding_vote_may_come_in_the_last_second() {
        agrees(paper(Governing.by(five(0))));
        String motion = pause(HUB);
        applies(ANA, vote(motion, "yes"));

        now += 10 * DAY - 1;
        applies(ELI, vote(motion, "yes"));

        assertThat(ended(motion)).isEqualTo("carried");
        assertThat(head().text("state")).isEqualTo("paused");
    }

    @Test
    void the_same_person_has_one_seat_whichever_of_its_parties_and_keys_signs() {
        agrees(paper(Governing.by(Rule.board(3, 0, 10, List.of("a", SECOND, "b", "platform")))));
        String motion = pause(HUB);
        applies(ANA, vote(motion, "yes"));

        assertThat(does(SECOND, vote(motion, "yes")))
                .as("Ann's key of another party")
                .isEqualTo("same_holder");

        SigningKey other = story.addsKey(ANA, "ann", now);
        LifeStory.Signed again = story.signedWith(other, "ann", ANA, LifeStory.hash(newest), now, vote(motion, "yes"));
        assertThat(MemoryLedger.told(answer(again))).as("a second key").isEqualTo("same_vote");
        assertThat(ended(motion)).isEqualTo("open");
    }

    @Test
    void a_seat_with_a_holder_takes_no_vote_by_another_key_of_its_party() {
        TreeMap<String, Rule.Seat> seats = new TreeMap<>(
                Map.of("s1", new Rule.Seat("a", "ann"), "s2", new Rule.Seat("b", ""), "s3", new Rule.Seat("c", "")));
        agrees(paper(Governing.by(new Rule.Board(seats, 2, 0, 10))));
        String motion = pause(HUB);
        SigningKey clerk = story.addsKey(ANA, "clerk", now);

        LifeStory.Signed byClerk =
                story.signedWith(clerk, "clerk", ANA, LifeStory.hash(newest), now, vote(motion, "yes"));

        assertThat(MemoryLedger.told(answer(byClerk))).isEqualTo("no_vote");
        assertThat(does(ANA, vote(motion, "yes"))).isEqualTo("applied");
    }

    @Test
    void one_person_signs_for_two_companies_where_the_votes_are_the_companies() {
        TreeMap<String, String> parties = new TreeMap<>(Map.of("a", ANA, "b", SECOND, "c", CLEO, "platform", HUB));
        agrees(paper(parties, Governing.by(new Rule.Unanimous(10)), YEAR));
        String motion = pause(HUB);
        applies(CLEO, vote(motion, "yes"));
        applies(ANA, vote(motion, "yes"));

        applies(SECOND, vote(motion, "yes"));

        assertThat(ended(motion)).isEqualTo("carried");
    }

    /// Ana holds the second seat, and Eli takes it over while a vote is open on which Ana has said yes.
    private String seatChangesHands() {
        agrees(paper(Governing.by(five(0))));
        String motion = pause(HUB);
        applies(ANA, vote(motion, "yes"));
        Rule.Board board = (Rule.Board) newest.governing().rule();
        TreeMap<String, Rule.Seat> seats = new TreeMap<>(board.seats());
        seats.put("s2", new Rule.Seat(DORA, ""));
        seats.put("s5", new Rule.Seat("a", ""));
        Governing reseated = Governing.by(new Rule.Board(seats, 3, 0, 10));
        Paper next = version(newest.title(), newest.parties(), reseated, newest.term(), newest.terms());
        String change = moves(HUB, amend(next, "seat"));
        applies(BEN, vote(change, "yes"));
        applies(CLEO, vote(change, "yes"));
        assertThat(ended(change)).isEqualTo("carried");
        newest = next;
        return motion;
    }

    @Test
    void who_held_a_seat_votes_on_it_no_more_and_its_vote_stands_until_the_next_holder_speaks() {
        String motion = seatChangesHands();

        assertThat(does(ELI, vote(motion, "yes")))
                .as("the former holder of the fifth seat")
                .isEqualTo("no_vote");
        applies(BEN, vote(motion, "yes"));

        assertThat(ended(motion))
                .as("carried with Ana's vote on what is Dora's seat")
                .isEqualTo("carried");
    }

    @Test
    void the_new_holder_of_a_seat_may_say_otherwise() {
        String motion = seatChangesHands();

        applies(DORA, vote(motion, "no"));
        applies(BEN, vote(motion, "yes"));

        assertThat(ended(motion)).isEqualTo("open");
    }

    @Test
    void who_voted_on_one_seat_does_not_vote_on_the_next_that_it_gets() {
        String motion = seatChangesHands();

        assertThat(does(ANA, vote(motion, "yes"))).isEqualTo("same_holder");
        applies(DORA, vote(motion, "no"));
        assertThat(does(ANA, vote(motion, "yes")))
                .as("once her first vote is replaced")
                .isEqualTo("applied");
    }

    @Test
    void a_ballot_that_is_decided_takes_no_vote_but_one_that_is_taken_back() {
        agrees(paper(Governing.by(five(48))));
        String motion = pause(HUB);
        applies(ANA, vote(motion, "yes"));
        applies(BEN, vote(motion, "yes"));

        assertThat(does(CLEO, vote(motion, "no"))).isEqualTo("motion_ended");
        assertThat(does(ANA, vote(motion, "no"))).isEqualTo("motion_ended");
        assertThat(does(HUB, new Deed.Execute(motion))).isEqualTo("lock_running");
        assertThat(does(ANA, vote(motion, "none"))).isEqualTo("applied");
        now += 49 * HOUR;
        assertThat(does(HUB, new Deed.Execute(motion))).isEqualTo("not_carried");
        assertThat(head().text("state")).isEqualTo("active");
    }

    @Test
    void who_takes_a_vote_back_carries_nothing_out_by_that() {
        TreeMap<String, Integer> weights = new TreeMap<>(Map.of("a", 1, "b", 1, "platform", 3));
        agrees(paper(Governing.by(new Rule.Weighted(weights, 50, 50, 0, 5))));
        String motion = pause(HUB);
        applies(ANA, vote(motion, "yes"));
        now += 6 * DAY;

        applies(ANA, vote(motion, "none"));

        assertThat(ended(motion)).isEqualTo("open");
        applies(CLEO, new Deed.Execute(motion));
        assertThat(ended(motion)).isEqualTo("carried");
    }

    // ---- amendments ----

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            terms that do not go on from those before   | 3 | 2026-03 | amendment_restates
            terms for the period that has begun         | 2 | 2026-01 | starts_too_soon
            terms for a period that begins tomorrow     | 2 | 2026-02 | starts_too_soon
            """)
    void an_amendment_that_would_reach_back_is_refused(String what, int terms, String starts, String code) {
        agrees(newest);
        now = at("2026-01-31T10:00:00Z");
        Paper next = version(
                newest.title(), newest.parties(), newest.governing(), newest.term(), terms, YearMonth.parse(starts));

        Json.Obj answer = answer(signed(HUB, amend(next, "terms")));

        assertThat(MemoryLedger.told(answer)).as(what).isEqualTo("document_refused");
        assertThat(codes(answer)).containsExactly(code);
    }

    @Test
    void an_amendment_of_a_version_that_is_not_the_newest_is_refused() {
        agrees(paper(Governing.by(Rule.board(1, 0, 10, List.of("platform")))));
        Paper overtaken = titled("Overtaken");
        Paper second = titled("Second");
        applies(HUB, amend(second, "appoint"));

        assertThat(head().whole("number")).isEqualTo(2);
        assertThat(does(HUB, amend(overtaken, "appoint"))).isEqualTo("supersedes_wrong");
    }

    @Test
    void no_more_than_forty_nine_versions_wait_for_their_first_period() {
        agrees(paper(Governing.by(Rule.board(1, 0, 10, List.of("platform")))));
        for (int number = 2; number <= 50; number++) {
            Paper next = titled("Version " + number);
            String motion = moves(HUB, amend(next, "appoint"));
            assertThat(ended(motion)).as("version " + number).isEqualTo("carried");
            newest = next;
        }
        Paper last = titled("One too many");

        String motion = moves(HUB, amend(last, "appoint"));

        assertThat(ended(motion)).isEqualTo("failed");
        assertThat(head().whole("number")).isEqualTo(50);
        assertThat(does(HUB, new Deed.Execute(motion))).isEqualTo("motion_ended");
    }

    @Test
    void who_was_named_succeeds_when_nobody_objects_and_nobody_else_moves_it() {
        agrees(paper(inAdvance(new Rule.Unanimous(5))));
        TreeMap<String, String> parties = new TreeMap<>(SIDES);
        parties.put("b", DORA);
        Paper merged = version(newest.title(), parties, newest.governing(), newest.term(), newest.terms());

        assertThat(does(SECOND, amend(merged, "succeed")))
                .as("another's successor")
                .isEqualTo("not_allowed");
        String motion = moves(DORA, new Deed.Amend(merged, LifeStory.hash(merged), "succeed", now + 30 * DAY));
        assertThat(does(DORA, new Deed.Execute(motion))).as("no side yet").isEqualTo("not_allowed");
        assertThat(does(HUB, new Deed.Execute(motion))).isEqualTo("vote_running");
        now += 20 * DAY;
        applies(HUB, new Deed.Execute(motion));

        assertThat(ended(motion)).isEqualTo("carried");
        assertThat(head().whole("number")).isEqualTo(2);
    }

    @Test
    void a_succession_agreed_in_advance_ends_when_the_party_objects() {
        agrees(paper(inAdvance(new Rule.Unanimous(5))));
        TreeMap<String, String> parties = new TreeMap<>(SIDES);
        parties.put("b", DORA);
        Paper merged = version(newest.title(), parties, newest.governing(), newest.term(), newest.terms());
        String motion = moves(DORA, new Deed.Amend(merged, LifeStory.hash(merged), "succeed", now + 30 * DAY));

        applies(BEN, vote(motion, "no"));

        assertThat(ended(motion)).isEqualTo("lost");
    }

    @Test
    void who_accepts_an_amendment_is_told_why_that_is_nothing() {
        agrees(paper(Governing.by(five(48))));
        TreeMap<String, String> parties = new TreeMap<>(SIDES);
        parties.put("d", DORA);
        Paper more = version(newest.title(), parties, newest.governing(), newest.term(), newest.terms());
        String motion = moves(HUB, amend(more, "admit"));
        Deed.Accept wrong = new Deed.Accept(LifeStory.hash(more), Deed.Text.WRONG);

        assertThat(does(DORA, wrong)).isEqualTo("text_wrong");
        applies(DORA, accept(more));
        assertThat(does(DORA, wrong)).isEqualTo("already_accepted");
        applies(ANA, accept(more));
        assertThat(does(ANA, accept(more))).isEqualTo("already_accepted");
        applies(BEN, accept(more));
        assertThat(does(CLEO, accept(more)))
                .as("the ballot is decided without her")
                .isEqualTo("motion_ended");
        assertThat(ended(motion)).isEqualTo("open");
    }

    // ---- together, too early and too late ----

    @Test
    void the_deciding_vote_and_a_withdrawal_in_one_transaction_have_one_verdict_each() {
        agrees(paper(Governing.by(five(0))));
        String first = pause(HUB);
        String second = moves(HUB, motion(Deed.Decision.of("suspend", "a")));
        for (String motion : List.of(first, second)) {
            applies(ANA, vote(motion, "yes"));
        }

        List<String> voted =
                together(signed(BEN, vote(first, "yes")), signed(HUB, new Deed.Withdraw("", Optional.of(first))));
        List<String> withdrawn =
                together(signed(HUB, new Deed.Withdraw("", Optional.of(second))), signed(BEN, vote(second, "yes")));

        assertThat(voted).containsExactly("applied", "motion_ended");
        assertThat(ended(first)).isEqualTo("carried");
        assertThat(head().text("state")).isEqualTo("paused");
        assertThat(withdrawn).containsExactly("applied", "motion_ended");
        assertThat(ended(second)).isEqualTo("withdrawn");
        assertThat(head().whole("made")).as("events made by decisions").isZero();
    }

    @Test
    void of_two_amendments_carried_in_one_transaction_one_is_adopted_and_the_other_has_failed() {
        agrees(paper(Governing.by(five(0))));
        String first = moves(HUB, amend(titled("First"), "appoint"));
        String second = moves(ANA, amend(titled("Second"), "appoint"));
        applies(ANA, vote(first, "yes"));
        applies(HUB, vote(second, "yes"));

        List<String> told = together(signed(BEN, vote(first, "yes")), signed(BEN, vote(second, "yes")));

        assertThat(told).containsExactly("applied", "applied");
        assertThat(ended(first)).isEqualTo("carried");
        assertThat(ended(second)).isEqualTo("failed");
        assertThat(head().text("newest")).isEqualTo(LifeStory.hash(titled("First")));
        assertThat(head().whole("number")).isEqualTo(2);
    }

    @Test
    void what_is_dated_back_waits_and_what_is_dated_ahead_waits_and_what_is_late_has_expired() {
        agrees(paper(Governing.by(five(0))));
        String motion = pause(HUB);
        String version = LifeStory.hash(newest);
        LifeStory.Signed ahead = story.signed(ANA, 900, version, now, now + HOUR, now + DAY, vote(motion, "yes"));
        LifeStory.Signed late = story.signed(ANA, 901, version, now - DAY, now - DAY, now, vote(motion, "yes"));
        LifeStory.Signed back = story.signed(ANA, 902, version, now - DAY, now - DAY, now + DAY, vote(motion, "yes"));

        assertThat(story.told(now, ahead)).isEqualTo("not_yet_valid");
        assertThat(story.told(now, late)).isEqualTo("expired");
        assertThat(story.told(now - 1, back)).isEqualTo("too_early");
        assertThat(story.told(now, back)).isEqualTo("applied");
        assertThat(story.told(now + HOUR, ahead)).isEqualTo("same_vote");
    }

    @Test
    void an_acceptance_of_an_amendment_comes_after_the_last_act_on_its_motion() {
        agrees(paper(Governing.by(five(0))));
        Paper next = titled("Next");
        applies(HUB, amend(next, "appoint"));
        LifeStory.Signed back =
                story.signed(ANA, 900, LifeStory.hash(next), now - DAY, now - DAY, now + DAY, accept(next));

        assertThat(story.told(now - 1, back)).isEqualTo("too_early");
        assertThat(story.told(now, back)).isEqualTo("applied");
    }

    // ---- ends ----

    @Test
    void nothing_is_terminated_in_the_past_neither_when_it_is_moved_nor_when_it_is_carried_out() {
        agrees(paper(Governing.by(five(48))));
        LocalDate today = LocalDate.of(2026, 1, 2);

        assertThat(does(HUB, motion(Deed.Decision.terminate(today.minusDays(1)))))
                .isEqualTo("decision_wrong");
        String motion = moves(HUB, motion(Deed.Decision.terminate(today.plusDays(1))));
        applies(ANA, vote(motion, "yes"));
        applies(BEN, vote(motion, "yes"));
        now += 3 * DAY;
        assertThat(does(HUB, new Deed.Execute(motion))).isEqualTo("decision_wrong");

        assertThat(head().has("ends")).isFalse();
        assertThat(ended(motion)).isEqualTo("open");
    }

    @Test
    void a_breach_that_is_cured_in_time_ends_nothing() {
        agrees(paper(Governing.by(five(48))));
        String breach = moves(ANA, new Deed.Notice("breach", Optional.of(HUB), Optional.empty()));
        Deed.Decision decision = Deed.Decision.terminate(LocalDate.of(2026, 3, 31), Optional.of(breach));

        assertThat(does(ANA, motion(decision))).isEqualTo("cure_running");
        now += 10 * DAY;
        String motion = moves(ANA, motion(decision));
        applies(BEN, vote(motion, "yes"));
        applies(CLEO, vote(motion, "yes"));
        applies(ANA, new Deed.Notice("cured", Optional.empty(), Optional.of(breach)));
        now += 3 * DAY;

        assertThat(does(ANA, new Deed.Execute(motion))).isEqualTo("notice_missing");
        assertThat(does(ANA, motion(decision))).isEqualTo("notice_missing");
    }

    @ParameterizedTest(name = "a notice of {1} days on {0} ends the agreement on {2}")
    @CsvSource(delimiter = '|', textBlock = """
            2026-02-27T12:00:00Z |  0 | 2026-02-28
            2026-02-28T23:59:59Z |  0 | 2026-02-28
            2026-03-01T00:00:00Z |  0 | 2026-03-31
            2026-03-01T00:00:00Z | 31 | 2026-03-31
            2026-03-01T00:00:00Z | 32 | 2026-04-30
            """)
    void who_leaves_ends_no_day_that_is_over(String when, int days, String last) {
        Paper.Term term =
                new Paper.Term(Optional.of(LocalDate.of(2027, 1, 1)), Optional.empty(), OptionalInt.of(days), 10, 3);
        agrees(paper(SIDES, newest.governing(), term));
        now = at(when);

        applies(CLEO, new Deed.Notice("leave", Optional.empty(), Optional.empty()));

        assertThat(head().text("ends")).isEqualTo(last);
        assertThat(does(BEN, new Deed.Notice("leave", Optional.empty(), Optional.empty())))
                .isEqualTo("notice_ended");
    }

    @Test
    void a_notice_against_a_renewal_that_cannot_come_any_more_is_nothing() {
        Paper.Term term = new Paper.Term(
                Optional.of(LocalDate.of(2026, 3, 1)),
                Optional.of(new Paper.Renewal(2, 10, OptionalInt.of(1))),
                OptionalInt.of(400),
                10,
                3);
        agrees(paper(SIDES, newest.governing(), term));
        Deed.Notice leave = new Deed.Notice("leave", Optional.empty(), Optional.empty());
        Deed.Notice noRenewal = new Deed.Notice("no-renewal", Optional.empty(), Optional.empty());

        assertThat(does(BEN, leave)).as("it ends before, whatever is renewed").isEqualTo("notice_ended");
        now = at("2026-03-02T10:00:00Z");
        assertThat(does(BEN, noRenewal)).as("it was renewed for the last time").isEqualTo("notice_ended");
        assertThat(head().has("ends")).isFalse();
    }

    @Test
    void what_was_sold_in_a_pause_does_not_count_because_the_agreement_is_over() {
        agrees(paper(Governing.by(Rule.board(1, 0, 10, List.of("platform")))));
        String _ = pause(HUB);
        applies(CLEO, new Deed.Notice("leave", Optional.empty(), Optional.empty()));
        now = at("2026-02-02T10:00:00Z");

        assertThat(does(HUB, new Deed.Sale(1, LocalDate.of(2026, 1, 15)))).isEqualTo("events_refused");
        assertThat(does(HUB, new Deed.Sale(1, LocalDate.of(2026, 1, 1)))).isEqualTo("applied");
        assertThat(does(HUB, motion(Deed.Decision.of("continue")))).isEqualTo("agreement_in_run_off");
    }

    @Test
    void who_is_no_side_closes_nothing() {
        agrees(newest);
        now = at("2026-03-30T10:00:00Z");
        applies(HUB, new Deed.Declare(YearMonth.of(2026, 1)));

        assertThat(does(ELI, new Deed.Close(YearMonth.of(2026, 1))))
                .as("the arbiter")
                .isEqualTo("not_allowed");
        assertThat(does(CLEO, new Deed.Close(YearMonth.of(2026, 1)))).isEqualTo("applied");
    }
}
