package org.tallystick.fabric.topology;

import java.util.List;
import org.tallystick.ledger.yaml.Fault;

/// What came of reading a topology.
public sealed interface TopologyReading {

    record Read(Topology topology) implements TopologyReading {}

    /// @param faults at least one, in the order of the document
    record Faulty(List<Fault> faults) implements TopologyReading {
        public Faulty {
            faults = List.copyOf(faults);
        }
    }
}
