package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;

final class WitnessTest {

    private static final LogSigner LOG = Some.log();
    private static final LogSigner SECOND = Some.signer(Some.ORIGIN, VerifierKey.Type.ED25519, "second log key");
    private static final LogSigner ED = Some.witness("north");
    private static final LogSigner PQ = Some.quantumWitness("north");
    private static final List<Bytes> LEAVES = Naive.leaves(40);
    private static final Tree TREE = Some.tree(LEAVES);
    private static final Tree FORK = fork(10);

    /// As durable as a test needs.
    private static class Kept implements Witness.Memory {
        private final Map<String, SignedCheckpoint> last = new ConcurrentHashMap<>();

        @Override
        public synchronized Optional<SignedCheckpoint> last(String origin) {
            return Optional.ofNullable(last.get(origin));
        }

        @Override
        public synchronized boolean advance(Optional<Checkpoint> before, SignedCheckpoint next) {
            String origin = next.checkpoint().origin();
            if (!last(origin).map(SignedCheckpoint::checkpoint).equals(before)) {
                return false;
            }
            last.put(origin, next);
            return true;
        }
    }

    private static final class Own implements Witness.OwnTree {
        private Tree tree = TREE;
        private final List<Evidence> evidence = new ArrayList<>();

        @Override
        public Optional<Bytes> root(String origin, long size) {
            return size <= tree.size() ? Optional.of(tree.root(size)) : Optional.empty();
        }

        @Override
        public void forked(SignedCheckpoint theirs, Bytes ownRoot) {
            Checkpoint own = new Checkpoint(Some.ORIGIN, theirs.checkpoint().size(), ownRoot);
            evidence.add(new Evidence(theirs, Some.signed(own, SECOND)));
        }
    }

    private final Kept kept = new Kept();
    private final Witness witness = witness(kept, Optional.empty());

    @Test
    void the_examples_of_c2sp_are_a_request_and_the_body_of_an_answer() {
        List<String> examples = Some.examples("tlog-witness.md");
        String request = examples.stream()
                .filter(text -> text.startsWith("old "))
                .findFirst()
                .orElseThrow();
        String answer = examples.stream()
                .filter(text -> text.startsWith("— "))
                .findFirst()
                .orElseThrow();

        AddCheckpoint read = Some.good(AddCheckpoint.parse(Some.utf8(request)));

        assertThat(read.old()).isEqualTo(20_852_014);
        assertThat(read.proof()).hasSize(4);
        assertThat(read.checkpoint().checkpoint().size()).isEqualTo(20_852_163);
        assertThat(read.checkpoint().signatures()).hasSize(2);
        assertThat(read.octets()).isEqualTo(Some.utf8(request));
        List<Note.Line> lines = Some.good(Spelling.reading(() -> Note.signatures(answer, 16)));
        assertThat(lines)
                .extracting(Note.Line::name)
                .containsExactly("witness.example/w1", "witness.example/w1", "witness.example/w2");
        assertThat(Some.text(new WitnessAnswer.Cosigned(lines).body())).isEqualTo(answer);
    }

    @Test
    void a_first_checkpoint_is_cosigned_with_each_key_and_kept_before_the_answer() {
        WitnessAnswer answer = add(0, 7);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(((WitnessAnswer.Cosigned) answer).lines())
                .containsExactly(ED.sign(Some.head(TREE, 7), Some.TIME), PQ.sign(Some.head(TREE, 7), Some.TIME));
        SignedCheckpoint last = kept.last(Some.ORIGIN).orElseThrow();
        assertThat(last.checkpoint()).isEqualTo(Some.head(TREE, 7));
        assertThat(last.signatures())
                .extracting(Note.Line::id)
                .containsExactly(
                        ED.verifierKey().id(),
                        PQ.verifierKey().id(),
                        LOG.verifierKey().id());
    }

    @Test
    void each_next_checkpoint_needs_a_proof_from_the_last_one() {
        assertThat(add(0, 7).status()).isEqualTo(200);
        assertThat(add(7, 20).status()).isEqualTo(200);
        assertThat(add(20, 20).status()).isEqualTo(200);
        assertThat(add(20, 40).status()).isEqualTo(200);
        assertThat(last()).isEqualTo(40);
    }

    @Test
    void signatures_of_keys_that_are_not_trusted_are_passed_over_and_not_kept() {
        SignedCheckpoint checkpoint = Some.signed(
                Some.head(TREE, 7),
                Some.witness("stranger"),
                LOG,
                Some.signer(Some.ORIGIN, VerifierKey.Type.ED25519, "x"));

        assertThat(ask(AddCheckpoint.of(TREE, 0, checkpoint)).status()).isEqualTo(200);
        assertThat(kept.last(Some.ORIGIN).orElseThrow().signatures()).hasSize(3);
    }

    @Test
    void one_signature_as_often_as_there_is_room_is_kept_once() {
        Checkpoint head = Some.head(TREE, 7);
        SignedCheckpoint often =
                new SignedCheckpoint(head, Collections.nCopies(LogLimits.CHECKPOINT_SIGNATURES, LOG.sign(head, 0)));

        assertThat(ask(AddCheckpoint.of(TREE, 0, often)).status()).isEqualTo(200);
        assertThat(kept.last(Some.ORIGIN).orElseThrow().signatures()).hasSize(3);
    }

    @Test
    void malformed_400() {
        for (String body : List.of(
                "",
                "old 0\n",
                "old 0\n\n",
                "old 00\n\n" + note(7),
                "old\n\n" + note(7),
                "old 0\n" + note(7),
                "old 0\n\n" + note(7) + "\n",
                "old 0\n\n" + note(7).replace("\n7\n", "\n07\n"),
                "Old 0\n\n" + note(7),
                "old 0\nAAAA\n\n" + note(7))) {
            assertThat(witness.addCheckpoint(Some.utf8(body), Some.TIME).status())
                    .as(body)
                    .isEqualTo(400);
        }
        String line = Checkpoint.EMPTY_ROOT.toBase64() + "\n";
        assertThat(witness.addCheckpoint(Some.utf8("old 0\n" + line.repeat(63) + "\n" + note(7)), Some.TIME)
                        .status())
                .isEqualTo(422);
        assertThat(witness.addCheckpoint(Some.utf8("old 0\n" + line.repeat(64) + "\n" + note(7)), Some.TIME)
                        .status())
                .isEqualTo(400);
        assertThat(kept.last(Some.ORIGIN)).isEmpty();
    }

    @Test
    void an_unknown_origin_404() {
        Checkpoint elsewhere = new Checkpoint("another.example", 7, TREE.root(7));

        assertThat(ask(new AddCheckpoint(0, List.of(), Some.signed(elsewhere, LOG)))
                        .status())
                .isEqualTo(404);
        // Before it is asked who signed, and whether the sizes are possible.
        assertThat(ask(new AddCheckpoint(9, List.of(), Some.signed(elsewhere, ED)))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void no_signature_of_a_trusted_key_403() {
        SignedCheckpoint stranger = Some.signed(Some.head(TREE, 7), ED);
        assertThat(ask(AddCheckpoint.of(TREE, 0, stranger)).status()).isEqualTo(403);
        // Before the sizes.
        assertThat(ask(new AddCheckpoint(9, List.of(), stranger)).status()).isEqualTo(403);
    }

    @Test
    void a_failing_signature_of_a_trusted_key_403_even_beside_a_good_one() {
        Note.Line bad = new Note.Line(
                Some.ORIGIN,
                SECOND.verifierKey().id(),
                LOG.sign(Some.head(TREE, 7), 0).signature());
        SignedCheckpoint checkpoint = Some.signed(Some.head(TREE, 7), LOG).with(List.of(bad));

        assertThat(ask(AddCheckpoint.of(TREE, 0, checkpoint)).status()).isEqualTo(403);
        assertThat(kept.last(Some.ORIGIN)).isEmpty();
    }

    @Test
    void an_origin_whose_keys_are_all_distrusted_403() {
        Witness none = new Witness(List.of(ED), _ -> Optional.of(List.of()), kept, Optional.empty());

        assertThat(none.addCheckpoint(request(0, 7).octets(), Some.TIME).status())
                .isEqualTo(403);
    }

    @Test
    void an_old_size_above_the_checkpoints_400_before_it_is_compared_with_the_last_one() {
        assertThat(ask(new AddCheckpoint(8, List.of(), signed(TREE, 7))).status())
                .isEqualTo(400);
    }

    @Test
    void another_old_size_than_that_cosigned_last_409_with_the_size_alone() {
        assertThat(add(3, 7).status()).isEqualTo(409);
        assertThat(Some.text(add(3, 7).body())).isEqualTo("0\n");
        assertThat(add(0, 20).status()).isEqualTo(200);
        for (long old : new long[] {0, 19, 21}) {
            WitnessAnswer answer = add(old, 30);

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.contentType()).isEqualTo("text/x.tlog.size");
            assertThat(Some.text(answer.body())).isEqualTo("20\n");
        }
        assertThat(last()).isEqualTo(20);
    }

    @Test
    void an_empty_tree_with_another_root_422_and_with_its_own_200() {
        Checkpoint odd = new Checkpoint(Some.ORIGIN, 0, TREE.root(1));
        assertThat(ask(new AddCheckpoint(0, List.of(), Some.signed(odd, LOG))).status())
                .isEqualTo(422);

        assertThat(add(0, 0).status()).isEqualTo(200);
        assertThat(add(0, 0).status()).isEqualTo(200);
        assertThat(add(0, 5).status()).isEqualTo(200);
    }

    @Test
    void a_proof_from_nothing_422() {
        AddCheckpoint odd = new AddCheckpoint(0, List.of(TREE.root(1)), signed(TREE, 7));

        assertThat(ask(odd).status()).isEqualTo(422);
    }

    @Test
    void a_proof_that_does_not_hold_422() {
        assertThat(add(0, 12).status()).isEqualTo(200);
        List<Bytes> proof = TREE.consistency(12, 30);
        List<List<Bytes>> others =
                new ArrayList<>(List.of(List.of(), proof.subList(1, proof.size()), TREE.consistency(11, 30)));
        for (int i = 0; i < proof.size(); i++) {
            List<Bytes> changed = new ArrayList<>(proof);
            changed.set(i, Checkpoint.EMPTY_ROOT);
            others.add(changed);
        }
        for (List<Bytes> other : others) {
            assertThat(ask(new AddCheckpoint(12, other, signed(TREE, 30))).status())
                    .isEqualTo(422);
        }
        assertThat(last()).isEqualTo(12);
    }

    @Test
    void the_same_size_with_another_root_or_with_a_proof_422() {
        assertThat(add(0, 12).status()).isEqualTo(200);

        assertThat(ask(AddCheckpoint.of(FORK, 12, signed(FORK, 12))).status()).isEqualTo(422);
        assertThat(ask(new AddCheckpoint(12, List.of(TREE.root(3)), signed(TREE, 12)))
                        .status())
                .isEqualTo(422);
        assertThat(kept.last(Some.ORIGIN).orElseThrow().checkpoint().root()).isEqualTo(TREE.root(12));
    }

    @Test
    void a_fork_422_and_the_last_one_stays() {
        assertThat(add(0, 12).status()).isEqualTo(200);

        assertThat(ask(AddCheckpoint.of(FORK, 12, signed(FORK, 30))).status()).isEqualTo(422);
        assertThat(last()).isEqualTo(12);
        assertThat(add(12, 30).status()).isEqualTo(200);
    }

    @Test
    void a_request_that_comes_between_is_never_rolled_back() throws Exception {
        for (int round = 0; round < 30; round++) {
            Kept shared = new Kept();
            Witness raced = witness(shared, Optional.empty());
            assertThat(raced.addCheckpoint(request(0, 5).octets(), Some.TIME).status())
                    .isEqualTo(200);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<WitnessAnswer>> answers = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (long size : new long[] {10, 20, 30, 40}) {
                    answers.add(threads.submit(() -> {
                        start.await();
                        return raced.addCheckpoint(request(5, size).octets(), Some.TIME);
                    }));
                }
                start.countDown();
            }

            long cosigned = 0;
            for (Future<WitnessAnswer> answer : answers) {
                cosigned += answer.get().status() == 200 ? 1 : 0;
                if (answer.get() instanceof WitnessAnswer.Conflict(long size)) {
                    assertThat(size)
                            .isEqualTo(shared.last(Some.ORIGIN)
                                    .orElseThrow()
                                    .checkpoint()
                                    .size());
                } else {
                    assertThat(answer.get().status()).isEqualTo(200);
                }
            }
            assertThat(cosigned).as("from one size only one is cosigned").isEqualTo(1);
        }
    }

    /// The race of the protocol's text, step by step.
    @Test
    void what_was_checked_before_another_was_kept_409() {
        Kept slow = new Kept() {
            private boolean first = true;

            @Override
            public synchronized boolean advance(Optional<Checkpoint> before, SignedCheckpoint next) {
                if (first) {
                    first = false;
                    assertThat(super.advance(before, signed(TREE, 20))).isTrue();
                }
                return super.advance(before, next);
            }
        };

        WitnessAnswer answer =
                witness(slow, Optional.empty()).addCheckpoint(request(0, 10).octets(), Some.TIME);

        assertThat(answer).isEqualTo(new WitnessAnswer.Conflict(20));
        assertThat(slow.last(Some.ORIGIN).orElseThrow().checkpoint().size()).isEqualTo(20);
    }

    @Test
    void a_member_cosigns_what_it_has_built_itself() {
        Own own = new Own();
        Witness member = witness(kept, Optional.of(own));

        assertThat(member.addCheckpoint(request(0, 20).octets(), Some.TIME).status())
                .isEqualTo(200);
        assertThat(own.evidence).isEmpty();
    }

    @Test
    void a_member_that_has_not_come_that_far_503_and_keeps_nothing() {
        Own own = new Own();
        own.tree = Some.tree(LEAVES.subList(0, 19));
        Witness member = witness(kept, Optional.of(own));

        assertThat(member.addCheckpoint(request(0, 20).octets(), Some.TIME)).isEqualTo(new WitnessAnswer.Behind());
        assertThat(kept.last(Some.ORIGIN)).isEmpty();
        own.tree = TREE;
        assertThat(member.addCheckpoint(request(0, 20).octets(), Some.TIME).status())
                .isEqualTo(200);
    }

    @Test
    void a_member_with_another_root_422_and_keeps_the_evidence() {
        Own own = new Own();
        Witness member = witness(kept, Optional.of(own));

        WitnessAnswer answer =
                member.addCheckpoint(AddCheckpoint.of(FORK, 0, signed(FORK, 20)).octets(), Some.TIME);

        assertThat(answer).isEqualTo(new WitnessAnswer.Forked());
        assertThat(answer.status()).isEqualTo(422);
        assertThat(kept.last(Some.ORIGIN)).isEmpty();
        assertThat(own.evidence).singleElement().satisfies(evidence -> {
            assertThat(evidence.theirs()).isEqualTo(signed(FORK, 20));
            assertThat(Some.good(Evidence.parse(Some.utf8(evidence.text().repeat(2)))))
                    .containsExactly(evidence, evidence);
        });
    }

    /// A log that forked before what was cosigned last has no proof: that must not hide the fork.
    @Test
    void a_fork_that_cannot_be_proved_consistent_is_kept_as_evidence_too() {
        Own own = new Own();
        Witness member = witness(kept, Optional.of(own));
        assertThat(member.addCheckpoint(request(0, 20).octets(), Some.TIME).status())
                .isEqualTo(200);

        assertThat(member.addCheckpoint(
                        AddCheckpoint.of(FORK, 20, signed(FORK, 30)).octets(), Some.TIME))
                .isEqualTo(new WitnessAnswer.Forked());
        assertThat(own.evidence).hasSize(1);
        // A proof that fails for a tree that is right is no evidence of anything.
        assertThat(member.addCheckpoint(new AddCheckpoint(20, List.of(), signed(TREE, 30)).octets(), Some.TIME))
                .isInstanceOf(WitnessAnswer.Inconsistent.class);
        assertThat(own.evidence).hasSize(1);
    }

    @Test
    void evidence_is_two_checkpoints_that_cannot_both_be_true_and_nothing_else() {
        String theirs = Some.text(signed(FORK, 20).octets()) + "=\n";
        String own = Some.text(signed(TREE, 20).octets()) + "=\n";
        assertThat(Some.good(Evidence.parse(Some.utf8(theirs + own)))).hasSize(1);
        assertThat(Some.good(Evidence.parse(Bytes.EMPTY))).isEmpty();

        String longer = Some.text(signed(FORK, 21).octets()) + "=\n";
        for (String text : List.of(
                theirs,
                theirs + theirs,
                theirs + longer,
                theirs + own + own,
                own + own,
                (theirs + own).strip(),
                theirs + "=\n" + own)) {
            assertThat(Evidence.parse(Some.utf8(text)).good()).isEmpty();
        }
    }

    @Test
    void a_witness_without_a_key_that_cosigns_is_none() {
        for (List<LogSigner> signers : List.of(List.<LogSigner>of(), List.of(LOG), List.of(ED, LOG))) {
            assertThatThrownBy(() -> new Witness(signers, _ -> Optional.empty(), kept, Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Witness witness(Witness.Memory memory, Optional<Witness.OwnTree> own) {
        Witness.Logs logs = origin -> origin.equals(Some.ORIGIN)
                ? Optional.of(List.of(LOG.verifierKey(), SECOND.verifierKey()))
                : Optional.empty();
        return new Witness(List.of(ED, PQ), logs, memory, own);
    }

    private static Tree fork(int at) {
        List<Bytes> leaves = new ArrayList<>(LEAVES);
        leaves.set(at, Naive.leaf(Some.utf8("another")));
        return Some.tree(leaves);
    }

    private static SignedCheckpoint signed(Tree tree, long size) {
        return Some.signed(Some.head(tree, size), LOG);
    }

    private static String note(long size) {
        return Some.text(signed(TREE, size).octets());
    }

    private static AddCheckpoint request(long old, long size) {
        return new AddCheckpoint(old, old <= size ? TREE.consistency(old, size) : List.of(), signed(TREE, size));
    }

    private WitnessAnswer add(long old, long size) {
        return ask(request(old, size));
    }

    private WitnessAnswer ask(AddCheckpoint request) {
        return witness.addCheckpoint(request.octets(), Some.TIME);
    }

    private long last() {
        return kept.last(Some.ORIGIN).orElseThrow().checkpoint().size();
    }
}
