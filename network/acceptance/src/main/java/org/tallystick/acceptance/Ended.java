package org.tallystick.acceptance;

/// What a command printed, and how it ended.
public record Ended(int exitCode, String output) {}
