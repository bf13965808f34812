package org.tallystick.agreement.terms;

import java.util.List;
import org.tallystick.agreement.bytes.Hash;

public record Terms(String id, String hub, String currency, Frequency frequency, List<String> parties) {
    public List<String> engagedParties() {
        throw new IllegalStateException();
    }

    public List<String> reportedTypes() {
        throw new IllegalStateException();
    }

    public Hash hash() {
        throw new IllegalStateException();
    }

    public String rendered() {
        throw new IllegalStateException();
    }
}
