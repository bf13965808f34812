package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.settlement.naive.Comparison;

/// The engine of the second verifier, in Python, settles what is drawn as this one does.
@Tag("slow")
final class SecondEngineTest {

    private static final Path SCRIPT = Path.of("..", "..", "ledger-client", "verify-py", "tests", "settle_cases.py");

    @TempDir
    private Path folder;

    /// One line for each: the case, and what this engine makes of it.
    private static Json said(Json.Obj file) {
        Json settled = switch (CaseFile.settle(file)) {
            case CaseFile.Settled found -> found.encode();
            case CaseFile.TermsRefused _, CaseFile.NotACase _ -> Json.array(List.of());
        };
        return Json.object().with("case", file).with("settled", settled).build();
    }

    private static int run(Path output, String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
    }

    private void compare(LongStream seeds, boolean years) throws IOException, InterruptedException {
        assumeTrue(hasPython(), "python3 with its package cryptography was not found");
        Path cases = folder.resolve("cases.jsonl");
        Stream<Json.Obj> drawn = seeds.mapToObj(seed -> {
            if (years) {
                return Books.file(
                        GeneratedYears.terms(seed),
                        GeneratedYears.events(seed),
                        GeneratedYears.OPENING.text(),
                        GeneratedYears.LAST.text());
            }
            Case one = Case.draw(seed, Comparison.FEATURES);
            return Books.file(one.terms(), one.events(), one.first(), one.last());
        });
        try (BufferedWriter out = Files.newBufferedWriter(cases)) {
            drawn.map(SecondEngineTest::said).forEach(line -> {
                try {
                    out.write(line.canonical().utf8().orElseThrow());
                    out.write('\n');
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Path output = folder.resolve("output.txt");

        int exit = run(output, "python3", SCRIPT.toString(), cases.toString());

        assertThat(exit).as(Files.readString(output)).isZero();
    }

    private boolean hasPython() throws InterruptedException {
        try {
            return run(folder.resolve("python.txt"), "python3", "-c", "import cryptography") == 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void settles_a_hundred_cases_alike() throws Exception {
        compare(LongStream.range(0, 100), false);
    }

    @Test
    void settles_long_histories_alike() throws Exception {
        compare(LongStream.range(0, 5), true);
    }

    @Tag("long")
    @Test
    void settles_ten_thousand_cases_alike() throws Exception {
        compare(Seeds.ofRun(10_000), false);
        compare(Seeds.ofRun(200), true);
    }
}
