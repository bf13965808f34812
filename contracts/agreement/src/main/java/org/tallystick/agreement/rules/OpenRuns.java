package org.tallystick.agreement.rules;

import java.util.Optional;
import java.util.TreeMap;

/// Which run of each source the current transaction has begun: its next report of that source joins it, unless another
/// act of the source came between.
final class OpenRuns {

    private final TreeMap<String, Long> firsts = new TreeMap<>();

    Optional<Long> of(String source) {
        return Optional.ofNullable(firsts.get(source));
    }

    void begin(String source, long first) {
        firsts.put(source, first);
    }

    void end(String source) {
        firsts.remove(source);
    }
}
