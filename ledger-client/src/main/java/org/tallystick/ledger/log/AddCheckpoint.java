package org.tallystick.ledger.log;

import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.log.Spelling.Stop;

/// A request to cosign a checkpoint: C2SP tlog-witness, *add-checkpoint*.
///
/// @param old size of the checkpoint that the witness cosigned last
/// @param proof that the tree goes on from that one
public record AddCheckpoint(long old, List<Bytes> proof, SignedCheckpoint checkpoint) {

    private static final String OLD = "old";

    public AddCheckpoint {
        proof = List.copyOf(proof);
        if (old < 0 || proof.size() > LogLimits.PROOF) {
            throw new IllegalArgumentException("no request: " + old + ", " + proof.size() + " hashes");
        }
    }

    /// Asks to cosign a head of this tree.
    public static AddCheckpoint of(Tree tree, long old, SignedCheckpoint checkpoint) {
        return new AddCheckpoint(
                old, tree.consistency(old, checkpoint.checkpoint().size()), checkpoint);
    }

    public static Reading<AddCheckpoint> parse(Bytes octets) {
        return Spelling.reading(() -> read(octets));
    }

    private static AddCheckpoint read(Bytes octets) throws Stop {
        String text = Spelling.text(octets, LogLimits.ADD_CHECKPOINT);
        TlogProof.Parted parted = TlogProof.Parted.of(text);
        List<String> lines = parted.lines();
        long old = Spelling.number(Spelling.after(OLD, lines.getFirst()));
        List<Bytes> proof = TlogProof.hashes(lines.subList(1, lines.size()));
        return new AddCheckpoint(old, proof, SignedCheckpoint.read(parted.note()));
    }

    public Bytes octets() {
        StringBuilder text = new StringBuilder(OLD + " ").append(old).append('\n');
        proof.forEach(hash -> text.append(hash.toBase64()).append('\n'));
        return Bytes.concat(Bytes.ofUtf8(text.append('\n').toString()), checkpoint.octets());
    }
}
