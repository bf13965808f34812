package org.tallystick.fabric.node;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Fabric's own programs, in one folder.
public record Binaries(Path folder) {

    public static final String VERSION = "3.1.5";

    private static final List<String> NAMES = List.of("peer", "orderer", "osnadmin", "configtxgen", "configtxlator");

    /// Looks in `$FABRIC_BIN`, then where programs of this version are kept, then on the `PATH`.
    public static Optional<Binaries> find(Map<String, String> environment) {
        return places(environment).stream()
                .filter(Binaries::complete)
                .map(Binaries::new)
                .findFirst();
    }

    /// How to come by them, one way a line.
    public static List<String> ways(Map<String, String> environment) {
        return List.of(
                "set FABRIC_BIN to the folder that holds " + String.join(", ", NAMES),
                "put them into " + cache(environment),
                "put them on the PATH");
    }

    private static List<Path> places(Map<String, String> environment) {
        List<Path> places = new ArrayList<>();
        String chosen = environment.get("FABRIC_BIN");
        if (chosen != null && !chosen.isBlank()) {
            places.add(Path.of(chosen));
        }
        places.add(cache(environment));
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isBlank()) {
                places.add(Path.of(folder));
            }
        }
        return places;
    }

    private static Path cache(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")))
                .resolve(".cache/tallystick/fabric/" + VERSION + "/bin");
    }

    private static boolean complete(Path folder) {
        return NAMES.stream().allMatch(name -> Files.isExecutable(folder.resolve(name)));
    }

    public Path peer() {
        return folder.resolve("peer");
    }

    public Path orderer() {
        return folder.resolve("orderer");
    }

    public Path osnadmin() {
        return folder.resolve("osnadmin");
    }

    public Path configtxgen() {
        return folder.resolve("configtxgen");
    }

    public Path configtxlator() {
        return folder.resolve("configtxlator");
    }
}
