package org.tallystick.ledger.file;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;

/// Turns the cells of a record into an event.
interface Columns {

    /// What is wrong with the header, if anything: then nothing can be read.
    Optional<Wrong> begin(List<String> header);

    /// @throws Wrong at the first cell that cannot be read
    Json.Obj event(List<String> cells) throws Wrong;

    /// A cell, or a header, that cannot be read.
    final class Wrong extends Exception {

        private static final long serialVersionUID = 1;

        private final String column;
        private final String value;
        private final String code;

        Wrong(String column, String value, String code, String sentence) {
            super(sentence, null, false, false);
            this.column = column;
            this.value = value;
            this.code = code;
        }

        String column() {
            return column;
        }

        String value() {
            return value;
        }

        String code() {
            return code;
        }
    }
}
