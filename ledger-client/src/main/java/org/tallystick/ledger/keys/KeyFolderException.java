package org.tallystick.ledger.keys;

/// A key that is not there, not the only one, kept so that others could read it, or not opened.
public final class KeyFolderException extends Exception {

    private static final long serialVersionUID = 1;

    private final String hint;

    public KeyFolderException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /// What its owner can do about it.
    public String hint() {
        return hint;
    }
}
