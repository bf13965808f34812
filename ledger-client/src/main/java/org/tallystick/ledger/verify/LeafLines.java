package org.tallystick.ledger.verify;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.TreeHash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.log.LeavesProof;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.Cover;
import org.tallystick.ledger.pack.PackLimits;

/// The leaves of the log, line by line, each held against the one that follows from the pack.
final class LeafLines implements Iterator<LeavesProof.Leaf> {

    private static final int LONGEST_INDEX = 16;
    /// What does not hold if a leaf is another than follows from the pack.
    private static final List<Check> OF_LEAVES =
            List.of(Check.OCCURRENCE_VALID, Check.OCCURRENCE_INCLUDED, Check.COMPLETENESS_CHAINS);

    /// Ends the reading of leaves.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String message, @Nullable IOException cause) {
            super(message, cause, false, false);
        }
    }

    private final Findings findings;
    private final LeafHashes expected;
    private final SortedMap<String, ChainLeaves.End> ends;
    private final InputStream in;
    private final Cover cover;
    private final Place place;
    private Position before;
    private final TreeHash tree = new TreeHash();
    private final LeafHashes found = new LeafHashes();
    private final byte[] line = new byte[PackLimits.LEAF_LINE];
    private long last = -1;
    private long count;
    private boolean differs;
    private Optional<LeavesProof.Leaf> next = Optional.empty();
    private boolean read;
    private long later;

    /// @param expected the leaves that follow from the pack
    /// @param ends of its chains, as these leaves have them; moved on by those that follow behind a period
    /// @param end of the pack: where the last of the leaves lies that follow from it
    LeafLines(
            Findings findings,
            LeafHashes expected,
            SortedMap<String, ChainLeaves.End> ends,
            Position end,
            InputStream in,
            Cover cover,
            Place place) {
        this.findings = findings;
        this.expected = expected;
        this.ends = ends;
        this.before = end;
        this.in = new BufferedInputStream(in, 1 << 16);
        this.cover = cover;
        this.place = place;
    }

    Place at() {
        return place.at("/" + count);
    }

    @Override
    public boolean hasNext() {
        if (!read) {
            next = take();
            read = true;
        }
        return next.isPresent();
    }

    @Override
    public LeavesProof.Leaf next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        read = false;
        return next.orElseThrow();
    }

    private Optional<LeavesProof.Leaf> take() {
        int length = line();
        if (length < 0) {
            return Optional.empty();
        }
        int space = 0;
        long index = 0;
        while (space < length && line[space] >= '0' && line[space] <= '9' && space < LONGEST_INDEX) {
            index = index * 10 + (line[space] - '0');
            space++;
        }
        boolean spelled = space > 0 && (space == 1 || line[0] != '0') && space < length && line[space] == ' ';
        if (!spelled || index <= last) {
            throw new Broken("not an index above the one before, a space and a leaf", null);
        }
        last = index;
        Bytes bytes = Bytes.copyOf(line).slice(space + 1, length);
        Bytes hash = tree.leaf(bytes);
        compare(bytes, hash);
        count++;
        return Optional.of(new LeavesProof.Leaf(index, hash));
    }

    /// @return how long it is, or -1 at the end
    private int line() {
        try {
            int length = 0;
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    if (length == 0) {
                        return -1;
                    }
                    throw new Broken("the last line has no LF", null);
                }
                if (length == line.length) {
                    throw new Broken("a line of more than " + line.length + " bytes", null);
                }
                line[length++] = (byte) octet;
            }
            return length;
        } catch (IOException e) {
            throw new Broken("unreadable", e);
        }
    }

    private void compare(Bytes bytes, Bytes hash) {
        if (differs) {
            return;
        }
        if (count < expected.count()) {
            found.add(hash);
            if (!expected.isAt((int) count, hash)) {
                differs = true;
                for (Check check : OF_LEAVES) {
                    findings.fail(
                            check,
                            at(),
                            leaf(bytes),
                            Json.text("another leaf"),
                            "the log has another leaf than follows from the pack: a transaction is missing, or is not"
                                    + " what the log has");
                }
            }
            return;
        }
        after(bytes, new Hash(hash.toHex()));
    }

    /// A leaf behind those that follow from the pack: of a transaction that a pack of a period leaves out.
    private void after(Bytes bytes, Hash hash) {
        Json leaf = leaf(bytes);
        if (cover.period().isEmpty()) {
            differs = true;
            findings.fail(
                    Check.COMPLETENESS_CHAINS,
                    at(),
                    leaf,
                    Json.text("no leaf"),
                    "the log has a leaf whose transaction is not in the pack");
            return;
        }
        Optional<Json.Obj> formed = LeafForm.read(bytes);
        String chain = formed.map(object -> object.text("chain")).orElse("");
        ChainLeaves.End end = ends.getOrDefault(chain, new ChainLeaves.End(0, Hash.ZERO));
        boolean fits = cover.chains().stream().anyMatch(one -> one.chain().equals(chain))
                && formed.filter(object -> object.whole("seq") == end.count() + 1
                                && object.text("prev").equals(end.last().hex())
                                && isBehind(object.items("at")))
                        .isPresent();
        if (!fits) {
            differs = true;
            findings.fail(
                    Check.COMPLETENESS_CHAINS,
                    at(),
                    leaf,
                    Json.text("the next leaf of one of the pack's chains"),
                    "this is not the next leaf of a chain behind the period");
            return;
        }
        later++;
        ends.put(chain, new ChainLeaves.End(end.count() + 1, hash));
    }

    /// Whether a leaf lies behind the one before it. All that the last transaction of the pack left is in the pack.
    private boolean isBehind(List<Json> at) {
        Position position = new Position(whole(at, 0), whole(at, 1), whole(at, 2));
        boolean behind = position.compareTo(before) > 0;
        before = position;
        return behind;
    }

    private static long whole(List<Json> at, int index) {
        return ((Json.Whole) at.get(index)).value();
    }

    /// Where a leaf lies on the ledger.
    ///
    /// @param item of the transaction
    record Position(long block, long transaction, long item) implements Comparable<Position> {
        private static final Comparator<Position> ORDER = Comparator.comparingLong(Position::block)
                .thenComparingLong(Position::transaction)
                .thenComparingLong(Position::item);

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    private static Json leaf(Bytes bytes) {
        return JsonReader.readCanonical(bytes) instanceof JsonReader.Value(var json)
                ? json
                : Json.text("no canonical JSON");
    }

    /// How many leaves there are of transactions behind the period up to which the pack goes.
    long later() {
        return later;
    }

    void end() {
        if (differs) {
            return;
        }
        boolean same = found.digest().equals(expected.digest());
        for (Check check : OF_LEAVES) {
            if (count < expected.count()) {
                findings.fail(
                        check,
                        at(),
                        Json.whole(count),
                        Json.whole(expected.count()),
                        "a transaction of the pack has no leaf in the log");
            } else if (!same) {
                findings.fail(check, place, "the leaves are not those that follow from the pack");
            }
        }
    }
}
