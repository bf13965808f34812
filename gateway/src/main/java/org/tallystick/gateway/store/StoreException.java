package org.tallystick.gateway.store;

import org.jspecify.annotations.Nullable;

/// The store did not do what was asked: the disk is full, the file is held or damaged, or too much is queued. Nothing
/// of what was asked is in the file.
public final class StoreException extends Exception {

    private static final long serialVersionUID = 1;

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
