package org.tallystick.agreement.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// Immutable octets, equal when their content is equal. Ordered as unsigned numbers, first byte first.
public final class Bytes implements Comparable<Bytes> {

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    /// What stands in a text for octets that are no UTF-8, or for itself.
    private static final char REPLACEMENT = '\ufffd';

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /// The octets of an array, copied, so that a later change of the array changes nothing here.
    public static Bytes copyOf(byte[] content) {
        return new Bytes(content.clone());
    }

    /// The octets that a buffer still has, copied.
    public static Bytes copyOf(ByteBuffer buffer) {
        byte[] content = new byte[buffer.remaining()];
        buffer.get(content);
        return new Bytes(content);
    }

    /// The octets of an array that nobody else has.
    static Bytes owning(byte[] content) {
        return new Bytes(content);
    }

    public static Bytes ofUtf8(String text) {
        return new Bytes(text.getBytes(UTF_8));
    }

    /// The octets written as an even number of hexadecimal digits.
    public static Bytes ofHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    /// The octets that a text spells in base64 (RFC 4648 section 4), in the one way there is: padded, and without bits
    /// that
    /// mean nothing.
    public static Optional<Bytes> ofBase64(String text) {
        try {
            byte[] octets = Base64.getDecoder().decode(text);
            return Base64.getEncoder().encodeToString(octets).equals(text)
                    ? Optional.of(new Bytes(octets))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    public static Bytes concat(Bytes... parts) {
        int length = 0;
        for (Bytes part : parts) {
            length = Math.addExact(length, part.size());
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (Bytes part : parts) {
            joined.put(part.content);
        }
        return new Bytes(joined.array());
    }

    public int size() {
        return content.length;
    }

    /// The octet at `index` as a number from 0 to 255.
    public int at(int index) {
        return content[index] & 0xff;
    }

    public Bytes slice(int from, int to) {
        return new Bytes(Arrays.copyOfRange(content, from, to));
    }

    /// A copy: the content itself is never handed out.
    public byte[] toArray() {
        return content.clone();
    }

    /// Copies the content to where an array has room for it.
    public void copyTo(byte[] target, int at) {
        System.arraycopy(content, 0, target, at, content.length);
    }

    /// Takes the content into a digest.
    void feed(MessageDigest digest) {
        digest.update(content);
    }

    /// Base64 with padding.
    public String toBase64() {
        return Base64.getEncoder().encodeToString(content);
    }

    public String toHex() {
        return HexFormat.of().formatHex(content);
    }

    /// The text these octets encode, or nothing if they are not well-formed UTF-8.
    public Optional<String> utf8() {
        String text = new String(content, UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return Optional.of(text);
        }
        try {
            return Optional.of(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /// Short enough for a message: the first eight octets and the length.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(content, 0, Math.min(8, content.length)) + (content.length > 8 ? ".." : "")
                + " (" + content.length + " bytes)";
    }
}
