package org.tallystick.ledger.pack;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.EdgeTiles;
import org.tallystick.ledger.log.LeavesProof;
import org.tallystick.ledger.log.MemoryTiles;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.PackBuilder.NothingToPack.Lack;

/// Makes the pack of an agreement from the blocks of a ledger: of the final form with what the members published of
/// the log, else of the first.
///
/// Which parties' chains belong to it is known only after the agreement's last transaction, while a party enrolls
/// before its first: so the blocks are gone through twice. What is large goes through files.
public final class PackBuilder {

    /// What brings a document.
    private static final Set<ActKind> OF_DOCUMENTS = Set.of(ActKind.OFFER, ActKind.COUNTER, ActKind.AMEND);

    private final Ledger ledger;
    private final AgreementId agreement;
    private final Optional<String> period;
    private final Optional<Published> log;
    private final String chain;

    /// @param period up to whose close the pack goes; the whole history if absent
    public PackBuilder(Ledger ledger, AgreementId agreement, Optional<String> period, Optional<Published> log) {
        this.ledger = ledger;
        this.agreement = agreement;
        this.period = period;
        this.log = log;
        this.chain = "agr/" + agreement;
    }

    /// What members published of the log at one size.
    ///
    /// @param older size and root of the log when an older pack was made, to show that the log goes on from there
    /// @param tree of the log, at least as large, if it is at hand; else it is built in memory
    public record Published(SignedCheckpoint checkpoint, Heads heads, Optional<Older> older, Optional<Tree> tree) {
        /// The same without a tree at hand.
        public Published(SignedCheckpoint checkpoint, Heads heads, Optional<Older> older) {
            this(checkpoint, heads, older, Optional.empty());
        }

        long size() {
            return checkpoint.checkpoint().size();
        }

        /// Where the leaves of the blocks are put together.
        Tree toBuild() {
            return new Tree(tree.isPresent() ? new EdgeTiles() : new MemoryTiles());
        }

        /// What proofs come from.
        ///
        /// @param built from the blocks
        Tree toProve(Tree built) {
            return tree.orElse(built);
        }
    }

    /// A size of the log, and its root there.
    public record Older(long size, Hash root) {

        private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,14}):([0-9a-f]{64})");

        /// As it is named on a command line: `SIZE:ROOT`.
        String text() {
            return size + ":" + root;
        }

        public static Optional<Older> parse(String text) {
            Matcher older = FORM.matcher(text);
            return older.matches()
                    ? Optional.of(new Older(Long.parseLong(older.group(1)), new Hash(older.group(2))))
                    : Optional.empty();
        }
    }

    /// Gives the head statements of a chain at the size of the checkpoint, one of each member that made any.
    @FunctionalInterface
    public interface Heads {
        List<Note> of(String chain) throws IOException;
    }

    /// There is no pack: the ledger does not hold this agreement, or did not settle the period.
    public static final class NothingToPack extends Exception {
        private static final long serialVersionUID = 1;

        /// What there is not.
        public enum Lack {
            AGREEMENT,
            SETTLEMENT,
            POSTING,
            /// The blocks do not reach the checkpoint.
            BLOCKS,
            /// The blocks lead to another tree than the checkpoint's.
            SAME_TREE,
            /// The log does not go on from the older size and root.
            OLDER
        }

        private final Lack lack;

        NothingToPack(Lack lack, String message) {
            super(message);
            this.lack = lack;
        }

        public Lack lack() {
            return lack;
        }
    }

    /// What the first pass over the blocks gathers.
    ///
    /// @param blocks how many of them have something for the pack
    /// @param end the transaction that settled the period, or nothing: all
    /// @param tree of the log, at least as large as the checkpoint
    private record Scope(SortedSet<String> chains, long blocks, Optional<TransactionEnvelope.Position> end, Tree tree) {
        boolean covers(long block, int index) {
            return end.isEmpty() || end.get().compareTo(new TransactionEnvelope.Position(block, index)) >= 0;
        }
    }

    /// What the second pass gathers.
    private static final class Gathered {
        private final List<ConfigBlock> configs = new ArrayList<>();
        private final SettledPeriods settled;
        private final TreeMap<String, Bytes> settlements = new TreeMap<>();
        private final TreeMap<String, ChainLeaves.End> ends = new TreeMap<>();
        private final LongStream.Builder indexes = LongStream.builder();
        private long height;
        private Optional<LedgerTime> made = Optional.empty();
        private boolean trial;
        private boolean ofAgreement;

        Gathered(AgreementId agreement) {
            settled = new SettledPeriods(agreement);
        }

        void saw(long block, LedgerTime time) {
            height = block;
            made = Optional.of(time);
        }
    }

    /// Writes the pack; the stream stays open.
    public void write(OutputStream out) throws IOException, LedgerException, NothingToPack {
        Scope scope = scope(ledger.height());
        try (Spool transactions = new Spool();
                Spool leaves = new Spool()) {
            Gathered gathered = gather(scope, transactions, leaves);
            if (!gathered.ofAgreement) {
                throw new NothingToPack(
                        Lack.AGREEMENT,
                        "the ledger has no transaction of agreement " + agreement
                                + log.map(published -> " at size " + published.size() + " of its log")
                                        .orElse(""));
            }
            PackWriter pack = new PackWriter(out);
            pack.entry(EntryName.COVER, cover(scope, gathered).encode().canonical());
            for (ConfigBlock config : gathered.configs) {
                pack.entry(EntryName.config(config.number()), config.bytes());
            }
            try (DataInputStream kept = new DataInputStream(transactions.content())) {
                for (long left = transactions.count(); left > 0; left--) {
                    EntryName name = EntryName.transaction(kept.readLong(), kept.readInt());
                    pack.entry(name, Bytes.copyOf(kept.readNBytes(kept.readInt())));
                }
            }
            for (var settlement : gathered.settlements.entrySet()) {
                pack.entry(EntryName.settlement(settlement.getKey()), settlement.getValue());
            }
            if (log.isPresent()) {
                log(pack, log.get(), scope, gathered, leaves);
            }
            pack.end();
        }
    }

    private static void log(PackWriter pack, Published log, Scope scope, Gathered gathered, Spool leaves)
            throws IOException {
        pack.entry(EntryName.CHECKPOINT, log.checkpoint().octets());
        StringBuilder nodes = new StringBuilder();
        LeavesProof.write(
                scope.tree(),
                log.size(),
                gathered.indexes.build().iterator(),
                node -> nodes.append(LeavesProof.line(node)));
        pack.entry(EntryName.NODES, Bytes.ofUtf8(nodes.toString()));
        try (InputStream content = leaves.content()) {
            pack.entry(EntryName.LEAVES, leaves.length(), leaves.hash(), content);
        }
        List<Bytes> heads = new ArrayList<>();
        for (String chain : scope.chains()) {
            for (Note note : log.heads().of(chain)) {
                heads.add(note.octets());
                heads.add(Bytes.ofUtf8("=\n"));
            }
        }
        pack.entry(EntryName.HEADS, Bytes.concat(heads.toArray(Bytes[]::new)));
        if (log.older().isPresent()) {
            StringBuilder lines = new StringBuilder();
            scope.tree()
                    .consistency(log.older().get().size(), log.size())
                    .forEach(hash -> lines.append(LeavesProof.line(hash)));
            pack.entry(EntryName.CONSISTENCY, Bytes.ofUtf8(lines.toString()));
        }
    }

    /// The first pass: who is bound, who signed, where the pack ends, and the tree of the log.
    private Scope scope(long height) throws LedgerException, NothingToPack {
        TreeSet<String> chains = new TreeSet<>(List.of(chain, ChainLeaves.REGISTRY));
        Recoverers recoverers = new Recoverers();
        Tree built = log.map(Published::toBuild).orElse(new Tree(new EdgeTiles()));
        BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
        Optional<TransactionEnvelope.Position> end = Optional.empty();
        long blocks = 0;
        try (BlockStream stream = ledger.blocks(0)) {
            while (blocks < height && !isWhole(built) && (log.isPresent() || end.isEmpty())) {
                LedgerBlock block = stream.take();
                blocks++;
                if (log.isPresent()) {
                    built.append(leaves.next(block).stream()
                            .map(leaf -> leaf.hash().bytes())
                            .toList());
                }
                if (end.isEmpty()) {
                    end = looked(block, chains, recoverers);
                }
            }
        }
        if (period.isPresent() && end.isEmpty()) {
            throw new NothingToPack(
                    Lack.SETTLEMENT,
                    "the ledger has not settled " + period.get() + " of agreement " + agreement
                            + log.map(published -> " at size " + published.size() + " of its log")
                                    .orElse(""));
        }
        Tree tree = log.map(published -> published.toProve(built)).orElse(built);
        if (log.isPresent()) {
            compare(built, log.get().checkpoint().checkpoint());
            compareOlder(tree, log.get());
        }
        return new Scope(recoverers.with(chains), blocks, end, tree);
    }

    private boolean isWhole(Tree tree) {
        return log.map(published -> tree.size() >= published.size()).orElse(false);
    }

    /// A pack that its own verifier refuses would be no use to anybody.
    static void compare(Tree tree, Checkpoint checkpoint) throws NothingToPack {
        if (tree.size() < checkpoint.size()) {
            throw new NothingToPack(
                    Lack.BLOCKS,
                    "this peer's log has " + tree.size() + " leaves yet, the checkpoint is of " + checkpoint.size());
        }
        if (tree.size() != checkpoint.size() || !tree.root(tree.size()).equals(checkpoint.root())) {
            throw new NothingToPack(
                    Lack.SAME_TREE,
                    "this peer's log has another root at size " + tree.size() + " than the checkpoint says of size "
                            + checkpoint.size());
        }
    }

    private static void compareOlder(Tree tree, Published log) throws NothingToPack {
        if (log.older()
                .filter(older -> older.size() > log.size()
                        || !tree.root(older.size()).equals(older.root().bytes()))
                .isPresent()) {
            throw new NothingToPack(Lack.OLDER, "this peer's log had another root at the older size");
        }
    }

    /// Looks through the transactions of a block up to the one that settles the period, if it is here.
    private Optional<TransactionEnvelope.Position> looked(
            LedgerBlock block, SortedSet<String> chains, Recoverers recoverers) {
        for (LedgerBlock.Transaction transaction : block.transactions()) {
            boolean ofParties = chainsOf(transaction).stream().anyMatch(one -> one.startsWith(Recoverers.CHAIN));
            if (transaction.valid() && ofParties) {
                BlockLeaves.decided(transaction).forEach(item -> recoverers.add(item.signed()));
            }
            if (transaction.valid() && chainsOf(transaction).contains(chain)) {
                chains.addAll(parties(transaction));
                if (period.isPresent() && SettledPeriods.settled(transaction).contains(period.get())) {
                    return Optional.of(new TransactionEnvelope.Position(block.number(), transaction.index()));
                }
            }
        }
        return Optional.empty();
    }

    /// The chains of the leaves of a transaction.
    private static SortedSet<String> chainsOf(LedgerBlock.Transaction transaction) {
        return transaction
                .event()
                .map(event -> new TreeSet<>(event.object("chains").members().keySet()))
                .orElse(new TreeSet<>());
    }

    /// The chains of the parties that signed with a verdict, or are named in a document that was offered or moved.
    private static SortedSet<String> parties(LedgerBlock.Transaction transaction) {
        TreeSet<String> parties = new TreeSet<>();
        for (BlockLeaves.Decided item : BlockLeaves.decided(transaction)) {
            Payload payload = item.signed().payload();
            parties.add("pty/" + payload.party().text());
            if (item.applied() && OF_DOCUMENTS.contains(payload.kind())) {
                parties.addAll(bound(payload.body().object("document")));
            }
        }
        return parties;
    }

    /// The chains of the parties that a document binds: the sides, and whoever is named in its roles or its governance.
    private static List<String> bound(Json.Obj document) {
        return DocumentReader.read(document) instanceof DocumentReading.Accepted(var read)
                ? read.bound().stream().map(party -> "pty/" + party.text()).toList()
                : List.of();
    }

    /// The second pass: configuration blocks, the transactions of the chains, and their leaves.
    private Gathered gather(Scope scope, Spool transactions, Spool leafLines) throws IOException, LedgerException {
        Gathered gathered = new Gathered(agreement);
        BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
        long index = 0;
        try (BlockStream blocks = ledger.blocks(0)) {
            for (long number = 0; number < scope.blocks(); number++) {
                LedgerBlock block = blocks.take();
                if (scope.covers(number, 0)) {
                    configuration(block, gathered);
                }
                for (LedgerBlock.Transaction transaction : block.transactions()) {
                    boolean ours = transaction.valid()
                            && scope.covers(number, transaction.index())
                            && chainsOf(transaction).stream().anyMatch(scope.chains()::contains);
                    if (ours) {
                        keep(number, transaction, gathered, transactions);
                    }
                }
                for (ChainLeaves.Placed leaf : leaves.next(block)) {
                    boolean covered = log.isPresent() || scope.covers(leaf.block(), leaf.index());
                    if (covered && scope.chains().contains(leaf.chain())) {
                        gathered.ends.put(leaf.chain(), new ChainLeaves.End(leaf.seq(), leaf.hash()));
                        gathered.indexes.add(index);
                        leafLines.append(Bytes.ofUtf8(index + " "), leaf.bytes(), Bytes.ofUtf8("\n"));
                    }
                    index++;
                }
            }
        }
        return gathered;
    }

    private static void configuration(LedgerBlock block, Gathered gathered) throws LedgerException {
        BlockLeaves.configuration(block).ifPresent(config -> {
            gathered.configs.add(config);
            gathered.saw(block.number(), config.time());
        });
    }

    private void keep(long number, LedgerBlock.Transaction transaction, Gathered gathered, Spool transactions)
            throws IOException, LedgerException {
        if (transactions.count() == 0) {
            gathered.trial = transaction.response().object("net").bool("trial");
        }
        Bytes envelope = transaction.envelope();
        ByteBuffer head = ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES)
                .putLong(number)
                .putInt(transaction.index())
                .putInt(envelope.size());
        transactions.append(Bytes.copyOf(head.array()), envelope);
        gathered.saw(number, transaction.timestamp());
        if (chainsOf(transaction).contains(chain)) {
            gathered.ofAgreement = true;
            gathered.settlements.putAll(gathered.settled.take(transaction));
        }
    }

    private Cover cover(Scope scope, Gathered gathered) {
        return new Cover(
                agreement,
                scope.chains().stream()
                        .map(name -> chain(name, Optional.ofNullable(gathered.ends.get(name))))
                        .toList(),
                named(gathered.settlements, "engine", Settlement.ENGINE),
                log.isPresent(),
                gathered.height,
                ledger.id(),
                gathered.made.orElseThrow(),
                log.flatMap(Published::older)
                        .map(older -> Json.object()
                                .with("root", older.root().hex())
                                .with("size", older.size())
                                .build()),
                period,
                false,
                named(gathered.settlements, "rules", String.valueOf(Net.RULES)),
                log.map(Published::size),
                gathered.trial);
    }

    /// What the settlements name, each once; what is in use where there is none yet.
    private static List<String> named(SortedMap<String, Bytes> settlements, String member, String otherwise) {
        TreeSet<String> named = new TreeSet<>();
        for (Bytes settlement : settlements.values()) {
            String record = settlement.utf8().orElse("").lines().findFirst().orElse("");
            if (JsonReader.readCanonical(Bytes.ofUtf8(record)) instanceof JsonReader.Value(Json.Obj json)) {
                named.add(json.text(member));
            }
        }
        return named.isEmpty() ? List.of(otherwise) : List.copyOf(named);
    }

    private static Cover.Chain chain(String name, Optional<ChainLeaves.End> end) {
        return new Cover.Chain(name, end.map(ChainLeaves.End::count).orElse(0L), end.map(ChainLeaves.End::last));
    }
}
