package org.tallystick.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What stands between the ledger and its files, so that tests can have a bad one.
interface Disk {

    /// The disk as it is.
    Disk REAL = (_, channel) -> channel;

    FileChannel of(Path file, FileChannel channel);

    /// A file that is there, or else a new one whose name is durable before anything is written to it.
    default FileChannel open(Path file) throws IOException {
        return of(
                file,
                Files.exists(file)
                        ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                        : DurableFiles.createDurably(file));
    }
}
