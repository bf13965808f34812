package org.tallystick.agreement.settlement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// The public examples of terms/1, in the repository or beside it.
public final class Examples {

    public static final List<String> NAMES =
            List.of("01-channel-reseller", "04-si-service-delivery", "09a-rounding-per-event", "12-rounding-modes");

    private Examples() {}

    /// The case of this name.
    public static Json.Obj read(String name) {
        return (Json.Obj) json(bytes(find("docs/spec/examples/" + name + ".json", "spec/examples/" + name + ".json")));
    }

    public static String rendered(String name) {
        return bytes(find("docs/spec/examples/" + name + ".txt", "spec/examples/" + name + ".txt"))
                .utf8()
                .orElseThrow();
    }

    /// A file of the repository, or else one of the shared folder beside it.
    private static Path find(String ours, String shared) {
        return Stream.of(above(ours), shared(shared))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("neither " + ours + " nor " + shared));
    }

    /// A file of the folder that `-Dtallystick.shared` names, or of `shared` next to a folder above this one.
    public static Optional<Path> shared(String file) {
        String named = System.getProperty("tallystick.shared", "");
        return named.isEmpty()
                ? above("shared/" + file)
                : Optional.of(Path.of(named, file)).filter(Files::exists);
    }

    private static Optional<Path> above(String file) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(file))) {
                return Optional.of(folder.resolve(file));
            }
        }
        return Optional.empty();
    }

    public static Bytes bytes(Path file) {
        try {
            return Bytes.copyOf(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Json json(Bytes text) {
        return switch (JsonReader.read(text, JsonReader.Profile.FILE)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault fault -> throw new IllegalArgumentException(fault + " in " + text.utf8());
        };
    }

    /// JSON as people write it, with single quotes for double ones.
    public static Json json(String text) {
        return json(Bytes.ofUtf8(text.replace('\'', '"')));
    }
}
