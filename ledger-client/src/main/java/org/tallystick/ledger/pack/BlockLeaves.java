package org.tallystick.ledger.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// The leaves of the log, block by block, as every member builds it: `docs/spec/ledger-1.md` section 14.
public final class BlockLeaves {

    private final ChainLeaves chains;

    public BlockLeaves(ChainLeaves chains) {
        this.chains = chains;
    }

    /// An instruction that has a verdict, and the leaf of that.
    record Decided(Signed signed, boolean applied, Leaf leaf) {}

    /// The instructions of a `submit` that have a new verdict.
    static List<Decided> decided(LedgerBlock.Transaction transaction) {
        List<Decided> decided = new ArrayList<>();
        List<Json.Obj> items = transaction.answers();
        for (int n = 0; n < items.size(); n++) {
            Json.Obj item = items.get(n);
            if (item.has("verdict")
                    && !item.has("repeat")
                    && Signed.read(transaction.arguments().get(n)) instanceof Signed signed) {
                decided.add(new Decided(signed, item.text("result").equals("applied"), Leaf.of(n, signed, item)));
            }
        }
        return decided;
    }

    /// The leaves of a valid transaction, in order.
    public static List<Leaf> of(LedgerBlock.Transaction transaction) {
        return transaction.function().equals("submit")
                ? decided(transaction).stream().map(Decided::leaf).toList()
                : Leaf.of(transaction.function(), transaction.arguments(), transaction.response()).stream()
                        .toList();
    }

    /// What the next block adds, in the order of the log.
    ///
    /// @throws LedgerException.Refused if the block is not what a peer of this ledger would give
    public List<ChainLeaves.Placed> next(LedgerBlock block) throws LedgerException {
        return next(block, BlockLeaves::of);
    }

    /// The same for who has read the instructions anyway.
    ///
    /// @param known the leaves of each valid transaction, in order
    public List<ChainLeaves.Placed> next(LedgerBlock block, Function<LedgerBlock.Transaction, List<Leaf>> known)
            throws LedgerException {
        List<ChainLeaves.Placed> leaves = new ArrayList<>();
        for (LedgerBlock.Transaction transaction : block.transactions()) {
            if (transaction.valid()) {
                for (Leaf leaf : known.apply(transaction)) {
                    leaves.addAll(chains.add(
                            block.number(), transaction.index(), transaction.timestamp(), transaction.id(), leaf));
                }
            }
        }
        Optional<ConfigBlock> configuration = configuration(block);
        if (configuration.isPresent()) {
            chains.add(configuration.get());
            leaves.addAll(chains.rest());
        }
        if (!leaves.isEmpty() && block.number() > 0) {
            Hash commit = block.commit()
                    .orElseThrow(() -> new LedgerException.Refused(
                            "block " + block.number() + " comes from its peer without a commit hash", null));
            leaves.addAll(chains.commit(block.number(), block.size(), commit));
        }
        return leaves;
    }

    /// The configuration in a block, which is alone there; nothing in one of transactions.
    public static Optional<ConfigBlock> configuration(LedgerBlock block) throws LedgerException {
        if (!block.transactions().isEmpty()) {
            return Optional.empty();
        }
        return switch (ConfigBlock.read(block.bytes())) {
            case ConfigBlock.Parsed(var config) -> Optional.of(config);
            case ConfigBlock.Other _ -> Optional.empty();
            case ConfigBlock.Misformed(var text) ->
                throw new LedgerException.Refused("block " + block.number() + " cannot be read: " + text, null);
        };
    }

    /// Each chain that has a leaf, with its end.
    public SortedMap<String, ChainLeaves.End> ends() {
        return chains.ends();
    }
}
