package org.tallystick.fabric.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Files that are there as a whole or not at all, also after a crash, and that only their owner can read.
public final class OwnerFiles {

    private static final FileAttribute<?> FILE = only("rw-------");
    private static final FileAttribute<?> PROGRAM = only("rwx------");
    private static final FileAttribute<?> FOLDER = only("rwx------");

    private OwnerFiles() {}

    private static FileAttribute<?> only(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, FILE);
    }

    /// A file that can be run.
    public static void writeProgram(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8), PROGRAM);
    }

    /// Writes the file only if it says something else so far.
    public static void update(Path file, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
            write(file, content);
        }
    }

    private static void write(Path file, byte[] content, FileAttribute<?> permissions) throws IOException {
        Path unfinished = file.toAbsolutePath().resolveSibling(file.getFileName() + ".tmp");
        Path folder = unfinished.getParent();
        if (folder != null) {
            Path _ = folder(folder);
        }
        boolean _ = Files.deleteIfExists(unfinished);
        try (FileChannel channel = FileChannel.open(
                unfinished, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), permissions)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                int _ = channel.write(bytes);
            }
            channel.force(true);
        }
        Path _ = Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The folder, made if it is not there.
    public static Path folder(Path folder) throws IOException {
        return Files.createDirectories(folder, FOLDER);
    }

    /// Copies a folder of files without the dates.
    public static void copy(Path from, Path to) throws IOException {
        Path _ = folder(to);
        for (Path file : list(from)) {
            Path copy = to.resolve(String.valueOf(file.getFileName()));
            if (Files.isDirectory(file)) {
                copy(file, copy);
            } else {
                write(copy, Files.readAllBytes(file));
            }
        }
    }

    /// What is in the folder, by name; nothing if there is no folder.
    public static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /// Deletes the folder with all that is in it, but follows no link.
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
