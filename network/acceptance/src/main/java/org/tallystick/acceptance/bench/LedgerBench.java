package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.FabricNetwork;
import org.tallystick.acceptance.OtherChaincode;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.bench.plain.PlainChaincode;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.NodeProcess;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;

/// What a real network of Fabric carries, beside what it carries without us: on the same network, in turns.
///
/// Three things take turns, each for some seconds, several times: a plain chaincode that writes one small asset in a
/// transaction; instructions of one event, each signed, many in a transaction; reports of a thousand events, each
/// signed once. Two members endorse everything, and both check every signature. The ratios of neighbors in time are
/// what counts, and of these the middle one.
final class LedgerBench {

    private static final int PAIRS = 5;
    private static final Duration TURN = Duration.ofSeconds(10);
    private static final int WARM_UPS = 6;
    private static final int PLAIN_CALLERS = 64;
    private static final int LANES = 24;
    /// Transactions of a lane in a turn.
    private static final int SINGLES = 2;
    private static final int REPORTS = 8;
    /// So that all names of lanes are equally long.
    private static final int FIRST_LANE = 10;
    private static final int INSTRUCTIONS_IN_A_TRANSACTION = 900;
    private static final int EVENTS_IN_A_REPORT = 1_000;
    private static final int ENDORSERS = 2;
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double NANOS_IN_A_MICRO = 1_000;
    private static final double KIB_IN_A_MIB = 1_024;

    private static final double LONGEST_FIRST_SECONDS = 60;
    private static final double MOST_MIB = 1_600;
    private static final double LEAST_RATIO_SINGLE = 20;
    private static final double LEAST_RATIO_BATCH = 40;
    private static final double MOST_CHECKS = 1.6;

    /// Of the plain chaincode: what ours has unless a topology says otherwise.
    private static final List<String> JAVA = List.of("-Xmx384m", "-Xmn256m", "-XX:+UseSerialGC");

    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");
    private static final Bytes ASSET =
            Bytes.ofUtf8("{\"color\":\"blue\",\"owner\":\"Tomoko\",\"size\":5,\"value\":300}");

    private final Path root;
    private final Path folder;
    private final Binaries binaries;
    private final AtomicLong assets = new AtomicLong();

    LedgerBench(Path root, Path folder, Binaries binaries) {
        this.root = root;
        this.folder = folder;
        this.binaries = binaries;
    }

    List<Measurement> run()
            throws IOException, LedgerException, KeyFolderException, NodeException, InterruptedException,
                    ExecutionException {
        long begin = System.nanoTime();
        Topology topology = FabricNetwork.raft().within(EpochCost.SKEW);
        FabricNetwork network = FabricNetwork.start(folder, topology, new Backend.Native(), binaries);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY)) {
            stand.registerRegistrars();
            double first = (System.nanoTime() - begin) / NANOS_IN_A_SECOND;
            SortedMap<String, List<ProcessHandle>> nodes = nodes(network);
            double memory = resident(nodes.values());
            OtherChaincode.Chosen chosen =
                    new OtherChaincode.Chosen("plain", PlainChaincode.class, JAVA, Optional.empty());
            try (OtherChaincode plain = OtherChaincode.deploy(network.trial(), binaries, chosen)) {
                List<Measurement> measured = new ArrayList<>();
                measured.add(Measurement.atMost("ledger.first", first, "s", LONGEST_FIRST_SECONDS));
                measured.add(Measurement.atMost("ledger.memory", memory, "MiB", MOST_MIB));
                measured.addAll(turns(stand, network, plain, nodes));
                measured.add(Measurement.of("ledger.memory.busy", resident(nodes.values()), "MiB"));
                measured.addAll(new EpochCost(root, stand, network).run());
                return List.copyOf(measured);
            }
        }
    }

    /// The processes of the network, by what they are.
    static SortedMap<String, List<ProcessHandle>> nodes(FabricNetwork network) throws IOException {
        TreeMap<String, List<ProcessHandle>> handles = new TreeMap<>();
        Topology topology = network.trial().network().topology();
        for (Topology.Node node : topology.nodes()) {
            String kind = switch (node) {
                case Topology.Orderer _ -> "orderers";
                case Topology.Peer _ -> "peers";
                case Topology.Chaincode _ -> "chaincode";
            };
            NodeFolder files = network.trial()
                    .network()
                    .folder()
                    .member(topology.memberOf(node).name())
                    .node(node.name());
            handles.computeIfAbsent(kind, _ -> new ArrayList<>())
                    .add(new NodeProcess(node.name(), files)
                            .running()
                            .orElseThrow(() -> new IOException(node.name() + " does not run")));
        }
        return handles;
    }

    private static double resident(Collection<List<ProcessHandle>> processes) throws IOException {
        long kib = 0;
        for (List<ProcessHandle> some : processes) {
            for (ProcessHandle process : some) {
                kib += Usage.of(process).residentKib();
            }
        }
        return kib / KIB_IN_A_MIB;
    }

    /// What callers got done.
    ///
    /// @param bytes of the transactions, as their clients signed them
    private record Work(long count, long bytes) {
        static final Work NONE = new Work(0, 0);

        Work plus(Work other) {
            return new Work(count + other.count, bytes + other.bytes);
        }
    }

    /// What one turn came to.
    ///
    /// @param kinds CPU of the processes of the network, by what they are
    private record Turn(Work work, Duration wall, SortedMap<String, Duration> kinds) {
        double bytes() {
            return (double) work.bytes() / work.count();
        }

        Duration cpu() {
            return kinds.values().stream().reduce(Duration.ZERO, Duration::plus);
        }

        double micros(String kind) {
            return kinds.getOrDefault(kind, Duration.ZERO).toNanos() / NANOS_IN_A_MICRO / work.count();
        }

        double rate() {
            return work.count() * NANOS_IN_A_SECOND / wall.toNanos();
        }

        double micros() {
            return cpu().toNanos() / NANOS_IN_A_MICRO / work.count();
        }

        double cores() {
            return (double) cpu().toNanos() / wall.toNanos();
        }
    }

    private List<Measurement> turns(
            Stand stand, FabricNetwork network, OtherChaincode plain, SortedMap<String, List<ProcessHandle>> nodes)
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        TreeMap<String, List<ProcessHandle>> all = new TreeMap<>(nodes);
        all.put("plain", plain.processes());
        ExampleAgreement agreement = agreement();
        stand.agree(agreement);
        String member = network.members().getFirst();
        try (HttpCourier gateway = new HttpCourier(stand.gateway());
                Ledger raw = plain.connect(member, MemberKeys.GATEWAY);
                Ledger ours = network.connect(member)) {
            SignedReports reports = new SignedReports(stand, agreement, gateway);
            List<Turn> plains = new ArrayList<>();
            List<Turn> ones = new ArrayList<>();
            List<Turn> many = new ArrayList<>();
            List<Double> checks = new ArrayList<>();
            double best = Double.MAX_VALUE;
            for (int turn = 0; turn < WARM_UPS + PAIRS; turn++) {
                List<List<Signed>> singles = lanes(reports, 0, SINGLES * INSTRUCTIONS_IN_A_TRANSACTION, 1);
                List<List<Signed>> thousands = lanes(reports, LANES, REPORTS, EVENTS_IN_A_REPORT);
                Turn one = plainTurn(raw, all);
                best = Math.min(best, reports.check(singles.getFirst()));
                double before = reports.busyCheck(singles.getFirst());
                Turn two = ourTurn(ours, all, singles, INSTRUCTIONS_IN_A_TRANSACTION, 1);
                double after = reports.busyCheck(singles.getFirst());
                Turn three = ourTurn(ours, all, thousands, 1, EVENTS_IN_A_REPORT);
                if (turn >= WARM_UPS) {
                    plains.add(one);
                    ones.add(two);
                    many.add(three);
                    checks.add((before + after) / 2);
                }
            }
            return figures(plains, ones, many, checks, best);
        }
    }

    /// Sources for lanes of one transaction after the other: the first half report single events, the others thousands.
    private ExampleAgreement agreement() throws IOException {
        ExampleAgreement creators = ExampleAgreement.creators(root.resolve("docs/spec/examples"));
        ExampleAgreement.Source like = creators.sources().getFirst();
        return creators.reportedBy(IntStream.range(0, 2 * LANES)
                .mapToObj(lane -> new ExampleAgreement.Source("lane" + (FIRST_LANE + lane), like.owner(), like.types()))
                .toList());
    }

    private static List<List<Signed>> lanes(SignedReports reports, int first, int count, int events)
            throws IOException, LedgerException, KeyFolderException {
        List<List<Signed>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            lanes.add(reports.next(first + lane, count, events));
        }
        return List.copyOf(lanes);
    }

    /// Many callers, each writing one asset after the other.
    private Turn plainTurn(Ledger raw, SortedMap<String, List<ProcessHandle>> processes)
            throws IOException, InterruptedException, ExecutionException {
        long end = System.nanoTime() + TURN.toNanos();
        return turn(
                processes,
                IntStream.range(0, PLAIN_CALLERS)
                        .<Callable<Work>>mapToObj(_ -> () -> {
                            Work work = Work.NONE;
                            while (System.nanoTime() < end) {
                                Bytes id = Bytes.ofUtf8("asset" + assets.incrementAndGet());
                                Ledger.Endorsed endorsed =
                                        Submission.carry(raw, new Ledger.Call("create", List.of(id, ASSET)));
                                work = work.plus(new Work(1, endorsed.envelope().size()));
                            }
                            return work;
                        })
                        .toList());
    }

    /// Each lane one transaction after the other, since one continues the numbers of the one before.
    private static Turn ourTurn(
            Ledger ours,
            SortedMap<String, List<ProcessHandle>> processes,
            List<List<Signed>> lanes,
            int together,
            int events)
            throws IOException, InterruptedException, ExecutionException {
        return turn(
                processes,
                lanes.stream()
                        .<Callable<Work>>map(lane -> () -> {
                            Work work = Work.NONE;
                            for (int at = 0; at < lane.size(); at += together) {
                                List<Signed> some = lane.subList(at, Math.min(lane.size(), at + together));
                                List<Bytes> arguments = new ArrayList<>(
                                        some.stream().map(Signed::envelope).toList());
                                arguments.add(NO_HINTS);
                                Ledger.Endorsed endorsed = Submission.carry(ours, new Ledger.Call("submit", arguments));
                                Submission.applied(endorsed.response(), some.size());
                                work = work.plus(new Work(
                                        (long) some.size() * events,
                                        endorsed.envelope().size()));
                            }
                            return work;
                        })
                        .toList());
    }

    private static Turn turn(SortedMap<String, List<ProcessHandle>> processes, List<Callable<Work>> callers)
            throws IOException, InterruptedException, ExecutionException {
        SortedMap<String, Duration> before = used(processes);
        long begin = System.nanoTime();
        Work work = Work.NONE;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Work> done : threads.invokeAll(callers)) {
                work = work.plus(done.get());
            }
        }
        Duration wall = Duration.ofNanos(System.nanoTime() - begin);
        SortedMap<String, Duration> kinds = used(processes);
        before.forEach((kind, cpu) -> kinds.merge(kind, cpu, Duration::minus));
        return new Turn(work, wall, kinds);
    }

    private static SortedMap<String, Duration> used(SortedMap<String, List<ProcessHandle>> processes)
            throws IOException {
        TreeMap<String, Duration> used = new TreeMap<>();
        for (Map.Entry<String, List<ProcessHandle>> kind : processes.entrySet()) {
            Duration cpu = Duration.ZERO;
            for (ProcessHandle process : kind.getValue()) {
                cpu = cpu.plus(Usage.of(process).cpu());
            }
            used.put(kind.getKey(), cpu);
        }
        return used;
    }

    private static List<Measurement> figures(
            List<Turn> plains, List<Turn> ones, List<Turn> many, List<Double> checks, double best) {
        return List.of(
                Measurement.of("ledger.check", middle(doubles(checks)), "us CPU/signature"),
                Measurement.of("ledger.check.best", best, "us CPU/signature"),
                Measurement.of("ledger.plain.rate", middle(plains, Turn::rate), "transactions/s"),
                Measurement.of("ledger.plain.cpu", middle(plains, Turn::micros), "us/transaction"),
                Measurement.of("ledger.plain.cores", middle(plains, Turn::cores), "cores"),
                Measurement.of("ledger.single.rate", middle(ones, Turn::rate), "instructions/s"),
                Measurement.of("ledger.single.bytes", middle(ones, Turn::bytes), "bytes/instruction"),
                Measurement.of("ledger.single.cpu", middle(ones, Turn::micros), "us/instruction"),
                Measurement.of(
                        "ledger.single.cpu.chaincode",
                        middle(ones, turn -> turn.micros("chaincode")),
                        "us/instruction"),
                Measurement.of("ledger.single.cpu.peers", middle(ones, turn -> turn.micros("peers")), "us/instruction"),
                Measurement.of(
                        "ledger.single.cpu.orderers", middle(ones, turn -> turn.micros("orderers")), "us/instruction"),
                Measurement.of("ledger.single.cores", middle(ones, Turn::cores), "cores"),
                Measurement.atLeast(
                        "ledger.single.ratio", ratio(ones, plains, Turn::rate), "x plain", LEAST_RATIO_SINGLE),
                Measurement.of("ledger.single.ratio.cpu", 1 / ratio(ones, plains, Turn::micros), "x less CPU"),
                Measurement.atMost("ledger.single.checks", checked(ones, checks), "x two checks", MOST_CHECKS),
                Measurement.of("ledger.batch.rate", middle(many, Turn::rate), "events/s"),
                Measurement.of("ledger.batch.bytes", middle(many, Turn::bytes), "bytes/event"),
                Measurement.of("ledger.batch.cpu", middle(many, Turn::micros), "us/event"),
                Measurement.of("ledger.batch.cores", middle(many, Turn::cores), "cores"),
                Measurement.atLeast(
                        "ledger.batch.ratio", ratio(many, plains, Turn::rate), "x plain", LEAST_RATIO_BATCH),
                Measurement.of("ledger.batch.ratio.cpu", 1 / ratio(many, plains, Turn::micros), "x less CPU"));
    }

    private static double middle(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        return middle(turns.stream().mapToDouble(figure).toArray());
    }

    /// The middle one of the ratios of neighbors in time.
    private static double ratio(List<Turn> turns, List<Turn> plains, ToDoubleFunction<Turn> figure) {
        return middle(IntStream.range(0, turns.size())
                .mapToDouble(i -> figure.applyAsDouble(turns.get(i)) / figure.applyAsDouble(plains.get(i)))
                .toArray());
    }

    /// The middle one of the ratios of turns to the checks around them.
    private static double checked(List<Turn> turns, List<Double> checks) {
        return middle(IntStream.range(0, turns.size())
                .mapToDouble(i -> turns.get(i).micros() / (ENDORSERS * checks.get(i)))
                .toArray());
    }

    private static double[] doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
