package org.tallystick.agreement.rules;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.Governance;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.document.Governance.Rule;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.state.MotionRecord.Ballot;
import org.tallystick.agreement.state.MotionRecord.Choice;
import org.tallystick.agreement.state.MotionRecord.Vote;

/// Who votes on a ballot, and what the votes come to: `docs/spec/agreement-1.md` section 7.2.
///
/// A vote belongs to a seat or to a party of the terms, and those are fixed when a motion is made, with all that the
/// rule counts by. Who casts it is whoever holds the seat, or stands for that party, at the time.
///
/// @param under the newest version when the motion was made
/// @param now the newest version
public record Electorate(Document under, Document now) {

    /// The one constituent of a principal's rule.
    private static final String PRINCIPAL = "principal";

    /// What the votes come to.
    ///
    /// @param need how many, or what weight, must say yes
    public record Count(Standing standing, long yes, long no, long abstain, String need) {}

    /// Whether the votes are enough.
    public enum Standing {
        OPEN,
        CARRIED,
        LOST
    }

    /// The rule that counts.
    public Rule rule(Ballot ballot) {
        Governance governance = under.governance();
        return ballot.objector()
                .<Rule>map(governance::objection)
                .orElseGet(() -> governance.ruleFor(ballot.decisions().getFirst()));
    }

    /// Whether the count is taken when the vote is over, and not as soon as the votes are enough.
    static boolean isCountedAtTheEnd(Rule rule) {
        return rule instanceof Governance.Weighted || rule instanceof Governance.Objection;
    }

    /// Who has a vote: seats, or parties of the terms.
    public List<String> constituents(Ballot ballot) {
        return switch (rule(ballot)) {
            case Governance.Unanimous _ -> List.copyOf(under.parties().keySet());
            case Governance.Principal _ -> List.of(PRINCIPAL);
            case Governance.Board board ->
                board.seats().stream().map(Governance.Seat::id).toList();
            case Governance.Weighted weighted -> List.copyOf(weighted.weights().keySet());
            case Governance.Objection objection -> List.of(objection.party());
        };
    }

    /// Who casts this vote now; nobody once the rule has no such seat or weight any more.
    public Optional<PartyId> voter(Ballot ballot, String constituent) {
        return switch (rule(ballot)) {
            case Governance.Objection objection -> Optional.of(now.ledgerParty(objection.party()));
            case Governance.Unanimous _ ->
                current(ballot) instanceof Governance.Unanimous
                        ? Optional.of(now.ledgerParty(constituent))
                        : Optional.empty();
            case Governance.Principal _ ->
                current(ballot) instanceof Governance.Principal principal
                        ? Optional.of(now.ledgerParty(principal.person()))
                        : Optional.empty();
            case Governance.Weighted _ ->
                current(ballot) instanceof Governance.Weighted weighted
                                && weighted.weights().containsKey(constituent)
                        ? Optional.of(now.ledgerParty(constituent))
                        : Optional.empty();
            case Governance.Board _ -> seat(ballot, constituent).map(seat -> now.ledgerParty(seat.person()));
        };
    }

    /// The person whose keys alone may cast this vote, if a seat names one.
    public Optional<String> holder(Ballot ballot, String constituent) {
        return seat(ballot, constituent).flatMap(Governance.Seat::holder);
    }

    private Optional<Governance.Seat> seat(Ballot ballot, String constituent) {
        return rule(ballot) instanceof Governance.Board && current(ballot) instanceof Governance.Board board
                ? board.seat(constituent)
                : Optional.empty();
    }

    private Rule current(Ballot ballot) {
        Decision decision = ballot.decisions().getFirst();
        return now.governance().ruleFor(decision);
    }

    /// What the votes come to as they are. Votes of who is no constituent any more do not count; what they are counted
    /// against stays.
    ///
    /// @param over whether the time to vote is over
    public Count count(Ballot ballot, boolean over) {
        List<String> constituents = constituents(ballot);
        SortedMap<String, Vote> votes = ballot.votes();
        long yes = 0;
        long no = 0;
        long abstain = 0;
        long gone = 0;
        Rule rule = rule(ballot);
        for (String constituent : constituents) {
            long weight = rule instanceof Governance.Weighted weighted ? weighted.weight(constituent) : 1;
            boolean exists = voter(ballot, constituent).isPresent();
            Optional<Choice> choice = Optional.ofNullable(votes.get(constituent))
                    .filter(_ -> exists)
                    .map(Vote::choice);
            yes += choice.equals(Optional.of(Choice.YES)) ? weight : 0;
            no += choice.equals(Optional.of(Choice.NO)) ? weight : 0;
            abstain += choice.equals(Optional.of(Choice.ABSTAIN)) ? weight : 0;
            gone += exists ? 0 : weight;
        }
        int all = constituents.size();
        return switch (rule) {
            case Governance.Unanimous _, Governance.Principal _ -> {
                Standing open = no + gone > 0 ? Standing.LOST : Standing.OPEN;
                yield new Count(yes == all ? Standing.CARRIED : open, yes, no, abstain, String.valueOf(all));
            }
            case Governance.Board board -> {
                boolean reachable = all - no - abstain - gone >= board.need();
                Standing open = reachable ? Standing.OPEN : Standing.LOST;
                Standing standing = yes >= board.need() ? Standing.CARRIED : open;
                yield new Count(standing, yes, no, abstain, String.valueOf(board.need()));
            }
            case Governance.Weighted weighted -> {
                Rational need = weighted.threshold().times(Rational.whole(yes + no));
                boolean quorum = Rational.whole(yes + no + abstain)
                                .compareTo(weighted.quorum().times(Rational.whole(weighted.total())))
                        >= 0;
                boolean carried = quorum && yes > 0 && Rational.whole(yes).compareTo(need) >= 0;
                Standing counted = carried ? Standing.CARRIED : Standing.LOST;
                yield new Count(over ? counted : Standing.OPEN, yes, no, abstain, need.toString());
            }
            case Governance.Objection _ -> {
                Standing silent = over ? Standing.CARRIED : Standing.OPEN;
                Standing answered = no > 0 ? Standing.LOST : Standing.CARRIED;
                yield new Count(yes + no > 0 ? answered : silent, yes, no, abstain, "0");
            }
        };
    }
}
