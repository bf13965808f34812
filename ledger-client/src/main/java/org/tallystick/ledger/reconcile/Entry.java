package org.tallystick.ledger.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.terms.Terms;

/// An event of one side.
///
/// @param name where it stands: the line of a file, or the ledger's id
/// @param reference by which it is found on the other side; of a correction that of what it corrects
public record Entry(String name, Optional<String> reference, Event event, String currency) {

    private static final String CORRECTS = "corrects ";

    /// @param reference its own
    /// @param corrected the reference of the event that it corrects, if it corrects one
    public static Entry of(
            String name, Event event, Optional<String> reference, Optional<String> corrected, Terms terms) {
        Optional<String> found = event.refOf().isPresent() || corrected.isPresent()
                ? corrected.map(origin -> CORRECTS + origin)
                : reference;
        return new Entry(name, found, event, event.currency().orElse(terms.currency()));
    }

    /// The members in which they differ. What one side does not state is no difference: books are kept for other ends.
    List<String> differences(Entry other) {
        List<String> members = new ArrayList<>();
        if (!event.type().equals(other.event.type())) {
            members.add("type");
        }
        if (!event.date().equals(other.event.date())) {
            members.add("date");
        }
        if (differ(event.amount(), other.event.amount())) {
            members.add("amount");
        } else if (event.amount().isPresent() && other.event.amount().isPresent() && !currency.equals(other.currency)) {
            members.add("currency");
        }
        if (differ(event.quantity(), other.event.quantity())) {
            members.add("quantity");
        }
        return members;
    }

    private static <T> boolean differ(Optional<T> one, Optional<T> two) {
        return one.isPresent() && two.isPresent() && !one.get().equals(two.get());
    }
}
