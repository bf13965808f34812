package org.tallystick.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A small file system of its own that can be filled and freed. Only root may mount one.
final class SmallDisk implements AutoCloseable {

    private static final int BLOCK = 4096;
    private static final String FILLER = "filler";

    private final Path at;

    private SmallDisk(Path at) {
        this.at = at;
    }

    /// Mounts one at this folder, which is made; where that may not be done, the test is skipped and says so.
    static SmallDisk mount(Path at, int mebibytes) throws IOException {
        Path _ = Files.createDirectories(at);
        Ended mounted = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", at.toString());
        assumeTrue(mounted.exitCode() == 0, "a small disk cannot be mounted here: " + mounted.output());
        return new SmallDisk(at);
    }

    private record Ended(int exitCode, String output) {}

    private static Ended run(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output.strip());
        } catch (IOException e) {
            return new Ended(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ended(-1, "interrupted while it ran " + command[0]);
        }
    }

    /// Fills it until no more than so many bytes are free.
    void fill(long left) throws IOException {
        byte[] block = new byte[BLOCK];
        try (OutputStream filler = Files.newOutputStream(at.resolve(FILLER))) {
            while (Files.getFileStore(at).getUsableSpace() >= left + BLOCK) {
                filler.write(block);
            }
        }
    }

    void free() throws IOException {
        Files.delete(at.resolve(FILLER));
    }

    @Override
    public void close() {
        Ended unmounted = run("umount", at.toString());
        if (unmounted.exitCode() != 0) {
            throw new IllegalStateException(at + " stays mounted: " + unmounted.output());
        }
    }
}
