package org.tallystick.acceptance;

/// A command that had to be done was not: the story cannot go on.
public final class NotDone extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotDone(String command, Ended ended) {
        super("`" + command + "` ended with " + ended.exitCode() + ":\n" + ended.output());
    }
}
