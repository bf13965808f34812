package org.tallystick.agreement.signing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.tallystick.agreement.instruction.Key;

/// The keys used last, ready to verify with.
///
/// The first check with a point computes tables that the next ones use, which more than halves their cost. What a key
/// comes to depends on its bytes alone, so remembering it changes no answer.
final class ReadyKeys {

    static final int MAX_KEYS = 1_000;

    private final Map<Key.P256, Optional<ECPublicKeyParameters>> ready = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key.P256, Optional<ECPublicKeyParameters>> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /// Nothing if the key is no point of the curve.
    Optional<ECPublicKeyParameters> of(Key.P256 key) {
        synchronized (ready) {
            return ready.computeIfAbsent(key, Es256::ready);
        }
    }

    int size() {
        synchronized (ready) {
            return ready.size();
        }
    }
}
