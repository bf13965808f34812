package org.tallystick.ledger.log;

import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;

/// A key that signs notes: the private half of a [VerifierKey].
public final class LogSigner {

    private final VerifierKey verifierKey;
    private final SeedKey key;

    public LogSigner(String name, VerifierKey.Type type, SeedKey key) {
        if (key.kind() != type.kind()) {
            throw new IllegalArgumentException("a key of " + key.kind() + " makes no " + type);
        }
        this.verifierKey = new VerifierKey(name, type, key.publicKey());
        this.key = key;
    }

    public VerifierKey verifierKey() {
        return verifierKey;
    }

    /// Signs a checkpoint, or cosigns it at this time.
    ///
    /// @param time in seconds since 1970; a plain signature has none
    public Note.Line sign(Checkpoint checkpoint, long time) {
        VerifierKey.Type type = verifierKey.type();
        if (type.isCosignature() && time <= 0) {
            throw new IllegalArgumentException("no time: " + time);
        }
        Bytes signature = key.sign(SignedMessage.of(verifierKey.name(), type, time, checkpoint));
        return line(type.isCosignature() ? Bytes.concat(SignedMessage.number(time), signature) : signature);
    }

    /// Signs a text other than a checkpoint, which only keys can that make no cosignatures.
    public Note sign(String text) {
        if (verifierKey.type().isCosignature()) {
            throw new IllegalStateException("this key signs checkpoints only");
        }
        return new Note(text, List.of(line(key.sign(Bytes.ofUtf8(text)))));
    }

    private Note.Line line(Bytes signature) {
        return new Note.Line(verifierKey.name(), verifierKey.id(), signature);
    }
}
