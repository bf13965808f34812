package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.ledger.verify.LyingStepsTest.PERIOD;
import static org.tallystick.ledger.verify.LyingStepsTest.closing;
import static org.tallystick.ledger.verify.LyingStepsTest.ends;
import static org.tallystick.ledger.verify.LyingStepsTest.replaced;
import static org.tallystick.ledger.verify.LyingStepsTest.step;
import static org.tallystick.ledger.verify.LyingStepsTest.verified;
import static org.tallystick.ledger.verify.LyingStepsTest.writing;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.rules.Edition;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// Closes that one version of the rules began and another undid: judged by what they leave, whichever of the two the
/// verifier has.
@Tag("slow")
final class UndoneClosesTest {

    private static final String CLOSING = Keys.closing(TestStory.AGREEMENT, PERIOD);
    private static final String LINES = Keys.lines(TestStory.AGREEMENT, PERIOD, 1);
    private static final String HEAD = Keys.agreement(TestStory.AGREEMENT);

    /// The members run other code from now on.
    private static void run(TestStory story, long rules) {
        story.ledger.edition = Edition.of(rules);
    }

    /// A close that these rules began, one step on.
    private static TestStory begun(long rules) {
        TestStory story = closing(rules);
        assertThat(step(story)).isEqualTo("closing");
        return story;
    }

    private static TestStory undone(long began, long by) {
        TestStory story = begun(began);
        run(story, by);
        assertThat(step(story)).isEqualTo("close_undone");
        return story;
    }

    private static void closesAgain(TestStory story) {
        story.applied(story.signed("north/vendor", new Act.Close(PERIOD)));
        ends(story);
    }

    private static List<String> texts(Report report, Result result) {
        return report.findings().stream()
                .filter(finding -> finding.result() == result)
                .map(Finding::text)
                .toList();
    }

    private static void holds(Report report, long began, long by) {
        assertThat(report.outcome())
                .as(String.join("\n", report.lines("undone")))
                .isEqualTo(Outcome.HOLDS);
        assertThat(report.findings())
                .filteredOn(finding -> finding.check() == Check.ATTENTION_UNDONE)
                .extracting(Finding::text)
                .containsExactly("the close of 2026-01, begun by rules " + began + ", was undone by rules " + by);
    }

    @ParameterizedTest(name = "begun by rules {0}, undone by rules {1}")
    @MethodSource("versions")
    void an_undone_close_leaves_nothing_and_the_pack_holds(long began, long by) {
        TestStory story = undone(began, by);

        assertThat(story.ledger.state.keySet()).noneMatch(key -> key.matches("(cls|past|roll|set)/.*"));
        holds(verified(story), began, by);
    }

    static Stream<Arguments> versions() {
        return Stream.of(Arguments.of(1, 2), Arguments.of(2, 1), Arguments.of(2, 3));
    }

    @Test
    void a_close_that_other_rules_began_is_undone_and_settled_by_the_verifier_s() {
        TestStory story = undone(2, 1);

        closesAgain(story);

        holds(verified(story), 2, 1);
    }

    /// Other code may make other lines of the same events, more pages, and more steps.
    @Test
    void what_other_rules_would_have_settled_is_not_compared() {
        TestStory story = closing();
        UnaryOperator<Optional<Bytes>> parts = record -> replaced(record, "\"parts\":3", "\"parts\":7");
        UnaryOperator<Optional<Bytes>> hash =
                record -> replaced(record, "\"settlement\":\"[0-9a-f]{8}", "\"settlement\":\"00000000");
        TestStory other = closing(2, writing(CLOSING, record -> hash.apply(parts.apply(record))));
        other.ledger.edition = new Edition(2, Optional.of(LyingStepsTest.record(other)));
        other.ledger.lie = done -> {
            TreeMap<String, Optional<Bytes>> writes = new TreeMap<>(done.writes());
            writes.put(LINES, Optional.of(Bytes.ofUtf8("{\"lines\":[]}")));
            return new Done(done.response(), done.event(), writes);
        };
        assertThat(step(other)).isEqualTo("closing");
        other.ledger.lie = UnaryOperator.identity();
        run(other, 1);
        assertThat(step(other)).isEqualTo("close_undone");
        closesAgain(other);
        ends(story);

        holds(verified(other), 2, 1);
        assertThat(other.ledger.state.getOrDefault(Keys.settlement(TestStory.AGREEMENT, PERIOD), Bytes.EMPTY))
                .isEqualTo(story.ledger.state.get(Keys.settlement(TestStory.AGREEMENT, PERIOD)));
    }

    /// Nobody says of it that it is wrong, or that it is right.
    @ParameterizedTest(name = "begun by rules {0}, and settled by rules 2")
    @MethodSource("others")
    void what_other_rules_settled_could_not_be_checked(long began) {
        TestStory story = began == 2 ? begun(2) : undone(1, 2);

        if (began == 2) {
            ends(story);
        } else {
            closesAgain(story);
        }
        Report report = verified(story);

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("unknown")))
                .isEqualTo(Outcome.COULD_NOT_CHECK);
        assertThat(texts(report, Result.FAIL)).isEmpty();
        assertThat(report.findings())
                .filteredOn(finding -> finding.text().equals("the rules 2 are not known here"))
                .extracting(Finding::check)
                .contains(Check.ACCURACY_SETTLED, Check.ACCURACY_VERDICTS);
    }

    static Stream<Arguments> others() {
        return Stream.of(Arguments.of(1), Arguments.of(2));
    }

    private static UnaryOperator<Done> without(String key) {
        return done -> {
            TreeMap<String, Optional<Bytes>> writes = new TreeMap<>(done.writes());
            assertThat(writes.remove(key)).isNotNull();
            return new Done(done.response(), done.event(), writes);
        };
    }

    private static UnaryOperator<Done> says(String from, String to) {
        return done -> {
            String response = done.response().canonical().utf8().orElseThrow();
            assertThat(response).contains(from);
            return new Done(TestStory.object(response.replace(from, to)), done.event(), done.writes());
        };
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of("a page stays", without(LINES)),
                Arguments.of("the record of the close stays", without(CLOSING)),
                Arguments.of(
                        "the period stays closing",
                        writing(HEAD, head -> replaced(head, "\"ends\"|\"made\"", "\"closing\":\"2026-01\",$0"))),
                Arguments.of("another version is named as that of the first step", says("\"began\":1", "\"began\":4")),
                Arguments.of("the same rules undo it", says("\"rules\":2", "\"rules\":1")),
                Arguments.of("no version is named", says(",\"rules\":2", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void a_close_that_is_undone_must_leave_nothing_and_name_two_versions(String title, UnaryOperator<Done> lie) {
        TestStory story = begun(1);
        run(story, 2);
        story.ledger.lie = lie;
        assertThat(step(story)).isEqualTo("close_undone");

        Refuted.by(verified(story), title, Check.ACCURACY_VERDICTS);
    }

    static Stream<Arguments> otherLies() {
        return Stream.of(
                Arguments.of(
                        "it names pages of another period",
                        writing(CLOSING, record -> replaced(record, "2026-01/1\"", "2026-02/1\"")),
                        UnaryOperator.<Done>identity()),
                Arguments.of(
                        "it names a key that is no page",
                        writing(CLOSING, record -> replaced(record, "\"roll/[^\"]+\"", "\"agr/north/vendor/channel\"")),
                        UnaryOperator.<Done>identity()),
                Arguments.of("a step writes an open item", UnaryOperator.<Done>identity(), (UnaryOperator<Done>)
                        done -> {
                            TreeMap<String, Optional<Bytes>> writes = new TreeMap<>(done.writes());
                            writes.put(
                                    Keys.openItems(TestStory.AGREEMENT, PERIOD),
                                    Optional.of(Bytes.ofUtf8("{\"items\":{}}")));
                            return new Done(done.response(), done.event(), writes);
                        }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherLies")
    void a_close_of_other_rules_writes_its_pages_and_nothing_else(
            String title, UnaryOperator<Done> closes, UnaryOperator<Done> steps) {
        TestStory story = closing(2, closes);
        story.ledger.lie = steps;
        assertThat(step(story)).isEqualTo("closing");
        story.ledger.lie = UnaryOperator.identity();
        run(story, 1);
        assertThat(step(story)).isEqualTo("close_undone");

        Refuted.by(verified(story), title, Check.ACCURACY_VERDICTS);
    }
}
