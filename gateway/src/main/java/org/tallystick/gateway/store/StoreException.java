package org.tallystick.gateway.store;

import org.jspecify.annotations.Nullable;

/// The store did not do what was asked: the disk is full, the file is held or damaged, the database cannot
/// be reached, or too much is queued. Nothing of what was asked is in the store, unless this is [in
/// doubt][#isInDoubt].
public class StoreException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean inDoubt;

    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    public StoreException(String message, @Nullable Throwable cause, boolean inDoubt) {
        super(message, cause);
        this.inDoubt = inDoubt;
    }

    /// Whether the connection was lost while it was committed: it may be in the store, whole, or not.
    public boolean isInDoubt() {
        return inDoubt;
    }
}
