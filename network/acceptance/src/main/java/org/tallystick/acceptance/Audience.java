package org.tallystick.acceptance;

/// Who sees each command that is run on a stand, and what it prints.
public interface Audience {

    /// @param line the command as its owner would type it
    void command(String line);

    void output(String text);

    /// Nobody is there.
    Audience NOBODY = new Audience() {
        @Override
        public void command(String line) {}

        @Override
        public void output(String text) {}
    };
}
