package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.document.Governance.Rule;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Electorate;
import org.tallystick.agreement.rules.Poll;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.agreement.state.MotionRecord.Ballot;
import org.tallystick.agreement.state.MotionRecord.Vote;

/// A decision that is put to the vote, as it stands at a time: by the rules with which the ledger counts.
///
/// @param hash of the instruction that moved it
/// @param version of an amendment: what is moved
/// @param entering who is bound by it anew and has not accepted it
public record MotionView(
        Hash hash, Poll poll, Optional<AgreementView.VersionView> version, SortedSet<PartyId> entering) {

    public MotionView {
        entering = new TreeSet<>(entering);
    }

    public MotionRecord record() {
        return poll.motion();
    }

    /// Where it stands.
    public enum State {
        /// Votes are taken.
        VOTING("votes are taken"),
        /// Carried, and a lock or a notice is not over.
        WAITING("carried; it waits"),
        /// Carried, and who enters with it has not accepted.
        ENTERING("carried; who enters has to accept"),
        READY("carried; any side may execute it"),
        /// It had the votes, or its time to vote is over, and it has not got them now.
        NOT_CARRIED("not carried"),
        /// Carried out.
        CARRIED("carried out"),
        FAILED("carried, and could not be carried out"),
        LOST("lost"),
        WITHDRAWN("withdrawn"),
        EXPIRED("expired");

        private final String words;

        State(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public State state() {
        if (record().ended().isPresent()) {
            return switch (record().ended().get()) {
                case CARRIED -> State.CARRIED;
                case FAILED -> State.FAILED;
                case LOST -> State.LOST;
                case WITHDRAWN -> State.WITHDRAWN;
            };
        }
        List<Poll.Readiness> all =
                record().ballots().stream().map(poll::readiness).toList();
        if (all.contains(Poll.Readiness.LOST)) {
            return State.LOST;
        }
        if (!poll.now().isBefore(record().expires())) {
            return State.EXPIRED;
        }
        if (all.contains(Poll.Readiness.NOT_CARRIED)) {
            return State.NOT_CARRIED;
        }
        if (all.contains(Poll.Readiness.VOTING)) {
            return State.VOTING;
        }
        if (all.contains(Poll.Readiness.WAITING)) {
            return State.WAITING;
        }
        return entering.isEmpty() ? State.READY : State.ENTERING;
    }

    /// Whether something can still come of it.
    public boolean isOpen() {
        return switch (state()) {
            case VOTING, WAITING, ENTERING, READY -> true;
            case NOT_CARRIED, CARRIED, FAILED, LOST, WITHDRAWN, EXPIRED -> false;
        };
    }

    /// What it decides: the classes of the change, in their order.
    public List<Decision> decisions() {
        return switch (record().subject()) {
            case MotionRecord.Amendment _ ->
                record().ballots().stream()
                        .flatMap(ballot -> ballot.decisions().stream())
                        .sorted()
                        .distinct()
                        .toList();
            case MotionRecord.Resolution(var decision) -> List.of(Decision.ofText(decision.text("kind")));
        };
    }

    /// A seat, or a party of the terms, and how it voted.
    ///
    /// @param voter who votes for it now; nobody once the rule has no such seat any more
    /// @param holder the person whose keys alone vote, if the seat names one
    public record Constituent(String name, Optional<PartyId> voter, Optional<String> holder, Optional<Vote> vote) {}

    /// The votes under one rule.
    ///
    /// @param executable when nothing more has to be waited for, if it is carried
    public record Counted(
            Ballot ballot,
            Rule rule,
            List<Constituent> constituents,
            Electorate.Count count,
            Poll.Readiness readiness,
            LedgerTime executable) {
        public Counted {
            constituents = List.copyOf(constituents);
        }

        /// Who could vote and has not.
        public List<Constituent> silent() {
            return constituents.stream()
                    .filter(one -> one.voter().isPresent() && one.vote().isEmpty())
                    .toList();
        }
    }

    public List<Counted> ballots() {
        return record().ballots().stream().map(this::counted).toList();
    }

    private Counted counted(Ballot ballot) {
        List<Constituent> constituents = new ArrayList<>();
        for (String name : poll.electorate().constituents(ballot)) {
            constituents.add(new Constituent(
                    name,
                    poll.electorate().voter(ballot, name),
                    poll.electorate().holder(ballot, name),
                    Optional.ofNullable(ballot.votes().get(name))));
        }
        return new Counted(
                ballot,
                poll.electorate().rule(ballot),
                constituents,
                poll.electorate().count(ballot, !poll.now().isBefore(ballot.deadline())),
                poll.readiness(ballot),
                poll.executable(ballot));
    }

    /// When the last of its locks and notices is over, of a motion that waits for one.
    public Optional<LedgerTime> executable() {
        return ballots().stream().map(Counted::executable).max(Comparator.naturalOrder());
    }

    public Json.Obj encode() {
        Json.Builder motion = Json.object()
                .with(
                        "ballots",
                        Json.array(ballots().stream().map(MotionView::encode).toList()))
                .with("by", record().by())
                .with(
                        "classes",
                        Json.texts(decisions().stream().map(Decision::text).toList()))
                .with(
                        "entering",
                        Json.texts(entering.stream().map(PartyId::text).toList()))
                .with("expires", record().expires().text())
                .with("motion", hash.hex())
                .with("moved", record().moved().text())
                .with("state", state().text())
                .with("under", record().under().hex());
        return switch (record().subject()) {
            case MotionRecord.Amendment(var amended) ->
                motion.with("version", amended.hex()).build();
            case MotionRecord.Resolution(var decision) ->
                motion.with("decision", decision).build();
        };
    }

    private static Json.Obj encode(Counted counted) {
        return Json.object()
                .with("abstain", counted.count().abstain())
                .with(
                        "classes",
                        Json.texts(counted.ballot().decisions().stream()
                                .map(Decision::text)
                                .toList()))
                .with(
                        "constituents",
                        Json.array(counted.constituents().stream()
                                .map(MotionView::encode)
                                .toList()))
                .with("deadline", counted.ballot().deadline().text())
                .withText("decided", counted.ballot().decided().map(LedgerTime::text))
                .with("executable", counted.executable().text())
                .with("need", counted.count().need())
                .with("no", counted.count().no())
                .with("rule", RuleWords.of(counted.rule()))
                .with("state", counted.readiness().name().toLowerCase(Locale.ROOT))
                .with("yes", counted.count().yes())
                .build();
    }

    private static Json.Obj encode(Constituent one) {
        return Json.object()
                .withText("by", one.vote().map(Vote::by))
                .withText("choice", one.vote().map(vote -> vote.choice().text()))
                .withText("holder", one.holder())
                .with("name", one.name())
                .withText("voter", one.voter().map(PartyId::text))
                .build();
    }
}
