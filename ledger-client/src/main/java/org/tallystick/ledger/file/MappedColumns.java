package org.tallystick.ledger.file;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.terms.Days;

/// Columns that a mapping gives their meaning.
final class MappedColumns implements Columns {

    private static final int MOST_NAMED = 20;

    private final Mapping mapping;
    private final DayStyle.Reader days;
    private final Map<String, Integer> places = new HashMap<>();

    MappedColumns(Mapping mapping) {
        this.mapping = mapping;
        this.days = mapping.dates().reader();
    }

    @Override
    public Optional<Wrong> begin(List<String> header) {
        for (int i = 0; i < header.size(); i++) {
            places.put(header.get(i), i);
        }
        TreeSet<String> missing = new TreeSet<>(mapping.columns());
        missing.removeAll(header);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Wrong(
                        "",
                        "",
                        "column_missing",
                        "the mapping names columns that the file lacks: " + missing + "; it has "
                                + header.subList(0, Math.min(MOST_NAMED, header.size()))));
    }

    @Override
    public Json.Obj event(List<String> cells) throws Wrong {
        TreeMap<String, Json> members = new TreeMap<>();
        for (Map.Entry<Mapping.Member, Mapping.Cell> member : mapping.members().entrySet()) {
            Optional<Json> value = value(member.getValue(), cells);
            if (value.isPresent()) {
                members.put(member.getKey().text(), value.get());
            }
        }
        TreeMap<String, Json> attributes = new TreeMap<>();
        for (Map.Entry<String, Mapping.Cell> attribute : mapping.attributes().entrySet()) {
            Optional<Json> value = value(attribute.getValue(), cells);
            if (value.isPresent()) {
                attributes.put(attribute.getKey(), value.get());
            }
        }
        if (!attributes.isEmpty()) {
            members.put("attrs", new Json.Obj(attributes));
        }
        return new Json.Obj(members);
    }

    private Optional<Json> value(Mapping.Cell of, List<String> cells) throws Wrong {
        return switch (of) {
            case Mapping.Cell.Constant(var value) -> Optional.of(value);
            case Mapping.Cell.Column column -> {
                String cell = cell(column.name(), cells);
                yield cell.isEmpty() ? Optional.empty() : Optional.of(read(column, cell, cells));
            }
        };
    }

    private String cell(String column, List<String> cells) {
        return cells.get(Optional.ofNullable(places.get(column)).orElseThrow());
    }

    private Json read(Mapping.Cell.Column column, String cell, List<String> cells) throws Wrong {
        if (!column.values().isEmpty()) {
            Json meant = column.values().get(cell);
            if (meant == null) {
                throw new Wrong(
                        column.name(),
                        cell,
                        "value_unknown",
                        "is none of the values of the mapping: "
                                + column.values().keySet().stream()
                                        .limit(MOST_NAMED)
                                        .toList());
            }
            return meant;
        }
        return switch (column.as()) {
            case TEXT -> Json.text(cell);
            case DATE -> date(column, cell);
            case AMOUNT -> amount(column, cell, currency(column, cell, cells));
            case MINOR -> amount(column, cell, 0);
            case DECIMAL -> decimal(column, cell);
            case RATE -> Json.text(number(column, cell).text());
            case WHOLE -> whole(column, cell);
        };
    }

    private Json date(Mapping.Cell.Column column, String cell) throws Wrong {
        try {
            String day = days.read(cell).toString();
            if (Days.parse(day).isPresent()) {
                return Json.text(day);
            }
        } catch (DateTimeException _) {
            // Said below: what Java says of it names no value that is not there already.
        }
        throw new Wrong(
                column.name(),
                cell,
                "date_wrong",
                "is no day as " + mapping.dates().pattern() + " writes them, or one that does not exist");
    }

    private NumberStyle.Decimal number(Mapping.Cell.Column column, String cell) throws Wrong {
        return mapping.numbers()
                .read(cell)
                .orElseThrow(() -> new Wrong(
                        column.name(),
                        cell,
                        "number_wrong",
                        "is no number as " + mapping.numbers().text() + " writes them, of at most "
                                + NumberStyle.MOST_DIGITS + " digits"));
    }

    /// How many decimals the currency of the line has.
    private int currency(Mapping.Cell.Column column, String amount, List<String> cells) throws Wrong {
        Mapping.Cell of = mapping.members().get(Mapping.Member.CURRENCY);
        Optional<Json> currency = of == null ? Optional.empty() : value(of, cells);
        if (currency.isEmpty()) {
            throw new Wrong(
                    column.name(),
                    amount,
                    "currency_missing",
                    "has no currency, which says how many decimals there are");
        }
        String code = currency.get() instanceof Json.Text(var text) ? text : "";
        OptionalInt exponent = Currencies.exponent(code);
        if (exponent.isEmpty()) {
            String where = of instanceof Mapping.Cell.Column named ? named.name() : "currency";
            throw new Wrong(where, code, "currency_unknown", "is no currency of terms/1 (such as EUR)");
        }
        return exponent.getAsInt();
    }

    private Json amount(Mapping.Cell.Column column, String cell, int exponent) throws Wrong {
        NumberStyle.Decimal number = number(column, cell);
        if (number.digits().signum() < 0) {
            throw new Wrong(
                    column.name(),
                    cell,
                    "amount_negative",
                    "is negative: what is taken back is an event of its own, of type refund or return");
        }
        Optional<BigInteger> units = number.units(exponent);
        if (units.isEmpty()) {
            throw new Wrong(
                    column.name(),
                    cell,
                    "too_many_decimals",
                    "has " + number.decimals() + " decimals, and the currency has " + exponent
                            + "; if they are thousands, the \"numbers\" of the mapping are others");
        }
        return Amounts.encode(units.get());
    }

    private Json decimal(Mapping.Cell.Column column, String cell) throws Wrong {
        NumberStyle.Decimal number = number(column, cell);
        return number.decimals() == 0 ? Amounts.encode(number.digits()) : Json.text(number.text());
    }

    private Json whole(Mapping.Cell.Column column, String cell) throws Wrong {
        NumberStyle.Decimal number = number(column, cell);
        if (number.decimals() > 0 || number.digits().abs().compareTo(BigInteger.valueOf(Json.Whole.MAX)) > 0) {
            throw new Wrong(column.name(), cell, "number_wrong", "is no whole number of up to 2^53-1");
        }
        return Json.whole(number.digits().longValueExact());
    }
}
