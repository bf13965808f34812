package org.tallystick.ledger.verify;

import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.state.Keys;

/// Histories on which all members agreed and which are wrong all the same: every signature holds, and the pack is still
/// refuted, by the rules run again and by the books.
final class LyingMembersTest {

    private static final long SEED = 21;

    private static Done write(Done done, String key, String from, String to) {
        TreeMap<String, Optional<Bytes>> writes = new TreeMap<>(done.writes());
        Bytes value = writes.getOrDefault(key, Optional.empty()).orElse(Bytes.EMPTY);
        String text = value.utf8().orElseThrow();
        if (!text.contains(from)) {
            return done;
        }
        writes.put(key, Optional.of(Bytes.ofUtf8(text.replace(from, to))));
        return new Done(done.response(), done.event(), writes);
    }

    private static Done answer(Done done, String from, String to) {
        Json.Obj response = TestStory.object(
                done.response().canonical().utf8().orElseThrow().replace(from, to));
        return new Done(response, done.event(), done.writes());
    }

    private static Arguments lie(String title, Consumer<TestStory> told, Check... checks) {
        return Arguments.of(title, told, checks);
    }

    private static void close(TestStory story) {
        story.applied(story.signed("north/vendor", new Act.Close("2026-01")));
    }

    private static void reports(TestStory story) {
        story.reports(1, TestStory.sale("2026-01-10", 1000), TestStory.sale("2026-01-20", 505));
    }

    static Stream<Arguments> lies() {
        String lines = Keys.lines(TestStory.AGREEMENT, "2026-01", 1);
        String item = Keys.openItems(TestStory.AGREEMENT, "2026-01");
        String settlement = Keys.settlement(TestStory.AGREEMENT, "2026-01");
        return Stream.of(
                lie(
                        "a line of another amount",
                        story -> {
                            reports(story);
                            story.declares("2026-01", 2, 2, 1505);
                            story.ledger.lie = done -> write(done, lines, "\"amount\":188", "\"amount\":189");
                            close(story);
                        },
                        Check.ACCURACY_SETTLED,
                        Check.ACCURACY_VERDICTS,
                        Check.ACCURACY_ZERO_SUM),
                lie(
                        "a payment of another amount",
                        story -> {
                            reports(story);
                            story.declares("2026-01", 2, 2, 1505);
                            story.ledger.lie = done -> write(done, settlement, "\"shop\":188", "\"shop\":187");
                            close(story);
                        },
                        Check.ACCURACY_SETTLED,
                        Check.ACCURACY_VERDICTS,
                        Check.ACCURACY_ZERO_SUM),
                lie(
                        "an open item of another amount",
                        story -> {
                            reports(story);
                            story.declares("2026-01", 2, 2, 1505);
                            story.ledger.lie = done -> write(done, item, "188", "187");
                            close(story);
                        },
                        Check.ACCURACY_ITEMS,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a close that lacks a declaration",
                        story -> {
                            reports(story);
                            Bytes declaration = Json.object()
                                    .with("at", story.now.text())
                                    .with("by", "north/vendor")
                                    .with("count", 0)
                                    .with("from", 0)
                                    .with("hash", "0".repeat(64))
                                    .with("held", 0)
                                    .with("last", 2)
                                    .with("pages", 0)
                                    .with("released", 0)
                                    .with("sealed", false)
                                    .with("to", 0)
                                    .with("totals", Json.array(java.util.List.of()))
                                    .build()
                                    .canonical();
                            story.ledger.state.put(
                                    Keys.declaration(TestStory.AGREEMENT, "sales", "2026-01"), declaration);
                            close(story);
                        },
                        Check.COMPLETENESS_DECLARED,
                        Check.ACCURACY_VERDICTS,
                        Check.ACCURACY_SETTLED),
                lie(
                        "a report booked in another period",
                        story -> {
                            story.ledger.lie =
                                    done -> answer(done, "\"booked\":{\"2026-01\":2}", "\"booked\":{\"2026-02\":2}");
                            reports(story);
                        },
                        Check.CUTOFF_BOOKING,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a source whose numbers have a gap",
                        story -> {
                            String head = Keys.source(TestStory.AGREEMENT, "sales");
                            reports(story);
                            Bytes before = story.ledger.state.getOrDefault(head, Bytes.EMPTY);
                            story.ledger.state.put(
                                    head,
                                    Bytes.ofUtf8(before.utf8().orElseThrow().replace("\"last\":2", "\"last\":5")));
                            story.reports(6, TestStory.sale("2026-01-22", 7));
                        },
                        Check.COMPLETENESS_SOURCES,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a verdict that says more than was reported",
                        story -> {
                            story.ledger.lie = done -> answer(done, "\"2026-01\":2}", "\"2026-01\":2},\"held\":1");
                            reports(story);
                        },
                        Check.ACCURACY_VERDICTS,
                        Check.CUTOFF_BOOKING));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void what_members_agree_on_is_decided_again(String title, Consumer<TestStory> told, Check... checks) {
        TestStory story = new TestStory(SEED, false);
        story.enrolls("north/vendor", "east/shop");
        story.offers(TestStory.document());
        story.applied(story.signed("east/shop", new Act.Accept(Optional.empty())));
        story.goesTo("2026-02-01T09:00:00Z");

        told.accept(story);
        Report report = VerifierTest.verify(story.pack(), Optional.of(story.ledger.network.trust(story.ledger.id())));

        Refuted.by(report, title, checks);
    }
}
