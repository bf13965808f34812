package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/PROMISES.md` is what the tests say, and no promise is without a test unless that is said.
final class PromisesTest {

    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    @TempDir
    Path folder = Path.of(".");

    private static Ended promises(Path root, String... what) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                ROOT.resolve("scripts/lib/Promises.java").toString(),
                root.toString());
        command.command().addAll(List.of(what));
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /// A project whose only test names all promises that are held, and this one.
    private void project(String another) throws IOException {
        Path tests = Files.createDirectories(folder.resolve("gateway/src/test/java"));
        Files.createDirectories(folder.resolve("docs"));
        Files.writeString(tests.resolve("AllTest.java"), """
                class AllTest {
                    @Promise({"P1", "P2", "P3", "P4", "P11", "P12", "P13", "P17", "P18", "P28", "P30", "P32", "%s"})
                    @Tag("slow")
                    void holds() {}
                }
                """.formatted(another));
    }

    private void report(String inCase) throws IOException {
        Path reports = Files.createDirectories(folder.resolve("gateway/target/surefire-reports"));
        Files.writeString(reports.resolve("TEST-AllTest.xml"), """
                <testsuite><testcase classname="org.tallystick.AllTest[1]" name="holds()[1]">%s</testcase></testsuite>
                """.formatted(inCase));
    }

    @Test
    void the_file_is_what_the_tests_say() throws Exception {
        assertThat(promises(ROOT, "check")).isEqualTo(new Ended(0, ""));
    }

    @Test
    void a_promise_without_a_test_that_is_not_said_to_be_open_is_an_error() throws Exception {
        project("P1");

        Ended ended = promises(folder, "write");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("no test names P14 (").doesNotContain("P29");
    }

    @Test
    void a_test_that_names_what_is_no_promise_is_an_error() throws Exception {
        project("P99");

        assertThat(promises(folder, "write").output()).contains("AllTest.holds names P99, which is no promise");
    }

    @Test
    void only_a_long_run_changes_the_results_and_a_failed_test_is_told() throws Exception {
        project("P14");
        Path file = folder.resolve("docs/PROMISES.md");

        assertThat(promises(folder, "check").output()).contains("is not what the tests say");
        assertThat(promises(folder, "write").exitCode()).isZero();
        assertThat(Files.readString(file))
                .contains("| `AllTest.holds` | gateway | test | not in a long run yet |")
                .contains("## P29\n")
                .contains("**Not held yet: there is no older schema yet that an old and a new gateway could share.**");
        report("");
        assertThat(promises(folder, "ran", "2026-11-28 abc").exitCode()).isZero();
        assertThat(promises(folder, "check")).isEqualTo(new Ended(0, ""));
        assertThat(Files.readString(file)).contains("| test | passed, 2026-11-28 abc |");
        report("<failure/>");
        assertThat(promises(folder, "ran", "2026-11-29 abd").exitCode()).isZero();
        assertThat(Files.readString(file)).contains("| test | FAILED, 2026-11-29 abd |");
    }
}
