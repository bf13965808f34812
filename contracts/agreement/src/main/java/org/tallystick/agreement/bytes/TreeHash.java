package org.tallystick.agreement.bytes;

import java.security.DigestException;
import java.security.MessageDigest;

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
        return Bytes.copyOf(digest.digest());
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

    /// The root over hashes that stand one behind the other in an array, as many as a power of two. The array is used
    /// up.
    public Bytes fold(byte[] hashes) {
        if (hashes.length < SIZE || Integer.bitCount(hashes.length) != 1) {
            throw new IllegalArgumentException("no full tree: " + hashes.length + " octets");
        }
        for (int length = hashes.length; length > SIZE; length /= 2) {
            for (int from = 0; from < length; from += 2 * SIZE) {
                System.arraycopy(hashes, from, pair, LEFT, 2 * SIZE);
                digest(hashes, from / 2);
            }
        }
        byte[] root = new byte[SIZE];
        System.arraycopy(hashes, 0, root, 0, SIZE);
        return Bytes.copyOf(root);
    }

    private void digest(byte[] out, int at) {
        try {
            digest.update(pair, 0, END);
            int _ = digest.digest(out, at, SIZE);
        } catch (DigestException e) {
            throw new IllegalStateException("there is room for a hash", e);
        }
    }
}
