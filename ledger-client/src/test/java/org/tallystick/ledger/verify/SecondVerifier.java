package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// The verifier in Python, asked of many packs at once.
final class SecondVerifier {

    static final Path FOLDER = Path.of("verify-py");

    private final Path folder;
    private final List<String> lines = new ArrayList<>();

    /// @param folder for the packs
    SecondVerifier(Path folder) {
        this.folder = folder;
    }

    /// What it says of one pack.
    ///
    /// @param findings as they stand in its answer
    record Said(int exit, List<Json.Obj> findings) {
        static Said of(Json.Obj answer) {
            return new Said(
                    Math.toIntExact(answer.whole("exit")),
                    answer.items("checks").stream().map(Json.Obj.class::cast).toList());
        }

        SortedSet<String> failed() {
            return checks("FAIL");
        }

        /// The checks with a finding of this result.
        SortedSet<String> checks(String result) {
            SortedSet<String> checks = new TreeSet<>();
            findings.stream()
                    .filter(finding -> finding.text("result").equals(result))
                    .forEach(finding -> checks.add(finding.text("check")));
            return checks;
        }

        /// What is listed for an auditor's eye: check, place and sentence.
        List<String> attention() {
            return findings.stream()
                    .filter(finding -> finding.text("check").startsWith("attention."))
                    .map(finding -> finding.text("check") + " "
                            + finding.findText("place").orElse("") + " " + finding.text("text"))
                    .sorted()
                    .toList();
        }
    }

    /// Keeps a pack, a proof or what somebody calls so.
    ///
    /// @param trust the bytes of a trust file
    /// @return the file it is in
    Path add(byte[] pack, Optional<Bytes> trust) throws IOException {
        Path file = Files.write(folder.resolve(lines.size() + ".tallypack"), pack);
        Path trusted = folder.resolve(lines.size() + ".tallytrust");
        if (trust.isPresent()) {
            Files.write(trusted, trust.get().toArray());
        }
        // Nothing behind the tab of a list: no trust file.
        lines.add(file + "\t" + (trust.isPresent() ? trusted.toString() : ""));
        return file;
    }

    /// What it says of each, in order; the test is skipped where there is no Python with what it needs.
    List<Said> answers() throws IOException, InterruptedException {
        assumeTrue(isThere(folder), "python3 with its package cryptography was not found");
        Path list = Files.write(folder.resolve("list.txt"), lines);
        Path output = folder.resolve("output.txt");
        int exit = run(output, "python3", FOLDER.resolve("tally_verify.py").toString(), "--each", list.toString());
        List<String> answers = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(exit).as(String.join("\n", answers)).isZero();
        assertThat(answers).hasSameSizeAs(lines);
        return answers.stream().map(SecondVerifier::object).map(Said::of).toList();
    }

    static Json.Obj object(String text) {
        if (JsonReader.readCanonical(Bytes.ofUtf8(text)) instanceof JsonReader.Value(Json.Obj json)) {
            return json;
        }
        throw new AssertionError(text);
    }

    static boolean isThere(Path folder) throws InterruptedException {
        try {
            return run(folder.resolve("python.txt"), "python3", "-c", "import cryptography") == 0;
        } catch (IOException _) {
            return false;
        }
    }

    static int run(Path output, String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
    }
}
