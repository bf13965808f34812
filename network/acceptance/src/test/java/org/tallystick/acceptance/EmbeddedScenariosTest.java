package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;

/// The scenarios on the embedded ledger, started as the product starts it: a process of its own, over loopback.
@Order(1)
final class EmbeddedScenariosTest extends LifeScenarios {

    @Override
    Network start(Path folder) throws IOException {
        return EmbeddedNetwork.start(folder);
    }
}
