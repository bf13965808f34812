package org.tallystick.ledger.file;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;

/// What the columns of a CSV file mean as revenue events: `docs/spec/mapping-1.md`.
///
/// @param hash of its canonical spelling
/// @param members what each member of an event is taken from, `attributes` what each of its attributes is
public record Mapping(
        Hash hash,
        Encoding encoding,
        char separator,
        NumberStyle numbers,
        DayStyle dates,
        SortedMap<Member, Cell> members,
        SortedMap<String, Cell> attributes) {

    public Mapping {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /// A member of an event, and how a cell becomes one.
    enum Member {
        TYPE("type", As.TEXT),
        DATE("date", As.DATE),
        AMOUNT("amount", As.AMOUNT),
        CURRENCY("currency", As.TEXT),
        QUANTITY("quantity", As.DECIMAL),
        KPI("kpi", As.TEXT),
        VALUE("value", As.DECIMAL),
        PAIR("pair", As.TEXT),
        RATE("rate", As.RATE),
        ID("id", As.TEXT),
        REF_OF("refOf", As.TEXT);

        private final String text;
        private final As as;

        Member(String text, As as) {
            this.text = text;
            this.as = as;
        }

        String text() {
            return text;
        }

        As as() {
            return as;
        }

        static Optional<Member> ofText(String text) {
            return Stream.of(values())
                    .filter(member -> member.text.equals(text))
                    .findFirst();
        }
    }

    /// What the text of a cell is read as.
    enum As {
        TEXT,
        DATE,
        /// In major units, which become minor ones.
        AMOUNT,
        /// An amount that is in minor units already.
        MINOR,
        /// A number of terms/1: an integer, or a text such as `0.15`.
        DECIMAL,
        /// A fixing, which is always a text.
        RATE,
        /// An integer.
        WHOLE
    }

    /// Where a value comes from.
    sealed interface Cell {

        /// @param values what other texts mean; if there are any, no text but these may stand there
        record Column(String name, As as, SortedMap<String, Json> values) implements Cell {
            public Column {
                values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
            }
        }

        /// The same on every line.
        record Constant(Json value) implements Cell {}
    }

    /// The columns it reads.
    SortedSet<String> columns() {
        TreeSet<String> columns = new TreeSet<>();
        Stream.concat(members.values().stream(), attributes.values().stream()).forEach(cell -> {
            switch (cell) {
                case Cell.Column column -> columns.add(column.name());
                case Cell.Constant _ -> {}
            }
        });
        return columns;
    }
}
