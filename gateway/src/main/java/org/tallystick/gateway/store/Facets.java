package org.tallystick.gateway.store;

import java.util.List;
import org.tallystick.agreement.json.Json;

/// What items of a list are chosen by: those of an item, or those that somebody wants. Empty is what an item has not,
/// and what does not matter.
///
/// @param agreement or `reg`, the registry
/// @param party of the ledger
public record Facets(String agreement, String party, String act, String state, String source, String period) {

    public static final Facets NONE = new Facets("", "", "", "", "", "");

    public static Facets of(String agreement) {
        return NONE.withAgreement(agreement);
    }

    public Facets withAgreement(String one) {
        return new Facets(one, party, act, state, source, period);
    }

    public Facets withParty(String one) {
        return new Facets(agreement, one, act, state, source, period);
    }

    public Facets withAct(String one) {
        return new Facets(agreement, party, one, state, source, period);
    }

    public Facets withState(String one) {
        return new Facets(agreement, party, act, one, source, period);
    }

    public Facets withSource(String one) {
        return new Facets(agreement, party, act, state, one, period);
    }

    /// The period that is wanted.
    public Facets withPeriod(String one) {
        return new Facets(agreement, party, act, state, source, one);
    }

    /// The periods of an item, each between blanks.
    public Facets withPeriods(List<String> all) {
        return withPeriod(all.isEmpty() ? "" : " " + String.join(" ", all) + " ");
    }

    public Json.Builder toJson() {
        return Json.object()
                .with("act", act)
                .with("agreement", agreement)
                .with("party", party)
                .with("period", period)
                .with("source", source)
                .with("state", state);
    }
}
