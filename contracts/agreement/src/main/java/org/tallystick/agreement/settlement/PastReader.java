package org.tallystick.agreement.settlement;

import java.util.Optional;
import java.util.SortedSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// Where a history finds what is kept of single periods, when a settlement asks for it.
///
/// Each answer is what the newest [History.Renewed] of the period had.
public interface PastReader {

    Json.Obj sums(Period period);

    /// The events that clauses keep one by one; nothing if there are none.
    Optional<Json.Obj> singles(Period period);

    SortedSet<Period> lookers(Period period);
}
