package org.tallystick.ledger.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes a file that only its owner may read: whole or not at all, and in the place of another only where asked.
final class SecretFile {

    private static final String FILE = "rw-------";
    private static final String FOLDER = "rwx------";

    private SecretFile() {}

    private interface Naming {
        void named(Path written) throws IOException;
    }

    /// @throws java.nio.file.FileAlreadyExistsException if the file is there already
    static void write(Path file, String secret) throws IOException {
        // A link is the one way to give a finished file its name that fails if the name is taken.
        write(file, secret, written -> {
            Path _ = Files.createLink(file, written);
        });
    }

    /// Puts this in the place of what the file holds.
    static void replace(Path file, String secret) throws IOException {
        write(file, secret, written -> {
            Path _ = Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    private static void write(Path file, String secret, Naming naming) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent(), only(file, FOLDER));
        Path written = Files.createTempFile(folder, ".new", "", only(folder, FILE));
        try {
            try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(secret.getBytes(US_ASCII));
                while (bytes.hasRemaining()) {
                    int _ = channel.write(bytes);
                }
                channel.force(true);
            }
            naming.named(written);
            sync(folder);
        } finally {
            boolean _ = Files.deleteIfExists(written);
        }
    }

    private static void sync(Path folder) throws IOException {
        if (isPosix(folder)) {
            try (FileChannel channel = FileChannel.open(folder, Set.of(StandardOpenOption.READ))) {
                channel.force(true);
            }
        }
    }

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] only(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
