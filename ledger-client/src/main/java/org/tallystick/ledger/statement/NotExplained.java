package org.tallystick.ledger.statement;

/// What was computed here is not what the ledger has: one of the two is wrong, and nothing is shown as if it were sure.
public final class NotExplained extends Exception {

    private static final long serialVersionUID = 1;

    NotExplained(String message) {
        super(message);
    }
}
