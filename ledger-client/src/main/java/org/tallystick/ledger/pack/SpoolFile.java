package org.tallystick.ledger.pack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/// A temporary file to write and to read. It loses its name as soon as it is open, so that nothing is left of it when
/// it is closed, or when the process ends in whatever way.
public final class SpoolFile {

    private SpoolFile() {}

    public static FileChannel open() throws IOException {
        return FileChannel.open(
                Files.createTempFile("tallystick", ".part"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }
}
