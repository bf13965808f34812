package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.life.Asked;
import org.tallystick.agreement.life.Chance;
import org.tallystick.agreement.life.Life;
import org.tallystick.agreement.state.Keys;

/// Whatever the parties of an agreement sign, and whenever it comes: the rules answer what a model says that shares no
/// code with them, and leave the agreement where the model does.
final class LifeLawTest {

    private static final int STEPS = 60;

    /// Every answer that the model knows, but for the fifty-first version that waits.
    private static final List<String> ANSWERS = List.of(
            "agreement_closed",
            "agreement_in_run_off",
            "agreement_known",
            "agreement_lapsed",
            "agreement_not_paused",
            "agreement_offered",
            "agreement_paused",
            "agreement_unknown",
            "already_accepted",
            "already_declared",
            "applied",
            "class_wrong",
            "cure_running",
            "decision_wrong",
            "declare_in_order",
            "document_refused",
            "event_future",
            "events_refused",
            "expired",
            "expires_wrong",
            "gap",
            "id_reused",
            "lock_running",
            "motion_ended",
            "motion_open",
            "motion_unknown",
            "no_vote",
            "not_a_party",
            "not_accepted_yet",
            "not_allowed",
            "not_carried",
            "not_closer_yet",
            "not_declared_yet",
            "not_first_offer",
            "not_next_period",
            "not_other_side",
            "not_owner",
            "not_yet_valid",
            "not_yours",
            "notice_ended",
            "notice_missing",
            "notice_not_agreed",
            "notice_running",
            "notice_unknown",
            "offer_ended",
            "offer_unknown",
            "period_not_over",
            "period_settled",
            "same_holder",
            "same_offer",
            "same_vote",
            "supersedes_wrong",
            "taken",
            "text_wrong",
            "too_early",
            "version_wrong",
            "vote_running");

    /// Each kind of rule both ways, and each decision carried out.
    private static final List<String> OUTCOMES = List.of(
            "admit carried",
            "appoint carried",
            "board carried",
            "board lost",
            "continue carried",
            "extend carried",
            "govern carried",
            "objection carried",
            "objection lost",
            "pause carried",
            "principal carried",
            "principal lost",
            "resume carried",
            "seat carried",
            "succeed carried",
            "suspend carried",
            "terminate carried",
            "terms carried",
            "unanimous carried",
            "unanimous lost",
            "weighted carried",
            "weighted not carried");

    static LongStream fewSeeds() {
        return Seeds.upTo(25);
    }

    static LongStream seeds() {
        return LongStream.range(25, 500);
    }

    static LongStream seedsOfALongRun() {
        return Seeds.ofRun(10_000);
    }

    /// One history, played on both.
    private static final class Play {

        private final LifeStory story = new LifeStory();
        private final Chance<LifeStory.Signed> chance;
        private final SortedMap<String, Integer> reached = new TreeMap<>();
        private final List<String> told = new ArrayList<>();

        Play(long seed) {
            chance = new Chance<>(seed, story::signed, LifeStory.Signed::asked, LifeStory::hash);
        }

        Play go() {
            for (int step = 0; step < STEPS; step++) {
                Chance.Sent<LifeStory.Signed> sent = chance.next();
                List<Json.Obj> answers = story.submit(
                        sent.at(),
                        sent.instructions().stream()
                                .map(LifeStory.Signed::envelope)
                                .toArray(Bytes[]::new));
                for (int item = 0; item < answers.size(); item++) {
                    LifeStory.Signed signed = sent.instructions().get(item);
                    String expected = chance.life().answer(signed.asked(), sent.at());
                    String answer = MemoryLedger.told(answers.get(item));
                    told.add(line(signed.asked(), sent.at(), answers.get(item)));
                    if (!answer.equals(expected)) {
                        throw new AssertionError(
                                "the model says " + expected + ", the rules " + told.getLast() + "\n" + tale());
                    }
                    count(signed.asked().deed().getClass().getSimpleName() + " " + answer);
                    count(answer);
                }
                compare();
            }
            return this;
        }

        /// One line of the history, with hashes that can be told apart.
        private static String line(Asked asked, long t, Json.Obj answer) {
            String values = answer.find("values")
                    .map(found -> " " + found.canonical().utf8().orElseThrow())
                    .orElse("");
            return (MemoryLedger.told(answer) + values + " to " + asked.party() + " " + new LedgerTime(t) + " "
                            + asked.deed())
                    .replaceAll("([0-9a-f]{6})[0-9a-f]{58}", "$1");
        }

        private String tale() {
            return String.join("\n", told.reversed());
        }

        private void count(String what) {
            reached.merge(what, 1, Integer::sum);
        }

        private void compare() {
            Life life = chance.life();
            Optional<Json.Obj> head = story.agreement();
            if (head.isEmpty()) {
                assertThat(life.view()).isEqualTo(Life.View.NOTHING);
                return;
            }
            Json.Obj agreement = head.get();
            Life.View view = new Life.View(
                    agreement.text("state"),
                    agreement.findText("ends").orElse(""),
                    agreement.findText("paused").orElse(""),
                    agreement.findText("newest").orElse(""),
                    agreement.findWhole("number").orElse(0L).intValue(),
                    agreement.findText("offer").orElse(""),
                    agreement.text("unsettled"),
                    agreement.text("at"),
                    motions(life));
            if (!view.equals(life.view())) {
                throw new AssertionError(
                        "the model is at " + life.view() + "\nthe ledger is at " + view + "\n" + tale());
            }
        }

        private SortedMap<String, String> motions(Life life) {
            TreeMap<String, String> motions = new TreeMap<>();
            for (String motion : life.view().motions().keySet()) {
                Json.Obj record = story.ledger.json(Keys.motion(LifeStory.AGREEMENT, new Hash(motion)));
                TreeMap<String, String> votes = new TreeMap<>();
                for (Json each : record.items("ballots")) {
                    Json.Obj ballot = (Json.Obj) each;
                    String name = ((Json.Text) ballot.items("classes").getFirst()).value();
                    ballot.object("votes")
                            .members()
                            .forEach((constituent, vote) -> votes.merge(
                                    name + " " + constituent, ((Json.Obj) vote).text("choice"), (a, b) -> a + " " + b));
                }
                motions.put(motion, record.findText("ended").orElse("open") + " " + votes);
            }
            return motions;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fewSeeds")
    void the_rules_answer_what_the_model_of_the_life_says(long seed) {
        assertThat(new Play(seed).go().reached).isNotEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Tag("slow")
    void the_rules_answer_what_the_model_says_in_five_hundred_lives(long seed) {
        assertThat(new Play(seed).go().reached).isNotEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seedsOfALongRun")
    @Tag("long")
    void the_rules_answer_what_the_model_says_in_ten_thousand_lives(long seed) {
        assertThat(new Play(seed).go().reached).isNotEmpty();
    }

    /// Each answer is reached, and each kind of rule carries and loses, or the law says little.
    @Test
    @Tag("slow")
    void the_histories_reach_every_answer_and_every_kind_of_rule() {
        TreeMap<String, Integer> reached = new TreeMap<>();

        for (long seed = 0; seed < 200; seed++) {
            Play play = new Play(seed).go();
            play.reached.forEach((what, times) -> reached.merge(what, times, Integer::sum));
            play.chance.life().decided().forEach((what, times) -> reached.merge(what, times, Integer::sum));
        }

        assertThat(reached.keySet())
                .containsAll(ANSWERS)
                .containsAll(OUTCOMES)
                .as("what could not be done any more when it was carried out")
                .anyMatch(what -> what.endsWith(" failed"));
    }
}
