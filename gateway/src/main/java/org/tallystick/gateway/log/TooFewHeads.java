package org.tallystick.gateway.log;

import java.io.IOException;

/// Fewer than a majority of the members say where the chains of a pack end.
public final class TooFewHeads extends IOException {

    private static final long serialVersionUID = 1;

    TooFewHeads(String message) {
        super(message);
    }
}
