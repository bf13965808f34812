package org.tallystick.ledger.verify;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.HeadStatement;
import org.tallystick.ledger.log.LeavesProof;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.log.Policy;
import org.tallystick.ledger.log.Reading;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.Cover;
import org.tallystick.ledger.pack.EntryName;
import org.tallystick.ledger.pack.TrustFile;

/// Holds the leaves that follow from a pack's transactions against the log: `docs/spec/pack-1.md` sections 3.1 and 6.
final class LogCheck {

    private static final String NO_OLDER = "the trust file has no older root";
    private static final String NOT_LISTED = "the checkpoint or the leaves could not be read";

    private final Findings findings;
    private final Optional<TrustFile> trust;
    private final LeafHashes expected = new LeafHashes();
    private final TreeMap<String, ChainLeaves.End> ends = new TreeMap<>();
    private Optional<SignedCheckpoint> checkpoint = Optional.empty();
    private Optional<List<String>> nodes = Optional.empty();
    private LeafLines.Position last = new LeafLines.Position(-1, 0, 0);
    private boolean included;
    private boolean listed;
    private boolean stated;
    private boolean continued;
    private long later;

    LogCheck(Findings findings, Optional<TrustFile> trust) {
        this.findings = findings;
        this.trust = trust;
    }

    /// Takes in a leaf that follows from the pack, of one of its chains, in ledger order.
    void follows(ChainLeaves.Placed leaf) {
        expected.add(leaf.hash().bytes());
        last = new LeafLines.Position(leaf.block(), leaf.index(), Long.MAX_VALUE);
        ends.put(leaf.chain(), new ChainLeaves.End(leaf.seq(), leaf.hash()));
    }

    /// The ends of the chains: as the transactions have them, and behind that as the log goes on.
    SortedMap<String, ChainLeaves.End> ends() {
        return ends;
    }

    void checkpoint(Bytes content, Cover cover, Place place) {
        switch (SignedCheckpoint.parse(content)) {
            case Reading.Fault<SignedCheckpoint>(var why) ->
                findings.fail(Check.OCCURRENCE_INCLUDED, place, "no checkpoint: " + why);
            case Reading.Value<SignedCheckpoint>(var signed) -> {
                checkpoint = Optional.of(signed);
                Checkpoint head = signed.checkpoint();
                findings.same(
                        Check.OCCURRENCE_INCLUDED,
                        place,
                        head.origin(),
                        LogKeys.origin(cover.ledger()),
                        "the checkpoint is of another log");
                findings.same(
                        Check.OCCURRENCE_INCLUDED,
                        place,
                        Json.whole(cover.size().orElse(0L)),
                        Json.whole(head.size()),
                        "pack.json states another size than the checkpoint has");
                trust.flatMap(TrustFile::policy).ifPresent(policy -> judge(policy, signed, place));
            }
        }
    }

    private void judge(Policy policy, SignedCheckpoint signed, Place place) {
        refused(policy, signed).ifPresent(why -> findings.fail(Check.OCCURRENCE_INCLUDED, place, why));
    }

    /// Why a checkpoint proves nothing to whoever has this policy.
    static Optional<String> refused(Policy policy, SignedCheckpoint signed) {
        return switch (policy.judge(signed)) {
            case Policy.Judgment.Refused(var why) -> Optional.of(why);
            case Policy.Judgment.Judged judged when judged.meets() -> Optional.empty();
            case Policy.Judgment.Judged judged
            when judged.logs().isEmpty() -> Optional.of("no log that is trusted signed the checkpoint");
            case Policy.Judgment.Judged judged -> {
                List<String> names = judged.witnesses().stream()
                        .map(one -> one.witness().key().name())
                        .toList();
                yield Optional.of("too few witnesses that are trusted cosigned the checkpoint: "
                        + (names.isEmpty() ? "none" : String.join(", ", names)));
            }
        };
    }

    void nodes(Bytes content, Place place) {
        nodes = Optional.of(lines(content, Check.OCCURRENCE_INCLUDED, place));
    }

    /// The lines of a text in ASCII that ends with the end of a line, or is empty.
    private List<String> lines(Bytes content, Check check, Place place) {
        String text = content.utf8().orElse("\u0000");
        if (!text.isEmpty() && (!text.endsWith("\n") || text.contains("\n\n") || text.contains("\r"))) {
            findings.fail(check, place, "not lines with an LF each");
            return List.of();
        }
        return text.lines().toList();
    }

    /// Goes through the leaves once: each must be the one that follows, and all lead to the root.
    void leaves(InputStream content, Cover cover, Place place) throws IOException {
        LeafLines lines = new LeafLines(findings, expected, ends, last, content, cover, place);
        try {
            long size = checkpoint.map(signed -> signed.checkpoint().size()).orElse(0L);
            Reading<Bytes> root =
                    LeavesProof.root(size, lines, nodes.orElse(List.of()).iterator());
            lines.end();
            later = lines.later();
            switch (root) {
                case Reading.Fault<Bytes>(var why) ->
                    findings.fail(Check.OCCURRENCE_INCLUDED, place, "leaves and nodes lead to no root: " + why);
                case Reading.Value<Bytes>(var computed) -> {
                    Bytes head = checkpoint.orElseThrow().checkpoint().root();
                    findings.same(
                            Check.OCCURRENCE_INCLUDED,
                            place,
                            head.toHex(),
                            computed.toHex(),
                            "leaves and nodes lead to another root than the checkpoint has");
                    included = true;
                }
            }
            listed = true;
        } catch (LeafLines.Broken e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            findings.fail(Check.OCCURRENCE_INCLUDED, lines.at(), String.valueOf(e.getMessage()));
        }
    }

    /// Members' words where the chains end, held against the ends that the leaves have.
    void heads(Bytes content, Cover cover, Place place) {
        stated = true;
        Optional<TrustFile.Heads> heads = trust.flatMap(TrustFile::heads);
        if (heads.isEmpty() || checkpoint.isEmpty() || !listed) {
            return;
        }
        Set<String> chains = cover.chains().stream().map(Cover.Chain::chain).collect(Collectors.toSet());
        TreeMap<String, TreeSet<String>> by = new TreeMap<>();
        int number = 0;
        for (String note : notes(content, place)) {
            Place at = place.at("/" + number++);
            if (isOfStrangers(note, heads.get().keys())) {
                continue;
            }
            switch (HeadStatement.open(Bytes.ofUtf8(note), heads.get().keys())) {
                case HeadStatement.Opened.Refused(var why) ->
                    findings.fail(Check.COMPLETENESS_HEADS, at, "no head statement of a member: " + why);
                case HeadStatement.Opened.Stated(var statement, var keys) -> {
                    if (!chains.contains(statement.chain())) {
                        findings.fail(Check.COMPLETENESS_HEADS, at, statement.chain() + " is not of this pack");
                    } else if (agrees(statement, at)) {
                        by.computeIfAbsent(statement.chain(), _ -> new TreeSet<>())
                                .addAll(keys.stream().map(VerifierKey::name).toList());
                    }
                }
            }
        }
        for (Cover.Chain chain : cover.chains()) {
            int count = by.getOrDefault(chain.chain(), new TreeSet<>()).size();
            if (count < heads.get().need()) {
                findings.fail(
                        Check.COMPLETENESS_HEADS,
                        place,
                        Json.whole(count),
                        Json.whole(heads.get().need()),
                        "too few members state where " + chain.chain() + " ends");
            }
        }
    }

    /// Whether a note is by nobody whom the trust file names: nobody's word counts, and nobody can spoil a pack by it.
    private static boolean isOfStrangers(String note, List<VerifierKey> keys) {
        return Note.parse(Bytes.ofUtf8(note)) instanceof Reading.Value<Note>(var parsed)
                && parsed.signatures().stream()
                        .noneMatch(line -> keys.stream()
                                .anyMatch(key -> key.name().equals(line.name())
                                        && key.id().equals(line.id())));
    }

    private boolean agrees(HeadStatement statement, Place at) {
        if (!statement.tree().equals(checkpoint.orElseThrow().checkpoint())) {
            findings.fail(Check.COMPLETENESS_HEADS, at, "a head statement of another tree");
            return false;
        }
        ChainLeaves.End end = ends.getOrDefault(statement.chain(), new ChainLeaves.End(0, Hash.ZERO));
        boolean same = end.count() == statement.seq() && end.last().equals(statement.leaf());
        if (!same) {
            findings.fail(
                    Check.COMPLETENESS_HEADS,
                    at,
                    Json.text(statement.seq() + " " + statement.leaf()),
                    Json.text(end.count() + " " + end.last()),
                    "a member states another end of " + statement.chain());
        }
        return same;
    }

    private List<String> notes(Bytes content, Place place) {
        String text = content.utf8().orElse("\u0000");
        List<String> notes = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf("\n=\n", from);
            if (end < 0) {
                findings.fail(Check.COMPLETENESS_HEADS, place, "not notes, each followed by = and LF");
                return List.of();
            }
            notes.add(text.substring(from, end + 1));
            from = end + 3;
        }
        return notes;
    }

    /// That the log goes on from the one of an older pack.
    void consistency(Bytes content, Cover cover, Place place) {
        continued = true;
        Optional<Checkpoint> head = checkpoint.map(SignedCheckpoint::checkpoint);
        Optional<Json.Obj> older = cover.older();
        if (older.isEmpty()) {
            findings.fail(Check.COMPLETENESS_CONSISTENT, place, "pack.json names no older size");
            return;
        }
        trust.flatMap(TrustFile::older)
                .ifPresent(trusted -> findings.sameValue(
                        Check.COMPLETENESS_CONSISTENT,
                        Place.of(EntryName.COVER).at("/older"),
                        older.get(),
                        trusted,
                        "the pack goes on from another size or root than the trust file has"));
        List<Bytes> proof = new ArrayList<>();
        for (String line : lines(content, Check.COMPLETENESS_CONSISTENT, place)) {
            if (!(LeavesProof.node(line) instanceof Reading.Value<Bytes>(var hash))) {
                findings.fail(Check.COMPLETENESS_CONSISTENT, place, "a line that is no hash");
                return;
            }
            proof.add(hash);
        }
        Bytes root = Bytes.ofHex(older.get().text("root"));
        boolean holds = head.isPresent()
                && Merkle.consistent(
                        older.get().whole("size"),
                        root,
                        head.get().size(),
                        head.get().root(),
                        proof);
        if (!holds) {
            findings.fail(Check.COMPLETENESS_CONSISTENT, place, "the log does not go on from the older size and root");
        } else if (trust.flatMap(TrustFile::older).isEmpty()) {
            findings.notChecked(Check.COMPLETENESS_CONSISTENT, NO_OLDER);
        }
    }

    /// What could not be checked, and why.
    void end(Cover cover) {
        Place place = Place.of(EntryName.COVER);
        if (!cover.finalForm()) {
            String why = "the first form has no log";
            findings.notChecked(Check.OCCURRENCE_VALID, "a block's signature does not cover validity");
            findings.notChecked(Check.OCCURRENCE_INCLUDED, why);
            findings.notChecked(Check.COMPLETENESS_CHAINS, "that no transaction was left out");
            findings.notChecked(Check.COMPLETENESS_HEADS, why);
            findings.notChecked(Check.COMPLETENESS_CONSISTENT, why);
            return;
        }
        missing(checkpoint.isPresent() || findings.failed(Check.OCCURRENCE_INCLUDED), "log/checkpoint", place);
        missing(nodes.isPresent(), "log/nodes", place);
        missing(listed || findings.failed(Check.OCCURRENCE_INCLUDED), "log/leaves", place);
        if (!listed) {
            findings.notChecked(Check.COMPLETENESS_CHAINS, NOT_LISTED);
        }
        if (!listed || checkpoint.isEmpty()) {
            findings.notChecked(Check.COMPLETENESS_HEADS, NOT_LISTED);
        }
        if (trust.flatMap(TrustFile::policy).isEmpty()) {
            findings.notChecked(Check.OCCURRENCE_INCLUDED, "the trust file has no policy: whose log this is");
        }
        if (trust.flatMap(TrustFile::heads).isEmpty()) {
            findings.notChecked(Check.COMPLETENESS_HEADS, "the trust file names no keys for head statements");
        } else if (!stated) {
            findings.fail(Check.COMPLETENESS_HEADS, place, "the pack has no head statements");
        }
        if (cover.older().isPresent() != continued) {
            findings.fail(
                    Check.COMPLETENESS_CONSISTENT, place.at("/older"), "an older size and log/consistency go together");
        } else if (trust.flatMap(TrustFile::older).isPresent() && !continued) {
            findings.fail(
                    Check.COMPLETENESS_CONSISTENT, place, "the trust file has an older root, and the pack no proof");
        } else if (!continued) {
            findings.notChecked(Check.COMPLETENESS_CONSISTENT, NO_OLDER);
        }
        if (later > 0 && !findings.failed(Check.COMPLETENESS_CHAINS)) {
            findings.attention(
                    Check.COMPLETENESS_CHAINS,
                    Place.of(EntryName.LEAVES),
                    "no transaction was left out but those behind "
                            + cover.period().orElse("") + ", which have " + later + " leaves");
        }
        boolean good = included
                && !findings.failed(Check.OCCURRENCE_INCLUDED)
                && !findings.failed(Check.COMPLETENESS_CHAINS)
                && trust.flatMap(TrustFile::policy).isPresent();
        if (!good && !findings.failed(Check.OCCURRENCE_VALID)) {
            findings.notChecked(Check.OCCURRENCE_VALID, "the leaves are not shown to be those of the log");
        }
    }

    private void missing(boolean there, String name, Place place) {
        if (!there) {
            findings.fail(Check.OCCURRENCE_INCLUDED, place, "the pack has no " + name);
        }
    }
}
