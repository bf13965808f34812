package org.tallystick.embedded;

import io.grpc.ManagedChannel;

/// The conformance checks without a socket.
final class InProcessConformanceTest extends FabricConformance {
    @Override
    EmbeddedLedger.Settings at(EmbeddedLedger.Settings settings) {
        return settings;
    }

    @Override
    ManagedChannel connect(EmbeddedLedger started, String member) {
        return started.channel(member);
    }
}
