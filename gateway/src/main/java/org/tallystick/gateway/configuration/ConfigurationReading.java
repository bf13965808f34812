package org.tallystick.gateway.configuration;

import java.util.List;
import org.tallystick.ledger.yaml.Fault;

/// What came of reading a configuration.
public sealed interface ConfigurationReading {

    record Read(Configuration configuration) implements ConfigurationReading {}

    /// @param faults at least one, in the order of the document
    record Faulty(List<Fault> faults) implements ConfigurationReading {
        public Faulty {
            faults = List.copyOf(faults);
        }
    }
}
