package org.tallystick.ledger.log;

import java.util.List;
import org.tallystick.agreement.bytes.Bytes;

/// What a witness answers: C2SP tlog-witness, and the table of `docs/spec/ledger-1.md` section 14.
public sealed interface WitnessAnswer {

    /// It cosigned, and has recorded that.
    record Cosigned(List<Note.Line> lines) implements WitnessAnswer {
        public Cosigned {
            lines = List.copyOf(lines);
        }
    }

    record Malformed(String why) implements WitnessAnswer {}

    /// No key that it trusts for this origin signed the checkpoint, or a signature of one does not hold.
    record NotSigned(String why) implements WitnessAnswer {}

    record UnknownOrigin() implements WitnessAnswer {}

    /// The checkpoint that it cosigned last has this size, and not what was said.
    record Conflict(long size) implements WitnessAnswer {}

    /// The tree does not go on from the one it cosigned last.
    record Inconsistent(String why) implements WitnessAnswer {}

    /// Its own tree has another root at that size.
    record Forked() implements WitnessAnswer {}

    /// Its own tree has not come that far yet.
    record Behind() implements WitnessAnswer {}

    /// What a size is sent as.
    String SIZE = "text/x.tlog.size";

    String TEXT = "text/plain; charset=utf-8";

    default int status() {
        return switch (this) {
            case Cosigned _ -> 200;
            case Malformed _ -> 400;
            case NotSigned _ -> 403;
            case UnknownOrigin _ -> 404;
            case Conflict _ -> 409;
            case Inconsistent _, Forked _ -> 422;
            case Behind _ -> 503;
        };
    }

    default String contentType() {
        return this instanceof Conflict ? SIZE : TEXT;
    }

    default Bytes body() {
        return Bytes.ofUtf8(
                switch (this) {
                    case Cosigned(List<Note.Line> lines) ->
                        String.join("", lines.stream().map(Note.Line::text).toList());
                    case Malformed(String why) -> why + "\n";
                    case NotSigned(String why) -> why + "\n";
                    case UnknownOrigin _ -> "this log is not known here\n";
                    case Conflict(long size) -> size + "\n";
                    case Inconsistent(String why) -> why + "\n";
                    case Forked _ -> "the tree built here has another root at this size\n";
                    case Behind _ -> "the tree built here has not come that far yet\n";
                });
    }
}
