package org.tallystick.ledger.file;

import java.util.List;

/// One record of a CSV file, which may go over several lines.
sealed interface CsvRecord {

    /// The line it begins in, from 1.
    long line();

    /// @param whole whether a line end follows; only the last record of a file may lack one
    record Cells(long line, List<String> cells, boolean whole) implements CsvRecord {
        public Cells {
            cells = List.copyOf(cells);
        }
    }

    /// No record, for this reason.
    record Broken(long line, String value, String code, String sentence) implements CsvRecord {}
}
