package org.tallystick.ledger.file;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.ledger.client.EventLine;
import org.tallystick.ledger.client.EventLines;
import org.tallystick.ledger.client.LineFault;

/// The events of a CSV file with a header.
final class CsvEvents implements EventLines {

    private final CsvRecords records;
    private final Columns columns;
    private int width;
    private boolean ended;

    CsvEvents(CsvRecords records, Columns columns) {
        this.records = records;
        this.columns = columns;
    }

    @Override
    public Optional<EventLine> next() throws IOException {
        if (width == 0 && !ended) {
            Optional<EventLine> wrong = header();
            if (wrong.isPresent()) {
                ended = true;
                return wrong;
            }
        }
        if (ended) {
            return Optional.empty();
        }
        Optional<CsvRecord> record = records.next();
        ended = record.isEmpty();
        return record.map(this::event);
    }

    /// What is wrong with the header; without a good one nothing is read.
    private Optional<EventLine> header() throws IOException {
        Optional<CsvRecord> record = records.next();
        if (record.isEmpty()) {
            return Optional.of(faulty(1, "", "", "header_missing", "the file is empty; a CSV begins with a header"));
        }
        return switch (record.get()) {
            case CsvRecord.Broken broken -> Optional.of(broken(broken));
            case CsvRecord.Cells(var line, var cells, var _) -> {
                width = cells.size();
                Set<String> names = new HashSet<>();
                for (String name : cells) {
                    if (name.isEmpty() || !names.add(name)) {
                        yield Optional.of(faulty(
                                line, name, "", "header_wrong", "a column of the header is empty, or named twice"));
                    }
                }
                yield columns.begin(cells)
                        .map(wrong -> faulty(line, wrong.column(), wrong.value(), wrong.code(), text(wrong)));
            }
        };
    }

    private EventLine event(CsvRecord record) {
        return switch (record) {
            case CsvRecord.Broken broken -> broken(broken);
            case CsvRecord.Cells(var line, var cells, var whole) -> {
                if (cells.size() != width) {
                    yield faulty(
                            line,
                            "",
                            cells.getLast(),
                            whole ? "cells_wrong" : "file_truncated",
                            "has " + cells.size() + " cells, and the header has " + width
                                    + (whole ? "" : "; the file ends in the middle of a line"));
                }
                yield event(line, cells);
            }
        };
    }

    private EventLine event(long line, List<String> cells) {
        try {
            return new EventLine.Given(line, columns.event(cells));
        } catch (Columns.Wrong wrong) {
            return faulty(line, wrong.column(), wrong.value(), wrong.code(), text(wrong));
        }
    }

    private static String text(Columns.Wrong wrong) {
        return String.valueOf(wrong.getMessage());
    }

    private static EventLine broken(CsvRecord.Broken broken) {
        return faulty(broken.line(), "", broken.value(), broken.code(), broken.sentence());
    }

    private static EventLine faulty(long line, String column, String value, String code, String sentence) {
        return new EventLine.Faulty(new LineFault(line, column, value, code, sentence));
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
