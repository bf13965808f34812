package org.tallystick.agreement.settlement;

import java.util.List;
import org.tallystick.agreement.terms.Terms;

public final class Settlement {
    private Settlement() {}

    public static final String ENGINE = "terms-1/1";

    public static Outcome settle(Terms terms, History before, List<KnownEvent> booked) {
        throw new IllegalStateException("" + terms + before + booked);
    }
}
