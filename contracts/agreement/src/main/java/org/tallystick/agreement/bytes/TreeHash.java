package org.tallystick.agreement.bytes;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/// Hashes the leaves and nodes of Merkle trees (RFC 6962 section 2.1), many a second: for one thread at a time.
///
/// Also climbs: it holds one hash, and hashes it with what stands on its left or right.
public final class TreeHash {

    /// Octets of a hash.
    public static final int SIZE = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private static final int LEFT = 1;
    private static final int RIGHT = LEFT + SIZE;
    private static final int END = RIGHT + SIZE;

    private final MessageDigest digest = Hash.sha256();
    private final byte[] pair = new byte[END];
    private final byte[] held = new byte[SIZE];

    public TreeHash() {
        pair[0] = NODE;
    }

    public Bytes leaf(Bytes content) {
        digest.update(LEAF);
        content.feed(digest);
        return Bytes.owning(digest.digest());
    }

    public Bytes node(Bytes left, Bytes right) {
        hold(left);
        before(right);
        return held();
    }

    /// Takes up a hash, in the place of the one it holds.
    public void hold(Bytes hash) {
        hash.copyTo(held, 0);
    }

    public Bytes held() {
        return Bytes.copyOf(held);
    }

    /// Hashes what it holds, as the left one, with what stands on its right.
    void before(Bytes right) {
        System.arraycopy(held, 0, pair, LEFT, SIZE);
        right.copyTo(pair, RIGHT);
        digest(held, 0);
    }

    /// Hashes what stands on its left with what it holds, as the right one.
    void after(Bytes left) {
        left.copyTo(pair, LEFT);
        System.arraycopy(held, 0, pair, RIGHT, SIZE);
        digest(held, 0);
    }

    /// The root over leaves with these contents, of which there is at least one.
    Bytes root(List<Bytes> contents) {
        byte[] hashes = new byte[contents.size() * SIZE];
        for (int i = 0; i < contents.size(); i++) {
            digest.update(LEAF);
            contents.get(i).feed(digest);
            end(hashes, i * SIZE);
        }
        return fold(hashes);
    }

    /// The root over hashes that stand one behind the other in an array, of which there is at least one. The array is
    /// used up.
    public Bytes fold(byte[] hashes) {
        if (hashes.length < SIZE || hashes.length % SIZE != 0) {
            throw new IllegalArgumentException("no hashes: " + hashes.length + " octets");
        }
        int length = hashes.length;
        while (length > SIZE) {
            int pairs = length / (2 * SIZE);
            for (int i = 0; i < pairs; i++) {
                System.arraycopy(hashes, 2 * i * SIZE, pair, LEFT, 2 * SIZE);
                digest(hashes, i * SIZE);
            }
            int alone = length % (2 * SIZE);
            System.arraycopy(hashes, length - alone, hashes, pairs * SIZE, alone);
            length = pairs * SIZE + alone;
        }
        return Bytes.owning(Arrays.copyOf(hashes, SIZE));
    }

    private void digest(byte[] out, int at) {
        digest.update(pair, 0, END);
        end(out, at);
    }

    private void end(byte[] out, int at) {
        try {
            int _ = digest.digest(out, at, SIZE);
        } catch (DigestException e) {
            throw new IllegalStateException("there is room for a hash", e);
        }
    }
}
