package org.tallystick.ledger.cli;

import java.util.Optional;

/// Asks a person whether to go on, where one sits at a terminal.
final class Asked {

    private Asked() {}

    /// @param yes whether the person has said so already, with `--yes`
    /// @throws CommandFailure if the answer is no, or nobody is there to give one
    static void whether(Shell shell, String question, boolean yes) throws CommandFailure {
        if (yes) {
            return;
        }
        shell.out().flush();
        Optional<String> answer =
                shell.json() ? Optional.empty() : shell.terminal().line(question + " [y/N] ");
        if (answer.isEmpty()) {
            throw CommandFailure.cannot(
                    "nothing was sent: nobody was asked", "look at what it would change, then say --yes");
        }
        if (!answer.get().strip().equalsIgnoreCase("y") && !answer.get().strip().equalsIgnoreCase("yes")) {
            throw CommandFailure.refused("nothing was sent", "run it again when you agree");
        }
    }
}
