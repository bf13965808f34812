package org.tallystick.agreement.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;

/// What a document may say because somebody enforces it; the rest is refused, never ignored.
///
/// `docs/spec/instruction-1.md` section 6.6. This class shrinks as more is enforced.
final class Enforced {

    /// Types whose events count only once the hub has attested them, unless the agreement says otherwise.
    private static final List<String> ATTESTED_BY_HUB = List.of("capital", "fx", "kpi", "milestone");

    private Enforced() {}

    /// The first member, in the order of the specification, that nobody enforces yet, as a JSON pointer.
    ///
    /// @param document of the right form
    static Optional<String> missing(Json.Obj document) {
        if (!DocumentForm.UNANIMOUS.fits(document.get("governance"))) {
            return Optional.of("/governance");
        }
        if (!document.object("home").text("kind").equals("public")) {
            return Optional.of("/home/kind");
        }
        if (needsAttestation(document)) {
            return Optional.of("/roles/attesters");
        }
        return present(document, "roles", List.of("held", "arbiter", "auditors"))
                .or(() -> present(document, "term", List.of("renewal", "leaveDays")))
                .or(() -> present(document, "payment", List.of("chain", "token")))
                .or(() -> Optional.of("/payment/payoutOn")
                        .filter(_ -> document.has("payment")
                                && document.object("payment")
                                        .findText("payoutOn")
                                        .equals(Optional.of("chain"))));
    }

    private static Optional<String> present(Json.Obj document, String object, List<String> members) {
        return members.stream()
                .filter(member ->
                        document.has(object) && document.object(object).has(member))
                .map(member -> "/" + object + "/" + member)
                .findFirst();
    }

    /// Whether an event of some source would have to be attested by somebody other than who reports it.
    private static boolean needsAttestation(Json.Obj document) {
        Json.Obj roles = document.object("roles");
        for (Json item : roles.items("sources")) {
            Json.Obj source = (Json.Obj) item;
            for (Json type : source.items("types")) {
                if (!attesters(document, ((Json.Text) type).value()).stream()
                        .allMatch(attester -> attester.equals(Json.text(source.text("owner"))))) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Who must attest events of a type.
    private static List<Json> attesters(Json.Obj document, String type) {
        Json.Obj roles = document.object("roles");
        if (roles.has("attesters") && roles.object("attesters").has(type)) {
            return roles.object("attesters").items(type);
        }
        if (type.equals("advance")) {
            return payersOfAdvances(document.object("terms"));
        }
        return ATTESTED_BY_HUB.contains(type)
                ? document.object("terms").find("hub").stream().toList()
                : List.of();
    }

    /// The paying side of each advance; of terms whose form nobody has looked at yet.
    private static List<Json> payersOfAdvances(Json.Obj terms) {
        List<Json> payers = new ArrayList<>();
        if (terms.find("clauses").orElse(terms) instanceof Json.Arr(var clauses)) {
            for (Json item : clauses) {
                if (item instanceof Json.Obj clause && clause.find("type").equals(Optional.of(Json.text("advance")))) {
                    clause.find("from").ifPresent(payers::add);
                }
            }
        }
        return payers;
    }
}
