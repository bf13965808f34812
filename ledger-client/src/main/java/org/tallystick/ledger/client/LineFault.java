package org.tallystick.ledger.client;

import org.tallystick.agreement.json.Json;

/// What is wrong, or worth a look, at one line of a file.
///
/// @param line from 1
/// @param column where in the line; empty if the whole line is meant
/// @param value as it stands there, cut to [#LONGEST_VALUE] characters
/// @param code of `docs/spec/instruction-1.md` section 8 or `docs/spec/mapping-1.md` section 6
/// @param sentence for people
public record LineFault(long line, String column, String value, String code, String sentence) {

    public static final int LONGEST_VALUE = 80;

    public LineFault {
        if (value.length() > LONGEST_VALUE) {
            value = value.substring(0, LONGEST_VALUE) + "...";
        }
    }

    /// `line 7, Betrag "12,345": has 3 decimals, EUR has 2`.
    public String text() {
        String where = column.isEmpty() ? "" : ", " + column;
        String what = value.isEmpty() ? "" : " \"" + value + "\"";
        return "line " + line + where + what + ": " + sentence;
    }

    public Json encode() {
        return Json.object()
                .with("code", code)
                .with("column", column)
                .with("line", line)
                .with("sentence", sentence)
                .with("value", value)
                .build();
    }
}
