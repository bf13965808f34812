package org.tallystick.agreement.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/// Immutable octets, equal when their content is equal. Ordered as unsigned numbers, first byte first.
public final class Bytes implements Comparable<Bytes> {

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    /// What stands in a text for octets that are no UTF-8, or for itself.
    private static final char REPLACEMENT = '\ufffd';

    private final byte[] array;
    private final int from;
    private final int size;

    private Bytes(byte[] array) {
        this(array, 0, array.length);
    }

    private Bytes(byte[] array, int from, int size) {
        this.array = array;
        this.from = from;
        this.size = size;
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

    /// The octets of an array that nobody changes any more.
    static Bytes owning(byte[] content) {
        return new Bytes(content);
    }

    /// A part of an array that nobody changes any more, not copied: for octets that are read once and looked at often.
    /// Whoever keeps it keeps the whole array.
    public static Bytes sharing(byte[] array, int from, int size) {
        Objects.checkFromIndexSize(from, size, array.length);
        return new Bytes(array, from, size);
    }

    public static Bytes ofUtf8(String text) {
        return new Bytes(text.getBytes(UTF_8));
    }

    /// The octets written as an even number of hexadecimal digits.
    public static Bytes ofHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    /// The octets that a text spells in base64 (RFC 4648 section 4), in the one way there is: padded, and
    /// without bits that mean nothing.
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
            joined.put(part.array, part.from, part.size);
        }
        return new Bytes(joined.array());
    }

    public int size() {
        return size;
    }

    /// The octet at `index` as a number from 0 to 255.
    public int at(int index) {
        return array[from + Objects.checkIndex(index, size)] & 0xff;
    }

    /// A part, copied.
    public Bytes slice(int begin, int end) {
        Objects.checkFromToIndex(begin, end, size);
        return new Bytes(Arrays.copyOfRange(array, from + begin, from + end));
    }

    /// Where the last of the places begins that has these octets; -1 if there is none.
    public int lastIndexOf(Bytes octets) {
        int at = size - octets.size;
        while (at >= 0 && !within(at, at + octets.size).equals(octets)) {
            at--;
        }
        return at;
    }

    /// The same part, which keeps all of these octets with it.
    public Bytes within(int begin, int end) {
        Objects.checkFromToIndex(begin, end, size);
        return new Bytes(array, from + begin, end - begin);
    }

    /// The same octets in an array of their own, to be kept when what they are a part of is let go.
    public Bytes alone() {
        return size == array.length ? this : slice(0, size);
    }

    /// A copy: the content itself is never handed out.
    public byte[] toArray() {
        return Arrays.copyOfRange(array, from, from + size);
    }

    /// The content, to be read only.
    ByteBuffer wrapped() {
        return ByteBuffer.wrap(array, from, size);
    }

    /// Copies the content to where an array has room for it.
    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, from, target, at, size);
    }

    /// Takes the content into a digest.
    public void feed(MessageDigest digest) {
        digest.update(array, from, size);
    }

    /// Base64 with padding.
    public String toBase64() {
        return Base64.getEncoder().encodeToString(toArray());
    }

    public String toHex() {
        return hex(size);
    }

    private String hex(int octets) {
        return HexFormat.of().formatHex(array, from, from + octets);
    }

    /// The text these octets encode, or nothing if they are not well-formed UTF-8.
    public Optional<String> utf8() {
        String text = new String(array, from, size, UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return Optional.of(text);
        }
        try {
            return Optional.of(UTF_8.newDecoder().decode(wrapped()).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(array, from, from + size, other.array, other.from, other.from + other.size);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes
                && Arrays.equals(array, from, from + size, bytes.array, bytes.from, bytes.from + bytes.size);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(size == array.length ? array : toArray());
    }

    /// Short enough for a message: the first eight octets and the length.
    @Override
    public String toString() {
        return hex(Math.min(8, size)) + (size > 8 ? ".." : "") + " (" + size + " bytes)";
    }
}
