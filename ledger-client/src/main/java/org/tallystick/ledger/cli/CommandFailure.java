package org.tallystick.ledger.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A command ends here: what to say, what to do about it, and the exit code.
public final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final @Nullable String hint;

    private CommandFailure(int exitCode, String message, @Nullable String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    /// It could not run.
    public static CommandFailure cannot(String message, String hint) {
        return new CommandFailure(Tally.COULD_NOT_RUN, message, hint);
    }

    public static CommandFailure cannot(String message) {
        return new CommandFailure(Tally.COULD_NOT_RUN, message, null);
    }

    /// It ran, and the answer is no.
    public static CommandFailure refused(String message, String hint) {
        return new CommandFailure(Tally.REFUSED, message, hint);
    }

    public int exitCode() {
        return exitCode;
    }

    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}
