package org.tallystick.agreement.rules;

import java.util.List;
import java.util.stream.Stream;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.json.Json;

/// What the rules say to one instruction.
sealed interface Answer {

    /// It has these effects, and its writes stay.
    record Applied(List<Json.Obj> effects) implements Answer {
        public Applied {
            effects = List.copyOf(effects);
        }
    }

    record Denied(No no) implements Answer {}

    static Answer applied(Json.Builder... effects) {
        return new Applied(Stream.of(effects).map(Json.Builder::build).toList());
    }

    static Answer denied(No no) {
        return new Denied(no);
    }
}
