package org.tallystick.ledger.verify;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.client.StateReader;
import org.tallystick.ledger.log.LogLimits;
import org.tallystick.ledger.log.TlogProof;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.ConfigBlock;
import org.tallystick.ledger.pack.Cover;
import org.tallystick.ledger.pack.EntryName;
import org.tallystick.ledger.pack.Group;
import org.tallystick.ledger.pack.Leaf;
import org.tallystick.ledger.pack.PackReader;
import org.tallystick.ledger.pack.Recoverers;
import org.tallystick.ledger.pack.TransactionEnvelope;
import org.tallystick.ledger.pack.TransactionEnvelope.Position;
import org.tallystick.ledger.pack.TrustFile;

/// Checks a pack: `docs/spec/pack-1.md` section 6. Any bytes whatever lead to a report.
public final class Verifier {

    /// So many bytes say what a file is.
    private static final int FIRST = 64;

    /// More would only wait for the one that decides.
    public static final int MOST_THREADS = 64;

    private static final String NOT_REACHED = "the pack could not be read so far";

    private final Findings findings = new Findings();
    private final Optional<TrustFile> trust;
    private final boolean untilFailure;
    private final int threads;
    private final Configuration configuration;
    private final Endorsements endorsements;
    private final SettlementCheck settlements;
    private final OctetStore octets = new OctetStore();
    private final Books books;
    private final KeyHistory keys = new KeyHistory(findings, octets);
    private final ChainLeaves leaves = new ChainLeaves();
    private final LogCheck log;
    private final TreeSet<String> signers = new TreeSet<>();
    private final Recoverers recoverers = new Recoverers();
    private Optional<Cover> cover = Optional.empty();
    private Optional<Agreement> agreement = Optional.empty();
    private Optional<String> chaincode = Optional.empty();
    private Optional<Hash> ledger = Optional.empty();
    private Optional<End> last = Optional.empty();
    private boolean initialized;
    private boolean closedUpTo;
    /// Whether the pack is of a later version: nothing in it is judged but its checksums.
    private boolean newer;

    private Verifier(Optional<TrustFile> trust, int threads, boolean untilFailure) {
        this.trust = trust;
        this.threads = threads;
        this.untilFailure = untilFailure;
        this.configuration = new Configuration(findings, trust);
        this.endorsements = new Endorsements(findings, trust, configuration);
        this.settlements = new SettlementCheck(findings, trust);
        this.books = new Books(findings, settlements, octets);
        this.log = new LogCheck(findings, trust);
    }

    /// What follows from the pack's cover: which chains it is about.
    private record Agreement(String chain, SortedSet<String> chains, Replay replay) {}

    /// The last entry that has a place on the ledger.
    private record End(long block, LedgerTime time) {}

    /// As many threads as the machine has processors.
    public static int allThreads() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
    }

    /// Reads the pack, or the proof of one posting, to its end, once.
    ///
    /// @throws IOException if it cannot be read, not for what it holds
    public static Report verify(InputStream pack, Optional<TrustFile> trust) throws IOException {
        return verify(pack, trust, allThreads());
    }

    /// The same report with so many threads.
    public static Report verify(InputStream pack, Optional<TrustFile> trust, int threads) throws IOException {
        BufferedInputStream in = new BufferedInputStream(pack, 1 << 16);
        in.mark(1 << 16);
        Bytes first = Bytes.copyOf(in.readNBytes(FIRST));
        in.reset();
        if (TlogProof.is(first)) {
            return PostingCheck.check(Bytes.copyOf(in.readNBytes(LogLimits.PROOF_FILE + 1)), trust);
        }
        Verifier verifier = new Verifier(trust, threads, false);
        try (verifier.octets) {
            return verifier.run(new PackReader(in));
        }
    }

    /// What a pack comes to: the report, and the state that its transactions leave, computed from them again.
    public record Opened(Report report, StateReader state) {}

    /// Checks a pack, and keeps what can be read in it as on the ledger it is of.
    ///
    /// @throws IOException as [#verify(InputStream, Optional)]
    public static Opened open(InputStream pack, Optional<TrustFile> trust) throws IOException {
        Verifier verifier = new Verifier(trust, allThreads(), false);
        Report report = verifier.run(new PackReader(new BufferedInputStream(pack, 1 << 16)));
        return new Opened(report, new PackState(verifier.agreement.map(Agreement::replay)));
    }

    /// Whether the pack holds, reading no further than the first failure.
    static boolean holds(InputStream pack, Optional<TrustFile> trust) throws IOException {
        Verifier verifier = new Verifier(trust, 1, true);
        try (verifier.octets) {
            Report report = verifier.run(new PackReader(new BufferedInputStream(pack, 1 << 16)));
            return report.outcome() == Report.Outcome.HOLDS;
        }
    }

    private Report run(PackReader reader) throws IOException {
        try (Crew crew = new Crew(threads)) {
            Lookahead lookahead = new Lookahead(crew);
            while (true) {
                if (untilFailure && findings.anyFailed()) {
                    return report();
                }
                PackReader.Next next = reader.next();
                if (next instanceof PackReader.Entry entry && entry.name().group() == Group.TRANSACTIONS) {
                    lookahead.add(entry);
                    all(lookahead::next);
                    continue;
                }
                all(lookahead::last);
                switch (next) {
                    case PackReader.Streamed(var name, var content) -> leaves(name, content);
                    case PackReader.Entry entry -> entry(entry, () -> guarded(entry));
                    case PackReader.NotAPack _ -> {
                        findings.fail(Check.PACK_CONTAINER, Place.of(""), "this does not begin as a pack does");
                        return new Report(
                                Report.Form.NOTHING, Optional.empty(), trust, findings.concluded(Report.Form.NOTHING));
                    }
                    case PackReader.Damaged(var code, var at, var place, var text) -> {
                        findings.fail(Check.PACK_CONTAINER, Place.of(place), code + " after " + at + " bytes: " + text);
                        unreached();
                        return report();
                    }
                    case PackReader.End(long _, var stated, var computed) -> {
                        findings.same(
                                Check.PACK_CONTAINER,
                                Place.of("end"),
                                stated.hex(),
                                computed.hex(),
                                "the checksum of the lines is another");
                        end();
                        return report();
                    }
                }
            }
        }
    }

    /// Decides transactions in the order of the pack, as long as there is a next one.
    private void all(Supplier<Optional<Lookahead.Ahead>> next) {
        for (Optional<Lookahead.Ahead> one = next.get(); one.isPresent(); one = next.get()) {
            Lookahead.Ahead ahead = one.get();
            entry(ahead.entry(), () -> transaction(ahead.entry().name(), ahead.transaction()));
        }
    }

    private Report report() {
        if (trust.isEmpty()) {
            findings.notChecked(Check.PACK_TRUST, "trust root: NOT CHECKED, no trust file was given");
            findings.notChecked(
                    Check.OCCURRENCE_ENDORSED, "the certificates lead to authorities that only the pack itself names");
        }
        cover.ifPresent(log::end);
        findings.notChecked(Check.OCCURRENCE_ANCHOR, "the pack has no anchor");
        return new Report(form(), cover, trust, findings.concluded(form()));
    }

    private Report.Form form() {
        return cover.map(Cover::finalForm).orElse(false) ? Report.Form.FINAL : Report.Form.FIRST;
    }

    /// What a damaged container keeps from being checked.
    private void unreached() {
        for (Check check : Check.values()) {
            if (check.isRequired(form()) && !findings.has(check)) {
                findings.notChecked(check, NOT_REACHED);
            }
        }
    }

    /// @param check what is to be checked of its content
    private void entry(PackReader.Entry entry, Runnable check) {
        Place place = Place.of(entry.name());
        findings.same(
                Check.PACK_CONTAINER,
                place,
                entry.stated().hex(),
                entry.computed().hex(),
                "the bytes have another checksum than their line says");
        if (newer) {
            return;
        }
        if (entry.name().group().onlyInFinalForm()
                && cover.filter(sheet -> !sheet.finalForm()).isPresent()) {
            findings.fail(Check.PACK_CONTAINER, place, "a pack of the first form has no such entry");
        }
        try {
            check.run();
        } catch (RuntimeException | StackOverflowError e) {
            // The checks are written so that nothing gets here. Should something, it is our fault and not yet the
            // pack's.
            findings.notChecked(Check.PACK_CONTAINER, place, "the verifier failed on this entry: " + e);
        }
    }

    private void leaves(EntryName name, InputStream content) throws IOException {
        if (cover.isPresent()) {
            follow(leaves.rest());
            log.leaves(content, cover.get(), Place.of(name));
        }
    }

    /// Leaves that the log must have, as far as they are of the pack's chains.
    private void follow(List<ChainLeaves.Placed> placed) {
        for (ChainLeaves.Placed leaf : placed) {
            if (agreement.map(about -> about.chains().contains(leaf.chain())).orElse(false)) {
                log.follows(leaf);
            }
        }
    }

    private void guarded(PackReader.Entry entry) {
        EntryName name = entry.name();
        Place place = Place.of(name);
        switch (name.group()) {
            case COVER -> cover(entry.content().orElseThrow(), place);
            case CONFIG -> config(name, entry.content().orElseThrow());
            case TRANSACTIONS -> {
                // they went through the lookahead
            }
            case SETTLEMENTS -> settlements.entry(name, entry.content().orElseThrow());
            case DOCUMENTS ->
                findings.same(
                        Check.PACK_CONTAINER,
                        place,
                        name.last(),
                        entry.computed().hex(),
                        "a document of another hash");
            case CHECKPOINT ->
                cover.ifPresent(sheet -> log.checkpoint(entry.content().orElseThrow(), sheet, place));
            case NODES -> log.nodes(entry.content().orElseThrow(), place);
            case LEAVES -> {
                // they were looked at while they were read
            }
            case HEADS -> cover.ifPresent(sheet -> log.heads(entry.content().orElseThrow(), sheet, place));
            case CONSISTENCY ->
                cover.ifPresent(sheet -> log.consistency(entry.content().orElseThrow(), sheet, place));
            case PRIVATE, ANCHOR -> findings.notChecked(Check.PACK_CONTAINER, place, "not understood by this version");
            case UNKNOWN -> findings.notChecked(Check.PACK_CONTAINER, place, "an entry of a newer version");
        }
    }

    private void cover(Bytes content, Place place) {
        switch (Cover.read(content)) {
            case Cover.Newer(var version) -> {
                newer = true;
                findings.notChecked(Check.PACK_CONTAINER, place.at("/pack"), "a pack of version " + version);
            }
            case Cover.Misformed(var at, var text) -> findings.fail(Check.PACK_CONTAINER, place.at(at), text);
            case Cover.Parsed(var sheet) -> {
                cover = Optional.of(sheet);
                TreeSet<String> chains = new TreeSet<>();
                sheet.chains().forEach(chain -> chains.add(chain.chain()));
                String own = "agr/" + sheet.agreement();
                agreement = Optional.of(new Agreement(own, chains, new Replay(findings, chains, new Values(octets))));
                if (!chains.contains(own) || !chains.contains(ChainLeaves.REGISTRY)) {
                    findings.fail(Check.PACK_CONTAINER, place.at("/chains"), "without " + own + " or the registry");
                }
                for (String chain : chains) {
                    if (!chain.equals(own) && !chain.equals(ChainLeaves.REGISTRY) && !chain.startsWith("pty/")) {
                        findings.fail(Check.PACK_CONTAINER, place.at("/chains"), chain + " is not of this pack");
                    }
                }
                trust.ifPresent(file -> findings.same(
                        Check.PACK_TRUST,
                        place.at("/ledger"),
                        sheet.ledger().hex(),
                        file.ledger().hex(),
                        "the trust file is for another ledger"));
            }
        }
    }

    private void config(EntryName name, Bytes content) {
        Optional<ConfigBlock> block = configuration.add(name, content);
        block.ifPresent(found -> {
            leaves.add(found);
            saw(found.number(), found.time());
        });
    }

    /// Keeps the entry that lies last on the ledger.
    private void saw(long block, LedgerTime time) {
        if (last.filter(end -> end.block() > block).isEmpty()) {
            last = Optional.of(new End(block, time));
        }
    }

    private void transaction(EntryName name, Lookahead.Transaction read) {
        Position position = new Position(name.block(), name.index());
        Place place = Place.of(name, position);
        switch (read.reading()) {
            case TransactionEnvelope.Misformed(var text) ->
                findings.fail(Check.OCCURRENCE_ENDORSED, place, "this is no transaction: " + text);
            case TransactionEnvelope.Parsed(var transaction) -> {
                saw(position.block(), transaction.time());
                identify(transaction, place);
                if (ledger.isPresent()) {
                    TransactionSignatures signatures = read.signatures().orElseThrow();
                    SortedSet<String> endorsers = endorsements.check(transaction, signatures, position.block(), place);
                    agreement.ifPresent(
                            about -> decide(about, transaction, read.items(), signatures, endorsers, position, place));
                }
            }
        }
    }

    /// Which ledger this is, from the genesis block and the first transaction; every other must be of the same.
    private void identify(TransactionEnvelope transaction, Place place) {
        if (chaincode.isEmpty()) {
            chaincode = Optional.of(transaction.chaincode());
            ledger = configuration.genesis().map(genesis -> genesis.ledger(transaction.chaincode()));
        }
        findings.same(
                Check.PACK_LEDGER,
                place,
                transaction.chaincode(),
                chaincode.orElseThrow(),
                "the transaction is of another chaincode");
        configuration
                .genesis()
                .ifPresent(genesis -> findings.same(
                        Check.PACK_LEDGER,
                        place,
                        transaction.channel(),
                        genesis.channel(),
                        "the transaction is of another channel"));
    }

    private void decide(
            Agreement about,
            TransactionEnvelope transaction,
            Items items,
            TransactionSignatures signatures,
            SortedSet<String> endorsers,
            Position position,
            Place place) {
        if (closedUpTo) {
            findings.fail(Check.COMPLETENESS_PERIODS, place, "a transaction after the close up to which the pack goes");
        }
        LedgerTime time = about.replay().time(transaction);
        Optional<Json.Obj> event = transaction.event();
        switch (transaction.function()) {
            case "init" -> {
                about.replay().init(transaction, position, place);
                leaf(about, transaction, position, ofFunction(transaction), place);
                init(about, place);
            }
            case "submit" -> {
                items.misformed()
                        .forEach(misfit ->
                                findings.fail(Check.ACCURACY_VERDICTS, place.at(misfit.pointer()), misfit.text()));
                about.replay().submit(transaction, items, signatures, position, place);
                if (ledger.isPresent()) {
                    new Instructions(findings, about.chains(), ledger.get(), signatures, keys, books)
                            .check(transaction, items, time, endorsers, place);
                }
                leaf(
                        about,
                        transaction,
                        position,
                        items.all().stream()
                                .flatMap(item -> item.leaf().stream())
                                .toList(),
                        place);
                sawSigners(about, items);
                closedUpTo = coversNoMore();
            }
            case "step" -> {
                about.replay().step(transaction, position, place);
                if (ledger.isPresent()) {
                    books.step(transaction, time, place);
                }
                leaf(about, transaction, position, ofFunction(transaction), place);
                closedUpTo = coversNoMore();
            }
            default ->
                findings.fail(
                        Check.COMPLETENESS_CHAINS,
                        place,
                        "a transaction of " + transaction.function() + " is in no pack");
        }
        if (event.isEmpty()) {
            findings.fail(Check.COMPLETENESS_CHAINS, place, "a transaction without a leaf is in no pack");
        }
    }

    private boolean coversNoMore() {
        return cover.flatMap(Cover::period)
                .filter(period -> settlements.periods().contains(period))
                .isPresent();
    }

    private static List<Leaf> ofFunction(TransactionEnvelope transaction) {
        return Leaf.of(transaction.function(), transaction.arguments(), transaction.response()).stream()
                .toList();
    }

    /// Adds the leaves of a transaction to their chains; one that has none in the pack's chains does not belong here.
    private void leaf(
            Agreement about, TransactionEnvelope transaction, Position position, List<Leaf> answers, Place place) {
        boolean ours = false;
        for (Leaf answer : answers) {
            follow(leaves.add(
                    position.block(), (int) position.transaction(), transaction.time(), transaction.id(), answer));
            ours = ours || about.chains().contains(answer.chain());
        }
        if (!ours) {
            findings.fail(Check.COMPLETENESS_CHAINS, place, "the transaction is of none of the pack's chains");
        }
    }

    private void init(Agreement about, Place place) {
        Optional<Net> net = about.replay().net();
        if (net.isEmpty() || cover.isEmpty()) {
            return;
        }
        initialized = true;
        findings.same(
                Check.PACK_LEDGER,
                place,
                net.get().ledger().hex(),
                ledger.map(Hash::hex).orElse(""),
                "init was given another ledger id than follows from the genesis block");
        findings.same(
                Check.PACK_TRIAL,
                Place.of(EntryName.COVER).at("/trial"),
                Json.bool(cover.get().trial()),
                Json.bool(net.get().trial()),
                "init says otherwise whether this is a trial");
    }

    private void sawSigners(Agreement about, Items items) {
        for (Items.Item item : items.all()) {
            boolean judged = item.isVerdict()
                    && item.chain().filter(about.chains()::contains).isPresent();
            if (judged && item.read() instanceof Signed signed) {
                recoverers.add(signed);
            }
            if (item.isVerdict() && item.chain().equals(Optional.of(about.chain()))) {
                item.payload().ifPresent(payload -> signers.add(payload.party().text()));
            }
        }
    }

    private void end() {
        if (newer) {
            unreached();
            return;
        }
        follow(leaves.rest());
        settlements.end();
        books.end(Place.of(EntryName.COVER));
        keys.end();
        if (cover.isEmpty()) {
            unreached();
            return;
        }
        Cover sheet = cover.get();
        Place place = Place.of(EntryName.COVER);
        if (configuration.genesis().isEmpty()) {
            findings.fail(Check.PACK_LEDGER, Place.of(EntryName.config(0)), "the genesis block is missing");
        }
        if (!initialized) {
            findings.fail(Check.PACK_LEDGER, place, "the transaction that began the ledger is missing");
        }
        ledger.ifPresent(id -> findings.same(
                Check.PACK_LEDGER,
                place.at("/ledger"),
                sheet.ledger().hex(),
                id.hex(),
                "the ledger id does not follow from the genesis block"));
        last.ifPresent(end -> {
            findings.same(
                    Check.PACK_CONTAINER,
                    place.at("/height"),
                    Json.whole(sheet.height()),
                    Json.whole(end.block()),
                    "the last block from which the pack has something is another");
            findings.same(
                    Check.PACK_CONTAINER,
                    place.at("/made"),
                    sheet.made().text(),
                    end.time().text(),
                    "the time of the last entry is another");
        });
        findings.same(
                Check.PACK_CONTAINER,
                place.at("/private"),
                Json.bool(sheet.inPrivate()),
                Json.bool(false),
                "the home of the agreement is public");
        findings.sameValue(
                Check.PACK_CONTAINER,
                place.at("/engines"),
                Json.texts(sheet.engines()),
                Json.texts(orElse(settlements.enginesNamed(), Settlement.ENGINE)),
                "the settlements name other engines");
        findings.sameValue(
                Check.PACK_CONTAINER,
                place.at("/rules"),
                Json.texts(sheet.rules()),
                Json.texts(orElse(settlements.rulesNamed(), String.valueOf(Net.RULES))),
                "the settlements name other rules");
        chains(sheet, place);
        periods(sheet, place);
    }

    private static List<String> orElse(SortedSet<String> named, String otherwise) {
        return named.isEmpty() ? List.of(otherwise) : List.copyOf(named);
    }

    /// The chains stated are those of the agreement, its parties and the registry, and end as the transactions here do.
    private void chains(Cover sheet, Place place) {
        TreeSet<String> needed = new TreeSet<>(List.of("agr/" + sheet.agreement(), ChainLeaves.REGISTRY));
        books.agreement().bound().forEach(party -> needed.add("pty/" + party));
        signers.stream().filter(owner -> owner.contains("/")).forEach(party -> needed.add("pty/" + party));
        SortedMap<String, ChainLeaves.End> ends = log.ends();
        TreeMap<String, Json> stated = new TreeMap<>();
        sheet.chains().forEach(chain -> stated.put(chain.chain(), json(chain.count(), chain.last())));
        TreeMap<String, Json> computed = new TreeMap<>();
        for (String chain : recoverers.with(needed)) {
            ChainLeaves.End end = ends.get(chain);
            computed.put(chain, end == null ? json(0, Optional.empty()) : json(end.count(), Optional.of(end.last())));
        }
        findings.sameValue(
                Check.COMPLETENESS_CHAINS,
                place.at("/chains"),
                new Json.Obj(stated),
                new Json.Obj(computed),
                "the chains do not end as the transactions in the pack do");
    }

    private static Json json(long count, Optional<Hash> last) {
        return Json.object()
                .with("count", count)
                .withText("last", last.map(Hash::hex))
                .build();
    }

    private void periods(Cover sheet, Place place) {
        sheet.period().ifPresent(period -> {
            SortedSet<String> settled = settlements.periods();
            findings.same(
                    Check.COMPLETENESS_PERIODS,
                    place.at("/period"),
                    period,
                    settled.isEmpty() ? "" : settled.last(),
                    "the last period settled in the pack is another");
        });
    }
}
