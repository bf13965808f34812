package org.tallystick.gateway.store;

import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// What the ledger brought at one position: a verdict, or what the last step of a close settled.
///
/// @param home the agreement, or the registry
/// @param asked the instruction; nobody asks for a step
/// @param text as it is stored, read by whoever wants it, and not by who passes it over
public record News(Position at, String home, Optional<Asked> asked, String text) {

    private static final String RESULT = "result";

    /// An instruction, by its hash, party and id.
    public record Asked(String instruction, String party, String id) {}

    /// As it is told: a standing, of which a step has no `id`, `instruction` and `party`.
    public Json.Obj toJson(boolean trial) {
        Json.Obj answer = answer();
        return Json.object()
                .withText("agreement", Optional.of(home).filter(id -> !id.equals(Keys.REGISTRY)))
                .with("answer", answer)
                .withText("id", asked.map(Asked::id))
                .withText("instruction", asked.map(Asked::instruction))
                .withText("party", asked.map(Asked::party))
                .with("position", at.toJson())
                .with("state", answer.text(RESULT))
                .with("trial", trial)
                .build();
    }

    /// An item of a response: docs/spec/ledger-1.md section 11. Of a step, the line of its story has all of it.
    private Json.Obj answer() {
        Json.Obj read = Rows.parsed(text);
        return asked.isPresent()
                ? read
                : Json.object()
                        .with("effects", read.get("effects"))
                        .with("f", "step")
                        .with(RESULT, "applied")
                        .with("t", read.text("t"))
                        .build();
    }
}
