package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.FabricFound;
import org.tallystick.fabric.node.Binaries;

@ExtendWith(FabricFound.class)
final class MembersLogsOnFabricTest extends MembersLogs {

    @Override
    Network start(Path in) throws IOException {
        Binaries binaries = Binaries.find(System.getenv()).orElseThrow();
        return FabricNetwork.start(in, new Backend.Native(), binaries);
    }
}
