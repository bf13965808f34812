package org.tallystick.ledger.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.tallystick.ledger.pack.TrustFile;

/// Packs that tests verified, good ones and lies, kept in the folder that `-Dtallystick.verified=FOLDER` names: each
/// with
/// its trust file and what was said of it, so that other verifiers can be held beside this one.
final class KeptPacks {

    private static final String FOLDER = System.getProperty("tallystick.verified", "");
    private static final AtomicInteger KEPT = new AtomicInteger();

    private KeptPacks() {}

    static void keep(byte[] pack, Optional<TrustFile> trust, Report report) throws IOException {
        if (FOLDER.isEmpty()) {
            return;
        }
        Path folder = Files.createDirectories(Path.of(FOLDER));
        String name = "%d-%05d".formatted(ProcessHandle.current().pid(), KEPT.incrementAndGet());
        Files.write(folder.resolve(name + ".tallypack"), pack);
        if (trust.isPresent()) {
            Files.write(
                    folder.resolve(name + ".tallytrust"), trust.get().encode().toArray());
        }
        Files.write(folder.resolve(name + ".json"), report.json().canonical().toArray());
    }
}
