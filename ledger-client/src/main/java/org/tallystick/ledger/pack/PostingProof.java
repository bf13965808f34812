package org.tallystick.ledger.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.log.TlogProof;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.PackBuilder.NothingToPack;
import org.tallystick.ledger.pack.PackBuilder.NothingToPack.Lack;

/// Makes the proof of one posting, a small file to hand to somebody who sees nothing else of the agreement:
/// `docs/spec/pack-1.md` section 8.1.
public final class PostingProof {

    private final AgreementId agreement;
    private final String period;
    private final SettledPeriods settled;
    private final PackBuilder.Published log;
    private final Tree tree;
    private Optional<Found> found = Optional.empty();

    /// The transaction that settled the period.
    ///
    /// @param content the settlement record and its lines
    /// @param at where its leaf is
    private record Found(Json.Obj answer, Bytes content, ChainLeaves.Placed leaf, long at) {}

    private PostingProof(AgreementId agreement, String period, PackBuilder.Published log) {
        this.agreement = agreement;
        this.period = period;
        this.log = log;
        this.tree = log.toBuild();
        this.settled = new SettledPeriods(agreement);
    }

    /// @param number of the posting in its settlement, from 1, as statements count
    public static TlogProof make(
            Ledger ledger, AgreementId agreement, String period, int number, PackBuilder.Published log)
            throws LedgerException, NothingToPack {
        PostingProof proof = new PostingProof(agreement, period, log);
        proof.read(ledger);
        return proof.proof(number);
    }

    private void read(Ledger ledger) throws LedgerException {
        BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
        long height = ledger.height();
        try (BlockStream blocks = ledger.blocks(0)) {
            for (long number = 0; number < height && tree.size() < log.size(); number++) {
                LedgerBlock block = blocks.take();
                List<ChainLeaves.Placed> added = leaves.next(block);
                look(block, added);
                tree.append(added.stream().map(leaf -> leaf.hash().bytes()).toList());
            }
        }
    }

    private void look(LedgerBlock block, List<ChainLeaves.Placed> added) throws LedgerException {
        String chain = "agr/" + agreement;
        for (int i = 0; i < added.size(); i++) {
            ChainLeaves.Placed leaf = added.get(i);
            if (leaf.chain().equals(chain)) {
                look(block, leaf, tree.size() + i);
            }
        }
    }

    /// A close travels alone, so that its transaction has one leaf.
    private void look(LedgerBlock block, ChainLeaves.Placed leaf, long at) throws LedgerException {
        for (LedgerBlock.Transaction transaction : block.transactions()) {
            if (transaction.index() == leaf.index()) {
                Bytes content = settled.take(transaction).get(period);
                if (content != null) {
                    Json.Obj answer = transaction.function().equals("submit")
                            ? transaction.answers().getFirst()
                            : (Json.Obj) transaction.response().items("items").getFirst();
                    found = Optional.of(new Found(answer, content, leaf, at));
                }
            }
        }
    }

    private TlogProof proof(int number) throws NothingToPack {
        PackBuilder.compare(tree, log.checkpoint().checkpoint());
        Found close = found.orElseThrow(() -> new NothingToPack(
                Lack.SETTLEMENT,
                "the ledger has not settled " + period + " of agreement " + agreement + " at size " + log.size()
                        + " of its log"));
        List<Bytes> lines = new ArrayList<>();
        close.content().utf8().orElseThrow().lines().forEach(line -> lines.add(Bytes.ofUtf8(line)));
        Bytes settlement = lines.removeFirst();
        if (number < 1 || number > lines.size()) {
            throw new NothingToPack(
                    Lack.POSTING,
                    period + " of agreement " + agreement + " has " + lines.size()
                            + " postings; there is none of number " + number);
        }
        int index = number - 1;
        Json.Obj extra = Json.object()
                .with("answer", close.answer())
                .with("index", index)
                .with("leaf", json(close.leaf().bytes()))
                .with("line", json(lines.get(index)))
                .with(
                        "path",
                        Json.texts(Merkle.path(lines, index).stream()
                                .map(Hash::hex)
                                .toList()))
                .with("proof", "1")
                .with("settlement", json(settlement))
                .build();
        return new TlogProof(
                Optional.of(extra.canonical()),
                close.at(),
                log.toProve(tree).inclusion(close.at(), log.size()),
                log.checkpoint());
    }

    private static Json json(Bytes canonical) {
        if (JsonReader.readCanonical(canonical) instanceof JsonReader.Value(var json)) {
            return json;
        }
        throw new IllegalStateException("what the ledger wrote is canonical");
    }
}
