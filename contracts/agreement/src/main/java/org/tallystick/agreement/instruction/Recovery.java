package org.tallystick.agreement.instruction;

import java.util.List;
import org.tallystick.agreement.json.Json;

/// Who may act for a party that has lost its keys: any `threshold` of these parties together, with one key each.
///
/// The threshold is any number as it was signed; the rules refuse one that cannot be met.
public record Recovery(List<PartyId> parties, long threshold) {
    public Recovery {
        parties = List.copyOf(parties);
    }

    /// @param json an object that has the form of the body of `recovery-set`
    public static Recovery of(Json.Obj json) {
        return new Recovery(
                json.items("parties").stream()
                        .map(party -> new PartyId(((Json.Text) party).value()))
                        .toList(),
                json.whole("threshold"));
    }

    /// Whether these are as many of the parties as must act together, each once and nobody else.
    public boolean isMetBy(List<? extends Owner> owners) {
        return owners.size() == threshold
                && owners.stream().distinct().count() == threshold
                && parties.containsAll(owners);
    }

    public Json.Obj toJson() {
        return Json.object()
                .with("parties", Json.texts(parties.stream().map(PartyId::text).toList()))
                .with("threshold", threshold)
                .build();
    }
}
