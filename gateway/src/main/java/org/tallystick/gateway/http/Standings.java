package org.tallystick.gateway.http;

import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Standing;

/// How an instruction stands, as JSON.
final class Standings {

    private Standings() {}

    /// Where its standing can be read, whatever else its party used the id for.
    static String location(Standing standing) {
        String owner = standing.party().indexOf('/') < 0 ? standing.party() + "/-" : standing.party();
        return "/v1/instructions/" + owner + "/" + standing.id() + "?instruction="
                + standing.instruction().hex();
    }

    /// With the ledger's answer if there is one, and with the position if that is a verdict.
    static Json.Builder of(Standing standing) {
        Json.Builder json = Json.object()
                .with("answer", standing.answer())
                .with("id", standing.id())
                .with("instruction", standing.instruction().hex())
                .with("party", standing.party())
                .with("position", standing.position().map(Position::toJson))
                .with("state", standing.state().text());
        return standing.home().equals(Keys.REGISTRY) ? json : json.with("agreement", standing.home());
    }
}
