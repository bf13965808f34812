package org.tallystick.gateway.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where a secret is, so that it stands in no configuration.
public sealed interface Secret {

    /// The first line of a file.
    record InFile(Path file) implements Secret {}

    /// The value of an environment variable.
    record InVariable(String name) implements Secret {}

    /// What came of looking for it.
    sealed interface Found {}

    record Here(String text) implements Found {
        @Override
        public String toString() {
            return "a secret";
        }
    }

    record Missing(String why) implements Found {}

    default Found read(Map<String, String> environment) {
        return switch (this) {
            case InFile(var file) -> lineOf(file);
            case InVariable(var name) ->
                environment.getOrDefault(name, "").isEmpty()
                        ? new Missing("the environment has no variable " + name)
                        : new Here(environment.getOrDefault(name, ""));
        };
    }

    private static Found lineOf(Path file) {
        try {
            String line = Files.readString(file).lines().findFirst().orElse("");
            return line.isEmpty() ? new Missing(file + " has an empty first line") : new Here(line);
        } catch (IOException e) {
            return new Missing("cannot read " + file + ": " + e.getClass().getSimpleName());
        }
    }
}
