package org.tallystick.agreement.state;

import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// A claim that an event is missing, and the answer to it.
///
/// @param at when the last act on it came
/// @param body of the claim, as it was signed
/// @param due when the answer is late
public record ClaimRecord(LedgerTime at, PartyId by, Json.Obj body, LedgerTime due, Optional<Answer> answer) {
    public static final Codec<ClaimRecord> CODEC = new Codec<>(ClaimRecord::decode, ClaimRecord::encode);

    /// @param hash of the instruction that answered
    public record Answer(LedgerTime at, Hash hash, boolean late, End end, Optional<Act.Evidence> evidence) {

        private static Answer decode(Json.Obj json) {
            return new Answer(
                    LedgerTime.of(json.text("at")),
                    new Hash(json.text("hash")),
                    json.bool("late"),
                    json.findText("event")
                            .flatMap(EventId::parse)
                            .<End>map(End.Reported::new)
                            .orElseGet(() -> new End.Refused(json.text("refusal"))),
                    json.find("evidence").map(evidence -> Act.Evidence.of((Json.Obj) evidence)));
        }

        private Json.Obj encode() {
            Json.Builder answer = Json.object()
                    .with("at", at.text())
                    .with("evidence", evidence.map(Act.Evidence::toJson))
                    .with("hash", hash.hex())
                    .with("late", late);
            return switch (end) {
                case End.Reported(var event) ->
                    answer.with("event", event.text()).build();
                case End.Refused(var reason) -> answer.with("refusal", reason).build();
            };
        }
    }

    /// How a claim ended.
    public sealed interface End {
        record Reported(EventId event) implements End {}

        record Refused(String reason) implements End {}
    }

    public String source() {
        return body.text("source");
    }

    public ClaimRecord answered(Answer given) {
        return new ClaimRecord(given.at(), by, body, due, Optional.of(given));
    }

    public static ClaimRecord decode(Json.Obj json) {
        return new ClaimRecord(
                LedgerTime.of(json.text("at")),
                new PartyId(json.text("by")),
                json.object("body"),
                LedgerTime.of(json.text("due")),
                json.find("answer").map(answer -> Answer.decode((Json.Obj) answer)));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("answer", answer.map(Answer::encode))
                .with("at", at.text())
                .with("body", body)
                .with("by", by.text())
                .with("due", due.text())
                .withText("ended", answer.map(given -> given.at().text()))
                .build();
    }
}
