package org.tallystick.agreement.bytes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/// A SHA-256 hash (FIPS 180-4), written as 64 lower-case hexadecimal digits.
public record Hash(String hex) implements Comparable<Hash> {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    /// What stands where there is no hash before: 64 zeros.
    public static final Hash ZERO = new Hash("0".repeat(64));

    public Hash {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a hash of 64 lower-case hexadecimal digits: " + hex);
        }
    }

    public static Hash of(Bytes bytes) {
        return new Hash(sha256(bytes).toHex());
    }

    public static Bytes sha256(Bytes... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Bytes part : parts) {
                digest.update(part.toArray());
            }
            return Bytes.copyOf(digest.digest());
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
