package org.tallystick.ledger.cli;

import java.io.Console;
import java.util.Optional;

/// Where a person can be asked, and what the environment says in a person's place.
public interface Terminal {

    /// What is typed, without being shown; nothing if nobody sits there.
    Optional<char[]> secret(String question);

    /// The line that is typed; nothing if nobody sits there.
    Optional<String> line(String question);

    Optional<String> environment(String name);

    /// That of this process.
    Terminal OF_PROCESS = new Terminal() {
        @Override
        public Optional<char[]> secret(String question) {
            return console().flatMap(console -> Optional.ofNullable(console.readPassword("%s", question)));
        }

        @Override
        public Optional<String> line(String question) {
            return console().flatMap(console -> Optional.ofNullable(console.readLine("%s", question)));
        }

        @Override
        public Optional<String> environment(String name) {
            return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
        }

        private Optional<Console> console() {
            return Optional.ofNullable(System.console()).filter(Console::isTerminal);
        }
    };
}
