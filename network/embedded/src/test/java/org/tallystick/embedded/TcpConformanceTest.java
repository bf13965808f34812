package org.tallystick.embedded;

import io.grpc.ManagedChannel;
import java.io.IOException;

/// The conformance checks over loopback, by the address that the ledger leaves in its folder.
final class TcpConformanceTest extends FabricConformance {
    @Override
    EmbeddedLedger.Settings at(EmbeddedLedger.Settings settings) {
        return settings.withPort(0);
    }

    @Override
    ManagedChannel connect(EmbeddedLedger started, String member) throws IOException {
        return Client.connect(started.ledgerFiles().address(member));
    }
}
