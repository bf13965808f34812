package org.tallystick.agreement.answer;

import org.tallystick.agreement.json.Json;

/// The ledger's "no" to an instruction: why, and the facts, typed.
///
/// @param kind what the no is worth
/// @param values integers, strings, arrays and objects of these, by name
public record No(Kind kind, Code code, Json.Obj values) {

    public enum Kind {
        /// Before a valid signature: no verdict, anybody could have caused it, the same bytes may be sent again.
        FORM,
        /// A verdict: final, with a marker and a leaf.
        REFUSED,
        /// No verdict: a later commit or the clock can cure it; the same bytes are offered again.
        WAITING
    }

    public static No form(Code code) {
        return new No(Kind.FORM, code, Json.Obj.EMPTY);
    }

    public static No form(Code code, Json.Builder values) {
        return new No(Kind.FORM, code, values.build());
    }

    public static No refused(Code code) {
        return new No(Kind.REFUSED, code, Json.Obj.EMPTY);
    }

    public static No refused(Code code, Json.Builder values) {
        return new No(Kind.REFUSED, code, values.build());
    }

    public static No waiting(Code code, Json.Builder values) {
        return new No(Kind.WAITING, code, values.build());
    }
}
