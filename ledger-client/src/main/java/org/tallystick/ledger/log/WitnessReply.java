package org.tallystick.ledger.log;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.log.Spelling.Stop;

/// What a log makes of a witness's answer.
public sealed interface WitnessReply {

    /// Cosignatures of the witness that hold: they belong under the checkpoint ([SignedCheckpoint#with]).
    record Cosigned(List<Note.Line> lines) implements WitnessReply {
        public Cosigned {
            lines = List.copyOf(lines);
        }
    }

    /// The checkpoint it cosigned last has this size: to be asked again with a proof from there. If it says so again,
    /// another was quicker, and it will be asked for the next checkpoint.
    record AskFrom(long old) implements WitnessReply {}

    /// It cosigned a larger tree already: to be asked for the next checkpoint that is as large. A log that knows of
    /// none
    /// and has a tree of its own should look into it.
    record Ahead(long size) implements WitnessReply {}

    /// Nothing is decided: the same again, after a while.
    record Later(int status) implements WitnessReply {}

    /// To be asked again when something has changed, here or there.
    record Refused(int status, String why) implements WitnessReply {}

    int LONGEST_SIZE = 20;

    /// @param contentType of the answer, or empty
    /// @param witness the keys of this witness; lines of others are passed over
    static WitnessReply read(
            AddCheckpoint asked, int status, String contentType, Bytes body, Collection<VerifierKey> witness) {
        return switch (status) {
            case 200 -> cosigned(asked.checkpoint().checkpoint(), body, witness);
            case 409 -> conflict(asked, contentType, body);
            case 429 -> new Later(status);
            default -> status >= 500 ? new Later(status) : new Refused(status, why(body));
        };
    }

    private static WitnessReply cosigned(Checkpoint checkpoint, Bytes body, Collection<VerifierKey> witness) {
        Reading<Note> note = Spelling.reading(() -> {
            String text = Spelling.text(body, LogLimits.NOTE);
            return new Note(checkpoint.text(), Note.signatures(text, LogLimits.CHECKPOINT_SIGNATURES));
        });
        return switch (note) {
            case Reading.Fault<Note>(String why) -> new Refused(200, why);
            case Reading.Value<Note>(Note answered) -> opened(answered, witness);
        };
    }

    private static WitnessReply opened(Note note, Collection<VerifierKey> witness) {
        return switch (new KnownKeys(witness).open(note)) {
            case KnownKeys.Opened.Refused(String why) -> new Refused(200, why);
            case KnownKeys.Opened.Signed(KnownKeys.Signers by) ->
                by.keys().stream().allMatch(key -> by.time(key).isPresent())
                        ? new Cosigned(by.lines())
                        : new Refused(200, "a cosignature without a time");
        };
    }

    private static WitnessReply conflict(AddCheckpoint asked, String contentType, Bytes body) {
        Optional<Long> size = Spelling.reading(() -> size(contentType, body)).good();
        if (size.isEmpty() || size.get() == asked.old()) {
            return new Refused(409, "no size of a checkpoint cosigned last");
        }
        return size.get() > asked.checkpoint().checkpoint().size() ? new Ahead(size.get()) : new AskFrom(size.get());
    }

    private static long size(String contentType, Bytes body) throws Stop {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        Spelling.need(type.strip().equalsIgnoreCase(WitnessAnswer.SIZE), "no " + WitnessAnswer.SIZE);
        List<String> lines = Spelling.lines(Spelling.text(body, LONGEST_SIZE));
        Spelling.need(lines.size() == 1, "no size");
        return Spelling.number(lines.getFirst());
    }

    /// The first line, if it can be shown.
    private static String why(Bytes body) {
        return Spelling.reading(() -> Spelling.lines(Spelling.text(body, LogLimits.NOTE_TEXT)))
                .good()
                .filter(lines -> !lines.isEmpty())
                .map(List::getFirst)
                .orElse("");
    }
}
