package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.pack.TrustFile;

/// The verifier in Python, written from the specification alone, says of every pack what this one says: the same exit
/// code, and the same checks that fail.
///
/// It has no rules (pack-1 section 6), so `accuracy.verdicts` is not compared: a pack of which only that fails here may
/// hold there. What else may differ, and why, `Explained` says; whatever it does not explain fails this test.
@Tag("slow")
final class SecondVerifierTest {

    private static final String VERDICTS = Check.ACCURACY_VERDICTS.text();

    @TempDir
    private Path folder;

    private final List<Tried> tried = new ArrayList<>();
    private Optional<SecondVerifier> second = Optional.empty();

    /// A pack with what this verifier says of it.
    private record Tried(String title, Path pack, Report report) {}

    /// What a verifier says: its exit code, and the checks that fail.
    private record Said(int exit, SortedSet<String> failed) {
        static Said of(SecondVerifier.Said answer) {
            return new Said(answer.exit(), answer.failed());
        }

        /// Without the one check for which rules are needed.
        Said withoutVerdicts() {
            SortedSet<String> others = new TreeSet<>(failed);
            boolean had = others.remove(VERDICTS);
            return new Said(had && others.isEmpty() ? 0 : exit, others);
        }
    }

    /// Why the checks that fail may be others, on a pack that fails in both.
    private enum Explained {
        SAME("nothing differs"),
        ENVELOPE(
                "an envelope without form is `occurrence.signatures` there, as pack-1 says, and here `accuracy.verdicts`"),
        NOT_BEGUN(
                "without genesis block or init there is nothing to stand on: this one decides on, that one follows nothing"),
        LEAVES("behind a leaf that differs, or that is none, the two go on differently"),
        FOLLOWS("a transaction is lost or not believed: here later acts are decided without it, there taken as stated"),
        NOT("");

        /// Checks that say that the bytes themselves are not those of the ledger.
        private static final Set<String> OF_THE_BYTES =
                Set.of("pack.container", "occurrence.endorsed", "occurrence.signatures", "completeness.chains");

        private static final Set<String> OF_THE_LOG = Set.of(
                "occurrence.valid",
                "occurrence.included",
                "occurrence.signatures",
                "completeness.chains",
                "completeness.heads");

        private final String why;

        Explained(String why) {
            this.why = why;
        }

        static Explained of(Said here, Said there) {
            if (here.equals(there)) {
                return SAME;
            }
            if (here.exit() != there.exit() || here.exit() == 0) {
                return NOT;
            }
            SortedSet<String> signed = new TreeSet<>(here.failed());
            signed.add("occurrence.signatures");
            if (signed.equals(there.failed())) {
                return ENVELOPE;
            }
            if (here.failed().contains("pack.ledger") && there.failed().contains("pack.ledger")) {
                return NOT_BEGUN;
            }
            SortedSet<String> either = new TreeSet<>(here.failed());
            either.addAll(there.failed());
            boolean same = either.stream()
                    .filter(check -> !OF_THE_LOG.contains(check))
                    .allMatch(check ->
                            here.failed().contains(check) && there.failed().contains(check));
            boolean log = Stream.of("occurrence.included", "occurrence.valid")
                    .anyMatch(check ->
                            here.failed().contains(check) && there.failed().contains(check));
            if (same && log) {
                return LEAVES;
            }
            boolean both = OF_THE_BYTES.stream()
                    .anyMatch(check ->
                            here.failed().contains(check) && there.failed().contains(check));
            return both ? FOLLOWS : NOT;
        }
    }

    private SecondVerifier second() {
        return second.orElseGet(() -> {
            SecondVerifier made = new SecondVerifier(folder);
            second = Optional.of(made);
            return made;
        });
    }

    private void tries(String title, byte[] pack, Optional<TrustFile> trust) throws IOException {
        tried.add(new Tried(title, second().add(pack, trust.map(TrustFile::encode)), VerifierTest.verify(pack, trust)));
    }

    private static Optional<TrustFile> trust(TestStory story) {
        return Optional.of(story.ledger.network.trust(story.ledger.id()));
    }

    /// A pack of the final form, and what is trusted of its log.
    private record Final(TestPack pack, Optional<TrustFile> trust) {
        static Final of(TestStory story) throws Exception {
            String[] all = {"east", "north", "west"};
            TestLog log = new TestLog(story.ledger, story.ledger.height(), 5, all);
            byte[] pack = story.pack(Optional.empty(), Optional.of(log.published(log.blocks(), Optional.empty(), all)));
            return new Final(
                    TestPack.of(pack),
                    Optional.of(log.trust(story.ledger.network.trust(story.ledger.id()), 2, Optional.empty())));
        }
    }

    private static Bytes flipped(Bytes content, Random random) {
        byte[] bytes = content.toArray();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return Bytes.copyOf(bytes);
    }

    /// Histories that hold in full: the lies and damages of the other tests are in what `KeptPacks` keeps.
    @Test
    void good_packs_hold_in_both() throws Exception {
        for (TestStory story : List.of(TestStory.small(45), TestStory.long_(46, false), TestStory.long_(47, true))) {
            tries("story " + tried.size(), story.pack(), trust(story));
            tries("story without trust " + tried.size(), story.pack(), Optional.empty());
        }
        Final last = Final.of(TestStory.long_(49, false));
        tries("final", last.pack().bytes(), last.trust());

        compares();

        assertThat(tried).extracting(one -> one.report().outcome().exit()).containsExactly(0, 2, 0, 2, 0, 2, 0);
    }

    /// One change of a pack, whose checksums are right unless they are what is changed.
    private static byte[] changed(TestPack pack, Random random) {
        int entry = random.nextInt(pack.names.size());
        String name = pack.names.get(entry);
        Bytes content = pack.contents.get(entry);
        int from = random.nextInt(content.size());
        int to = Math.min(content.size(), from + 1 + random.nextInt(40));
        return switch (random.nextInt(10)) {
            case 0 -> flipped(Bytes.copyOf(pack.bytes()), random).toArray();
            case 1 -> pack.without(name).bytes();
            case 2 ->
                pack.with(name, Bytes.concat(content.slice(0, from), content.slice(to, content.size())))
                        .bytes();
            case 3 ->
                pack.with(name, Bytes.concat(content.slice(0, to), content.slice(from, content.size())))
                        .bytes();
            case 4 ->
                pack.with("pack.json", flipped(pack.get("pack.json"), random)).bytes();
            case 5 -> {
                String other = pack.names.get(random.nextInt(pack.names.size()));
                yield pack.with(name, pack.get(other)).bytes();
            }
            default -> pack.with(name, flipped(content, random)).bytes();
        };
    }

    private void triesChanges(int count) throws Exception {
        List<TestStory> stories = List.of(TestStory.smallest(41), TestStory.small(42), TestStory.long_(43, true));
        List<Optional<TrustFile>> trusts = new ArrayList<>();
        List<TestPack> packs = new ArrayList<>();
        for (TestStory story : stories) {
            packs.add(TestPack.of(story.pack()));
            trusts.add(trust(story));
        }
        Final last = Final.of(TestStory.long_(48, false));
        packs.add(last.pack());
        trusts.add(last.trust());
        BadFiles good = new BadFiles();
        packs.addAll(List.of(good.pack, good.pack(Optional.of("2026-01"), Optional.of(good.older))));
        trusts.addAll(
                List.of(Optional.of(good.trust), Optional.of(good.log.trust(good.first, 2, Optional.of(good.older)))));
        Bytes posting = good.posting().octets();
        for (int seed = 0; seed < count; seed++) {
            Random random = new Random(seed);
            int pack = random.nextInt(packs.size() + 1);
            if (pack == packs.size()) {
                tries("seed " + seed, flipped(posting, random).toArray(), Optional.of(good.trust));
            } else {
                tries("seed " + seed, changed(packs.get(pack), random), trusts.get(pack));
            }
        }
    }

    private void compares() throws IOException, InterruptedException {
        List<SecondVerifier.Said> answers = second().answers();
        SortedMap<Explained, List<String>> found = new TreeMap<>();
        for (int i = 0; i < answers.size(); i++) {
            Said here = Said.of(SecondVerifier.Said.of(tried.get(i).report().json()))
                    .withoutVerdicts();
            Said there = Said.of(answers.get(i)).withoutVerdicts();
            found.computeIfAbsent(Explained.of(here, there), _ -> new ArrayList<>())
                    .add(tried.get(i).title() + ": here " + here + ", there " + there);
        }
        assertThat(found.get(Explained.NOT)).isNull();
        // What follows from a damage may differ, but seldom does: else an explanation would hide what is wrong.
        List<String> follows = found.getOrDefault(Explained.FOLLOWS, List.of());
        assertThat(follows.size()).as(Explained.FOLLOWS.why + ": " + follows).isLessThanOrEqualTo(answers.size() / 20);
    }

    /// The tests that the Python verifier has of its own, with a pack that they make final.
    @Test
    void its_own_tests_hold() throws Exception {
        assumeTrue(SecondVerifier.isThere(folder), "python3 with its package cryptography was not found");
        TestStory story = TestStory.long_(44, false);
        tries("story", story.pack(), trust(story));
        Path output = folder.resolve("output.txt");
        ProcessBuilder tests = new ProcessBuilder("python3", "-m", "unittest", "discover", "-s", "tests")
                .directory(SecondVerifier.FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        tests.environment().put("TALLYSTICK_PACK", tried.getFirst().pack().toString());
        Optional.ofNullable(System.getProperty("tallystick.shared"))
                .ifPresent(shared -> tests.environment()
                        .put("TALLYSTICK_SHARED", Path.of(shared).toString()));

        int exit = tests.start().waitFor();

        assertThat(exit).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).contains("OK");
    }

    /// What is for an auditor's eye is the same in both, to the place and the word.
    @Test
    void both_list_the_same_for_an_auditor_s_eye() throws Exception {
        for (TestStory story : List.of(
                TestStory.long_(50, true),
                EventActsTest.acted(),
                MatchedSalesTest.matched(),
                KeyActsTest.compromisedTwice(false),
                KeyActsTest.compromisedTwice(true))) {
            tries("story " + tried.size(), story.pack(), trust(story));
        }

        List<SecondVerifier.Said> answers = second().answers();

        for (int i = 0; i < answers.size(); i++) {
            List<String> here =
                    SecondVerifier.Said.of(tried.get(i).report().json()).attention();
            assertThat(answers.get(i).attention()).as(tried.get(i).title()).isEqualTo(here);
        }
    }

    /// Whatever somebody hands out, both answer with the same exit code, and the check that is meant to fails in both.
    @Test
    void bad_files_are_judged_alike() throws Exception {
        judges(BadFilesTest.files());
    }

    @Tag("long")
    @Test
    void all_bad_files_are_judged_alike() throws Exception {
        judges(BadFiles.all());
    }

    private void judges(List<BadFiles.Bad> all) throws Exception {
        for (BadFiles.Bad bad : all) {
            var _ = second().add(bad.file().toArray(), bad.trust());
        }

        List<SecondVerifier.Said> answers = second().answers();

        SoftAssertions softly = new SoftAssertions();
        for (int i = 0; i < all.size(); i++) {
            BadFiles.Bad bad = all.get(i);
            softly.assertThat(answers.get(i).exit())
                    .as("%s: %s", bad, answers.get(i).failed())
                    .isEqualTo(bad.exit());
            if (bad.check().isPresent()) {
                softly.assertThat(answers.get(i).failed())
                        .as(bad.title())
                        .contains(bad.check().get().text());
            }
            softly.assertThat(answers.get(i).findings())
                    .as(bad.title())
                    .noneMatch(finding -> finding.text("text").contains("this verifier failed"));
        }
        softly.assertAll();
    }

    @Test
    void two_hundred_changed_packs_are_judged_alike() throws Exception {
        triesChanges(200);

        compares();
    }

    @Tag("long")
    @Test
    void five_thousand_changed_packs_are_judged_alike() throws Exception {
        triesChanges(5_000);

        compares();
    }
}
