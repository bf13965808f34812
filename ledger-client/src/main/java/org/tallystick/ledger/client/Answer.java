package org.tallystick.ledger.client;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;

/// What is known about one instruction: the ledger's answer, or that a courier holds it.
///
/// Codes are texts here, because a ledger may know more of them than this program: see [Sentences].
public sealed interface Answer {

    /// It has these effects.
    ///
    /// @param repeat whether this is the first verdict given once more
    /// @param close how far the close is that it began, if that needs several steps and somebody looked
    record Applied(
            List<Json.Obj> effects,
            LedgerTime at,
            boolean repeat,
            Optional<Position> position,
            Optional<CloseProgress> close)
            implements Answer {
        public Applied {
            effects = List.copyOf(effects);
        }
    }

    /// The same, with how far the close is that it began.
    default Answer with(Optional<CloseProgress> close) {
        return this instanceof Applied(var effects, var at, var repeat, var position, var _)
                ? new Applied(effects, at, repeat, position, close)
                : this;
    }

    /// @param verdict whether it is final; if not, no valid signature was reached and the same bytes may be sent again
    record Refused(String code, Json.Obj values, boolean verdict, Optional<Position> position) implements Answer {}

    /// The clock or another instruction can cure it; a gateway offers it again until its window ends.
    record Waiting(String code, Json.Obj values) implements Answer {}

    /// A gateway holds it and has no answer yet.
    record Received() implements Answer {}

    /// Nobody was asked: it is kept for others to sign, or to be sent later.
    record Unsent() implements Answer {}

    /// Whether nothing will change it.
    default boolean isFinal() {
        return switch (this) {
            case Applied _, Refused _ -> true;
            case Waiting _, Received(), Unsent() -> false;
        };
    }

    /// An item of a response: `docs/spec/ledger-1.md` section 11.
    static Answer of(Json.Obj item, Optional<Position> position) {
        Json.Obj values = item.has("values") ? item.object("values") : Json.Obj.EMPTY;
        return switch (item.text("result")) {
            case "applied" ->
                new Applied(
                        item.items("effects").stream().map(Json.Obj.class::cast).toList(),
                        LedgerTime.of(item.text("t")),
                        item.has("repeat"),
                        position,
                        Optional.empty());
            case "waiting" -> new Waiting(item.text("code"), values);
            case "refused" -> new Refused(item.text("code"), values, item.has("verdict"), position);
            default -> throw new IllegalArgumentException("result " + item.text("result") + " is unknown");
        };
    }

    /// What was found before anything was sent.
    static Answer of(No no) {
        return switch (no.kind()) {
            case FORM -> new Refused(no.code().text(), no.values(), false, Optional.empty());
            case REFUSED -> new Refused(no.code().text(), no.values(), true, Optional.empty());
            case WAITING -> new Waiting(no.code().text(), no.values());
        };
    }

    /// For programs: `state`, and what goes with it.
    default Json.Builder encode() {
        return switch (this) {
            case Applied(var effects, var at, var repeat, var position, var close) ->
                Json.object()
                        .with("close", close.map(CloseProgress::encode))
                        .with("state", "applied")
                        .with("effects", Json.array(effects))
                        .with("t", at.text())
                        .with("repeat", repeat)
                        .with("position", position.map(Position::encode));
            case Refused(var code, var values, var verdict, var position) ->
                Json.object()
                        .with("state", "refused")
                        .with("code", code)
                        .with("values", values)
                        .with("verdict", verdict)
                        .with("position", position.map(Position::encode));
            case Waiting(var code, var values) ->
                Json.object().with("state", "waiting").with("code", code).with("values", values);
            case Received() -> Json.object().with("state", "received");
            case Unsent() -> Json.object().with("state", "unsent");
        };
    }
}
