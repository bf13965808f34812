package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Edition;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.state.CloseRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// Closes in several steps, which nobody signs: what the members agree to write in them is computed again.
@Tag("slow")
final class LyingStepsTest {

    private static final long SEED = 22;
    static final String PERIOD = "2026-01";
    /// So many splits among so many that a close of them takes three steps.
    private static final int SPLITS = 85;

    private static final int SHARING = 85;

    /// A story up to a close that needs more steps.
    static TestStory closing() {
        return closing(1);
    }

    /// @param rules of the code that begins the close
    static TestStory closing(long rules) {
        return closing(rules, UnaryOperator.identity());
    }

    static TestStory closing(long rules, UnaryOperator<Done> lie) {
        TestStory story = new TestStory(SEED, false);
        story.enrolls("north/vendor", "east/shop");
        story.offers(document());
        story.applied(story.signed("east/shop", new Act.Accept(Optional.empty())));
        story.goesTo("2026-02-01T09:00:00Z");
        story.reports(1, TestStory.sale("2026-01-10", 10_000_019));
        story.declares(PERIOD, 1, 1, 10_000_019);
        story.ledger.edition = Edition.of(rules);
        story.ledger.lie = lie;
        Json.Obj closed = story.answered(story.signed("north/vendor", new Act.Close(PERIOD)));
        story.ledger.lie = UnaryOperator.identity();
        assertThat(effect(closed)).isEqualTo("closing");
        return story;
    }

    /// The shop stands for all who share.
    private static Json.Obj document() {
        List<String> names = IntStream.range(0, SHARING).mapToObj(i -> "p" + i).toList();
        TreeMap<String, Json> bound = new TreeMap<>();
        TreeMap<String, Json> shares = new TreeMap<>();
        List<Json> parties = new ArrayList<>();
        Stream.concat(Stream.of("vendor"), names.stream()).forEach(name -> {
            bound.put(name, Json.text(name.equals("vendor") ? "north/vendor" : "east/shop"));
            shares.put(name, Json.text("1/" + (SHARING + 1)));
            parties.add(Json.object().with("id", name).build());
        });
        List<Json> clauses = new ArrayList<>();
        for (int i = 0; i < SPLITS; i++) {
            clauses.add(Json.object()
                    .with("holder", "vendor")
                    .with("id", "a-split-with-a-long-name-so-that-its-lines-fill-pages-" + i)
                    .with("of", "net")
                    .with("shares", new Json.Obj(shares))
                    .with("type", "split")
                    .build());
        }
        TreeMap<String, Json> terms =
                new TreeMap<>(TestStory.document().object("terms").members());
        terms.put("clauses", Json.array(clauses));
        terms.put("parties", Json.array(parties));
        TreeMap<String, Json> document = new TreeMap<>(TestStory.document().members());
        document.put("parties", new Json.Obj(bound));
        document.put("terms", new Json.Obj(terms));
        return new Json.Obj(document);
    }

    private static String effect(Json.Obj item) {
        return ((Json.Obj) item.items("effects").getFirst()).text("kind");
    }

    /// @return the kind of effect that it had
    static String step(TestStory story) {
        Json.Obj response = story.call("step", List.of(Bytes.ofUtf8(TestStory.AGREEMENT), Bytes.ofUtf8(PERIOD)));
        return effect((Json.Obj) response.items("items").getFirst());
    }

    /// Steps until the close is over.
    static void ends(TestStory story) {
        int steps = 1;
        for (String effect = step(story); effect.equals("closing"); effect = step(story)) {
            steps++;
        }
        assertThat(steps).isPositive();
    }

    static CloseRecord record(TestStory story) {
        String key = Keys.closing(TestStory.AGREEMENT, PERIOD);
        if (JsonReader.readCanonical(story.ledger.state.getOrDefault(key, Bytes.EMPTY))
                instanceof JsonReader.Value(Json.Obj object)) {
            return CloseRecord.CODEC.decode().apply(object);
        }
        throw new AssertionError("no close is under way");
    }

    static Report verified(TestStory story) {
        return VerifierTest.verify(story.pack(), Optional.of(story.ledger.network.trust(story.ledger.id())));
    }

    @Test
    void a_close_of_several_steps_holds_also_while_it_is_under_way() {
        TestStory story = closing();
        assertThat(record(story).parts()).isEqualTo(3);

        Report begun = verified(story);
        assertThat(step(story)).isEqualTo("closing");
        Report underWay = verified(story);
        ends(story);
        Report done = verified(story);

        assertThat(List.of(begun, underWay, done))
                .allSatisfy(report -> assertThat(report.outcome())
                        .as(String.join("\n", report.lines("steps")))
                        .isEqualTo(Outcome.HOLDS));
    }

    /// The writes of a step, each as the members agree to have it.
    static UnaryOperator<Done> writing(String key, UnaryOperator<Optional<Bytes>> other) {
        return done -> {
            if (!done.writes().containsKey(key)) {
                return done;
            }
            TreeMap<String, Optional<Bytes>> writes = new TreeMap<>(done.writes());
            writes.put(key, other.apply(writes.getOrDefault(key, Optional.empty())));
            return new Done(done.response(), done.event(), writes);
        };
    }

    static Optional<Bytes> replaced(Optional<Bytes> value, String from, String to) {
        String text = value.orElseThrow().utf8().orElseThrow();
        assertThat(text).containsPattern(from);
        return Optional.of(Bytes.ofUtf8(text.replaceFirst(from, to)));
    }

    /// A step says that the close is undone, and writes what this takes.
    private static Done undone(Done step, TestStory story) {
        TreeMap<String, Optional<Bytes>> writes = new TreeMap<>();
        String head = Keys.agreement(TestStory.AGREEMENT);
        String open = story.ledger.state.getOrDefault(head, Bytes.EMPTY).utf8().orElseThrow();
        assertThat(open).contains("\"closing\":\"2026-01\",");
        writes.put(head, Optional.of(Bytes.ofUtf8(open.replace("\"closing\":\"2026-01\",", ""))));
        writes.put(Keys.closing(TestStory.AGREEMENT, PERIOD), Optional.empty());
        String response = step.response().canonical().utf8().orElseThrow();
        assertThat(response).contains("\"kind\":\"closing\"");
        return new Done(
                TestStory.object(response.replace("\"kind\":\"closing\"", "\"kind\":\"close_undone\"")),
                step.event(),
                writes);
    }

    private static Arguments lie(String title, Consumer<TestStory> told, Check... checks) {
        return Arguments.of(title, told, checks);
    }

    static Stream<Arguments> lies() {
        String lines = Keys.lines(TestStory.AGREEMENT, PERIOD, 1);
        return Stream.of(
                lie(
                        "a step writes a line of another amount",
                        story -> {
                            story.ledger.lie =
                                    writing(lines, page -> replaced(page, "\"amount\":[0-9]+", "\"amount\":1"));
                            ends(story);
                        },
                        Check.ACCURACY_SETTLED,
                        Check.ACCURACY_VERDICTS,
                        Check.ACCURACY_ZERO_SUM),
                lie(
                        "a step writes a line to another",
                        story -> {
                            story.ledger.lie =
                                    writing(lines, page -> replaced(page, "\"to\":\"p[0-9]+\"", "\"to\":\"p99\""));
                            ends(story);
                        },
                        Check.ACCURACY_SETTLED,
                        Check.ACCURACY_VERDICTS,
                        Check.ACCURACY_ZERO_SUM),
                lie(
                        "the last step is left out, and what came after it is told",
                        story -> {
                            ends(story);
                            int block = (int) story.ledger.height() - 1;
                            story.goesTo("2026-03-01T09:00:00Z");
                            Act nil = new Act.Declare(new SourceId("sales"), "2026-02", 1, 0, 0, List.of());
                            story.applied(story.signed("north/vendor", nil));
                            story.ledger.leavesOut(block);
                        },
                        Check.CUTOFF_TIME),
                lie(
                        "a close is undone for no reason",
                        story -> {
                            story.ledger.lie = step -> undone(step, story);
                            assertThat(step(story)).isEqualTo("close_undone");
                        },
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a close is undone for no reason and done again",
                        story -> {
                            story.ledger.lie = step -> undone(step, story);
                            assertThat(step(story)).isEqualTo("close_undone");
                            story.ledger.lie = UnaryOperator.identity();
                            story.applied(story.signed("north/vendor", new Act.Close(PERIOD)));
                            ends(story);
                        },
                        Check.ACCURACY_VERDICTS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void what_members_agree_on_in_a_step_is_computed_again(String title, Consumer<TestStory> told, Check... checks) {
        TestStory story = closing();

        told.accept(story);
        Report report = verified(story);

        Refuted.by(report, title, checks);
    }

    @Test
    void of_a_settlement_with_lines_that_no_step_wrote_no_pack_is_made() {
        TestStory story = closing();
        String closing = Keys.closing(TestStory.AGREEMENT, PERIOD);
        Bytes begun = story.ledger.state.getOrDefault(closing, Bytes.EMPTY);
        story.ledger.state.put(
                closing,
                replaced(Optional.of(begun), "\"done\":0", "\"done\":1").orElseThrow());
        ends(story);

        assertThatThrownBy(story::pack).hasMessageContaining("did not write set/north/vendor/channel/2026-01/1");
    }

    @ParameterizedTest(name = "the step of number {0}")
    @ValueSource(ints = {1, 2, 3})
    void a_pack_in_which_a_step_is_missing_is_refuted(int number) {
        TestStory story = closing();
        int parts = record(story).parts();
        ends(story);
        TestPack honest = TestPack.of(story.pack());
        List<String> transactions =
                honest.names.stream().filter(name -> name.startsWith("tx/")).toList();
        String step = transactions.get(transactions.size() - parts + number - 1);

        Report report = VerifierTest.verify(
                honest.without(step).bytes(), Optional.of(story.ledger.network.trust(story.ledger.id())));

        assertThat(report.outcome()).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(report.findings().stream()
                        .filter(finding -> finding.result() == Result.FAIL)
                        .map(Finding::check))
                .as(String.join("\n", report.lines("without " + step)))
                .contains(Check.ACCURACY_SETTLED);
    }

    @Test
    void a_step_of_a_close_that_nobody_signed_is_refuted() {
        TestStory story = closing();
        int close = (int) story.ledger.height() - 1;
        ends(story);
        story.ledger.leavesOut(close);

        Report report = verified(story);

        assertThat(report.outcome()).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(report.findings())
                .filteredOn(finding -> finding.check() == Check.COMPLETENESS_PERIODS)
                .extracting(Finding::text)
                .contains("a step of a close that nobody asked for");
    }
}
