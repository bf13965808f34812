package org.tallystick.acceptance.demo;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.tallystick.acceptance.Audience;

/// Tells the story: plain sentences, the commands, their output, and whether every comparison held.
final class Narrator implements Audience {

    private static final String INDENT = "    ";

    private final PrintStream out;
    private boolean quiet;
    private int chapters;
    private int comparisons;
    private int failures;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void chapter(String title) {
        out.println();
        out.println(++chapters + ". " + title);
    }

    void says(String sentence) {
        out.println("   " + sentence);
    }

    @Override
    public void command(String line) {
        if (!quiet) {
            out.println();
            out.println("   $ " + line);
        }
    }

    @Override
    public void output(String text) {
        if (!quiet) {
            text.lines().forEach(line -> out.println(line.isEmpty() ? "" : INDENT + line));
        }
    }

    /// Does something whose commands nobody wants to see again.
    <T> T quietly(Supplier<T> doing) {
        quiet = true;
        try {
            return doing.get();
        } finally {
            quiet = false;
        }
    }

    /// Says whether something is as it must be. The demo succeeds only if all of these hold.
    void compares(String what, Optional<String> difference) {
        comparisons++;
        if (difference.isPresent()) {
            failures++;
        }
        out.println("   " + (difference.isEmpty() ? "holds: " : "DOES NOT HOLD: ") + what
                + difference.map(text -> ": " + text).orElse(""));
    }

    void compares(String what, Object expected, Object found) {
        compares(
                what,
                expected.equals(found) ? Optional.empty() : Optional.of("expected " + expected + ", found " + found));
    }

    int comparisons() {
        return comparisons;
    }

    boolean allHeld() {
        return failures == 0;
    }

    int failures() {
        return failures;
    }
}
