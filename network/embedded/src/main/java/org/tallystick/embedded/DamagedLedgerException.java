package org.tallystick.embedded;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/// The block file holds something that this ledger did not write, from the named offset on.
///
/// Nothing was changed. Who knows better may cut the file at the offset, or bring a copy back.
public final class DamagedLedgerException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private final long offset;

    DamagedLedgerException(Path file, long offset, String what) {
        super(file + " is damaged at offset " + offset + ": " + what);
        this.offset = offset;
    }

    public long offset() {
        return offset;
    }
}
