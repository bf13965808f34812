package org.tallystick.agreement.document;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;

/// What a document may say because somebody enforces it; the rest is refused, never ignored.
///
/// `docs/spec/instruction-1.md` section 6.6. This class shrinks as more is enforced.
final class Enforced {

    private Enforced() {}

    /// The first member, in the order of the specification, that nobody enforces yet, as a JSON pointer.
    ///
    /// @param document of the right form
    static Optional<String> missing(Json.Obj document) {
        if (!document.object("home").text("kind").equals("public")) {
            return Optional.of("/home/kind");
        }
        return present(document, "payment", List.of("chain", "token"))
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
}
