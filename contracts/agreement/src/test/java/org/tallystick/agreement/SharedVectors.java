package org.tallystick.agreement;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// Published test vectors, which lie beside the repository in `../shared` or where `tallystick.shared` says.
///
/// A test that needs one that is absent is skipped, and says so.
public final class SharedVectors {

    private SharedVectors() {}

    /// A file or folder below the shared folder.
    public static Path path(String name) {
        Optional<Path> found = shared().map(shared -> shared.resolve(name)).filter(Files::exists);
        assumeTrue(found.isPresent(), "skipped: " + name + " is not there (set -Dtallystick.shared=FOLDER)");
        return found.orElseThrow();
    }

    /// A file or folder of this repository, or, until it has its own, of the shared folder.
    public static Path path(String ofRepository, String ofShared) {
        for (Path folder = here(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("scripts/lib/jdk.sh"))) {
                Path own = folder.resolve(ofRepository);
                return Files.exists(own) ? own : path(ofShared);
            }
        }
        return path(ofShared);
    }

    public static Json.Obj json(Path file) {
        return (Json.Obj) parsed(file);
    }

    public static Json parsed(Path file) {
        return switch (JsonReader.read(bytes(file), JsonReader.Profile.FILE)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault fault -> throw new IllegalStateException(file + ": " + fault);
        };
    }

    public static Bytes bytes(Path file) {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return Bytes.copyOf(plain.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The files of a folder and its folders, in order of their names.
    public static List<Path> files(Path folder, String ending) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> shared() {
        String given = System.getProperty("tallystick.shared");
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        for (Path folder = here(); folder != null; folder = folder.getParent()) {
            Path shared = folder.resolveSibling("shared");
            if (Files.isDirectory(shared.resolve("vectors"))) {
                return Optional.of(shared);
            }
        }
        return Optional.empty();
    }

    private static Path here() {
        return Path.of("").toAbsolutePath();
    }
}
