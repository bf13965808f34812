package org.tallystick.ledger.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// What was computed last of things that come again and again, such as the certificates of a network's nodes.
final class Recent<K, V> {

    /// A network has a few nodes, a hostile pack as many as it likes.
    private static final int MOST = 1_000;

    private final Function<K, V> compute;
    private final Map<K, V> computed = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > MOST;
        }
    };

    /// @param compute what depends on nothing but its argument
    Recent(Function<K, V> compute) {
        this.compute = compute;
    }

    V of(K of) {
        return computed.computeIfAbsent(of, compute);
    }
}
