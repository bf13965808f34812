package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.bytes.TreeHash;
import org.tallystick.ledger.log.Spelling.Stop;

/// The file that proves one leaf: C2SP tlog-proof.
///
/// @param extra what is sent along with it; nothing vouches for it
/// @param path from the leaf's sibling up
public record TlogProof(Optional<Bytes> extra, long index, List<Bytes> path, SignedCheckpoint checkpoint) {

    private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra";
    private static final String INDEX = "index";

    public TlogProof {
        path = List.copyOf(path);
        if (index < 0
                || path.size() > LogLimits.PROOF
                || path.stream().anyMatch(hash -> hash.size() != TreeHash.SIZE)) {
            throw new IllegalArgumentException("no proof: " + index + ", " + path);
        }
        if (extra.filter(octets -> octets.size() == 0 || octets.size() > LogLimits.EXTRA)
                .isPresent()) {
            throw new IllegalArgumentException("nothing that a proof can have beside it: " + extra);
        }
    }

    /// Whether octets say that they are such a proof, of whatever form.
    public static boolean is(Bytes octets) {
        Bytes first = Bytes.ofUtf8(FIRST_LINE + "\n");
        return octets.size() >= first.size() && octets.slice(0, first.size()).equals(first);
    }

    public static Reading<TlogProof> parse(Bytes octets) {
        return Spelling.reading(() -> read(octets));
    }

    private static TlogProof read(Bytes octets) throws Stop {
        String text = Spelling.text(octets, LogLimits.PROOF_FILE);
        Parted parted = Parted.of(text);
        List<String> lines = parted.lines();
        Spelling.need(lines.size() >= 2 && lines.getFirst().equals(FIRST_LINE), "no " + FIRST_LINE);
        int at = 1;
        Optional<Bytes> extra = Optional.empty();
        if (lines.get(at).startsWith(EXTRA + " ")) {
            Bytes beside = Spelling.base64(Spelling.after(EXTRA, lines.get(at)));
            Spelling.need(beside.size() > 0 && beside.size() <= LogLimits.EXTRA, "nothing, or too much, as extra");
            extra = Optional.of(beside);
            at++;
        }
        Spelling.need(at < lines.size(), "no index");
        long index = Spelling.number(Spelling.after(INDEX, lines.get(at)));
        List<Bytes> path = hashes(lines.subList(at + 1, lines.size()));
        return new TlogProof(extra, index, path, SignedCheckpoint.read(parted.note()));
    }

    /// Lines up to an empty one, and the checkpoint behind it.
    record Parted(List<String> lines, Bytes note) {

        static Parted of(String text) throws Stop {
            int empty = text.indexOf("\n\n");
            Spelling.need(empty >= 0, "no empty line before the checkpoint");
            return new Parted(Spelling.lines(text.substring(0, empty + 1)), Bytes.ofUtf8(text.substring(empty + 2)));
        }
    }

    static List<Bytes> hashes(List<String> lines) throws Stop {
        Spelling.need(lines.size() <= LogLimits.PROOF, "more than " + LogLimits.PROOF + " hashes");
        List<Bytes> hashes = new ArrayList<>();
        for (String line : lines) {
            hashes.add(Spelling.hash(line));
        }
        return hashes;
    }

    public Bytes octets() {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        extra.ifPresent(
                octets -> text.append(EXTRA + " ").append(octets.toBase64()).append('\n'));
        text.append(INDEX + " ").append(index).append('\n');
        path.forEach(hash -> text.append(hash.toBase64()).append('\n'));
        return Bytes.concat(Bytes.ofUtf8(text.append('\n').toString()), checkpoint.octets());
    }

    /// Whether its leaf is in the tree of its checkpoint, whoever signed that.
    public boolean leads(Bytes leaf) {
        Checkpoint head = checkpoint.checkpoint();
        return Merkle.root(leaf, index, head.size(), path)
                .filter(head.root()::equals)
                .isPresent();
    }

    /// Whether it proves to whoever has this policy that the leaf with this hash is logged.
    public boolean proves(Bytes leaf, Policy policy) {
        return leads(leaf) && policy.judge(checkpoint).meets();
    }
}
