package org.tallystick.acceptance;

/// Keeps the last commands of a scenario and what they printed, to be read when it fails.
final class Transcript implements Audience {

    private static final int LONGEST = 20_000;

    private final StringBuilder text = new StringBuilder();

    @Override
    public synchronized void command(String line) {
        add("$ " + line);
    }

    @Override
    public synchronized void output(String output) {
        add(output);
    }

    private void add(String lines) {
        text.append(lines).append('\n');
        if (text.length() > LONGEST) {
            text.delete(0, text.length() - LONGEST);
        }
    }

    @Override
    public synchronized String toString() {
        return text.toString();
    }
}
