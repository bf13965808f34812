package org.tallystick.acceptance;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.FabricFound;

/// The scenarios on nodes that are processes.
@Order(2)
@ExtendWith(FabricFound.class)
final class FabricScenariosTest extends FabricScenarios {

    @Override
    Backend backend() {
        return new Backend.Native();
    }
}
