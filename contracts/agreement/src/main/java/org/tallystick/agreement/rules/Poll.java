package org.tallystick.agreement.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.document.AmendmentReader;
import org.tallystick.agreement.document.Governance;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.agreement.state.MotionRecord.Ballot;
import org.tallystick.agreement.state.MotionRecord.Choice;
import org.tallystick.agreement.state.MotionRecord.Vote;

/// A motion at a time: who may vote on it, and whether what it decides can be carried out.
///
/// The chaincode decides by this, a client shows it, and a verifier counts again with it. `docs/spec/agreement-1.md`
/// section 7.2.
///
/// @param now ledger time
public record Poll(MotionRecord motion, Electorate electorate, LedgerTime now) {

    /// Where a ballot stands.
    public enum Readiness {
        /// Votes are still taken.
        VOTING,
        /// Carried, and a lock or a notice is not over.
        WAITING,
        READY,
        /// The votes were enough, or the time to vote is over, and now they are not.
        NOT_CARRIED,
        LOST
    }

    /// Who acts, and the person behind its key, if the key says so.
    public record Voter(PartyId party, Optional<String> holder) {}

    /// One ballot for each rule that must agree on an amendment; a succession that everybody agreed to in advance needs
    /// no other than those of who may object.
    ///
    /// @param governance of the newest version
    public static List<Ballot> ballots(Governance governance, AmendmentReader amendment, LedgerTime moved) {
        SortedSet<Decision> decisions = amendment.decisions();
        boolean foreseen = decisions.equals(new TreeSet<>(List.of(Decision.SUCCEED)))
                && amendment.succeeded().stream()
                        .allMatch(party -> governance
                                .successor(party)
                                .filter(successor -> successor
                                        .party()
                                        .equals(amendment.successor(party).text()))
                                .isPresent());
        return foreseen
                ? amendment.succeeded().stream()
                        .map(party -> ballot(
                                List.of(Decision.SUCCEED), Optional.of(party), governance.objection(party), moved))
                        .toList()
                : ballots(governance, decisions, moved);
    }

    /// One ballot for each rule that must agree.
    public static List<Ballot> ballots(Governance governance, SortedSet<Decision> decisions, LedgerTime moved) {
        List<Governance.Rule> rules = new ArrayList<>();
        List<List<Decision>> decided = new ArrayList<>();
        for (Decision decision : decisions) {
            Governance.Rule rule = governance.ruleFor(decision);
            int index = rules.indexOf(rule);
            if (index < 0) {
                rules.add(rule);
                decided.add(new ArrayList<>(List.of(decision)));
            } else {
                decided.get(index).add(decision);
            }
        }
        List<Ballot> ballots = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            ballots.add(ballot(decided.get(i), Optional.empty(), rules.get(i), moved));
        }
        return ballots;
    }

    private static Ballot ballot(
            List<Decision> decisions, Optional<String> objector, Governance.Rule rule, LedgerTime moved) {
        LedgerTime deadline = moved.plus(Duration.ofDays(rule.voteDays()));
        return new Ballot(decisions, objector, deadline, Optional.empty(), new TreeMap<>());
    }

    /// With another motion in its place: after a vote.
    private Poll with(MotionRecord changed) {
        return new Poll(changed, electorate, now);
    }

    /// Whether nothing can be done with it any more.
    public boolean isOver() {
        return motion.ended().isPresent() || !now.isBefore(motion.expires()) || isLost();
    }

    /// Whether a ballot is lost.
    boolean isLost() {
        return motion.ballots().stream().anyMatch(ballot -> readiness(ballot) == Readiness.LOST);
    }

    /// Whether no ballot has to be waited for.
    public boolean isReady() {
        return motion.ballots().stream().allMatch(ballot -> readiness(ballot) == Readiness.READY);
    }

    /// Where a ballot stands.
    public Readiness readiness(Ballot ballot) {
        boolean over = !now.isBefore(ballot.deadline());
        boolean decided = ballot.decided().isPresent();
        boolean atTheEnd = Electorate.isCountedAtTheEnd(electorate.rule(ballot));
        return switch (electorate.count(ballot, over).standing()) {
            case OPEN -> {
                if (decided) {
                    yield Readiness.NOT_CARRIED;
                }
                yield over ? Readiness.LOST : Readiness.VOTING;
            }
            case LOST -> decided || (atTheEnd && over) ? Readiness.NOT_CARRIED : Readiness.LOST;
            case CARRIED -> {
                if (!decided && over && !atTheEnd) {
                    yield Readiness.LOST;
                }
                yield now.isBefore(executable(ballot)) ? Readiness.WAITING : Readiness.READY;
            }
        };
    }

    /// When a ballot that was carried has nothing more to wait for.
    public LedgerTime executable(Ballot ballot) {
        Governance.Rule rule = electorate.rule(ballot);
        LedgerTime decided = rule instanceof Governance.Weighted
                ? ballot.deadline()
                : ballot.decided().orElse(now);
        return decided.plus(Duration.ofHours(rule.waitHours()));
    }

    /// Which votes a party has, by ballot.
    public SortedMap<Integer, List<String>> votesOf(Voter voter) {
        TreeMap<Integer, List<String>> own = new TreeMap<>();
        for (int i = 0; i < motion.ballots().size(); i++) {
            Ballot ballot = motion.ballots().get(i);
            List<String> here = electorate.constituents(ballot).stream()
                    .filter(constituent -> isFor(voter, ballot, constituent))
                    .toList();
            if (!here.isEmpty()) {
                own.put(i, here);
            }
        }
        return own;
    }

    private boolean isFor(Voter voter, Ballot ballot, String constituent) {
        return electorate.voter(ballot, constituent).equals(Optional.of(voter.party()))
                && electorate
                        .holder(ballot, constituent)
                        .map(holder -> voter.holder().equals(Optional.of(holder)))
                        .orElse(true);
    }

    /// Those of ballots that still take votes. Once one is decided, or its time is over, a vote on it can be taken back
    /// and no more.
    public SortedMap<Integer, List<String>> stillVoting(SortedMap<Integer, List<String>> own) {
        TreeMap<Integer, List<String>> open = new TreeMap<>(own);
        open.keySet().removeIf(index -> {
            Ballot ballot = motion.ballots().get(index);
            return ballot.decided().isPresent() || !now.isBefore(ballot.deadline());
        });
        return open;
    }

    /// Whether all of these votes say that already.
    boolean isSame(SortedMap<Integer, List<String>> own, Optional<Choice> choice) {
        return own.entrySet().stream().allMatch(here -> {
            SortedMap<String, Vote> votes = motion.ballots().get(here.getKey()).votes();
            return here.getValue().stream()
                    .allMatch(constituent -> Optional.ofNullable(votes.get(constituent))
                            .map(Vote::choice)
                            .equals(choice));
        });
    }

    /// A seat on which the same party voted already, when it held that one, or the same person with another key or for
    /// another party of the same member. Of other rules a party has all the votes of whom it stands for.
    Optional<String> votedBefore(Voter voter, SortedMap<Integer, List<String>> own) {
        for (Map.Entry<Integer, List<String>> here : own.entrySet()) {
            Ballot ballot = motion.ballots().get(here.getKey());
            if (!(electorate.rule(ballot) instanceof Governance.Board)) {
                continue;
            }
            Optional<String> seat = ballot.votes().entrySet().stream()
                    .filter(vote -> !here.getValue().contains(vote.getKey()) && isSamePerson(voter, vote.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (seat.isPresent()) {
                return seat;
            }
        }
        return Optional.empty();
    }

    private static boolean isSamePerson(Voter voter, Vote vote) {
        boolean sameHolder = voter.holder().isPresent()
                && vote.holder().equals(voter.holder())
                && PartyId.parse(vote.by())
                        .filter(by -> by.member().equals(voter.party().member()))
                        .isPresent();
        return sameHolder || vote.by().equals(voter.party().text());
    }

    /// With these votes cast, or taken back.
    public Poll cast(Voter voter, SortedMap<Integer, List<String>> own, Optional<Choice> choice) {
        MotionRecord changed = motion;
        for (Map.Entry<Integer, List<String>> here : own.entrySet()) {
            Ballot ballot = changed.ballots().get(here.getKey());
            for (String constituent : here.getValue()) {
                ballot = ballot.with(
                        constituent, choice.map(said -> new Vote(voter.party().text(), said, voter.holder())));
            }
            changed = changed.with(here.getKey(), ballot);
        }
        return with(changed);
    }

    /// With a note of which ballots have enough votes now.
    public Poll decided() {
        MotionRecord changed = motion;
        for (int i = 0; i < motion.ballots().size(); i++) {
            Ballot ballot = motion.ballots().get(i);
            boolean decides = ballot.decided().isEmpty()
                    && !Electorate.isCountedAtTheEnd(electorate.rule(ballot))
                    && electorate.count(ballot, false).standing() == Electorate.Standing.CARRIED;
            if (decides) {
                changed = changed.with(i, ballot.decidedAt(now));
            }
        }
        return with(changed);
    }
}
