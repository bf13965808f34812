package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// Agreements that were negotiated, changed by votes, paused and ended: honest ones, and ones in which the members let
/// pass what had not the votes.
final class DecisionsTest {

    private static final String VENDOR = "north/vendor";
    private static final String SHOP = "east/shop";
    private static final String HEIR = "west/heir";

    /// Two of three.
    private static final String BOARD =
            "{\"kind\":\"board\",\"need\":2,\"seats\":[{\"party\":\"vendor\",\"seat\":\"s1\"},"
                    + "{\"party\":\"shop\",\"seat\":\"s2\"},{\"party\":\"west/heir\",\"seat\":\"s3\"}]}";

    private static final String NOTIFIER = "{\"breach\":\"notifier\",\"kind\":\"unanimous\"}";

    private static Json.Obj with(Json.Obj document, String member, Json value) {
        TreeMap<String, Json> members = new TreeMap<>(document.members());
        members.put(member, value);
        return new Json.Obj(members);
    }

    /// What follows on a version, with something changed.
    private static Json.Obj next(Json.Obj document, String starts) {
        Json.Obj numbered = with(document, "number", Json.whole(document.whole("number") + 1));
        Json.Obj follows = with(
                numbered, "supersedes", Json.text(Hash.of(document.canonical()).hex()));
        return with(follows, "starts", Json.text(starts));
    }

    /// Terms that pay a second commission from a day on.
    private static Json.Obj dearer(Json.Obj terms, String from) {
        String old = Hash.of(terms.canonical()).hex();
        String clause = "{\"id\":\"more\",\"type\":\"fee\",\"from\":\"vendor\",\"to\":\"shop\",\"of\":\"net\","
                + "\"rate\":\"1/10\",\"when\":{\"from\":\"" + from + "\"}}";
        TreeMap<String, Json> members = new TreeMap<>(terms.members());
        members.put("version", Json.whole(2));
        members.put("supersedes", Json.text(old));
        members.put(
                "clauses",
                Json.array(Stream.concat(terms.items("clauses").stream(), Stream.of(TestStory.object(clause)))
                        .toList()));
        return new Json.Obj(members);
    }

    private static Json.Obj governed(String governance) {
        return with(TestStory.document(), "governance", TestStory.object(governance));
    }

    private static TestStory begun(Json.Obj document) {
        TestStory story = new TestStory(51, false);
        story.enrolls(VENDOR, SHOP, HEIR);
        story.offers(document);
        story.applied(story.signed(SHOP, new Act.Accept(Optional.empty())));
        return story;
    }

    private static Hash amends(TestStory story, Json.Obj document, String kind) {
        Hash before = story.version;
        story.version = Hash.of(document.canonical());
        Bytes amend = story.signed(VENDOR, new Act.Amend(kind, document, story.now.plus(Duration.ofDays(20))));
        Hash motion = new Hash(story.answered(amend).text("hash"));
        story.version = before;
        return motion;
    }

    /// Another party takes the place of the shop; answers the version that says so.
    private static Json.Obj succeeds(TestStory story, Json.Obj before, String starts) {
        Json.Obj parties = with(before.object("parties"), "shop", Json.text(HEIR));
        Json.Obj document = with(next(before, starts), "parties", parties);
        Hash succession = amends(story, document, "succeed");
        votes(story, SHOP, succession, "yes");
        story.version = Hash.of(document.canonical());
        story.applied(story.signed(HEIR, new Act.Accept(Optional.empty())));
        return document;
    }

    private static Hash moves(TestStory story, String decision) {
        return new Hash(story.answered(story.signed(
                        VENDOR, new Act.Motion(TestStory.object(decision), story.now.plus(Duration.ofDays(20)))))
                .text("hash"));
    }

    private static void votes(TestStory story, String party, Hash motion, String choice) {
        story.applied(story.signed(party, new Act.Vote(motion, choice)));
    }

    private static void closes(TestStory story, String period, long first, Json.Obj... events) {
        if (events.length > 0) {
            story.reports(first, events);
        }
        long last = first - 1 + events.length;
        long amount =
                Stream.of(events).mapToLong(event -> event.whole("amount")).sum();
        if (events.length > 0) {
            story.declares(period, last, events.length, amount);
        } else {
            story.applied(story.signed(
                    VENDOR,
                    new Act.Declare(
                            new org.tallystick.agreement.instruction.SourceId("sales"),
                            period,
                            last,
                            0,
                            0,
                            java.util.List.of())));
        }
        story.applied(story.signed(VENDOR, new Act.Close(period)));
    }

    private static Report verified(TestStory story) {
        return VerifierTest.verify(story.pack(), Optional.of(story.ledger.network.trust(story.ledger.id())));
    }

    @Test
    void what_was_negotiated_is_in_force_once_all_have_accepted_the_last_counter_offer() {
        TestStory story = new TestStory(50, false);
        story.enrolls(VENDOR, SHOP, HEIR);
        story.offers(TestStory.document());
        Hash offered = story.version;
        Json.Obj answered = with(TestStory.document(), "days", TestStory.object("{\"grace\":3}"));
        story.version = Hash.of(answered.canonical());
        story.applied(story.signed(SHOP, new Act.Counter(answered, story.now.plus(Duration.ofDays(10)), offered)));
        story.applied(story.signed(VENDOR, new Act.Decline(Optional.of("three days are not enough"))));
        story.offers(with(TestStory.document(), "days", TestStory.object("{\"grace\":5}")));
        story.applied(story.signed(VENDOR, new Act.Withdraw(Optional.empty())));
        story.offers(with(TestStory.document(), "days", TestStory.object("{\"grace\":4}")));
        story.applied(story.signed(SHOP, new Act.Accept(Optional.empty())));
        story.goesTo("2026-02-01T09:00:00Z");
        closes(story, "2026-01", 1, TestStory.sale("2026-01-10", 1000));

        Report report = verified(story);

        assertThat(report.outcome()).as(String.join("\n", report.lines("x"))).isEqualTo(Outcome.HOLDS);
    }

    @Test
    void a_year_with_new_terms_a_successor_a_pause_and_an_end_is_settled_under_the_version_in_effect() {
        Json.Obj first = TestStory.document();
        TestStory story = begun(first);
        story.goesTo("2026-01-10T09:00:00Z");
        Json.Obj second = with(next(first, "2026-02"), "terms", dearer(first.object("terms"), "2026-02-01"));
        Hash motion = amends(story, second, "terms");
        votes(story, SHOP, motion, "yes");
        story.version = Hash.of(second.canonical());
        story.goesTo("2026-02-01T09:00:00Z");
        closes(story, "2026-01", 1, TestStory.sale("2026-01-10", 1000));
        Json.Obj third = succeeds(story, second, "2026-02");
        Hash suspension = moves(story, "{\"kind\":\"suspend\",\"party\":\"shop\"}");
        votes(story, HEIR, suspension, "yes");
        Hash pause = moves(story, "{\"kind\":\"pause\",\"reason\":\"a strike\"}");
        votes(story, HEIR, pause, "yes");
        story.goesTo("2026-03-01T09:00:00Z");
        closes(story, "2026-02", 2);
        story.applied(story.sign(
                story.payload(
                        VENDOR,
                        new Act.Adjust(
                                "2026-01",
                                "vendor",
                                "shop",
                                BigInteger.valueOf(700),
                                "goodwill",
                                "for the trouble",
                                Optional.empty())),
                VENDOR,
                HEIR));
        votes(story, HEIR, moves(story, "{\"kind\":\"continue\"}"), "yes");
        votes(story, HEIR, moves(story, "{\"kind\":\"resume\",\"party\":\"shop\"}"), "yes");
        votes(
                story,
                HEIR,
                moves(story, "{\"cause\":\"convenience\",\"kind\":\"terminate\",\"last\":\"2026-03-20\"}"),
                "yes");
        story.goesTo("2026-04-01T09:00:00Z");
        closes(story, "2026-03", 2, TestStory.sale("2026-03-05", 200));

        Report report = verified(story);

        assertThat(report.outcome()).as(String.join("\n", report.lines("x"))).isEqualTo(Outcome.HOLDS);
        Json.Obj march = settlement(story, "2026-03");
        assertThat(march.items("agreed")).hasSize(1);
        assertThat(march.object("facts").members()).containsOnlyKeys("ledger");
        assertThat(march.text("version")).isEqualTo(Hash.of(third.canonical()).hex());
        assertThat(settlement(story, "2026-01").text("version"))
                .isEqualTo(Hash.of(first.canonical()).hex());
        assertThat(report.findings().stream().filter(finding -> finding.check() == Check.ATTENTION_ADJUSTED))
                .hasSize(1);
    }

    /// A succession may take effect in a period that has begun, whose events were reported under the version before.
    @Test
    void what_was_reported_before_a_succession_is_settled_with_what_came_after_it() {
        Json.Obj first = TestStory.document();
        TestStory story = begun(first);
        story.goesTo("2026-01-10T09:00:00Z");
        story.reports(1, TestStory.sale("2026-01-05", 1000), TestStory.sale("2026-01-06", 200));
        Json.Obj second = succeeds(story, first, "2026-01");
        story.reports(3, TestStory.sale("2026-01-10", 30));
        story.goesTo("2026-02-01T09:00:00Z");
        story.declares("2026-01", 3, 3, 1230);
        story.applied(story.signed(VENDOR, new Act.Close("2026-01")));

        Report report = verified(story);

        assertThat(report.outcome()).as(String.join("\n", report.lines("x"))).isEqualTo(Outcome.HOLDS);
        assertThat(settlement(story, "2026-01").text("version"))
                .isEqualTo(Hash.of(second.canonical()).hex());
    }

    private static Json.Obj settlement(TestStory story, String period) {
        Bytes stored = story.ledger.state.getOrDefault(Keys.settlement(TestStory.AGREEMENT, period), Bytes.EMPTY);
        return TestStory.object(stored.utf8().orElseThrow());
    }

    private static Arguments lie(String title, Json.Obj document, Consumer<TestStory> told, Check... checks) {
        return Arguments.of(title, document, told, checks);
    }

    /// Has the ledger answer and write as if something else were stored.
    private static void pretends(TestStory story, String key, String from, String to) {
        story.ledger.state.computeIfPresent(
                key, (_, value) -> Bytes.ofUtf8(value.utf8().orElseThrow().replace(from, to)));
    }

    static Stream<Arguments> lies() {
        String locked = BOARD.replace("\"need\"", "\"lockHours\":48,\"need\"");
        return Stream.of(
                lie(
                        "a pause that one of two carried alone",
                        governed(BOARD),
                        story -> {
                            Hash pause = moves(story, "{\"kind\":\"pause\",\"reason\":\"a strike\"}");
                            pretends(
                                    story,
                                    Keys.motion(TestStory.AGREEMENT, pause),
                                    "\"votes\":{",
                                    "\"votes\":{\"s0\":{\"by\":\"east/shop\",\"choice\":\"yes\"},");
                            story.ledger.lie = done -> carried(done, pause);
                            votes(story, VENDOR, pause, "none");
                        },
                        Check.AUTHORIZATION_GOVERNANCE,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a pause before its lock was over",
                        governed(locked),
                        story -> {
                            Hash pause = moves(story, "{\"kind\":\"pause\",\"reason\":\"a strike\"}");
                            votes(story, SHOP, pause, "yes");
                            pretends(
                                    story,
                                    Keys.motion(TestStory.AGREEMENT, pause),
                                    "\"decided\":\"2025",
                                    "\"decided\":\"2024");
                            story.applied(story.signed(VENDOR, new Act.Execute(pause)));
                        },
                        Check.AUTHORIZATION_GOVERNANCE,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "an end for a breach that could still be cured",
                        governed(NOTIFIER),
                        story -> {
                            Hash notice = givesNotice(story, VENDOR, SHOP);
                            pretends(story, Keys.notice(TestStory.AGREEMENT, notice), "\"at\":\"2025", "\"at\":\"2024");
                            Hash _ = moves(story, ending(notice));
                        },
                        Check.AUTHORIZATION_GOVERNANCE,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "an end without a vote, by another than who gave notice of the breach",
                        governed(NOTIFIER),
                        story -> {
                            Hash notice = givesNotice(story, SHOP, VENDOR);
                            story.goesTo("2026-02-01T09:00:00Z");
                            pretends(
                                    story,
                                    Keys.notice(TestStory.AGREEMENT, notice),
                                    "\"by\":\"" + SHOP,
                                    "\"by\":\"" + VENDOR);
                            Hash _ = moves(story, ending(notice));
                        },
                        Check.AUTHORIZATION_GOVERNANCE,
                        Check.ACCURACY_VERDICTS));
    }

    private static Hash givesNotice(TestStory story, String by, String against) {
        return new Hash(story.answered(story.signed(
                        by,
                        new Act.Notice(
                                "breach",
                                Optional.of(new PartyId(against)),
                                Optional.empty(),
                                Optional.of("nothing was paid"),
                                Optional.empty())))
                .text("hash"));
    }

    private static String ending(Hash notice) {
        return "{\"cause\":\"breach\",\"kind\":\"terminate\",\"last\":\"2026-06-30\",\"notice\":\"" + notice.hex()
                + "\"}";
    }

    @Test
    void who_gave_notice_of_a_breach_ends_it_alone_once_it_was_not_cured() {
        TestStory story = begun(governed(NOTIFIER));
        Hash notice = givesNotice(story, VENDOR, SHOP);
        story.goesTo("2026-02-01T09:00:00Z");
        Hash _ = moves(story, ending(notice));

        Report report = verified(story);

        assertThat(story.ledger
                        .state
                        .getOrDefault(Keys.agreement(TestStory.AGREEMENT), Bytes.EMPTY)
                        .utf8()
                        .orElseThrow())
                .contains("\"ends\":\"2026-06-30\"");
        assertThat(report.findings().stream().filter(finding -> finding.result() == Result.FAIL))
                .as(String.join("\n", report.lines("x")))
                .isEmpty();
    }

    private static Done carried(Done done, Hash motion) {
        String response = done.response().canonical().utf8().orElseThrow();
        String decided = "\"effects\":[{\"carried\":true,\"kind\":\"decided\",\"motion\":\"" + motion.hex() + "\"},";
        return new Done(TestStory.object(response.replace("\"effects\":[", decided)), done.event(), done.writes());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void a_decision_without_its_votes_is_found(
            String title, Json.Obj document, Consumer<TestStory> told, Check... checks) {
        TestStory story = begun(document);

        told.accept(story);

        Refuted.by(verified(story), title, checks);
    }

    @Test
    void an_honest_pause_by_two_of_three_holds() {
        TestStory story = begun(governed(BOARD));
        Hash pause = moves(story, "{\"kind\":\"pause\",\"reason\":\"a strike\"}");
        votes(story, HEIR, pause, "yes");

        Report report = verified(story);

        assertThat(report.findings().stream().filter(finding -> finding.result() == Result.FAIL))
                .as(String.join("\n", report.lines("x")))
                .isEmpty();
    }
}
