package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a newcomer types first, run by a shell in the root of the repository: the first thing we show must be true.
///
/// Runs when everything is packaged (`mvn verify`), since the scripts would else begin to build.
@Tag("slow")
final class FirstCommandsIT {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern COMMAND = Pattern.compile("\\./scripts/(tally [a-z]+|[a-z]+)");

    private static Ended shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void the_demo_holds_and_the_commands_at_its_end_work_when_pasted(@TempDir Path folder) throws Exception {
        Ended demo = shell("./scripts/demo " + folder.resolve("demo"));

        assertThat(demo.exitCode()).as(demo.output()).isZero();
        assertThat(demo.output()).contains("comparisons held", "; final form").doesNotContain("; first form");
        List<String> next = demo.output()
                .substring(demo.output().indexOf("Try next:"))
                .lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(String::strip)
                .toList();
        assertThat(next).hasSize(3).allMatch(command -> command.startsWith("./scripts/tally "));
        for (String command : next) {
            Ended pasted = shell(command);
            assertThat(pasted.exitCode()).as(command + "\n" + pasted.output()).isZero();
            assertThat(pasted.output()).as(command).isNotBlank();
        }
    }

    @Test
    void the_demo_does_not_empty_a_folder_that_no_demo_made(@TempDir Path folder) throws Exception {
        Path diary = Files.writeString(folder.resolve("diary"), "mine");

        Ended demo = shell("./scripts/demo " + folder);

        assertThat(demo.exitCode()).as(demo.output()).isEqualTo(2);
        assertThat(demo.output())
                .contains("demo: error: " + folder + " has files that ./scripts/demo did not make", "demo: hint: ");
        assertThat(diary).hasContent("mine");
    }

    @Test
    void a_stand_names_its_services_shows_a_settled_agreement_and_stops_when_told(@TempDir Path folder)
            throws Exception {
        Process stand = new ProcessBuilder(
                        "./scripts/start", folder.resolve("stand").toString())
                .directory(ROOT.toFile())
                .redirectError(folder.resolve("said").toFile())
                .start();
        TreeMap<String, String> services = new TreeMap<>();
        try (BufferedReader lines = stand.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null && !line.equals("ready"); line = lines.readLine()) {
                services.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
            }
            assertThat(services.keySet())
                    .as(Files.readString(folder.resolve("said")))
                    .containsExactly("gateway", "gateway-east", "gateway-west", "peer-east", "peer-north", "peer-west");
            Ended statement = shell("./scripts/tally statement north/vendor/reseller 2026-Q1 --gateway "
                    + services.get("gateway") + " --home " + folder.resolve("stand/keys/north-vendor"));
            assertThat(statement.exitCode()).as(statement.output()).isZero();
            Path pack = folder.resolve("reseller.tallypack");
            Ended packed = shell("./scripts/tally pack north/vendor/reseller -o " + pack + " --gateway "
                    + services.get("gateway-east")
                    + " && ./scripts/tally verify " + pack + " --trust "
                    + folder.resolve("stand/start.tallytrust"));
            assertThat(packed.exitCode()).as(packed.output()).isZero();
            assertThat(packed.output()).contains("; final form");
            List<ProcessHandle> children = stand.descendants().toList();
            assertThat(children).hasSize(4);

            stand.destroy();

            assertThat(stand.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        } finally {
            stand.destroyForcibly();
        }
    }

    /// The blocks of the README are its indented lines; `./scripts/test` is what runs this, and the demo has a test of
    /// its own, so of these two only that they say what they do is looked at.
    @Test
    void every_command_that_the_readme_shows_is_there_and_says_how_it_is_used() throws Exception {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<String> blocks = readme.lines()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .toList();
        TreeSet<String> commands = new TreeSet<>();
        Matcher found = COMMAND.matcher(readme);
        while (found.find()) {
            commands.add(found.group());
        }

        assertThat(blocks).isNotEmpty().allMatch(line -> line.startsWith("./scripts/"));
        assertThat(commands).contains("./scripts/demo", "./scripts/test");
        for (String command : commands) {
            Ended help = shell(command + " --help");
            assertThat(help.exitCode()).as(command + "\n" + help.output()).isZero();
            assertThat(help.output()).as(command).containsIgnoringCase("usage:");
        }
    }

    @Test
    void a_script_answers_an_argument_that_it_does_not_know_like_every_other() throws Exception {
        for (String script : List.of("acceptance", "check", "format", "test", "demo", "bench", "start")) {
            Ended ended = shell("./scripts/" + script + " --nope");

            assertThat(ended.exitCode()).as(script).isEqualTo(2);
            assertThat(ended.output())
                    .isEqualTo(script + ": error: unknown argument --nope\n" + script + ": hint: ./scripts/" + script
                            + " --help\n");
        }
    }
}
