package org.tallystick.embedded;

import java.nio.file.Path;
import java.util.List;

/// A ledger in a process of its own, for tests that kill it. Says `ready` and how long that took, and runs until then.
final class LedgerProcess {
    private LedgerProcess() {}

    static final List<String> MEMBERS = List.of("AcmeMSP", "BlueMSP", "CoralMSP");

    public static void main(String[] arguments) throws Exception {
        long began = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        var settings = EmbeddedLedger.Settings.of(
                        Path.of(arguments[0]),
                        MEMBERS,
                        List.of(NotebookChaincode.definition(), PrivateDataTest.definition()))
                .withPort(0);
        long called = System.currentTimeMillis();
        try (var _ = EmbeddedLedger.start(settings)) {
            long now = System.currentTimeMillis();
            System.out.println("ready " + (now - called) + " ms after the call, " + (now - began)
                    + " ms after the start of the process");
            Thread.currentThread().join();
        }
    }
}
