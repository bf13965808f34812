package org.tallystick.gateway;

import org.jspecify.annotations.Nullable;

/// The gateway cannot start. The message says why, in words for its operator.
public final class GatewayException extends Exception {

    private static final long serialVersionUID = 1;

    GatewayException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
