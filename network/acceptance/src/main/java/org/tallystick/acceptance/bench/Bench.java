package org.tallystick.acceptance.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.FabricNetwork;
import org.tallystick.acceptance.Network;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.node.Binaries;

/// Runs a benchmark by its name and prints its figures.
///
/// Usage: Bench ROOT NAME [--json] [--events=N]. Exit code 0 if every goal is met, 1 if not, 2 if it could not run.
public final class Bench {

    /// Held, since a logger that nobody holds forgets its level.
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private static final List<String> NAMES =
            List.of("path", "ledger", "report", "day", "month", "close", "life", "signatures", "audit", "gateway");
    private static final String EVENTS = "--events=";
    private static final int USUAL_EVENTS = 1_000_000;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        GRPC.setLevel(Level.WARNING);
        List<String> rest = new ArrayList<>(List.of(arguments));
        boolean json = rest.remove("--json");
        OptionalInt events = events(rest);
        if (rest.size() != 2 || !NAMES.contains(rest.get(1))) {
            System.err.println("bench: error: a benchmark is missing or unknown");
            System.err.println("bench: hint: ./scripts/bench --help");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("tallystick-bench");
        List<Measurement> all;
        try {
            all = measured(rest.get(1), Path.of(rest.getFirst()), folder, events);
        } finally {
            delete(folder);
        }
        System.out.println(json ? Measurement.json(all) : Measurement.table(all));
        System.exit(all.stream().allMatch(Measurement::holds) ? 0 : 1);
    }

    /// How many events `report`, `day`, `close` and `audit` have, if it is said; taken out of the arguments.
    private static OptionalInt events(List<String> arguments) {
        Optional<String> said =
                arguments.stream().filter(one -> one.startsWith(EVENTS)).findFirst();
        said.ifPresent(arguments::remove);
        return said.map(one -> OptionalInt.of(Integer.parseInt(one.substring(EVENTS.length()))))
                .orElseGet(OptionalInt::empty);
    }

    private static List<Measurement> measured(String name, Path root, Path folder, OptionalInt events)
            throws Exception {
        if (name.equals("path")) {
            return new PathBench(root, folder).run();
        }
        if (name.equals("report")) {
            return new ReportBench(root, folder, events.orElse(USUAL_EVENTS)).run();
        }
        if (name.equals("day")) {
            return new DayBench(root, folder, events.orElse(DayBench.USUAL_EVENTS)).run();
        }
        if (name.equals("month")) {
            return new MonthEndBench(root, folder).run();
        }
        if (name.equals("signatures")) {
            return new SignatureBench().run();
        }
        if (name.equals("audit")) {
            return new AuditBench(root, folder, events.orElse(USUAL_EVENTS)).run();
        }
        Optional<Binaries> binaries = Binaries.find(System.getenv());
        if (name.equals("gateway")) {
            return gateway(root, folder, binaries);
        }
        if (name.equals("close")) {
            return closes(root, folder, binaries, events.orElse(USUAL_EVENTS));
        }
        if (name.equals("life")) {
            return lives(folder, binaries);
        }
        if (binaries.isEmpty()) {
            System.err.println("bench: error: Fabric's programs were not found (version " + Binaries.VERSION + ")");
            System.err.println(
                    "bench: hint: any of these will do: " + String.join("; or ", Binaries.ways(System.getenv())));
            System.exit(2);
        }
        return new LedgerBench(root, folder, binaries.get()).run();
    }

    /// On an embedded ledger, and on Fabric where its programs are found.
    private static List<Measurement> closes(Path root, Path folder, Optional<Binaries> binaries, int events)
            throws Exception {
        Path embedded = Files.createDirectory(folder.resolve("embedded"));
        List<Measurement> all = new ArrayList<>(
                new CloseBench(root, embedded, EmbeddedNetwork.start(embedded, TallyProcess.LASTING), events).run());
        if (binaries.isEmpty()) {
            System.err.println("bench: not run: closes on Fabric, whose programs were not found");
            return List.copyOf(all);
        }
        Path fabric = Files.createDirectory(folder.resolve("fabric"));
        Network network = FabricNetwork.start(fabric, FabricNetwork.raft(), new Backend.Native(), binaries.get());
        all.addAll(new CloseBench(root, fabric, network, events).run());
        return List.copyOf(all);
    }

    /// On an embedded ledger, and on Fabric where its programs are found.
    private static List<Measurement> gateway(Path root, Path folder, Optional<Binaries> binaries) throws Exception {
        Path embedded = Files.createDirectory(folder.resolve("embedded"));
        List<Measurement> all = new ArrayList<>(new GatewayBench(root, embedded).run());
        if (binaries.isEmpty()) {
            System.err.println("bench: not run: the gateway on Fabric, whose programs were not found");
            return List.copyOf(all);
        }
        Path fabric = Files.createDirectory(folder.resolve("fabric"));
        all.addAll(new GatewayOnFabricBench(root, fabric, binaries.get()).run());
        return List.copyOf(all);
    }

    /// On an embedded ledger, and on Fabric where its programs are found.
    private static List<Measurement> lives(Path folder, Optional<Binaries> binaries) throws Exception {
        Path embedded = Files.createDirectory(folder.resolve("embedded"));
        List<Measurement> all = new ArrayList<>(LifeBench.run(EmbeddedNetwork.start(embedded, TallyProcess.LASTING)));
        if (binaries.isEmpty()) {
            System.err.println("bench: not run: acts on Fabric, whose programs were not found");
            return List.copyOf(all);
        }
        Path fabric = Files.createDirectory(folder.resolve("fabric"));
        all.addAll(
                LifeBench.run(FabricNetwork.start(fabric, FabricNetwork.raft(), new Backend.Native(), binaries.get())));
        return List.copyOf(all);
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
