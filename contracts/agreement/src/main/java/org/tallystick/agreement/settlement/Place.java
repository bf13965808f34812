package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.Comparator;

/// Where an event stands in the only order there is: by date, then by id compared byte by byte (terms/1 section 6.3).
///
/// Ids are printable ASCII, so comparing their characters compares their bytes.
record Place(LocalDate date, String id) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::date).thenComparing(Place::id);

    static Place of(Fact fact) {
        return new Place(fact.date(), fact.id());
    }

    static Place of(KnownEvent known) {
        return new Place(known.event().date(), known.id());
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
