package org.tallystick.ledger.log;

import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.TreeHash;
import org.tallystick.ledger.log.Spelling.Stop;

/// The head of a log's tree: C2SP tlog-checkpoint.
///
/// Logs here have no extension lines, which some cosignatures would not cover; a checkpoint that has any is refused.
///
/// @param origin which log it is
public record Checkpoint(String origin, long size, Bytes root) {

    /// The root of the tree without leaves.
    public static final Bytes EMPTY_ROOT = Hash.sha256();

    private static final int LINES = 3;

    public Checkpoint {
        if (!Spelling.isLine(origin, LogLimits.NAME) || size < 0 || root.size() != TreeHash.SIZE) {
            throw new IllegalArgumentException("no checkpoint: " + origin + ", " + size + ", " + root);
        }
    }

    public static Reading<Checkpoint> parse(String text) {
        return Spelling.reading(() -> read(text));
    }

    static Checkpoint read(String text) throws Stop {
        List<String> lines = Spelling.lines(text);
        Spelling.need(lines.size() >= LINES, "a checkpoint has three lines");
        String origin = lines.getFirst();
        Spelling.need(Spelling.isLine(origin, LogLimits.NAME), "no origin");
        long size = Spelling.number(lines.get(1));
        Bytes root = Spelling.hash(lines.get(2));
        Spelling.need(lines.size() == LINES, "extension lines, of which logs here have none");
        return new Checkpoint(origin, size, root);
    }

    /// What a note has above its signatures.
    public String text() {
        return origin + "\n" + size + "\n" + root.toBase64() + "\n";
    }
}
