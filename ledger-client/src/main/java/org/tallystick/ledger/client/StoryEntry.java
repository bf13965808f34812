package org.tallystick.ledger.client;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;

/// One line in the story of an agreement: an act that was applied, as the blocks have it.
///
/// Reports, declarations and what follows from them tell of the business, and are no part of it.
///
/// @param at where the verdict stands
/// @param time ledger time
/// @param act by its name; `step` of a close that needed several transactions
/// @param instruction what the others are of; nothing of a step, which nobody signs
/// @param effects of the verdict
public record StoryEntry(
        Position at, LedgerTime time, String act, Optional<Instruction> instruction, List<Json.Obj> effects) {

    /// The function that goes on with a close.
    public static final String STEP = "step";

    private static final Set<ActKind> TOLD = EnumSet.of(
            ActKind.OFFER,
            ActKind.COUNTER,
            ActKind.ACCEPT,
            ActKind.DECLINE,
            ActKind.WITHDRAW,
            ActKind.AMEND,
            ActKind.MOTION,
            ActKind.VOTE,
            ActKind.EXECUTE,
            ActKind.NOTICE,
            ActKind.CLOSE,
            ActKind.ADJUST);

    private static final String DOCUMENT = "document";

    public StoryEntry {
        effects = List.copyOf(effects);
    }

    /// What was signed.
    ///
    /// @param party who asked for it
    /// @param version that it names
    /// @param signers by their keys, in the order of the signatures
    /// @param body without the document, which has its hash in `version`
    public record Instruction(Hash hash, String party, Hash version, List<Kid> signers, Json.Obj body) {
        public Instruction {
            signers = List.copyOf(signers);
        }

        /// The hash that a member of the body names.
        public Optional<Hash> named(String member) {
            return body.findText(member).map(Hash::new);
        }
    }

    /// The line of an applied instruction; nothing if it is none of these acts.
    ///
    /// @param answer its verdict
    public static Optional<StoryEntry> of(Signed signed, Json.Obj answer, Position at) {
        if (!TOLD.contains(signed.payload().kind()) || signed.payload().scope().isEmpty()) {
            return Optional.empty();
        }
        TreeMap<String, Json> body = new TreeMap<>(signed.payload().body().members());
        body.remove(DOCUMENT);
        Instruction instruction = new Instruction(
                signed.instruction(),
                signed.payload().party().text(),
                signed.payload().scope().get().version(),
                signed.kids(),
                new Json.Obj(body));
        return applied(answer, signed.payload().kind().text(), Optional.of(instruction), at);
    }

    /// The line of a step that settled a period; nothing if others are left.
    public static Optional<StoryEntry> ofStep(Json.Obj answer, Position at) {
        return applied(answer, STEP, Optional.empty(), at).filter(entry -> entry.has("settlement"));
    }

    private static Optional<StoryEntry> applied(
            Json.Obj answer, String act, Optional<Instruction> instruction, Position at) {
        return Answer.of(answer, Optional.of(at)) instanceof Answer.Applied applied && !applied.repeat()
                ? Optional.of(new StoryEntry(at, applied.at(), act, instruction, applied.effects()))
                : Optional.empty();
    }

    public boolean has(String kind) {
        return effect(kind).isPresent();
    }

    public Optional<Json.Obj> effect(String kind) {
        return effects.stream()
                .filter(effect -> effect.text("kind").equals(kind))
                .findFirst();
    }

    /// For programs, and between a gateway and this.
    public Json.Obj encode() {
        Json.Builder entry = Json.object()
                .with("act", act)
                .with("at", at.encode())
                .with("effects", Json.array(effects))
                .with("t", time.text());
        return instruction
                .map(signed -> entry.with("body", signed.body())
                        .with("instruction", signed.hash().hex())
                        .with("party", signed.party())
                        .with(
                                "signers",
                                Json.texts(signed.signers().stream()
                                        .map(Kid::toString)
                                        .toList()))
                        .with("version", signed.version().hex()))
                .orElse(entry)
                .build();
    }

    public static StoryEntry decode(Json.Obj entry) {
        Optional<Instruction> instruction = entry.findText("instruction")
                .map(hash -> new Instruction(
                        new Hash(hash),
                        entry.text("party"),
                        new Hash(entry.text("version")),
                        entry.items("signers").stream()
                                .flatMap(kid -> Kid.parse(((Json.Text) kid).value()).stream())
                                .toList(),
                        entry.object("body")));
        return new StoryEntry(
                Position.decode(entry.object("at")),
                LedgerTime.of(entry.text("t")),
                entry.text("act"),
                instruction,
                entry.items("effects").stream().map(Json.Obj.class::cast).toList());
    }
}
