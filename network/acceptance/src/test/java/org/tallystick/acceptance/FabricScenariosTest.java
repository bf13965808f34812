package org.tallystick.acceptance;

import org.junit.jupiter.api.Order;
import org.tallystick.fabric.network.Backend;

/// The scenarios on nodes that are processes.
@Order(2)
final class FabricScenariosTest extends FabricScenarios {

    @Override
    Backend backend() {
        return new Backend.Native();
    }
}
