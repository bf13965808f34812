package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.log.Spelling.Stop;

/// A text with the signatures under it: C2SP signed-note. Nobody has looked yet whether they hold: [KnownKeys#open].
public record Note(String text, List<Line> signatures) {

    private static final String DASH = "— ";
    private static final int ID = 4;

    /// The signature of one key: its name, its id, and what it made.
    public record Line(String name, Bytes id, Bytes signature) {

        public Line {
            if (!VerifierKey.isName(name, LogLimits.SIGNATURE_LINE) || id.size() != ID || signature.size() == 0) {
                throw new IllegalArgumentException("no signature: " + name + " " + id + " " + signature);
            }
        }

        public String text() {
            return DASH + name + " " + Bytes.concat(id, signature).toBase64() + "\n";
        }

        static Line read(String line) throws Stop {
            Spelling.need(line.startsWith(DASH), "a signature begins with a dash");
            int space = line.indexOf(' ', DASH.length());
            Spelling.need(space > 0, "a signature has a name");
            String name = line.substring(DASH.length(), space);
            Spelling.need(VerifierKey.isName(name, LogLimits.SIGNATURE_LINE), "no name of a key");
            Bytes octets = Spelling.base64(line.substring(space + 1));
            Spelling.need(octets.size() > ID, "a signature that is too short");
            return new Line(name, octets.slice(0, ID), octets.slice(ID, octets.size()));
        }
    }

    public Note {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n") || !Spelling.isText(text)) {
            throw new IllegalArgumentException("no text of a note: " + text);
        }
        if (signatures.isEmpty()) {
            throw new IllegalArgumentException("a note has a signature");
        }
    }

    /// A note other than a checkpoint.
    public static Reading<Note> parse(Bytes octets) {
        return Spelling.reading(() -> read(octets, LogLimits.NOTE_SIGNATURES));
    }

    static Note read(Bytes octets, int mostSignatures) throws Stop {
        String note = Spelling.text(octets, LogLimits.NOTE);
        int empty = note.lastIndexOf("\n\n");
        Spelling.need(empty >= 0, "no empty line before the signatures");
        String text = note.substring(0, empty + 1);
        Spelling.need(Bytes.ofUtf8(text).size() <= LogLimits.NOTE_TEXT, "a text that is too long");
        return new Note(text, signatures(note.substring(empty + 2), mostSignatures));
    }

    /// Signature lines alone, at least one.
    static List<Line> signatures(String text, int most) throws Stop {
        List<String> lines = Spelling.lines(text);
        Spelling.need(!lines.isEmpty(), "no signature");
        Spelling.need(lines.size() <= most, "more than " + most + " signatures");
        List<Line> signatures = new ArrayList<>();
        for (String line : lines) {
            Spelling.need(Bytes.ofUtf8(line).size() <= LogLimits.SIGNATURE_LINE, "a signature that is too long");
            signatures.add(Line.read(line));
        }
        return signatures;
    }

    public Bytes octets() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(line -> note.append(line.text()));
        return Bytes.ofUtf8(note.toString());
    }
}
