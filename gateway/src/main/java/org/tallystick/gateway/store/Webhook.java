package org.tallystick.gateway.store;

import java.util.Locale;
import java.util.regex.Pattern;

/// Somebody who is told over HTTP what the ledger brings.
///
/// @param filter what it wants
/// @param revision higher with each change by the operator
/// @param at behind the last that was delivered or given up
/// @param tries of what comes next
public record Webhook(
        String name, String url, NewsFilter filter, State state, long revision, Position at, Tries tries) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    /// Whether it is told.
    public enum State {
        ACTIVE,
        /// By the operator's word.
        PAUSED,
        /// It answered 410: it wants nothing more.
        GONE;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State ofText(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /// How often it was tried in vain.
    ///
    /// @param since when the first time was, and `due` when the next is, in milliseconds
    /// @param answer what came of the last, for people; empty if there was none
    public record Tries(int count, long since, long due, String answer) {

        public static final Tries NONE = new Tries(0, 0, 0, "");
    }

    /// What was given up after so many tries.
    public record DeadLetter(Position at, int tries, long died, String answer) {}

    /// The same, once it is behind a position.
    public Webhook behind(Position position) {
        return new Webhook(name, url, filter, state, revision, position, Tries.NONE);
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
