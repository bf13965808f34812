package org.tallystick.agreement.settlement;

import java.util.SortedSet;

public sealed interface Outcome {
    record Settled(Statement statement, History after) implements Outcome {}

    record Refused(SortedSet<String> codes) implements Outcome {}
}
