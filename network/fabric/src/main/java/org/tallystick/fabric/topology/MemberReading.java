package org.tallystick.fabric.topology;

import java.util.List;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.ledger.yaml.Fault;

/// What came of reading one member from a file.
public sealed interface MemberReading {

    record Read(Member member) implements MemberReading {}

    record Faulty(List<Fault> faults) implements MemberReading {
        public Faulty {
            faults = List.copyOf(faults);
        }
    }
}
