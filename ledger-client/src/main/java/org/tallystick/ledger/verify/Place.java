package org.tallystick.ledger.verify;

import java.util.Comparator;
import java.util.Optional;
import org.tallystick.ledger.pack.EntryName;
import org.tallystick.ledger.pack.TransactionEnvelope.Position;

/// Where in a pack something was found: the entry, then block and transaction, the item, and a JSON pointer into it.
public record Place(String entry, Optional<Position> position, Optional<Integer> item, String pointer)
        implements Comparable<Place> {

    private static final Comparator<Place> ORDER = Comparator.comparing(Place::entry)
            .thenComparing(place -> place.item().orElse(-1))
            .thenComparing(Place::pointer);

    public static Place of(EntryName entry) {
        return of(entry.text());
    }

    public static Place of(String entry) {
        return new Place(entry, Optional.empty(), Optional.empty(), "");
    }

    public static Place of(EntryName entry, Position position) {
        return new Place(entry.text(), Optional.of(position), Optional.empty(), "");
    }

    public Place item(int item) {
        return new Place(entry, position, Optional.of(item), pointer);
    }

    /// This place and then a step into the JSON value that is there.
    public Place at(String more) {
        return new Place(entry, position, item, pointer + more);
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(entry);
        position.ifPresent(where -> text.append(", ").append(where));
        item.ifPresent(index -> text.append(", item ").append(index));
        return pointer.isEmpty()
                ? text.toString()
                : text.append(", ").append(pointer).toString();
    }
}
