package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.log.Spelling.Stop;

/// Two signed checkpoints of one log that cannot both be true, since they give trees of one size different roots:
/// `docs/spec/ledger-1.md` section 14.
public record Evidence(SignedCheckpoint theirs, SignedCheckpoint own) {

    /// Behind each note.
    private static final String END = "=\n";

    public Evidence {
        if (!contradict(theirs.checkpoint(), own.checkpoint())) {
            throw new IllegalArgumentException("they can both be true: " + theirs + ", " + own);
        }
    }

    private static boolean contradict(Checkpoint one, Checkpoint other) {
        return one.origin().equals(other.origin())
                && one.size() == other.size()
                && !one.root().equals(other.root());
    }

    /// Two notes, each followed by a line with `=`.
    public String text() {
        return text(theirs) + text(own);
    }

    private static String text(SignedCheckpoint checkpoint) {
        return checkpoint.octets().utf8().orElseThrow() + END;
    }

    /// Reads any number of them, one behind the other.
    public static Reading<List<Evidence>> parse(Bytes octets) {
        return Spelling.reading(() -> {
            List<SignedCheckpoint> notes = notes(octets);
            Spelling.need(notes.size() % 2 == 0, "a checkpoint without another");
            List<Evidence> all = new ArrayList<>();
            for (int i = 0; i < notes.size(); i += 2) {
                SignedCheckpoint theirs = notes.get(i);
                SignedCheckpoint own = notes.get(i + 1);
                Spelling.need(contradict(theirs.checkpoint(), own.checkpoint()), "they can both be true");
                all.add(new Evidence(theirs, own));
            }
            return List.copyOf(all);
        });
    }

    private static List<SignedCheckpoint> notes(Bytes octets) throws Stop {
        List<SignedCheckpoint> notes = new ArrayList<>();
        String text = Spelling.text(octets, LogLimits.EVIDENCE);
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf("\n" + END, from);
            Spelling.need(end >= 0, "no end of a checkpoint");
            notes.add(SignedCheckpoint.read(Bytes.ofUtf8(text.substring(from, end + 1))));
            from = end + 1 + END.length();
        }
        return notes;
    }
}
