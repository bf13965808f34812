package org.tallystick.ledger.client;

/// An event names another by a reference that nobody knows.
public final class EventRefersNowhere extends Exception {

    private static final long serialVersionUID = 1;

    private final long line;

    EventRefersNowhere(long line, String refOf) {
        super("line " + line + " names " + refOf
                + ", which is neither an earlier event of the file nor one on the ledger");
        this.line = line;
    }

    /// The line of the event that names, from 1.
    public long line() {
        return line;
    }
}
