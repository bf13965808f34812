package org.tallystick.acceptance;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.tallystick.fabric.docker.Engine;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.node.NodeException;

/// The scenarios on nodes that are containers: the same ledger as with processes, so once in a while is enough.
@Tag("long")
@Order(3)
final class DockerScenariosTest extends FabricScenarios {

    @Override
    Backend backend() {
        Images images = Images.USUAL;
        try {
            Engine engine = Engine.find(System.getenv());
            for (String image : List.of(images.peer(), images.orderer(), images.base())) {
                assumeTrue(engine.has(image), "Docker: no scenario, the engine has no image " + image);
            }
        } catch (NodeException e) {
            abort("Docker: no scenario, " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine was asked", e);
        }
        return Backend.Docker.of(images);
    }
}
