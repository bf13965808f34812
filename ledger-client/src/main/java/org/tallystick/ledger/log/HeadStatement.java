package org.tallystick.ledger.log;

import java.util.Collection;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.log.Spelling.Stop;

/// A member's word where a chain ends in a tree, which no proof of inclusion can say: `docs/spec/ledger-1.md`
/// section 14.
///
/// @param seq of the chain's last leaf in that tree, 0 if it has none
/// @param leaf its hash, or zeros
public record HeadStatement(Checkpoint tree, String chain, long seq, Hash leaf) {

    private static final String FIRST_LINE = "tallystick/head/1";
    private static final int LINES = 7;
    /// Those of the tree: origin, size, root.
    private static final int TREE = 3;

    public HeadStatement {
        if (!isChain(chain) || !isEnd(tree, seq, leaf)) {
            throw new IllegalArgumentException("no head of a chain: " + chain + ", " + seq + ", " + leaf);
        }
    }

    /// What comes of reading one that members signed.
    public sealed interface Opened {

        /// @param by the known keys that signed it, each once
        record Stated(HeadStatement statement, List<VerifierKey> by) implements Opened {}

        record Refused(String why) implements Opened {}
    }

    private static boolean isChain(String text) {
        return Spelling.isLine(text, LogLimits.CHAIN) && Spelling.isVisible(text);
    }

    private static boolean isEnd(Checkpoint tree, long seq, Hash leaf) {
        return seq >= 0 && seq <= tree.size() && (seq == 0) == leaf.equals(Hash.ZERO);
    }

    /// @param signer of a key named `<member>/head`
    public Note sign(LogSigner signer) {
        return signer.sign(text());
    }

    public String text() {
        return FIRST_LINE + "\n" + tree.text() + chain + "\n" + seq + "\n" + leaf + "\n";
    }

    public static Reading<HeadStatement> parse(String text) {
        return Spelling.reading(() -> read(text));
    }

    private static HeadStatement read(String text) throws Stop {
        List<String> lines = Spelling.lines(text);
        Spelling.need(lines.size() == LINES && lines.getFirst().equals(FIRST_LINE), "no " + FIRST_LINE);
        Checkpoint tree = Checkpoint.read(String.join("\n", lines.subList(1, 1 + TREE)) + "\n");
        String chain = lines.get(4);
        Spelling.need(isChain(chain), "no name of a chain");
        long seq = Spelling.number(lines.get(5));
        Spelling.need(Hash.isHash(lines.get(6)), "no hash");
        Hash leaf = new Hash(lines.get(6));
        Spelling.need(isEnd(tree, seq, leaf), "no end of a chain in that tree");
        return new HeadStatement(tree, chain, seq, leaf);
    }

    /// Reads a note that one or more of these keys must have signed.
    public static Opened open(Bytes octets, Collection<VerifierKey> known) {
        return switch (Note.parse(octets)) {
            case Reading.Fault<Note>(String why) -> new Opened.Refused(why);
            case Reading.Value<Note>(Note note) -> open(note, known);
        };
    }

    private static Opened open(Note note, Collection<VerifierKey> known) {
        List<VerifierKey> plain =
                known.stream().filter(key -> !key.type().isCosignature()).toList();
        return switch (new KnownKeys(plain).open(note)) {
            case KnownKeys.Opened.Refused(String why) -> new Opened.Refused(why);
            case KnownKeys.Opened.Signed(KnownKeys.Signers by) ->
                switch (parse(note.text())) {
                    case Reading.Fault<HeadStatement>(String why) -> new Opened.Refused(why);
                    case Reading.Value<HeadStatement>(HeadStatement statement) ->
                        new Opened.Stated(statement, by.keys());
                };
        };
    }
}
