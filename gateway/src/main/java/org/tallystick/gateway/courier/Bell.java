package org.tallystick.gateway.courier;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Rings for who waits for the answer to an instruction, or for blocks.
public final class Bell {

    private final Map<String, Set<Runnable>> waiting = new ConcurrentHashMap<>();
    private final List<Runnable> blocks = new CopyOnWriteArrayList<>();

    /// Calls `ringing` whenever a block is stored. It must not wait.
    public void listen(Runnable ringing) {
        boolean _ = blocks.add(ringing);
    }

    void ring() {
        blocks.forEach(Runnable::run);
    }

    /// Calls `ringing` whenever an instruction of this party with this id is answered, until [#silence]. It must not
    /// wait.
    public void listen(String party, String id, Runnable ringing) {
        waiting.compute(key(party, id), (_, all) -> {
            Set<Runnable> ringings = all == null ? ConcurrentHashMap.newKeySet() : all;
            ringings.add(ringing);
            return ringings;
        });
    }

    public void silence(String party, String id, Runnable ringing) {
        waiting.computeIfPresent(key(party, id), (_, all) -> {
            all.remove(ringing);
            return all.isEmpty() ? null : all;
        });
    }

    void ring(String party, String id) {
        waiting.getOrDefault(key(party, id), Set.of()).forEach(Runnable::run);
    }

    private static String key(String party, String id) {
        return party + "#" + id;
    }
}
