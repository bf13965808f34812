package org.tallystick.ledger.verify;

import java.security.MessageDigest;
import java.util.Arrays;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.pack.PackWriter;

/// Hashes of leaves in order: a few bytes of each, to name the place where another list differs, and all in one, which
/// is
/// what is trusted.
final class LeafHashes {

    private static final int KEPT = Long.BYTES;

    private final MessageDigest all = PackWriter.sha256();
    private long[] first = new long[1 << 10];
    private int count;

    void add(Bytes hash) {
        all.update(hash.toArray());
        if (count == first.length) {
            first = Arrays.copyOf(first, 2 * count);
        }
        first[count++] = kept(hash);
    }

    private static long kept(Bytes hash) {
        long kept = 0;
        for (int i = 0; i < KEPT; i++) {
            kept = kept << 8 | hash.at(i);
        }
        return kept;
    }

    boolean isAt(int place, Bytes hash) {
        return first[place] == kept(hash);
    }

    int count() {
        return count;
    }

    Bytes digest() {
        return Bytes.copyOf(all.digest());
    }
}
