package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// Bad files are refuted by the check that is meant to, at a place, or could not be checked: never a stack trace, never
/// a
/// better answer than the evidence gives. The second verifier says the same of them: [SecondVerifierTest].
final class BadFilesTest {

    /// What a verifier answers: its exit code and the checks that fail. A trust file that is none has no report.
    record Answered(int exit, SortedSet<Check> failed, List<Finding> findings) {

        static Answered of(Bytes file, Optional<Bytes> trust) {
            Optional<TrustFile> trusted = Optional.empty();
            if (trust.isPresent()) {
                if (!(TrustFile.read(trust.get()) instanceof TrustFile.Parsed(var parsed))) {
                    return new Answered(2, new TreeSet<>(), List.of());
                }
                trusted = Optional.of(parsed);
            }
            Report report = VerifierTest.verify(file.toArray(), trusted);
            TreeSet<Check> failed = new TreeSet<>();
            report.findings().stream()
                    .filter(finding -> finding.result() == Result.FAIL)
                    .forEach(finding -> failed.add(finding.check()));
            return new Answered(report.outcome().exit(), failed, report.findings());
        }
    }

    static boolean isOneOfMany(BadFiles.Bad bad) {
        return bad.title().matches("(leaf|node|a posting with hash) [0-9]+ .*");
    }

    /// All, but of leaves and nodes every fifth.
    static List<BadFiles.Bad> files() {
        List<BadFiles.Bad> all = BadFiles.all();
        return IntStream.range(0, all.size())
                .filter(i -> !isOneOfMany(all.get(i)) || i % 5 == 0)
                .mapToObj(all::get)
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void a_bad_file_is_refuted_at_its_place_or_could_not_be_checked(BadFiles.Bad bad) {
        judge(bad);
    }

    @Tag("long")
    @Test
    void every_leaf_and_node_is_needed_once_and_where_it_is() {
        assertThat(BadFiles.all().stream().filter(BadFilesTest::isOneOfMany))
                .hasSizeGreaterThan(50)
                .allSatisfy(BadFilesTest::judge);
    }

    private static void judge(BadFiles.Bad bad) {
        Answered answer = Answered.of(bad.file(), bad.trust());

        assertThat(answer.exit()).as("%s: %s", bad.title(), answer.findings()).isEqualTo(bad.exit());
        bad.check().ifPresent(check -> assertThat(answer.failed()).contains(check));
        assertThat(answer.findings())
                .noneMatch(finding -> finding.text().contains("the verifier failed"))
                .allMatch(finding ->
                        finding.result() != Result.FAIL || finding.place().isPresent());
    }

    @Test
    void what_they_are_made_of_is_good() {
        BadFiles files = new BadFiles();

        Report report = VerifierTest.verify(files.pack.bytes(), Optional.of(files.trust));

        assertThat(report.outcome()).as(String.join("\n", report.lines("good"))).isEqualTo(Outcome.HOLDS);
    }
}
