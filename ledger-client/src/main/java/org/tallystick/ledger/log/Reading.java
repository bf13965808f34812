package org.tallystick.ledger.log;

import java.util.Optional;

/// What comes of reading octets that anybody may have made.
public sealed interface Reading<T> {

    record Value<T>(T value) implements Reading<T> {}

    /// @param why for whoever looks into it; no program depends on it
    record Fault<T>(String why) implements Reading<T> {}

    default Optional<T> good() {
        return switch (this) {
            case Value<T>(T value) -> Optional.of(value);
            case Fault<T> _ -> Optional.empty();
        };
    }
}
