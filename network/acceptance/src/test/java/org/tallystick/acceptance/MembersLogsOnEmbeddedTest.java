package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Path;

final class MembersLogsOnEmbeddedTest extends MembersLogs {

    @Override
    Network start(Path in) throws IOException {
        return EmbeddedNetwork.start(in);
    }
}
