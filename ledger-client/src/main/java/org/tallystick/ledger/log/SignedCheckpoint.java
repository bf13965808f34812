package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.log.Spelling.Stop;

/// A checkpoint with the signatures of its log and the cosignatures of witnesses. Nobody has looked yet whether they
/// hold: [KnownKeys#open], [Policy#judge].
public record SignedCheckpoint(Checkpoint checkpoint, List<Note.Line> signatures) {

    public SignedCheckpoint {
        signatures = List.copyOf(signatures);
        if (signatures.isEmpty() || signatures.size() > LogLimits.CHECKPOINT_SIGNATURES) {
            throw new IllegalArgumentException("a checkpoint with " + signatures.size() + " signatures");
        }
    }

    public static Reading<SignedCheckpoint> parse(Bytes octets) {
        return Spelling.reading(() -> read(octets));
    }

    static SignedCheckpoint read(Bytes octets) throws Stop {
        Note note = Note.read(octets, LogLimits.CHECKPOINT_SIGNATURES);
        return new SignedCheckpoint(Checkpoint.read(note.text()), note.signatures());
    }

    /// The same with these signatures, in the place of others by the same keys.
    public SignedCheckpoint with(List<Note.Line> added) {
        List<Note.Line> all = new ArrayList<>(signatures);
        for (Note.Line line : added) {
            all.removeIf(old -> old.name().equals(line.name()) && old.id().equals(line.id()));
            all.add(line);
        }
        return new SignedCheckpoint(checkpoint, all);
    }

    public Note note() {
        return new Note(checkpoint.text(), signatures);
    }

    public Bytes octets() {
        return note().octets();
    }
}
