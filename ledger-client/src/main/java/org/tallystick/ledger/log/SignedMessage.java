package org.tallystick.ledger.log;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;

/// The very octets that a key signs: C2SP signed-note and tlog-cosignature.
final class SignedMessage {

    /// Octets of the time in a cosignature.
    static final int TIME = Long.BYTES;

    private SignedMessage() {}

    /// @param name of the key
    /// @param time since 1970, in seconds, of a cosignature
    static Bytes of(String name, VerifierKey.Type type, long time, Checkpoint checkpoint) {
        return switch (type) {
            case ED25519 -> Bytes.ofUtf8(checkpoint.text());
            case ED25519_COSIGNATURE -> Bytes.ofUtf8("cosignature/v1\ntime " + time + "\n" + checkpoint.text());
            case ML_DSA_44_COSIGNATURE ->
                Bytes.concat(
                        Bytes.ofUtf8("subtree/v1\n\0"),
                        prefixed(name),
                        number(time),
                        prefixed(checkpoint.origin()),
                        number(0),
                        number(checkpoint.size()),
                        checkpoint.root());
        };
    }

    /// When a note was signed by this key, or nothing if it was not: a plain signature has the time 0.
    static Optional<Long> time(VerifierKey key, Note.Line line, Note note) {
        if (!key.type().isCosignature()) {
            boolean holds = key.type().kind().verify(key.key(), Bytes.ofUtf8(note.text()), line.signature());
            return holds ? Optional.of(0L) : Optional.empty();
        }
        if (line.signature().size() != TIME + key.type().kind().signatureSize()) {
            return Optional.empty();
        }
        long time = ByteBuffer.wrap(line.signature().slice(0, TIME).toArray()).getLong();
        Bytes signature = line.signature().slice(TIME, line.signature().size());
        return Checkpoint.parse(note.text())
                .good()
                .filter(checkpoint -> time >= 0
                        && key.type().kind().verify(key.key(), of(key.name(), key.type(), time, checkpoint), signature))
                .map(_ -> time);
    }

    static Bytes number(long number) {
        return Bytes.copyOf(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    private static Bytes prefixed(String text) {
        Bytes octets = Bytes.ofUtf8(text);
        return Bytes.concat(Bytes.copyOf(new byte[] {(byte) octets.size()}), octets);
    }
}
