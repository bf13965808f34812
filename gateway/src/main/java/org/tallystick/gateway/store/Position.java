package org.tallystick.gateway.store;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// Where a verdict lies on the ledger. As text it is `block/transaction/item`, in one spelling.
///
/// @param transaction index in the block
/// @param item index in the transaction
public record Position(long block, int transaction, int item) implements Comparable<Position> {

    /// Before the first one. It has no text.
    public static final Position START = new Position(-1, 0, 0);

    private static final String INDEX = "(0|[1-9][0-9]{0,8})";
    private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,14})/" + INDEX + "/" + INDEX);

    private static final Comparator<Position> ORDER = Comparator.comparingLong(Position::block)
            .thenComparingInt(Position::transaction)
            .thenComparingInt(Position::item);

    public static Optional<Position> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new Position(
                        Long.parseLong(parts.group(1)),
                        Integer.parseInt(parts.group(2)),
                        Integer.parseInt(parts.group(3))))
                : Optional.empty();
    }

    /// Its text; nothing of [#START].
    public Optional<String> text() {
        return equals(START) ? Optional.empty() : Optional.of(block + "/" + transaction + "/" + item);
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    public Json.Obj toJson() {
        return Json.object()
                .with("block", block)
                .with("item", item)
                .with("transaction", transaction)
                .build();
    }
}
