package org.tallystick.ledger.pack;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// Makes the pack of an agreement, first form, from the blocks of a ledger.
///
/// Which parties' chains belong to it is known only after the agreement's last transaction, while a party enrolls
/// before
/// its first: so the blocks are gone through twice, and only the transactions of the pack are kept.
public final class PackBuilder {

    private final Ledger ledger;
    private final AgreementId agreement;
    private final Optional<String> period;
    private final String chain;

    /// @param period up to whose close the pack goes; the whole history if absent
    public PackBuilder(Ledger ledger, AgreementId agreement, Optional<String> period) {
        this.ledger = ledger;
        this.agreement = agreement;
        this.period = period;
        this.chain = "agr/" + agreement;
    }

    /// There is no pack: the ledger does not hold this agreement, or did not settle the period.
    public static final class NothingToPack extends Exception {
        private static final long serialVersionUID = 1;

        NothingToPack(String message) {
            super(message);
        }
    }

    /// What a pass over the blocks gathers.
    ///
    /// @param end of the transaction that settled the period, or the ledger's
    private record Scope(Set<String> chains, long blocks, Optional<TransactionEnvelope.Position> end) {
        boolean covers(long block, int index) {
            return end.isEmpty() || end.get().compareTo(new TransactionEnvelope.Position(block, index)) >= 0;
        }
    }

    private record Kept(long block, LedgerBlock.Transaction transaction) {}

    /// Writes the pack; the stream stays open.
    public void write(OutputStream out) throws IOException, LedgerException, NothingToPack {
        long height = ledger.height();
        Scope scope = scope(height);
        List<ConfigBlock> configs = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        gather(scope, configs, kept);
        if (kept.stream().noneMatch(one -> chainsOf(one.transaction()).contains(chain))) {
            throw new NothingToPack("the ledger has no transaction of agreement " + agreement);
        }
        SortedMap<String, Bytes> settlements = settlements(kept);
        PackWriter pack = new PackWriter(out);
        pack.entry(
                EntryName.COVER,
                cover(scope, configs, kept, settlements).encode().canonical());
        for (ConfigBlock config : configs) {
            pack.entry(EntryName.config(config.number()), config.bytes());
        }
        for (Kept one : kept) {
            pack.entry(
                    EntryName.transaction(one.block(), one.transaction().index()),
                    one.transaction().envelope());
        }
        for (var settlement : settlements.entrySet()) {
            pack.entry(EntryName.settlement(settlement.getKey()), settlement.getValue());
        }
        pack.end();
    }

    /// The first pass: who is bound, who signed, and where the pack ends.
    private Scope scope(long height) throws LedgerException, NothingToPack {
        TreeSet<String> chains = new TreeSet<>(List.of(chain, ChainLeaves.REGISTRY));
        Recoverers recoverers = new Recoverers();
        try (BlockStream blocks = ledger.blocks(0)) {
            for (long number = 0; number < height; number++) {
                LedgerBlock block = blocks.next();
                for (LedgerBlock.Transaction transaction : block.transactions()) {
                    boolean ofParties =
                            chainsOf(transaction).stream().anyMatch(one -> one.startsWith(Recoverers.CHAIN));
                    if (transaction.valid() && ofParties) {
                        BlockLeaves.decided(transaction).forEach(item -> recoverers.add(item.signed()));
                    }
                    if (transaction.valid() && chainsOf(transaction).contains(chain)) {
                        chains.addAll(parties(transaction));
                        if (period.isPresent() && settled(transaction).contains(period.get())) {
                            return new Scope(
                                    recoverers.with(chains),
                                    number + 1,
                                    Optional.of(new TransactionEnvelope.Position(number, transaction.index())));
                        }
                    }
                }
            }
        }
        if (period.isPresent()) {
            throw new NothingToPack("the ledger has not settled " + period.get() + " of agreement " + agreement);
        }
        return new Scope(recoverers.with(chains), height, Optional.empty());
    }

    /// The chains of the leaves of a transaction.
    private static SortedSet<String> chainsOf(LedgerBlock.Transaction transaction) {
        return transaction
                .event()
                .map(event -> new TreeSet<>(event.object("chains").members().keySet()))
                .orElse(new TreeSet<>());
    }

    /// The chains of the parties that signed with a verdict, or are named in an offer that was applied.
    private static SortedSet<String> parties(LedgerBlock.Transaction transaction) {
        TreeSet<String> parties = new TreeSet<>();
        for (BlockLeaves.Decided item : BlockLeaves.decided(transaction)) {
            Payload payload = item.signed().payload();
            parties.add("pty/" + payload.party().text());
            if (item.applied() && payload.kind() == ActKind.OFFER) {
                named(payload.body().object("document")).forEach(party -> parties.add("pty/" + party));
            }
        }
        return parties;
    }

    /// The ledger parties that a document binds.
    private static SortedSet<String> named(Json.Obj document) {
        Json.Obj bound = document.object("parties");
        TreeSet<String> parties = new TreeSet<>();
        bound.members().values().forEach(party -> parties.add(((Json.Text) party).value()));
        List<Json> persons = new ArrayList<>();
        document.find("mustAccept").ifPresent(list -> persons.addAll(((Json.Arr) list).items()));
        document.object("roles").find("closers").ifPresent(list -> persons.addAll(((Json.Arr) list).items()));
        if (document.object("roles").find("attesters").orElse(Json.Obj.EMPTY) instanceof Json.Obj(var attesters)) {
            attesters.values().forEach(list -> persons.addAll(((Json.Arr) list).items()));
        }
        persons.stream()
                .map(person -> ((Json.Text) person).value())
                .filter(person -> person.contains("/"))
                .forEach(parties::add);
        return parties;
    }

    /// The periods that a transaction settles.
    private static SortedSet<String> settled(LedgerBlock.Transaction transaction) {
        TreeSet<String> periods = new TreeSet<>();
        for (Json.Obj answer : transaction.answers()) {
            if (answer.has("effects") && !answer.has("repeat")) {
                for (Json effect : answer.items("effects")) {
                    Json.Obj one = (Json.Obj) effect;
                    if (one.text("kind").equals("settlement")) {
                        periods.add(one.text("period"));
                    }
                }
            }
        }
        return periods;
    }

    /// The second pass: configuration blocks, and the transactions of the chains.
    private void gather(Scope scope, List<ConfigBlock> configs, List<Kept> kept) throws LedgerException {
        try (BlockStream blocks = ledger.blocks(0)) {
            for (long number = 0; number < scope.blocks(); number++) {
                LedgerBlock block = blocks.next();
                switch (ConfigBlock.read(block.bytes())) {
                    case ConfigBlock.Parsed(var config) -> configs.add(config);
                    case ConfigBlock.Other _ -> {
                        // a block of transactions
                    }
                    case ConfigBlock.Misformed(var text) ->
                        throw new LedgerException.Refused("block " + number + " cannot be read: " + text, null);
                }
                for (LedgerBlock.Transaction transaction : block.transactions()) {
                    boolean ours = transaction.valid()
                            && scope.covers(number, transaction.index())
                            && chainsOf(transaction).stream().anyMatch(scope.chains()::contains);
                    if (ours) {
                        kept.add(new Kept(number, transaction));
                    }
                }
            }
        }
    }

    /// What the ledger states of each settlement, by period.
    private SortedMap<String, Bytes> settlements(List<Kept> kept) throws LedgerException {
        TreeMap<String, Bytes> settlements = new TreeMap<>();
        TreeMap<String, Bytes> written = new TreeMap<>();
        for (Kept one : kept) {
            if (chainsOf(one.transaction()).contains(chain)) {
                written.putAll(pages(one.transaction()));
                for (String settled : settled(one.transaction())) {
                    settlements.put(settled, settlement(written, settled));
                }
            }
        }
        return settlements;
    }

    /// What a transaction wrote of settlements. A close may have written its lines in several.
    private SortedMap<String, Bytes> pages(LedgerBlock.Transaction transaction) throws LedgerException {
        if (!(TransactionEnvelope.read(transaction.envelope()) instanceof TransactionEnvelope.Parsed(var envelope))) {
            throw new LedgerException.Refused("transaction " + transaction.id() + " cannot be read", null);
        }
        String prefix = Keys.settlement(agreement.text(), "");
        TreeMap<String, Bytes> pages = new TreeMap<>();
        envelope.writes().stream()
                .filter(write -> write.key().startsWith(prefix))
                .forEach(write -> write.value().ifPresent(value -> pages.put(write.key(), value)));
        return pages;
    }

    /// The record and its lines.
    private Bytes settlement(SortedMap<String, Bytes> written, String settled) throws LedgerException {
        Json.Obj record = object(written, Keys.settlement(agreement.text(), settled));
        List<Bytes> parts = new ArrayList<>();
        Bytes lineFeed = Bytes.ofUtf8("\n");
        parts.add(record.canonical());
        parts.add(lineFeed);
        long left = record.whole("count");
        for (int page = 1; left > 0; page++) {
            List<Json> lines =
                    object(written, Keys.lines(agreement.text(), settled, page)).items("lines");
            for (Json line : lines) {
                parts.add(line.canonical());
                parts.add(lineFeed);
            }
            left -= lines.size();
        }
        return Bytes.concat(parts.toArray(Bytes[]::new));
    }

    private static Json.Obj object(SortedMap<String, Bytes> written, String key) throws LedgerException {
        Bytes value = written.get(key);
        if (value != null && JsonReader.readCanonical(value) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new LedgerException.Refused("the transactions of the agreement did not write " + key, null);
    }

    private Cover cover(Scope scope, List<ConfigBlock> configs, List<Kept> kept, SortedMap<String, Bytes> settlements) {
        ChainLeaves leaves = new ChainLeaves();
        configs.forEach(leaves::add);
        for (Kept one : kept) {
            LedgerBlock.Transaction transaction = one.transaction();
            for (Leaf leaf : BlockLeaves.of(transaction)) {
                var _ = leaves.add(one.block(), transaction.index(), transaction.timestamp(), transaction.id(), leaf);
            }
        }
        Kept lastKept = kept.getLast();
        ConfigBlock lastConfig = configs.getLast();
        boolean byConfig = lastConfig.number() > lastKept.block();
        long height = byConfig ? lastConfig.number() : lastKept.block();
        LedgerTime made = byConfig ? lastConfig.time() : lastKept.transaction().timestamp();
        boolean trial = kept.getFirst().transaction().response().object("net").bool("trial");
        List<Cover.Chain> chains = scope.chains().stream()
                .map(name -> chain(name, Optional.ofNullable(leaves.ends().get(name))))
                .toList();
        return new Cover(
                agreement,
                chains,
                named(settlements, "engine", Settlement.ENGINE),
                false,
                height,
                ledger.id(),
                made,
                Optional.empty(),
                period,
                false,
                named(settlements, "rules", String.valueOf(Net.RULES)),
                Optional.empty(),
                trial);
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
