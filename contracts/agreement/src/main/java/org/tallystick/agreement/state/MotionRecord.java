package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// A decision that is put to the vote.
///
/// @param moved when it was moved
/// @param at when the last act on it came
/// @param by who moved it
/// @param subject what is to be decided
/// @param under the newest version when it was moved: its rules decide, and its constituents
/// @param ballots one for each rule that must agree
/// @param ended how, once it has; by the clock it ends without a word here
public record MotionRecord(
        LedgerTime moved,
        LedgerTime at,
        String by,
        Subject subject,
        LedgerTime expires,
        Hash under,
        List<Ballot> ballots,
        Optional<End> ended) {
    public static final Codec<MotionRecord> CODEC = new Codec<>(MotionRecord::decode, MotionRecord::encode);

    public MotionRecord {
        ballots = List.copyOf(ballots);
    }

    /// What is to be decided.
    public sealed interface Subject {}

    /// A new version of the agreement.
    public record Amendment(Hash version) implements Subject {}

    /// Something that leaves the document as it is, as the instruction says it.
    public record Resolution(Json.Obj decision) implements Subject {}

    /// How a motion ends, unless by the clock.
    public enum End {
        CARRIED,
        /// Carried, and then found not to be possible any more.
        FAILED,
        LOST,
        WITHDRAWN;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The votes under one rule.
    ///
    /// @param decisions the classes that this rule decides
    /// @param objector of a succession agreed in advance: the party of the terms that may object
    /// @param deadline until when votes are taken
    /// @param decided when the votes were enough
    /// @param votes by seat or party of the terms; of a principal by `principal`
    public record Ballot(
            List<Decision> decisions,
            Optional<String> objector,
            LedgerTime deadline,
            Optional<LedgerTime> decided,
            SortedMap<String, Vote> votes) {
        public Ballot {
            decisions = List.copyOf(decisions);
            votes = Collections.unmodifiableSortedMap(new TreeMap<>(votes));
        }

        public Ballot with(String constituent, Optional<Vote> vote) {
            TreeMap<String, Vote> all = new TreeMap<>(votes);
            all.remove(constituent);
            vote.ifPresent(cast -> all.put(constituent, cast));
            return new Ballot(decisions, objector, deadline, decided, all);
        }

        /// With an earlier deadline.
        public Ballot until(LedgerTime time) {
            return new Ballot(decisions, objector, time, decided, votes);
        }

        public Ballot decidedAt(LedgerTime time) {
            return new Ballot(decisions, objector, deadline, Optional.of(time), votes);
        }

        private static Ballot decode(Json.Obj json) {
            TreeMap<String, Vote> votes = new TreeMap<>();
            json.object("votes").members().forEach((name, vote) -> votes.put(name, Vote.decode((Json.Obj) vote)));
            return new Ballot(
                    json.items("classes").stream()
                            .map(text -> Decision.ofText(((Json.Text) text).value()))
                            .toList(),
                    json.findText("objector"),
                    LedgerTime.of(json.text("deadline")),
                    json.findText("decided").map(LedgerTime::of),
                    votes);
        }

        private Json.Obj encode() {
            TreeMap<String, Json> cast = new TreeMap<>();
            votes.forEach((name, vote) -> cast.put(name, vote.encode()));
            return Json.object()
                    .with(
                            "classes",
                            Json.texts(decisions.stream().map(Decision::text).toList()))
                    .with("deadline", deadline.text())
                    .withText("decided", decided.map(LedgerTime::text))
                    .withText("objector", objector)
                    .with("votes", new Json.Obj(cast))
                    .build();
        }
    }

    public enum Choice {
        YES,
        NO,
        ABSTAIN;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Choice ofText(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /// A vote that was cast.
    ///
    /// @param by the ledger party
    /// @param holder the person behind its key, if the key says so
    public record Vote(String by, Choice choice, Optional<String> holder) {

        private static Vote decode(Json.Obj json) {
            return new Vote(json.text("by"), Choice.ofText(json.text("choice")), json.findText("holder"));
        }

        private Json.Obj encode() {
            return Json.object()
                    .with("by", by)
                    .with("choice", choice.text())
                    .withText("holder", holder)
                    .build();
        }
    }

    /// With another ballot in the place of one.
    public MotionRecord with(int index, Ballot ballot) {
        List<Ballot> all = new ArrayList<>(ballots);
        all.set(index, ballot);
        return new MotionRecord(moved, at, by, subject, expires, under, all, ended);
    }

    public MotionRecord ended(End how) {
        return new MotionRecord(moved, at, by, subject, expires, under, ballots, Optional.of(how));
    }

    public MotionRecord touched(LedgerTime when) {
        return new MotionRecord(moved, when, by, subject, expires, under, ballots, ended);
    }

    public static MotionRecord decode(Json.Obj json) {
        return new MotionRecord(
                LedgerTime.of(json.text("moved")),
                LedgerTime.of(json.text("at")),
                json.text("by"),
                json.has("version")
                        ? new Amendment(new Hash(json.text("version")))
                        : new Resolution(json.object("decision")),
                LedgerTime.of(json.text("expires")),
                new Hash(json.text("under")),
                json.items("ballots").stream()
                        .map(ballot -> Ballot.decode((Json.Obj) ballot))
                        .toList(),
                json.findText("ended").map(text -> End.valueOf(text.toUpperCase(Locale.ROOT))));
    }

    public Json.Obj encode() {
        Json.Builder motion = Json.object()
                .with("at", at.text())
                .with("ballots", Json.array(ballots.stream().map(Ballot::encode).toList()))
                .with("by", by)
                .withText("ended", ended.map(End::text))
                .with("expires", expires.text())
                .with("moved", moved.text())
                .with("under", under.hex());
        return switch (subject) {
            case Amendment(var version) -> motion.with("version", version.hex()).build();
            case Resolution(var decision) -> motion.with("decision", decision).build();
        };
    }
}
