package org.tallystick.ledger.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.agreement.document.Governance;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.ledger.client.MotionView;
import org.tallystick.ledger.client.RuleWords;

/// A motion on a terminal: what it would do, how the votes stand, and what it waits for.
final class MotionText {

    /// Hundreds may have a vote.
    private static final int MOST_NAMED = 8;

    private final MotionView motion;

    MotionText(MotionView motion) {
        this.motion = motion;
    }

    /// What is to be decided.
    static String subject(MotionView motion) {
        return switch (motion.record().subject()) {
            case MotionRecord.Amendment(var version) ->
                "version " + HashName.shown(version) + " ("
                        + motion.decisions().stream().map(Decision::text).collect(Collectors.joining(", ")) + ")";
            case MotionRecord.Resolution(var decision) -> decision(decision);
        };
    }

    /// A decision that leaves the document as it is.
    static String decision(Json.Obj decision) {
        return switch (Decision.ofText(decision.text("kind"))) {
            case PAUSE -> "pause: " + decision.text("reason");
            case CONTINUE -> "continue";
            case TERMINATE ->
                "terminate, last day " + decision.text("last")
                        + (decision.text("cause").equals("breach") ? ", for a breach" : "");
            case SUSPEND -> "suspend payments of " + decision.text("party");
            case RESUME -> "resume payments of " + decision.text("party");
            case GOVERN, SEAT, ADMIT, SUCCEED, TERMS, EXTEND, APPOINT -> decision.text("kind");
        };
    }

    void print(String indent, PrintWriter out) {
        out.println(indent + "motion " + HashName.shown(motion.hash()) + " by "
                + motion.record().by() + " on " + motion.record().moved().day() + ": " + subject(motion));
        out.println(indent + "  " + motion.state().words() + "; open until "
                + motion.record().expires().text());
        for (MotionView.Counted ballot : motion.ballots()) {
            out.println(indent + "  "
                    + ballot.ballot().decisions().stream().map(Decision::text).collect(Collectors.joining(", ")) + ": "
                    + RuleWords.of(ballot.rule()) + "; " + count(ballot));
            String votes = ballot.constituents().stream()
                    .flatMap(
                            one -> one
                                    .vote()
                                    .map(vote ->
                                            one.name() + " " + vote.choice().text() + " (" + vote.by() + ")")
                                    .stream())
                    .collect(Collectors.joining(", "));
            if (!votes.isEmpty()) {
                out.println(indent + "    " + votes);
            }
        }
        if (motion.isOpen()) {
            waits(indent + "  ", out);
        }
    }

    /// One line for each thing that it waits for.
    void waits(String indent, PrintWriter out) {
        for (MotionView.Counted ballot : motion.ballots()) {
            switch (ballot.readiness()) {
                case VOTING ->
                    out.println(
                            indent + "votes until " + ballot.ballot().deadline().text() + ", " + need(ballot)
                                    + "; not voted: " + silent(ballot));
                case WAITING ->
                    out.println(indent + (ballot.rule() instanceof Governance.Principal ? "notice" : "lock") + " until "
                            + ballot.executable().text());
                case READY, NOT_CARRIED, LOST -> {
                    // Nothing to wait for.
                }
            }
        }
        if (!motion.entering().isEmpty()) {
            out.println(indent + "to be accepted by "
                    + motion.entering().stream().map(PartyId::text).collect(Collectors.joining(", ")));
        }
        if (motion.state() == MotionView.State.READY) {
            out.println(indent + "any side may carry it out: tally agreement execute "
                    + motion.poll().electorate().under().id() + " "
                    + HashName.shown(motion.hash()));
        }
    }

    private static String count(MotionView.Counted ballot) {
        return "yes " + ballot.count().yes() + ", no " + ballot.count().no() + ", abstained "
                + ballot.count().abstain();
    }

    private static String need(MotionView.Counted ballot) {
        return switch (ballot.rule()) {
            case Governance.Board _, Governance.Unanimous _ ->
                "yes " + ballot.count().yes() + " of " + ballot.count().need();
            case Governance.Principal _ -> "nothing yet";
            case Governance.Weighted _ -> count(ballot);
            case Governance.Objection _ -> "no objection yet";
        };
    }

    private static String silent(MotionView.Counted ballot) {
        List<String> names = ballot.silent().stream().map(MotionText::name).toList();
        if (names.isEmpty()) {
            return "nobody";
        }
        return names.size() <= MOST_NAMED
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_NAMED)) + " and " + (names.size() - MOST_NAMED) + " more";
    }

    private static String name(MotionView.Constituent one) {
        Optional<String> holder = one.holder();
        return one.name() + " ("
                + one.voter().map(PartyId::text).orElse("nobody")
                + holder.map(person -> ", " + person).orElse("") + ")";
    }
}
