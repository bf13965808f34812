package org.tallystick.ledger.client;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// Where a verdict stands: block, transaction in the block, item in the transaction.
public record Position(long block, long transaction, long item) implements Comparable<Position> {

    /// No block has so many transactions, and no transaction so many items.
    private static final long MOST = 999_999_999;

    private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,14})/(0|[1-9][0-9]{0,8})/(0|[1-9][0-9]{0,8})");

    private static final Comparator<Position> ORDER = Comparator.comparingLong(Position::block)
            .thenComparingLong(Position::transaction)
            .thenComparingLong(Position::item);

    public static Optional<Position> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new Position(
                        Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }

    /// Behind all that a block has.
    public static Position endOf(long block) {
        return new Position(block, MOST, MOST);
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    public static Position decode(Json.Obj json) {
        return new Position(json.whole("block"), json.whole("transaction"), json.whole("item"));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("block", block)
                .with("item", item)
                .with("transaction", transaction)
                .build();
    }

    @Override
    public String toString() {
        return block + "/" + transaction + "/" + item;
    }
}
