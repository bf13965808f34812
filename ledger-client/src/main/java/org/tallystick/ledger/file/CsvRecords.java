package org.tallystick.ledger.file;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;

/// The records of a CSV file (RFC 4180): quotes around cells, doubled within them, line ends inside quotes, LF or CR
/// LF.
///
/// A broken record is told and left behind: reading goes on in the line after the one it begins in. That is why this
/// is not left to a library, which would stop there.
final class CsvRecords implements AutoCloseable {

    /// The most lines of one record: where a quote is not closed, no more than these are looked at twice.
    static final int MOST_LINES = 100;
    /// The most cells of a record.
    static final int MOST_CELLS = 500;

    private static final char QUOTE = '"';

    private final Lines lines;
    private final Encoding encoding;
    private final char separator;
    private final Deque<Lines.Line> again = new ArrayDeque<>();
    private boolean begun;

    CsvRecords(Lines lines, Encoding encoding, char separator) {
        this.lines = lines;
        this.encoding = encoding;
        this.separator = separator;
    }

    /// A record that is being read, cell by cell.
    private static final class Reading {
        final List<String> cells = new ArrayList<>();
        final StringBuilder cell = new StringBuilder();
        boolean quoted;
        boolean closed;

        void end() {
            cells.add(closed ? cell.toString() : cell.toString().strip());
            cell.setLength(0);
            closed = false;
        }
    }

    Optional<CsvRecord> next() throws IOException {
        Optional<Lines.Line> first = line();
        while (first.isPresent() && first.get().isBlank()) {
            first = line();
        }
        if (first.isEmpty()) {
            return Optional.empty();
        }
        if (!begun) {
            begun = true;
            Optional<CsvRecord> wrong = wrongMark(first.get());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.of(record(first.get()));
    }

    private Optional<Lines.Line> line() throws IOException {
        return again.isEmpty() ? lines.next() : Optional.of(again.pop());
    }

    /// A mark of another encoding than the one that was named.
    private Optional<CsvRecord> wrongMark(Lines.Line first) {
        Bytes octets = first.octets();
        int mark = octets.size() < 2 ? 0 : octets.at(0) << 8 | octets.at(1);
        boolean utf16 = mark == 0xfffe || mark == 0xfeff;
        if (utf16 || (lines.marked() && encoding != Encoding.UTF_8)) {
            String is = utf16 ? "UTF-16" : "UTF-8";
            return Optional.of(new CsvRecord.Broken(
                    first.number(),
                    "",
                    "encoding_wrong",
                    "the file begins with the byte order mark of " + is + " and was said to be " + encoding.text()));
        }
        return Optional.empty();
    }

    private CsvRecord record(Lines.Line first) throws IOException {
        Reading reading = new Reading();
        List<Lines.Line> more = new ArrayList<>();
        Lines.Line line = first;
        while (true) {
            Optional<CsvRecord> broken = read(reading, line, first.number());
            if (broken.isPresent()) {
                giveBack(more);
                return broken.get();
            }
            if (!reading.quoted) {
                return reading.cells.size() > MOST_CELLS
                        ? new CsvRecord.Broken(first.number(), "", "line_too_long", "has more than 500 cells")
                        : new CsvRecord.Cells(first.number(), reading.cells, line.ended());
            }
            Optional<Lines.Line> next = more.size() < MOST_LINES ? line() : Optional.empty();
            if (next.isEmpty()) {
                giveBack(more);
                return new CsvRecord.Broken(
                        first.number(),
                        reading.cell.toString().lines().findFirst().orElse(""),
                        "quote_open",
                        "has a quote that is not closed");
            }
            reading.cell.append('\n');
            line = next.get();
            more.add(line);
        }
    }

    private void giveBack(List<Lines.Line> more) {
        more.reversed().forEach(again::push);
    }

    private Optional<CsvRecord> read(Reading reading, Lines.Line line, long begin) {
        if (line.tooLong()) {
            return Optional.of(new CsvRecord.Broken(
                    begin, "", "line_too_long", "line " + line.number() + " is longer than 256 KiB"));
        }
        return switch (encoding.decode(line.octets().toArray())) {
            case Encoding.Decoded.Bad(var value, var sentence) ->
                Optional.of(new CsvRecord.Broken(line.number(), value, "encoding_wrong", sentence));
            case Encoding.Decoded.Good(var text) -> read(reading, text, begin);
        };
    }

    private Optional<CsvRecord> read(Reading reading, String text, long begin) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (reading.quoted) {
                boolean doubled = c == QUOTE && i + 1 < text.length() && text.charAt(i + 1) == QUOTE;
                if (c != QUOTE || doubled) {
                    reading.cell.append(c);
                    i += doubled ? 1 : 0;
                } else {
                    reading.quoted = false;
                    reading.closed = true;
                }
            } else if (c == separator) {
                reading.end();
            } else if (c == QUOTE && !reading.closed && reading.cell.toString().isBlank()) {
                reading.cell.setLength(0);
                reading.quoted = true;
            } else if (!reading.closed) {
                reading.cell.append(c);
            } else if (c != ' ' && c != '\t') {
                return Optional.of(new CsvRecord.Broken(
                        begin, reading.cell.toString(), "quote_wrong", "has \"" + c + "\" after a closing quote"));
            }
        }
        if (!reading.quoted) {
            reading.end();
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
