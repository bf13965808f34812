package org.tallystick.ledger.log;

import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.ledger.log.Spelling.Stop;

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
    private static final String FORM = "no name+id+key";

    public VerifierKey {
        if (!Spelling.isKeyName(name, LogLimits.NAME)) {
            throw new IllegalArgumentException("no name of a key: " + name);
        }
        if (!type.kind.isPublicKey(key)) {
            throw new IllegalArgumentException("no public key of " + type + ": " + key);
        }
    }

    public static Reading<VerifierKey> parse(String text) {
        return Spelling.reading(() -> read(text));
    }

    static VerifierKey read(String text) throws Stop {
        int first = text.indexOf('+');
        int second = text.indexOf('+', first + 1);
        Spelling.need(first > 0 && second > 0, FORM);
        String name = text.substring(0, first);
        Spelling.need(Spelling.isKeyName(name, LogLimits.NAME), "no name of a key");
        Bytes octets = Spelling.base64(text.substring(second + 1));
        Spelling.need(octets.size() > 1, FORM);
        Type type = type(octets.at(0));
        Bytes key = octets.slice(1, octets.size());
        Spelling.need(type.kind.isPublicKey(key), "no public key of " + type);
        VerifierKey read = new VerifierKey(name, type, key);
        Spelling.need(read.id().toHex().equals(text.substring(first + 1, second)), "the id is another key's");
        return read;
    }

    private static Type type(int octet) throws Stop {
        for (Type type : Type.values()) {
            if (type.octet == octet) {
                return type;
            }
        }
        throw new Stop("keys of type " + octet + " are not known here");
    }

    /// The first four octets of a hash over all of it. Whoever wants can make another key with the same one.
    public Bytes id() {
        return Hash.sha256(Bytes.ofUtf8(name), LINE_END, type.octets(), key).slice(0, ID);
    }

    public String text() {
        return name + "+" + id().toHex() + "+" + Spelling.base64(Bytes.concat(type.octets(), key));
    }

    @Override
    public String toString() {
        return name + "+" + id().toHex();
    }
}
