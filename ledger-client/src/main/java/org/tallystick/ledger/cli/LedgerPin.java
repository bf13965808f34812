package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;

/// Which ledger the keys of a home sign for: the first one they met. A gateway could else have a party sign for another
/// ledger than it means.
final class LedgerPin {

    private final Path file;

    LedgerPin(Path home) {
        this.file = home.resolve("ledger");
    }

    /// @return whether the ledger was noted now, for the first time
    boolean check(Hash ledger) throws IOException, CommandFailure {
        need(ledger);
        if (Files.exists(file)) {
            return false;
        }
        Path _ = Files.createDirectories(file.toAbsolutePath().getParent());
        Path _ = Files.writeString(file, ledger + "\n", StandardOpenOption.CREATE_NEW);
        return true;
    }

    /// Says no to a ledger that the home is not for; any will do for one that is for none yet.
    void need(Hash ledger) throws IOException, CommandFailure {
        Optional<String> pinned =
                Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        if (pinned.isPresent() && !pinned.get().equals(ledger.hex())) {
            throw CommandFailure.cannot(
                    "this home signs for ledger " + pinned.get() + ", not for " + ledger,
                    "use another --home for another ledger; " + file + " has the one this home is for");
        }
    }
}
