package org.tallystick.ledger.client;

import org.tallystick.agreement.document.Governance;

/// A rule of governance, as a person reads it.
public final class RuleWords {

    private RuleWords() {}

    public static String of(Governance.Rule rule) {
        return switch (rule) {
            case Governance.Unanimous _ -> "all sides say yes";
            case Governance.Principal(var person, var days, var _) ->
                person + " decides, " + (days == 0 ? "at once" : "with " + days + " days' notice");
            case Governance.Board(var seats, var need, var hours, var _) ->
                need + " of " + seats.size() + " seats say yes" + lock(hours);
            case Governance.Weighted weighted ->
                "by weight: " + weighted.threshold() + " of yes and no, " + weighted.quorum() + " of "
                        + weighted.total() + " takes part" + lock(weighted.lockHours());
            case Governance.Objection(var party, var days) ->
                "unless " + party + " says no within " + days + " days, as all agreed in advance";
        };
    }

    private static String lock(int hours) {
        return hours == 0 ? "" : ", then locked for " + hours + " hours";
    }
}
