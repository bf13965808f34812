package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// What the scenarios of this run left on each kind of ledger, in files that people can read, too: a line that says
/// what
/// was played, and a line for each transaction.
///
/// They name the run, so that nothing of another one is ever compared: the kinds are played by processes of their own.
final class Recordings {

    private static final Path FOLDER = Path.of("target", "acceptance");
    private static final String ENDING = ".jsonl";
    private static final String RUN = System.getProperty("tallystick.run", "alone");

    private Recordings() {}

    /// @param kind of ledger
    static void add(String kind, Recording recording) throws IOException {
        Path file = FOLDER.resolve(kind).resolve(fileName(recording.scenario()));
        Files.createDirectories(file.getParent());
        List<String> lines = new ArrayList<>();
        lines.add(spelled(Json.object()
                .with("at", System.currentTimeMillis())
                .with("run", RUN)
                .with("scenario", recording.scenario())
                .build()));
        recording.transactions().forEach(transaction -> lines.add(spelled(transaction)));
        Files.write(file, lines);
    }

    private static String fileName(String scenario) {
        return scenario.replaceAll("[^a-z0-9]+", "-") + ENDING;
    }

    private static String spelled(Json.Obj json) {
        return json.canonical().utf8().orElseThrow();
    }

    /// In the order in which they were played; nothing if no scenario ran on such a ledger.
    static List<Recording> of(String kind) throws IOException {
        Path folder = FOLDER.resolve(kind);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<List<Json.Obj>> played = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(ENDING)).toList()) {
                List<Json.Obj> lines =
                        Files.readAllLines(file).stream().map(Recordings::read).toList();
                if (lines.getFirst().findText("run").equals(Optional.of(RUN))) {
                    played.add(lines);
                }
            }
        }
        return played.stream()
                .sorted(Comparator.comparing(lines -> lines.getFirst().whole("at")))
                .map(lines -> new Recording(lines.getFirst().text("scenario"), lines.subList(1, lines.size())))
                .toList();
    }

    private static Json.Obj read(String line) {
        if (JsonReader.readCanonical(Bytes.ofUtf8(line)) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalStateException("no line of a recording: " + line);
    }

    /// Keeps a comparison for whoever asked for it.
    static void keep(String kind, String table) throws IOException {
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve(kind + ".txt"), table);
    }
}
