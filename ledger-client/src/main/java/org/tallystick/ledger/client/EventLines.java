package org.tallystick.ledger.client;

import java.io.IOException;
import java.util.Optional;

/// The revenue events of a file, one after the other, so that no file is too large.
public interface EventLines extends AutoCloseable {

    /// The next event or fault; nothing at the end.
    Optional<EventLine> next() throws IOException;

    @Override
    void close() throws IOException;
}
