package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The verifier in Python, where there is a Python that it runs on.
public final class SecondVerifier {

    /// Why it does not run.
    public static final String MISSING = "python3 with its package cryptography was not found";

    private final Path program;

    private SecondVerifier(Path program) {
        this.program = program;
    }

    /// @param root of the repository
    public static Optional<SecondVerifier> find(Path root) throws InterruptedException {
        try {
            return python(List.of("-c", "import cryptography")).exitCode() == 0
                    ? Optional.of(new SecondVerifier(root.resolve("ledger-client/verify-py/tally_verify.py")))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    public Ended verifies(Path pack, Path trust) throws IOException, InterruptedException {
        return python(List.of(program.toString(), pack.toString(), "--trust", trust.toString()));
    }

    private static Ended python(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
