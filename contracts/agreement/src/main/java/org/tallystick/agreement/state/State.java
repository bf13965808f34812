package org.tallystick.agreement.state;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;

/// Where the values of an agreement or of the registry live: its *home*. Only keys whose names can be computed are
/// read, never a range, so that public and private homes serve the same rules.
@FunctionalInterface
public interface State {

    Optional<Bytes> read(String key);

    /// Says which keys will be read, each for certain: a home that is asked over a wire may fetch them together.
    default void foresee(List<String> keys) {}
}
