package org.tallystick.ledger.verify;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.LeavesProof;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.TlogProof;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.PackBuilder;
import org.tallystick.ledger.pack.PostingProof;
import org.tallystick.ledger.pack.TrustFile;

/// Packs of the final form, proofs of postings and trust files, each wrong in one way: what a hostile or a clumsy giver
/// hands out. Every checksum of a container is right, unless it is what is wrong.
final class BadFiles {

    private static final String[] ALL = {"east", "north", "west"};
    private static final AgreementId AGREEMENT = new AgreementId(TestStory.AGREEMENT);
    private static final int SEED = 71;
    private static final long COSIGNED = 1_780_000_000;
    private static final int BOMB = 256 << 20;

    /// One of them.
    ///
    /// @param trust the bytes of the trust file; nothing for none
    /// @param exit what a verifier has to answer
    /// @param check that must fail, or nothing where a sentence suffices
    record Bad(String title, Bytes file, Optional<Bytes> trust, int exit, Optional<Check> check) {

        Bad(String title, byte[] file, Optional<Bytes> trust, int exit, Optional<Check> check) {
            this(title, Bytes.copyOf(file), trust, exit, check);
        }

        @Override
        public String toString() {
            return title;
        }
    }

    final TestStory story = twoPeriods();
    final TestLog log = log(story.ledger, story.ledger.height(), 5);
    final TrustFile first = story.ledger.network.trust(story.ledger.id());
    final PackBuilder.Older older = log.older(log.blocks() / 2);
    final TrustFile trust = log.trust(first, 2, Optional.empty());
    final TestPack pack = pack(Optional.empty(), Optional.empty());
    private final Bytes trusted = trust.encode();
    private final List<Bad> all = new ArrayList<>();

    static TestStory twoPeriods() {
        TestStory story = TestStory.smallest(SEED);
        story.goesTo("2026-03-01T09:00:00Z");
        story.reports(3, TestStory.sale("2026-02-10", 4000));
        story.declares("2026-02", 3, 1, 4000);
        story.applied(story.signed("north/vendor", new Act.Close("2026-02")));
        return story;
    }

    private static TestLog log(TestLedger ledger, long blocks, long seed) {
        try {
            return new TestLog(ledger, blocks, seed, ALL);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    TestPack pack(Optional<String> period, Optional<PackBuilder.Older> before) {
        return TestPack.of(story.pack(period, Optional.of(log.published(log.blocks(), before, ALL))));
    }

    TlogProof posting() {
        try {
            return PostingProof.make(
                    story.ledger, AGREEMENT, "2026-01", 1, log.published(log.blocks(), Optional.empty(), ALL));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Bad> all() {
        BadFiles files = new BadFiles();
        files.leaves();
        files.periods();
        files.engines();
        files.checkpoints();
        files.heads();
        files.certificates();
        files.entries();
        files.spellings();
        files.names();
        files.archives();
        files.postings();
        files.trustFiles();
        return List.copyOf(files.all);
    }

    private void add(String title, byte[] file, Check check) {
        all.add(new Bad(title, file, Optional.of(trusted), 1, Optional.of(check)));
    }

    private void add(String title, TestPack changed, Check check) {
        add(title, changed.bytes(), check);
    }

    private void unchecked(String title, byte[] file, Optional<Bytes> with) {
        all.add(new Bad(title, file, with, 2, Optional.empty()));
    }

    static String text(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
    }

    static Bytes octets(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Bytes changed(Bytes bytes, UnaryOperator<String> change) {
        String before = text(bytes);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IllegalStateException(
                    "nothing was changed of " + before.substring(0, Math.min(200, before.length())));
        }
        return octets(after);
    }

    private TestPack changed(String name, UnaryOperator<String> change) {
        return pack.with(name, changed(pack.get(name), change));
    }

    private TestPack version(String version) {
        return changed("pack.json", text -> text.replace("\"pack\":\"1\"", "\"pack\":\"" + version + "\""));
    }

    private static List<String> lines(Bytes bytes) {
        return text(bytes).lines().toList();
    }

    private static Bytes lines(List<String> lines) {
        return octets(lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    // ---- leaves

    private void leaves() {
        List<String> leaves = lines(pack.get("log/leaves"));
        for (int i = 0; i < leaves.size(); i++) {
            List<String> without = new ArrayList<>(leaves);
            without.remove(i);
            List<String> twice = new ArrayList<>(leaves);
            twice.add(i, leaves.get(i));
            List<String> swapped = new ArrayList<>(leaves);
            Collections.swap(swapped, i, (i + 1) % leaves.size());
            // The indexes stay where they were: the leaves alone change places.
            List<String> exchanged = new ArrayList<>(leaves);
            String next = leaves.get((i + 1) % leaves.size());
            exchanged.set(i, index(leaves.get(i)) + next.substring(next.indexOf(' ')));
            exchanged.set(
                    (i + 1) % leaves.size(),
                    index(next) + leaves.get(i).substring(leaves.get(i).indexOf(' ')));
            leaf("leaf " + i + " removed", without);
            leaf("leaf " + i + " twice", twice);
            leaf("leaf " + i + " behind the next", swapped);
            leaf("leaf " + i + " in the place of the next", exchanged);
        }
    }

    private void leaf(String title, List<String> leaves) {
        add(title, pack.with("log/leaves", lines(leaves)), Check.OCCURRENCE_INCLUDED);
    }

    private static String index(String leaf) {
        return leaf.substring(0, leaf.indexOf(' '));
    }

    // ---- periods

    /// The transactions whose bytes hold one of these texts.
    private List<String> transactions(String... texts) {
        return pack.names.stream()
                .filter(name -> name.startsWith("tx/"))
                .filter(name ->
                        Stream.of(texts).anyMatch(text -> text(pack.get(name)).contains(text)))
                .toList();
    }

    private void periods() {
        for (String period : List.of("2026-01", "2026-02")) {
            add(
                    "the settlement of " + period + " left out",
                    pack.without("settlements/" + period),
                    Check.ACCURACY_SETTLED);
            List<String> own = transactions("\"period\":\"" + period + "\"");
            TestPack without = pack;
            for (String name : own) {
                add(name + " of " + period + " left out", pack.without(name), Check.COMPLETENESS_CHAINS);
                without = without.without(name);
            }
            without = without.without("settlements/" + period);
            add(period + " left out", without, Check.COMPLETENESS_CHAINS);
            add(period + " left out with its leaves", withoutLeaves(without, own), Check.OCCURRENCE_INCLUDED);
            // A hole in the chains, or chains that end before the members say that they do.
            Check check = period.equals("2026-01") ? Check.COMPLETENESS_CHAINS : Check.COMPLETENESS_HEADS;
            add(period + " left out, and its leaves hidden among the nodes", hidden(without, own), check);
        }
    }

    private static boolean isOf(String leaf, List<String> transactions) {
        return transactions.stream()
                .anyMatch(name -> leaf.contains("\"at\":[" + Long.parseLong(name.substring(3, 13)) + ","
                        + Long.parseLong(name.substring(14)) + ","));
    }

    private TestPack withoutLeaves(TestPack without, List<String> transactions) {
        List<String> left = lines(pack.get("log/leaves")).stream()
                .filter(leaf -> !isOf(leaf, transactions))
                .toList();
        return covered(without.with("log/leaves", lines(left)), left);
    }

    /// The nodes are those of a pack that never had these leaves, so that they lead to the root.
    private TestPack hidden(TestPack without, List<String> transactions) {
        TestPack changed = withoutLeaves(without, transactions);
        StringBuilder nodes = new StringBuilder();
        LeavesProof.write(
                log.tree,
                log.tree.size(),
                lines(changed.get("log/leaves")).stream()
                        .mapToLong(leaf -> Long.parseLong(index(leaf)))
                        .iterator(),
                node -> nodes.append(LeavesProof.line(node)));
        return changed.with("log/nodes", Bytes.ofUtf8(nodes.toString()));
    }

    /// With a cover that states these leaves, and the last transaction that is there.
    private static TestPack covered(TestPack changed, List<String> leaves) {
        String last = changed.lastTransaction();
        String cover = text(changed.get("pack.json"))
                .replaceFirst("\"height\":[0-9]+", "\"height\":" + Long.parseLong(last.substring(3, 13)));
        List<Json> chains = new ArrayList<>();
        for (Json one : changed.cover().items("chains")) {
            String chain = ((Json.Obj) one).text("chain");
            List<String> own = leaves.stream()
                    .filter(leaf -> leaf.contains("\"chain\":\"" + chain + "\""))
                    .toList();
            Bytes end = octets(own.getLast().substring(own.getLast().indexOf(' ') + 1));
            chains.add(Json.object()
                    .with("chain", chain)
                    .with("count", own.size())
                    .with("last", new Hash(Merkle.leaf(end).bytes().toHex()).hex())
                    .build());
        }
        String stated = new Json.Arr(chains).canonical().utf8().orElseThrow();
        return changed.with("pack.json", octets(cover.replaceFirst("\"chains\":\\[[^]]*]", "\"chains\":" + stated)));
    }

    // ---- engines

    /// A close of 2026-02 that the members settled otherwise, and all that they say of it is consistent.
    private static Bad settled(String title, int exit, Optional<Check> check, String... changes) {
        TestStory story = TestStory.smallest(SEED + 1);
        story.goesTo("2026-03-01T09:00:00Z");
        story.reports(3, TestStory.sale("2026-02-10", 4000));
        story.declares("2026-02", 3, 1, 4000);
        story.ledger.lie = done -> settled(done, text -> {
            String other = text;
            for (int i = 0; i < changes.length; i += 2) {
                other = other.replace(changes[i], changes[i + 1]);
            }
            return other;
        });
        story.applied(story.signed("north/vendor", new Act.Close("2026-02")));
        TestLog log = log(story.ledger, story.ledger.height(), 6);
        byte[] pack = story.pack(Optional.empty(), Optional.of(log.published(log.blocks(), Optional.empty(), ALL)));
        Bytes trust = log.trust(story.ledger.network.trust(story.ledger.id()), 2, Optional.empty())
                .encode();
        return new Bad(title, pack, Optional.of(trust), exit, check);
    }

    private static Done settled(Done done, UnaryOperator<String> change) {
        TreeMap<String, Optional<Bytes>> writes = new TreeMap<>(done.writes());
        String key = Keys.settlement(TestStory.AGREEMENT, "2026-02");
        Bytes record = writes.getOrDefault(key, Optional.empty()).orElseThrow();
        writes.replaceAll((name, value) -> name.startsWith("set/") || name.startsWith("itm/")
                ? value.map(bytes -> octets(change.apply(text(bytes))))
                : value);
        List<Bytes> lines = TestStory.object(
                        text(writes.getOrDefault(Keys.lines(TestStory.AGREEMENT, "2026-02", 1), Optional.empty())
                                .orElseThrow()))
                .items("lines")
                .stream()
                .map(Json::canonical)
                .toList();
        String before = TestStory.object(text(record)).text("postings");
        String after = Merkle.root(lines).hex();
        Bytes other = octets(change.apply(text(record)).replace(before, after));
        writes.put(key, Optional.of(other));
        String response = text(done.response().canonical())
                .replace(before, after)
                .replace(Hash.of(record).hex(), Hash.of(other).hex());
        return new Done(TestStory.object(response), done.event(), writes);
    }

    private void engines() {
        Optional<Check> wrong = Optional.of(Check.ACCURACY_SETTLED);
        all.add(settled(
                "a settlement by an engine that rounds otherwise",
                1,
                wrong,
                "\"amount\":500",
                "\"amount\":501",
                "\"shop\":500",
                "\"shop\":501"));
        all.add(settled("a settlement by an engine that is not that of its rules", 1, wrong, "terms-1/1", "terms-1/2"));
        all.add(settled(
                "a settlement by rules and an engine that nobody here has",
                2,
                Optional.empty(),
                "terms-1/1",
                "terms-1/2",
                "\"rules\":\"1\"",
                "\"rules\":\"2\""));
        unchecked(
                "an engine that the trust file does not accept",
                pack.bytes(),
                Optional.of(changedTrust("\"heads\":", "\"engines\":[\"terms-1/9\"],\"heads\":")));
        add(
                "pack.json names another engine",
                pack.cover(json -> json.replace("terms-1/1", "terms-1/2")),
                Check.PACK_CONTAINER);
        add(
                "pack.json names other rules",
                pack.cover(json -> json.replace("\"rules\":[\"1\"]", "\"rules\":[\"2\"]")),
                Check.PACK_CONTAINER);
    }

    private Bytes changedTrust(String from, String to) {
        return changed(trusted, text -> text.replace(from, to));
    }

    // ---- checkpoints

    /// Checkpoints that prove nothing to whoever trusts two of three.
    private List<CheckpointOf> refused() {
        Checkpoint good = log.checkpoint(log.blocks());
        SignedCheckpoint signed = log.signed(good, ALL);
        Checkpoint earlier = log.checkpoint(log.blocks() - 1);
        Checkpoint forged = new Checkpoint(good.origin(), good.size(), earlier.root());
        Checkpoint elsewhere = new Checkpoint("tallystick/" + "0".repeat(64), good.size(), good.root());
        Checkpoint nothing = new Checkpoint(good.origin(), 0, Checkpoint.EMPTY_ROOT);
        TestLog strangers = log(story.ledger, 1, 6);
        LogSigner plain = plainOf(log.keys("west").witness());
        Note.Line own = signed.signatures().getFirst();
        Note.Line east = log.keys("east").witness().sign(good, COSIGNED);
        Note.Line west = log.keys("west").witness().sign(good, COSIGNED);
        return List.of(
                new CheckpointOf("one witness of two", log.signed(good, "north")),
                new CheckpointOf(
                        "one witness twice",
                        new SignedCheckpoint(
                                good,
                                List.of(own, east, log.keys("east").witness().sign(good, COSIGNED + 1)))),
                new CheckpointOf("the same cosignature twice", new SignedCheckpoint(good, List.of(own, west, west))),
                new CheckpointOf(
                        "unknown witnesses", new SignedCheckpoint(good, strangersBeside(own, strangers, good))),
                new CheckpointOf("a log of strangers", strangers.signed(good, ALL)),
                new CheckpointOf(
                        "no signature of a log",
                        new SignedCheckpoint(
                                good,
                                signed.signatures()
                                        .subList(1, signed.signatures().size()))),
                new CheckpointOf(
                        "a plain signature in a witness's place",
                        new SignedCheckpoint(good, List.of(own, east, plain.sign(good, 0)))),
                new CheckpointOf(
                        "a head key's signature in a witness's place",
                        new SignedCheckpoint(
                                good, List.of(own, east, log.keys("west").head().sign(good, 0)))),
                new CheckpointOf(
                        "a cosignature under another witness's name",
                        new SignedCheckpoint(
                                good,
                                List.of(
                                        own,
                                        east,
                                        new Note.Line(
                                                log.keys("north")
                                                        .witness()
                                                        .verifierKey()
                                                        .name(),
                                                log.keys("north")
                                                        .witness()
                                                        .verifierKey()
                                                        .id(),
                                                west.signature())))),
                new CheckpointOf("size 0", log.signed(nothing, ALL)),
                new CheckpointOf("an earlier size", log.signed(earlier, ALL)),
                new CheckpointOf("another root, which all signed", log.signed(forged, ALL)),
                new CheckpointOf("another log", log.signed(elsewhere, ALL)),
                new CheckpointOf("the signatures of another root", new SignedCheckpoint(forged, signed.signatures())));
    }

    private record CheckpointOf(String title, SignedCheckpoint checkpoint) {}

    private static LogSigner plainOf(LogSigner witness) {
        return new LogSigner(
                witness.verifierKey().name(),
                VerifierKey.Type.ED25519,
                TestLog.key(SeedKey.Kind.ED25519, new Random(99)));
    }

    private static List<Note.Line> strangersBeside(Note.Line own, TestLog strangers, Checkpoint good) {
        List<Note.Line> lines = new ArrayList<>(List.of(own));
        for (String member : ALL) {
            lines.add(strangers.keys(member).witness().sign(good, COSIGNED));
        }
        return lines;
    }

    private void checkpoints() {
        for (CheckpointOf one : refused()) {
            add(
                    "a checkpoint of " + one.title(),
                    pack.with("log/checkpoint", one.checkpoint().octets()),
                    Check.OCCURRENCE_INCLUDED);
        }
        TestStory others = TestStory.smallest(SEED + 3);
        TestLog other = log(others.ledger, others.ledger.height(), 5);
        TestPack foreign = TestPack.of(
                others.pack(Optional.empty(), Optional.of(other.published(other.blocks(), Optional.empty(), ALL))));
        for (String name : List.of("log/checkpoint", "log/nodes", "log/leaves")) {
            add(name + " of another ledger's log", pack.with(name, foreign.get(name)), Check.OCCURRENCE_INCLUDED);
        }
        add(
                "log/heads of another ledger's log",
                pack.with("log/heads", foreign.get("log/heads")),
                Check.COMPLETENESS_HEADS);
        add("the pack of another ledger", foreign, Check.PACK_TRUST);
    }

    // ---- heads

    private void heads() {
        Checkpoint checkpoint = log.checkpoint(log.blocks());
        String own = "agr/" + TestStory.AGREEMENT;
        ChainLeaves.End end = log.end(log.blocks(), own);
        String east = head("east", checkpoint, own, end);
        String north = head("north", checkpoint, own, end);
        String west = head("west", checkpoint, own, end);
        Checkpoint earlier = log.checkpoint(log.blocks() - 1);
        ChainLeaves.End longer = new ChainLeaves.End(end.count() + 1, end.last());
        ChainLeaves.End shorter = log.end(log.blocks() - 1, own);
        String strange = text(
                log(story.ledger, 1, 6).head("west", checkpoint, own, longer).octets());
        head("one of three members", all -> all.replace(north, "").replace(west, ""));
        head("one member three times", all -> all.replace(north, east).replace(west, east));
        head("strangers", all -> all.replace(north, strange).replace(west, strange));
        head("one member who states a longer chain", all -> all.replace(west, head("west", checkpoint, own, longer)));
        head("one member who states a shorter chain", all -> all.replace(west, head("west", checkpoint, own, shorter)));
        head("one member who states another tree", all -> all.replace(west, head("west", earlier, own, end)));
        head(
                "one member who states a chain that is not there",
                all -> all + head("west", checkpoint, "agr/north/vendor/hidden", end));
        head(
                "one member who says that another agreement has no leaf",
                all -> all + head("west", checkpoint, "agr/north/vendor/hidden", new ChainLeaves.End(0, Hash.ZERO)));
        head("a signature under another's name", all -> all.replace(north, "").replace("west/head", "north/head"));
        head(
                "a changed statement",
                all -> all.replaceFirst("\n" + end.count() + "\n", "\n" + (end.count() + 1) + "\n"));
        head(
                "a number with a leading zero",
                all -> all.replaceFirst("\n" + end.count() + "\n", "\n0" + end.count() + "\n"));
        head("nobody", _ -> "");
        head("nothing but an end", _ -> "=\n");
        head("no end", all -> all.substring(0, all.length() - 2));
        head("what is no note", all -> all + "hello\n=\n");
    }

    private String head(String member, Checkpoint tree, String chain, ChainLeaves.End end) {
        return text(log.head(member, tree, chain, end).octets()) + "=\n";
    }

    private void head(String title, UnaryOperator<String> change) {
        add("head statements: " + title, changed("log/heads", change), Check.COMPLETENESS_HEADS);
    }

    // ---- certificates

    /// Version 67 of X.509, in base64.
    private static String otherVersion(String text) {
        return text.replace("AwIBAg", "AwIBQg");
    }

    private void certificates() {
        String close = pack.lastTransaction();
        add("certificates of another version", changed(close, BadFiles::otherVersion), Check.OCCURRENCE_ENDORSED);
        add("a genesis block with such ones", changed("config/0000000000", BadFiles::otherVersion), Check.PACK_LEDGER);
        malformed("an authority of another version", BadFiles::otherVersion);
        malformed("an authority that is cut", text -> text.replaceFirst("AwIBAg[A-Za-z0-9+/]{8}", ""));
        malformed(
                "an authority with something behind it",
                text -> text.replace("END CERTIFICATE-----", "END CERTIFICATE-----x"));
    }

    // ---- entries

    private void entries() {
        for (String name : pack.names) {
            if (!name.startsWith("tx/") && !name.startsWith("settlements/")) {
                all.add(new Bad(
                        "without " + name, pack.without(name).bytes(), Optional.of(trusted), 1, Optional.empty()));
            }
        }
        for (String name : List.of("log/checkpoint", "log/nodes", "log/leaves", "log/heads")) {
            all.add(new Bad(
                    "an empty " + name,
                    pack.with(name, Bytes.EMPTY).bytes(),
                    Optional.of(trusted),
                    1,
                    Optional.empty()));
        }
        List<String> nodes = lines(pack.get("log/nodes"));
        for (int i = 0; i < nodes.size(); i++) {
            List<String> without = new ArrayList<>(nodes);
            without.remove(i);
            List<String> twice = new ArrayList<>(nodes);
            twice.add(i, nodes.get(i));
            add("node " + i + " removed", pack.with("log/nodes", lines(without)), Check.OCCURRENCE_INCLUDED);
            add("node " + i + " twice", pack.with("log/nodes", lines(twice)), Check.OCCURRENCE_INCLUDED);
        }
        TestPack later = pack(Optional.empty(), Optional.of(older));
        Bytes knowing = log.trust(first, 2, Optional.of(older)).encode();
        Bytes other = log.trust(first, 2, Optional.of(log.older(log.blocks() / 2 + 1)))
                .encode();
        unchecked("an older log that the trust file does not know", later.bytes(), Optional.of(trusted));
        consistent("no proof that the log goes on", pack, knowing);
        consistent("a proof from another older log", later, other);
        consistent("a proof that was taken out", later.without("log/consistency"), knowing);
        consistent("an empty proof", later.with("log/consistency", Bytes.EMPTY), knowing);
        consistent(
                "a proof with a line too many",
                later.with(
                        "log/consistency",
                        changed(later.get("log/consistency"), text -> text + nodes.getFirst() + "\n")),
                knowing);
        consistent(
                "an older size that is no longer named",
                later.cover(json -> json.replaceFirst("\"older\":\\{[^}]*},", "")),
                knowing);
        consistent(
                "an older root that was changed",
                later.cover(json -> json.replace(older.root().hex(), Hash.ZERO.hex())),
                knowing);
        add(
                "an older size of 0",
                later.cover(json -> json.replace("\"size\":" + older.size() + "}", "\"size\":0}")),
                Check.PACK_CONTAINER);
    }

    private void consistent(String title, TestPack changed, Bytes with) {
        all.add(new Bad(title, changed.bytes(), Optional.of(with), 1, Optional.of(Check.COMPLETENESS_CONSISTENT)));
    }

    // ---- other spellings

    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    private void spellings() {
        for (String name : List.of("log/checkpoint", "log/nodes", "log/leaves")) {
            add("CRLF in " + name, changed(name, BadFiles::crlf), Check.OCCURRENCE_INCLUDED);
            add(
                    "no end of the last line of " + name,
                    changed(name, text -> text.substring(0, text.length() - 1)),
                    Check.OCCURRENCE_INCLUDED);
            add("an empty line in " + name, changed(name, text -> text + "\n"), Check.OCCURRENCE_INCLUDED);
        }
        add("CRLF in log/heads", changed("log/heads", BadFiles::crlf), Check.COMPLETENESS_HEADS);
        add("CRLF in a settlement", changed("settlements/2026-01", BadFiles::crlf), Check.ACCURACY_SETTLED);
        add("CRLF in pack.json", changed("pack.json", text -> text + "\r\n"), Check.PACK_CONTAINER);
        add("version 0", version("0"), Check.PACK_CONTAINER);
        add("version 01", version("01"), Check.PACK_CONTAINER);
        unchecked("a pack of the first form for who trusts a policy", story.pack(), Optional.of(trusted));
        unchecked("a later version", version("2").bytes(), Optional.of(trusted));
        unchecked(
                "a later version with members of its own",
                version("12\",\"payments\":\"none").bytes(),
                Optional.of(trusted));
        String later = text(Bytes.copyOf(version("2").bytes()));
        add(
                "a later version with a change behind its checksum",
                octets(later.replaceFirst("(\"postings\":\")[0-9a-f]", "$1x")).toArray(),
                Check.PACK_CONTAINER);
        long size = log.checkpoint(log.blocks()).size();
        add(
                "a leading zero in the size of the checkpoint",
                changed("log/checkpoint", text -> text.replaceFirst("\n" + size + "\n", "\n0" + size + "\n")),
                Check.OCCURRENCE_INCLUDED);
        add(
                "a leading zero in pack.json",
                pack.cover(json -> json.replace("\"size\":" + size, "\"size\":0" + size)),
                Check.PACK_CONTAINER);
        add(
                "a leading zero in the index of a leaf",
                changed("log/leaves", text -> text.replaceFirst("\n([0-9])", "\n0$1")),
                Check.OCCURRENCE_INCLUDED);
        add(
                "a sign before the index of a leaf",
                changed("log/leaves", text -> text.replaceFirst("\n([0-9])", "\n+$1")),
                Check.OCCURRENCE_INCLUDED);
        String whole = text(octetsOf(pack));
        container("a leading zero in a length", whole.replaceFirst("(entry [^ ]+) ", "$1 0"));
        container("a leading zero in the number of entries", whole.replaceFirst("\nend ", "\nend 0"));
        container("CRLF behind the line of an entry", whole.replaceFirst("(entry [^\n]+)\n", "$1\r\n"));
        container("CRLF behind the last line", whole.replaceFirst("\n$", "\r\n"));
        container("two spaces in the line of an entry", whole.replaceFirst("(entry [^ ]+) ", "$1  "));
        container("bytes behind the last line", whole + "x");
        container("a second pack behind the first", whole + whole);
        container("no last line", whole.substring(0, whole.lastIndexOf("end ")));
        unchecked(
                "CRLF behind the first line",
                octets(whole.replaceFirst("\n", "\r\n")).toArray(),
                Optional.of(trusted));
        unchecked("CRLF everywhere", octets(crlf(whole)).toArray(), Optional.of(trusted));
    }

    private static Bytes octetsOf(TestPack pack) {
        return Bytes.copyOf(pack.bytes());
    }

    private void container(String title, String whole) {
        if (whole.equals(text(octetsOf(pack)))) {
            throw new IllegalStateException(title);
        }
        add(title, octets(whole).toArray(), Check.PACK_CONTAINER);
    }

    // ---- names

    private void names() {
        int last = pack.names.size() - 1;
        for (String name : List.of(
                "../../etc/passwd",
                "..",
                ".",
                "/etc/passwd",
                "documents/../../x",
                "documents//x",
                "./pack.json",
                "log/../x",
                "log/",
                "a/../../b",
                "a/./b",
                "x".repeat(101),
                "C:x",
                "a\\b",
                "log/heads2",
                "tx/x")) {
            add(
                    "an entry named " + name.substring(0, Math.min(20, name.length())),
                    pack.renamed(last, name),
                    Check.PACK_CONTAINER);
        }
        for (String name : List.of("demo.tallytrust", "trust/demo.tallytrust")) {
            TestPack own = pack.plus(name, trusted);
            unchecked("its own trust file inside, as " + name, own.bytes(), Optional.of(trusted));
            unchecked("its own trust file inside, as " + name + ", and none given", own.bytes(), Optional.empty());
        }
        int log = pack.find("log/checkpoint");
        TestPack attached = pack.inserted(log, "documents/" + Hash.of(trusted), trusted);
        unchecked("its own trust file attached, and none given", attached.bytes(), Optional.empty());
        add(
                "a document that is another than its name says",
                pack.inserted(log, "documents/" + Hash.ZERO, trusted),
                Check.PACK_CONTAINER);
        unchecked("no trust file", pack.bytes(), Optional.empty());
        unchecked("a trust file without a policy", pack.bytes(), Optional.of(first.encode()));
    }

    // ---- archives

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void zeros(OutputStream out) throws IOException {
        byte[] chunk = new byte[1 << 20];
        for (int i = 0; i < BOMB; i += chunk.length) {
            out.write(chunk);
        }
    }

    private void archives() {
        byte[] gzip = written(out -> {
            try (GZIPOutputStream into = new GZIPOutputStream(out)) {
                into.write(pack.bytes());
            }
        });
        byte[] zip = written(out -> {
            try (ZipOutputStream into = new ZipOutputStream(out)) {
                into.putNextEntry(new ZipEntry("../../pack.json"));
                zeros(into);
            }
        });
        byte[] stream = written(out -> {
            try (DeflaterOutputStream into = new DeflaterOutputStream(out)) {
                zeros(into);
            }
        });
        unchecked("a pack in gzip", gzip, Optional.of(trusted));
        unchecked("a zip bomb", zip, Optional.of(trusted));
        String last = pack.lastTransaction();
        for (byte[] content :
                List.of(stream, Bytes.copyOf(stream).slice(0, stream.length / 2).toArray())) {
            add(
                    "a transaction whose arguments inflate to " + (BOMB >> 20) + " MiB, in " + content.length
                            + " bytes",
                    pack.with(last, deflated(pack.get(last), content)),
                    Check.OCCURRENCE_ENDORSED);
        }
    }

    /// The transaction with this stream for the arguments of what it submits.
    private static Bytes deflated(Bytes envelope, byte[] stream) {
        try {
            Envelope outer = Envelope.parseFrom(envelope.toArray());
            Payload payload = Payload.parseFrom(outer.getPayload());
            Transaction transaction = Transaction.parseFrom(payload.getData());
            var action =
                    ChaincodeActionPayload.parseFrom(transaction.getActions(0).getPayload());
            var proposal = ChaincodeProposalPayload.parseFrom(action.getChaincodeProposalPayload());
            var invocation = ChaincodeInvocationSpec.parseFrom(proposal.getInput());
            var spec = invocation.toBuilder();
            spec.getChaincodeSpecBuilder()
                    .getInputBuilder()
                    .clearArgs()
                    .addArgs(ByteString.copyFromUtf8("deflated"))
                    .addArgs(ByteString.copyFrom(stream));
            ByteString changed = proposal.toBuilder()
                    .setInput(spec.build().toByteString())
                    .build()
                    .toByteString();
            var actions = transaction.toBuilder();
            actions.getActionsBuilder(0)
                    .setPayload(action.toBuilder()
                            .setChaincodeProposalPayload(changed)
                            .build()
                            .toByteString());
            return Bytes.copyOf(outer.toBuilder()
                    .setPayload(payload.toBuilder()
                            .setData(actions.build().toByteString())
                            .build()
                            .toByteString())
                    .build()
                    .toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- postings

    private void postings() {
        TlogProof proof = posting();
        for (CheckpointOf one : refused()) {
            TlogProof other = new TlogProof(proof.extra(), proof.index(), proof.path(), one.checkpoint());
            // Behind an earlier checkpoint the leaf has another path.
            add("a posting under a checkpoint of " + one.title(), other.octets().toArray(), Check.OCCURRENCE_INCLUDED);
        }
        List<Bytes> path = proof.path();
        for (int i = 0; i < path.size(); i++) {
            List<Bytes> without = new ArrayList<>(path);
            without.remove(i);
            posting("hash " + i + " removed", new TlogProof(proof.extra(), proof.index(), without, proof.checkpoint()));
        }
        posting("no path", new TlogProof(proof.extra(), proof.index(), List.of(), proof.checkpoint()));
        posting("another index", new TlogProof(proof.extra(), proof.index() + 1, path, proof.checkpoint()));
        posting("nothing beside it", new TlogProof(Optional.empty(), proof.index(), path, proof.checkpoint()));
        posting(
                "something else beside it",
                new TlogProof(Optional.of(Bytes.ofUtf8("{}")), proof.index(), path, proof.checkpoint()));
        extra(
                "another amount",
                Check.ACCURACY_POSTING,
                proof,
                text -> text.replaceFirst("\"amount\":([0-9]+)", "\"amount\":1$1"));
        extra("another posting", Check.ACCURACY_POSTING, proof, text -> text.replace("\"index\":0", "\"index\":1"));
        extra(
                "another period",
                Check.ACCURACY_POSTING,
                proof,
                text -> text.replace("\"period\":\"2026-01\"", "\"period\":\"2026-02\""));
        extra(
                "another agreement",
                Check.ACCURACY_POSTING,
                proof,
                text -> text.replace("north/vendor/channel", "north/vendor/chaнnel".replace("н", "x")));
        extra(
                "another leaf",
                Check.OCCURRENCE_INCLUDED,
                proof,
                text -> text.replaceFirst("\"seq\":([0-9]+)", "\"seq\":1$1"));
        extra(
                "no leaf",
                Check.OCCURRENCE_INCLUDED,
                proof,
                text -> text.replaceFirst("\"leaf\":\\{.*?}", "\"leaf\":{}"));
        extra("a member too many", Check.OCCURRENCE_INCLUDED, proof, text -> text.replaceFirst("\\{", "{\"a\":1,"));
        extra(
                "another version",
                Check.OCCURRENCE_INCLUDED,
                proof,
                text -> text.replace("\"proof\":\"1\"", "\"proof\":\"2\""));
        extra(
                "a long path",
                Check.OCCURRENCE_INCLUDED,
                proof,
                text -> text.replaceFirst(
                        "\"path\":\\[[^]]*]",
                        "\"path\":[" + String.join(",", Collections.nCopies(65, "\"" + Hash.ZERO + "\"")) + "]"));
        String text = text(proof.octets());
        String magic = text.substring(0, text.indexOf('\n') + 1);
        spelled("CRLF behind its first line", magic + crlf(text.substring(magic.length())));
        spelled("a leading zero in its index", text.replaceFirst("\nindex ", "\nindex 0"));
        spelled("no index", text.replaceFirst("\nindex [0-9]+", ""));
        spelled("a sign before its index", text.replaceFirst("\nindex ", "\nindex -"));
        spelled("something behind it", text + "\n");
        unchecked("a posting with CRLF", octets(crlf(text)).toArray(), Optional.of(trusted));
        unchecked("a posting without a trust file", proof.octets().toArray(), Optional.empty());
        unchecked("a posting for who has no policy", proof.octets().toArray(), Optional.of(first.encode()));
        TestLog other = log(TestStory.smallest(SEED + 3).ledger, 1, 5);
        all.add(new Bad(
                "a posting for another ledger",
                proof.octets().toArray(),
                Optional.of(other.trust(
                                TestStory.smallest(SEED + 3).ledger.network.trust(other.ledger()), 2, Optional.empty())
                        .encode()),
                1,
                Optional.of(Check.PACK_TRUST)));
    }

    private void posting(String title, TlogProof proof) {
        add("a posting with " + title, proof.octets().toArray(), Check.OCCURRENCE_INCLUDED);
    }

    private void spelled(String title, String text) {
        add("a posting with " + title, octets(text).toArray(), Check.OCCURRENCE_INCLUDED);
    }

    private void extra(String title, Check check, TlogProof proof, UnaryOperator<String> change) {
        Bytes extra = changed(proof.extra().orElseThrow(), change);
        TlogProof other = new TlogProof(Optional.of(extra), proof.index(), proof.path(), proof.checkpoint());
        add("a posting with " + title + " beside it", other.octets().toArray(), check);
    }

    // ---- trust files

    /// A trust file that is none leaves a good pack unchecked.
    private void trustFiles() {
        String vkey = log.keys("west").witness().verifierKey().text();
        String plain = log.keys("west").head().verifierKey().text();
        String east = log.keys("east").head().verifierKey().text();
        malformed("CRLF", text -> text.replace("\n", "\r\n"));
        malformed("no end of its line", text -> text.substring(0, text.length() - 1));
        malformed("an empty line", text -> text + "\n");
        policy("CRLF", text -> text.replace("\\n", "\\r\\n"));
        policy("a leading zero", text -> text.replace("group members 2", "group members 02"));
        policy("a group of nobody", text -> text.replace("group members 2", "group members 0"));
        policy("a quorum that cannot be met", text -> text.replace("group members 2", "group members 4"));
        policy("a witness twice", text -> text.replace("group members", "witness again " + vkey + "\\ngroup members"));
        policy(
                "a witness counted twice",
                text -> text.replace("members 2 east north west", "members 2 east east west"));
        policy("an unknown witness", text -> text.replace("members 2 east north west", "members 2 east north south"));
        policy("a witness of the wrong type", text -> text.replace(vkey, plain));
        policy("no quorum", text -> text.replace("quorum members\\n", ""));
        policy("no log", text -> text.replaceAll("log [^\\\\]+\\\\n", ""));
        policy("a log of another ledger", text -> text.replaceFirst("log tallystick/.", "log tallystick/g"));
        policy("a key that is cut", text -> text.replace(vkey, vkey.substring(0, vkey.length() - 4)));
        policy("no end of its last line", text -> text.replace("quorum members\\n", "quorum members"));
        policy("a word that is not known", text -> text.replace("quorum members", "quorums members"));
        malformed("a head key of the wrong type", text -> text.replace("\"" + east + "\"", "\"" + vkey + "\""));
        malformed("a head key twice", text -> text.replace("\"" + east + "\"", "\"" + east + "\",\"" + east + "\""));
        malformed("more heads needed than there are", text -> text.replace("\"need\":2", "\"need\":4"));
        malformed("no heads needed", text -> text.replace("\"need\":2", "\"need\":0"));
        malformed(
                "an older size of 0",
                text -> text.replace(
                        "\"policy\":", "\"older\":{\"root\":\"" + Hash.ZERO + "\",\"size\":0},\"policy\":"));
        malformed("another version", text -> text.replace("\"trust\":\"1\"", "\"trust\":\"2\""));
        malformed("a member that is not known", text -> text.replace("{\"heads\"", "{\"a\":1,\"heads\""));
        malformed("a pack in its place", _ -> text(octetsOf(pack)));
        all.add(new Bad(
                "a pack for who trusts a hundred other members",
                pack.bytes(),
                Optional.of(others(100)),
                1,
                Optional.of(Check.OCCURRENCE_INCLUDED)));
        unchecked("a trust file with 257 members", pack.bytes(), Optional.of(others(257)));
    }

    /// A trust file with so many members' keys, each with a witness of both kinds.
    private Bytes others(int count) {
        StringBuilder policy = new StringBuilder();
        List<String> heads = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        StringBuilder together = new StringBuilder();
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            LogSigner own = signer("tallystick/" + story.ledger.id(), VerifierKey.Type.ED25519, random);
            LogSigner one = signer("m" + i + "/witness", VerifierKey.Type.ED25519_COSIGNATURE, random);
            LogSigner other = signer("m" + i + "/witness", VerifierKey.Type.ML_DSA_44_COSIGNATURE, random);
            heads.add(signer("m" + i + "/head", VerifierKey.Type.ED25519, random)
                    .verifierKey()
                    .text());
            policy.append("log ").append(own.verifierKey().text()).append('\n');
            policy.append("witness e")
                    .append(i)
                    .append(' ')
                    .append(one.verifierKey().text())
                    .append('\n');
            policy.append("witness q")
                    .append(i)
                    .append(' ')
                    .append(other.verifierKey().text())
                    .append('\n');
            together.append("group m%d any e%d q%d\n".formatted(i, i, i));
            groups.add("m" + i);
        }
        policy.append(together)
                .append("group members " + (count / 2 + 1) + " " + String.join(" ", groups))
                .append("\nquorum members\n");
        Json.Obj rest = Json.object()
                .with(
                        "heads",
                        Json.object()
                                .with("keys", Json.texts(heads.stream().sorted().toList()))
                                .with("need", count / 2 + 1)
                                .build())
                .with("policy", policy.toString())
                .build();
        return new TrustFile(story.ledger.id(), first.members(), first.need(), rest).encode();
    }

    private static LogSigner signer(String name, VerifierKey.Type type, Random random) {
        return new LogSigner(name, type, TestLog.key(type.kind(), random));
    }

    private void policy(String title, UnaryOperator<String> change) {
        malformed(title + " in its policy", change);
    }

    private void malformed(String title, UnaryOperator<String> change) {
        unchecked("a trust file with " + title, pack.bytes(), Optional.of(changed(trusted, change)));
    }
}
