package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.pack.TransactionEnvelope;
import org.tallystick.ledger.pack.TrustFile;

/// However many threads look at signatures, a report has the same bytes.
final class ThreadsTest {

    private static Bytes report(byte[] pack, Optional<TrustFile> trust, int threads) {
        try {
            Report report = Verifier.verify(new ByteArrayInputStream(pack), trust, threads);
            return Bytes.concat(report.json().canonical(), Bytes.ofUtf8(String.join("\n", report.lines("the pack"))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<TrustFile> trust(TestStory story) {
        return Optional.of(story.ledger.network.trust(story.ledger.id()));
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 3, 8})
    void a_history_that_holds_has_the_same_report_with_any_number_of_threads(int threads) {
        TestStory story = TestStory.long_(2, false);
        byte[] pack = story.pack();

        Bytes alone = report(pack, trust(story), 1);

        assertThat(report(pack, trust(story), threads)).isEqualTo(alone);
    }

    /// Packs with a changed byte fail at many places, and many findings of one check are not all listed.
    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 5})
    void packs_that_do_not_hold_have_the_same_report_with_any_number_of_threads(int threads) {
        TestStory story = TestStory.long_(4, false);
        byte[] pack = story.pack();
        for (int part = 1; part < 40; part++) {
            byte[] changed = pack.clone();
            changed[(int) ((long) pack.length * part / 40)] ^= 1;

            Bytes alone = report(changed, trust(story), 1);

            assertThat(report(changed, trust(story), threads))
                    .as("part " + part)
                    .isEqualTo(alone);
        }
    }

    /// Forty instructions under one key are checked together, and each alone if one of them is wrong.
    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 4})
    void one_wrong_signature_among_many_under_a_key_is_found(int threads) {
        TestStory story = TestStory.small(7);
        TestPack pack = TestPack.of(story.pack());
        List<Signed> instructions = new ArrayList<>();
        for (int number = 0; number < 40; number++) {
            instructions.add(read(report(story, number)));
        }
        instructions.set(20, read(withSignaturesOf(report(story, 50), report(story, 51))));
        KnownKeys keys = new KnownKeys();
        keys.registeredBy(read(story.enrollment("east/shop")).payload().act());

        try (Crew crew = new Crew(threads)) {
            if (!(TransactionEnvelope.read(pack.get(pack.lastTransaction()))
                    instanceof TransactionEnvelope.Parsed(var transaction))) {
                throw new AssertionError();
            }
            TransactionSignatures signatures = new TransactionSignatures(crew, keys, transaction, instructions);

            assertThat(signatures.ofCreator()).isTrue();
            for (int number = 0; number < 40; number++) {
                assertThat(signatures.hold(
                                instructions.get(number),
                                0,
                                story.key("east/shop").key()))
                        .isEqualTo(number != 20);
                assertThat(signatures.hold(
                                instructions.get(number),
                                0,
                                story.key("north/other").key()))
                        .isFalse();
            }
        }
    }

    private static Bytes report(TestStory story, int number) {
        return story.signed(
                "east/shop",
                new Act.Report(
                        new SourceId("sales"), 1 + number, List.of(TestStory.sale("2026-02-10", 100)), List.of()));
    }

    private static Signed read(Bytes envelope) {
        return (Signed) Signed.read(envelope);
    }

    /// The first envelope with the signatures of the other.
    private static Bytes withSignaturesOf(Bytes one, Bytes other) {
        return Json.object()
                .with("payload", object(one).text("payload"))
                .with("signatures", object(other).get("signatures"))
                .build()
                .canonical();
    }

    private static Json.Obj object(Bytes envelope) {
        return TestStory.object(envelope.utf8().orElseThrow());
    }

    @Test
    void what_a_task_throws_is_thrown_where_its_answer_is_asked_for() {
        try (Crew crew = new Crew(3)) {
            FutureTask<Json> task = crew.ahead(() -> {
                throw new IllegalArgumentException("not so");
            });

            assertThatThrownBy(() -> crew.answer(task))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not so");
        }
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 4})
    void every_task_is_done_once(int threads) {
        List<Integer> done = java.util.Collections.synchronizedList(new ArrayList<>());
        try (Crew crew = new Crew(threads)) {
            List<FutureTask<Boolean>> tasks = new ArrayList<>();
            for (int n = 0; n < 2_000; n++) {
                int number = n;
                tasks.add(crew.ahead(() -> done.add(number)));
            }

            tasks.forEach(task -> assertThat(crew.answer(task)).isTrue());

            assertThat(done).hasSize(2_000).doesNotHaveDuplicates();
        }
    }
}
