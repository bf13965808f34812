package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Schemathesis, which makes requests from the contract and holds the answers against it: no mistake of ours, no
/// status, media type or body that the contract does not have, nothing that it allows refused.
@Tag("long")
class SchemathesisTest {

    private static final String PACKAGE = "schemathesis==4.32.5";
    private static final Duration INSTALL = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofMinutes(15);

    /// The addresses are those of an agreement that there is, also where a wrong one was wanted: that wrong forms are
    /// refused is for [BadInputTest]. What a form is beyond its schema is said by the ledger's own formats: one
    /// spelling, a note.
    private static final String SETTINGS = """
            [checks]
            negative_data_rejection.enabled = false

            [parameters]
            "path.member" = "north"
            "path.name" = "hub"
            "path.label" = "packed"
            "path.period" = "PERIOD"

            [[operations]]
            include-name = "POST /v1/instructions"
            checks.positive_data_acceptance.enabled = false

            [[operations]]
            include-name = "POST /log/add-checkpoint"
            checks.positive_data_acceptance.enabled = false
            checks.not_a_server_error.enabled = false
            """;

    @TempDir
    Path folder = Path.of(".");

    private record Ended(int status, String said) {}

    private Ended run(Duration longest, String... command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = process.waitFor(longest.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            Process _ = process.destroyForcibly();
        }
        return new Ended(ended ? process.exitValue() : -1, Files.readString(said, UTF_8));
    }

    private boolean installed() throws InterruptedException {
        try {
            return run(INSTALL, "python3", "-m", "venv", "python").status() == 0
                    && run(INSTALL, "python/bin/pip", "install", "--quiet", PACKAGE)
                                    .status()
                            == 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void schemathesis_finds_nothing() throws Exception {
        assumeTrue(installed(), PACKAGE + " cannot be installed here");
        try (Trio trio = Trio.at(folder, 1)) {
            trio.startAll();
            String period = PacksTest.settled(trio).period();
            var _ = PacksTest.cosigned(trio);
            Path _ = Files.writeString(folder.resolve("schemathesis.toml"), SETTINGS.replace("PERIOD", period));
            String contract = "http://127.0.0.1:" + trio.stand("north").port() + "/openapi.json";

            Ended ended = run(
                    LONGEST,
                    "python/bin/st",
                    "run",
                    contract,
                    "--phases",
                    "examples,coverage,fuzzing",
                    "--max-examples",
                    "100",
                    "--continue-on-failure",
                    "--no-color");

            assertThat(ended.status()).as(ended.said()).isZero();
            assertThat(ended.said()).contains(" passed");
            assertThat(trio.stand("north").get("/health/live").status()).isEqualTo(200);
        }
    }
}
