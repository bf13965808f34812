package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/// Divides a stream of envelopes into blocks by count and size, as Fabric's block cutter does.
final class BlockCutter {
    private final BatchLimits limits;
    private List<ByteString> pending = new ArrayList<>();
    private int pendingBytes;

    BlockCutter(BatchLimits limits) {
        this.limits = limits;
    }

    /// Takes one envelope and returns the batches that are now full, none to two.
    List<List<ByteString>> add(ByteString envelope) {
        var full = new ArrayList<List<ByteString>>();
        if (envelope.size() > limits.preferredBytes()) {
            addPending(full);
            full.add(List.of(envelope));
            return full;
        }
        if (pendingBytes + envelope.size() > limits.preferredBytes()) {
            addPending(full);
        }
        pending.add(envelope);
        pendingBytes += envelope.size();
        if (pending.size() >= limits.count()) {
            addPending(full);
        }
        return full;
    }

    private void addPending(List<List<ByteString>> full) {
        if (hasPending()) {
            full.add(cut());
        }
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    List<ByteString> cut() {
        List<ByteString> batch = pending;
        pending = new ArrayList<>();
        pendingBytes = 0;
        return batch;
    }
}
