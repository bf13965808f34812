package org.tallystick.gateway.courier;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.store.Store;

/// How much may be held without an answer: it is in memory, and somebody waits for each.
public final class Capacity {

    /// What is full, if something is.
    public enum Room {
        ENOUGH,
        /// Too much is held for one agreement, or for the registry.
        HOME_FULL,
        GATEWAY_FULL
    }

    /// @param instructions held at most
    /// @param bytes of the envelopes held at most
    /// @param inOneHome instructions held at most for one agreement, or for the registry
    public record Limits(int instructions, long bytes, int inOneHome) {
        public static final Limits DEFAULT = new Limits(20_000, 64L * 1024 * 1024, 10_000);
    }

    private final Limits limits;
    private final Map<String, Integer> homes = new TreeMap<>();
    private int instructions;
    private long elsewhere;
    private long bytes;

    Capacity(Limits limits) {
        this.limits = limits;
    }

    /// Takes room for all of them, or for none.
    synchronized Room reserve(List<Signed> all) {
        all.forEach(this::add);
        if (instructions + elsewhere > limits.instructions() || bytes > limits.bytes()) {
            all.forEach(this::remove);
            return Room.GATEWAY_FULL;
        }
        for (Signed signed : all) {
            if (homes.getOrDefault(Store.home(signed.payload()), 0) > limits.inOneHome()) {
                all.forEach(this::remove);
                return Room.HOME_FULL;
            }
        }
        return Room.ENOUGH;
    }

    /// A lane holds one more that has no place yet, full or not.
    synchronized void force(Signed signed) {
        add(signed);
    }

    /// A lane holds what the store held before: what was [#unclaimed], or acknowledged before a restart.
    synchronized void claimed(Signed signed) {
        add(signed);
        elsewhere = Math.max(0, elsewhere - 1);
    }

    synchronized void release(Signed signed) {
        remove(signed);
    }

    /// One more is held in the store that no lane of this instance holds yet.
    synchronized void unclaimed() {
        elsewhere++;
    }

    /// How many are held in the store, so that what other instances carry of it counts too.
    synchronized void stored(long pending) {
        elsewhere = Math.max(0, pending - instructions);
    }

    synchronized int held() {
        return instructions;
    }

    private void add(Signed signed) {
        instructions++;
        bytes += signed.envelope().size();
        homes.merge(Store.home(signed.payload()), 1, Integer::sum);
    }

    private void remove(Signed signed) {
        instructions--;
        bytes -= signed.envelope().size();
        homes.computeIfPresent(Store.home(signed.payload()), (_, n) -> n == 1 ? null : n - 1);
    }
}
