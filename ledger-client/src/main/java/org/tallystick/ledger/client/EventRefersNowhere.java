package org.tallystick.ledger.client;

/// An event names another by a reference that nobody knows.
public final class EventRefersNowhere extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;

    EventRefersNowhere(int line, String refOf) {
        super("event " + line + " names " + refOf + ", which is neither an earlier event here nor one on the ledger");
        this.line = line;
    }

    /// Index of the event that names, from 0.
    public int line() {
        return line;
    }
}
