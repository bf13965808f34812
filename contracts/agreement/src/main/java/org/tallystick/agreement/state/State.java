package org.tallystick.agreement.state;

import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;

/// Where the values of an agreement or of the registry live: its *home*. Only keys whose names can be computed are
/// read, never a range, so that public and private homes serve the same rules.
@FunctionalInterface
public interface State {

    Optional<Bytes> read(String key);
}
