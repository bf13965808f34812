package org.tallystick.ledger.pack;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;

/// What the transparency log keeps of one answer, before it has its place there: `docs/spec/ledger-1.md` section 14.
///
/// @param n index of the item in its transaction
/// @param instruction whose verdict it is, if it is not a function's
/// @param answer the hash of the response's item
public record Leaf(String chain, int n, Optional<Hash> instruction, String function, Hash answer) {

    private static final String UPKEEP = "upkeep";

    /// The leaf of an instruction's verdict.
    public static Leaf of(int n, Signed signed, Json.Obj verdict) {
        return new Leaf(
                Keys.chain(signed.payload()),
                n,
                Optional.of(signed.instruction()),
                "submit",
                Hash.of(verdict.canonical()));
    }

    /// The leaf of what a member asked for, or none if this is not the response to that.
    public static Optional<Leaf> of(String function, List<Bytes> arguments, Json.Obj response) {
        return response.find("items").orElse(Json.Obj.EMPTY) instanceof Json.Arr(List<Json> items)
                        && items.size() == 1
                        && items.getFirst() instanceof Json.Obj item
                ? Optional.of(
                        new Leaf(chain(function, arguments), 0, Optional.empty(), function, Hash.of(item.canonical())))
                : Optional.empty();
    }

    private static String chain(String function, List<Bytes> arguments) {
        return switch (function) {
            case "init" -> Keys.REGISTRY;
            case "step" ->
                arguments.stream()
                        .findFirst()
                        .flatMap(Bytes::utf8)
                        .map(Keys::chain)
                        .orElse(UPKEEP);
            default -> UPKEEP;
        };
    }
}
