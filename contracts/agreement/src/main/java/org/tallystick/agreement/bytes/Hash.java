package org.tallystick.agreement.bytes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/// A SHA-256 hash (FIPS 180-4), written as 64 lower-case hexadecimal digits.
public record Hash(String hex) implements Comparable<Hash> {

    private static final int DIGITS = 64;

    /// What stands where there is no hash before: 64 zeros.
    public static final Hash ZERO = new Hash("0".repeat(64));

    public Hash {
        if (!isHash(hex)) {
            throw new IllegalArgumentException("not a hash of 64 lower-case hexadecimal digits: " + hex);
        }
    }

    /// Whether a text is a hash as it is written. By hand: no text is looked at more often.
    public static boolean isHash(String text) {
        if (text.length() != DIGITS) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    public static Hash of(Bytes bytes) {
        return new Hash(sha256(bytes).toHex());
    }

    public static Bytes sha256(Bytes... parts) {
        MessageDigest digest = sha256();
        for (Bytes part : parts) {
            part.feed(digest);
        }
        return Bytes.owning(digest.digest());
    }

    /// The hashes of the same beginning with each of these ends.
    public static List<Bytes> sha256(Bytes beginning, List<Bytes> ends) {
        MessageDigest begun = sha256();
        beginning.feed(begun);
        try {
            List<Bytes> hashes = new ArrayList<>();
            for (Bytes end : ends) {
                MessageDigest digest = (MessageDigest) begun.clone();
                end.feed(digest);
                hashes.add(Bytes.owning(digest.digest()));
            }
            return hashes;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be copied", e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public Bytes bytes() {
        return Bytes.ofHex(hex);
    }

    @Override
    public int compareTo(Hash other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
