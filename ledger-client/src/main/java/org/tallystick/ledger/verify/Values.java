package org.tallystick.ledger.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;

/// The values of a ledger's state by their keys. Large ones, above all the events of reports, are not held in memory.
final class Values {

    private static final int LARGE = 1 << 10;

    private final OctetStore octets;
    private final Map<String, Bytes> small = new HashMap<>();
    private final Map<String, Long> large = new HashMap<>();

    /// @param octets where large ones are kept
    Values(OctetStore octets) {
        this.octets = octets;
    }

    Optional<Bytes> get(String key) {
        Bytes value = small.get(key);
        return value == null ? Optional.ofNullable(large.get(key)).map(octets::read) : Optional.of(value);
    }

    void put(String key, Bytes value) {
        remove(key);
        if (value.size() < LARGE) {
            small.put(key, value.alone());
        } else {
            large.put(key, octets.add(value));
        }
    }

    void remove(String key) {
        small.remove(key);
        large.remove(key);
    }
}
