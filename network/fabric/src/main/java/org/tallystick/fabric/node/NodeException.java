package org.tallystick.fabric.node;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A program of the network did not do what it was asked to.
public final class NodeException extends Exception {

    private static final long serialVersionUID = 1;

    private final @Nullable String hint;

    public NodeException(String message) {
        this(message, null);
    }

    /// @param hint what to do about it
    public NodeException(String message, @Nullable String hint) {
        super(message);
        this.hint = hint;
    }

    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}
