package org.tallystick.acceptance;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.DockerFound;

/// The scenarios on nodes that are containers: the same ledger as with processes, so once in a while is enough.
@Tag("long")
@Order(3)
@ExtendWith(DockerFound.class)
final class DockerScenariosTest extends FabricScenarios {

    @Override
    Backend backend() {
        return Backend.Docker.of(Images.USUAL);
    }
}
