package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// What the scenarios of this run left on each kind of ledger.
///
/// In memory, so that nothing of another run is ever compared; and in `target/acceptance`, for people.
final class Recordings {

    private static final Path FOLDER = Path.of("target", "acceptance");
    private static final Map<String, Map<String, Recording>> ALL = new TreeMap<>();

    private Recordings() {}

    /// @param kind of ledger
    static synchronized void add(String kind, Recording recording) throws IOException {
        ALL.computeIfAbsent(kind, _ -> new LinkedHashMap<>()).put(recording.scenario(), recording);
        Path file = FOLDER.resolve(kind).resolve(fileName(recording.scenario()));
        Files.createDirectories(file.getParent());
        List<String> lines = new ArrayList<>();
        for (Json.Obj transaction : recording.transactions()) {
            lines.add(transaction.canonical().utf8().orElseThrow());
        }
        Files.write(file, lines);
    }

    private static String fileName(String scenario) {
        return scenario.replaceAll("[^a-z0-9]+", "-") + ".jsonl";
    }

    /// In the order in which they were played; nothing if no scenario ran on such a ledger.
    static synchronized List<Recording> of(String kind) {
        return List.copyOf(ALL.getOrDefault(kind, Map.of()).values());
    }

    /// Keeps a comparison for whoever asked for it.
    static void keep(String kind, String table) throws IOException {
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve(kind + ".txt"), table);
    }
}
