package org.tallystick.agreement.signing;

import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// A public key that signs notes, with the name under which it does: C2SP signed-note, *verifier keys* (vkey).
public record VerifierKey(String name, Type type, Bytes key) {

    /// What is signed, and how.
    public enum Type {
        /// The text of the note.
        ED25519(0x01, SeedKey.Kind.ED25519),
        /// A checkpoint at a time (C2SP tlog-cosignature).
        ED25519_COSIGNATURE(0x04, SeedKey.Kind.ED25519),
        /// A checkpoint at a time, with the name of its cosigner and without any extension lines (the same).
        ML_DSA_44_COSIGNATURE(0x06, SeedKey.Kind.ML_DSA_44);

        private final int octet;
        private final SeedKey.Kind kind;

        Type(int octet, SeedKey.Kind kind) {
            this.octet = octet;
            this.kind = kind;
        }

        public SeedKey.Kind kind() {
            return kind;
        }

        public boolean isCosignature() {
            return this != ED25519;
        }

        private Bytes octets() {
            return Bytes.copyOf(new byte[] {(byte) octet});
        }
    }

    private static final Bytes LINE_END = Bytes.ofUtf8("\n");
    private static final int ID = 4;
    /// Octets of a name: what an ML-DSA-44 cosignature can say.
    private static final int LONGEST_NAME = 255;

    public VerifierKey {
        if (!isName(name, LONGEST_NAME)) {
            throw new IllegalArgumentException("no name of a key: " + name);
        }
        if (!type.kind.isPublicKey(key)) {
            throw new IllegalArgumentException("no public key of " + type + ": " + key);
        }
    }

    /// The key that a text spells, in the one way there is; nothing if it spells none, or one for which anybody could
    /// sign.
    public static Optional<VerifierKey> parse(String text) {
        int first = text.indexOf('+');
        int second = text.indexOf('+', first + 1);
        if (first <= 0 || second < 0 || !isName(text.substring(0, first), LONGEST_NAME)) {
            return Optional.empty();
        }
        String name = text.substring(0, first);
        String id = text.substring(first + 1, second);
        return Bytes.ofBase64(text.substring(second + 1))
                .filter(octets -> octets.size() > 1)
                .flatMap(octets -> Stream.of(Type.values())
                        .filter(type -> type.octet == octets.at(0))
                        .findFirst()
                        .filter(type -> type.kind.isPublicKey(octets.slice(1, octets.size())))
                        .map(type -> new VerifierKey(name, type, octets.slice(1, octets.size()))))
                .filter(key -> key.id().toHex().equals(id));
    }

    /// Whether a text can name a key: it is well-formed, and has no plus, no Unicode space and no control character.
    ///
    /// @param most octets
    public static boolean isName(String text, int most) {
        Bytes octets = Bytes.ofUtf8(text);
        return !text.isEmpty()
                && octets.size() <= most
                && octets.utf8().equals(Optional.of(text))
                && text.codePoints()
                        .noneMatch(c -> c == '+'
                                || c < ' '
                                || Character.isSpaceChar(c)
                                || Character.isWhitespace(c)
                                || c == 0x85);
    }

    /// The first four octets of a hash over all of it. Whoever wants can make another key with the same one.
    public Bytes id() {
        return Hash.sha256(Bytes.ofUtf8(name), LINE_END, type.octets(), key).slice(0, ID);
    }

    public String text() {
        return name + "+" + id().toHex() + "+"
                + Bytes.concat(type.octets(), key).toBase64();
    }

    /// Names the public key alone, whatever it is called and used for: SHA-256 in base64url.
    public String thumb() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Hash.sha256(key).toArray());
    }

    @Override
    public String toString() {
        return name + "+" + id().toHex();
    }
}
