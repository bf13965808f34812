package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.FabricNetwork;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;

/// What a gateway adds to a network of Fabric: its part of the CPU, and of the time to a verdict.
///
/// Single instructions, each of an agreement that has none on its way. First as many as the network carries, by
/// callers who wait; then half as many a second, each at its time whatever became of those before: straight at
/// a peer, and through the gateway, in turns. How long one takes is counted from when it was to be sent (no
/// coordinated omission).
final class GatewayOnFabricBench {

    private static final String NAME = "gateway.fabric.";
    private static final int AGREEMENTS = 32;
    private static final int FIRST_AGREEMENT = 10;
    private static final int SOURCE = 0;
    private static final Duration FULL = Duration.ofSeconds(15);
    private static final Duration TURN = Duration.ofSeconds(15);
    private static final int TURNS = 4;
    private static final int MOST_IN_A_SECOND = 400;
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int DIGITS = 3;
    private static final double PERCENTILE = 99;

    private static final double MOST_SHARE = 0.10;
    private static final double MOST_ADDED_MILLIS = 5;
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double NANOS_IN_A_MILLI = 1e6;
    private static final double NANOS_IN_A_MICRO = 1_000;
    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");
    private static final int OK = 200;

    private final Path root;
    private final Path folder;
    private final Binaries binaries;
    private final List<Measurement> measured = new ArrayList<>();

    GatewayOnFabricBench(Path root, Path folder, Binaries binaries) {
        this.root = root;
        this.folder = folder;
        this.binaries = binaries;
    }

    /// How one instruction comes to its verdict.
    private interface Way extends AutoCloseable {
        void carry(Signed one) throws IOException, LedgerException;

        @Override
        void close() throws IOException;
    }

    private interface Ways {
        Way open() throws IOException, LedgerException;
    }

    List<Measurement> run()
            throws IOException, LedgerException, KeyFolderException, NodeException, InterruptedException,
                    ExecutionException {
        FabricNetwork network = FabricNetwork.start(folder, FabricNetwork.raft(), new Backend.Native(), binaries);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY, TallyProcess.LASTING);
                HttpCourier gateway = new HttpCourier(stand.gateway());
                Ledger peer = network.connect(network.members().getFirst())) {
            stand.registerRegistrars();
            List<SignedReports> agreements = new ArrayList<>();
            for (int n = 0; n < AGREEMENTS; n++) {
                ExampleAgreement agreement = ExampleAgreement.creators(root.resolve("docs/spec/examples"))
                        .labeled("fabric" + (FIRST_AGREEMENT + n));
                stand.agree(agreement);
                agreements.add(new SignedReports(stand, agreement, gateway));
            }
            Ways straight = () -> straight(peer);
            Ways through = () -> through(stand);
            double _ = full(agreements, straight);
            double _ = full(agreements, through);
            double most = full(agreements, straight);
            double rate = most / 2;
            measured.add(Measurement.of(NAME + "most", most, "instructions/s, straight"));
            Collection<List<ProcessHandle>> nodes = LedgerBench.nodes(network).values();
            Histogram alone = new ConcurrentHistogram(DIGITS);
            Histogram with = new ConcurrentHistogram(DIGITS);
            Duration own = Duration.ZERO;
            Duration others = Duration.ZERO;
            for (int turn = 0; turn < TURNS; turn++) {
                open(agreements, straight, rate, alone);
                Duration before = cpu(nodes);
                Usage gatewayBefore = Usage.of(stand.gatewayHandle());
                open(agreements, through, rate, with);
                own = own.plus(Usage.of(stand.gatewayHandle()).cpuSince(gatewayBefore));
                others = others.plus(cpu(nodes).minus(before));
            }
            figures(rate, alone, with, own, others);
            return List.copyOf(measured);
        }
    }

    private void figures(double rate, Histogram alone, Histogram with, Duration own, Duration others) {
        measured.add(Measurement.of(NAME + "rate", rate, "instructions/s"));
        measured.add(Measurement.of(
                NAME + "cpu", own.toNanos() / NANOS_IN_A_MICRO / with.getTotalCount(), "us/instruction"));
        measured.add(Measurement.of(
                NAME + "cpu.others", others.toNanos() / NANOS_IN_A_MICRO / with.getTotalCount(), "us/instruction"));
        measured.add(Measurement.atMost(
                NAME + "share", (double) own.toNanos() / others.toNanos(), "of the others' CPU", MOST_SHARE));
        for (double percentile : new double[] {50, PERCENTILE}) {
            String p = "p" + (int) percentile;
            double straight = alone.getValueAtPercentile(percentile) / NANOS_IN_A_MILLI;
            double through = with.getValueAtPercentile(percentile) / NANOS_IN_A_MILLI;
            measured.add(Measurement.of(NAME + p + ".straight", straight, "ms, of " + alone.getTotalCount()));
            measured.add(Measurement.of(NAME + p + ".through", through, "ms, of " + with.getTotalCount()));
            measured.add(
                    percentile == PERCENTILE
                            ? Measurement.atMost(NAME + p + ".added", through - straight, "ms", MOST_ADDED_MILLIS)
                            : Measurement.of(NAME + p + ".added", through - straight, "ms"));
        }
    }

    private static Duration cpu(Collection<List<ProcessHandle>> nodes) throws IOException {
        Duration used = Duration.ZERO;
        for (List<ProcessHandle> some : nodes) {
            for (ProcessHandle node : some) {
                used = used.plus(Usage.of(node).cpu());
            }
        }
        return used;
    }

    private static Way straight(Ledger peer) {
        return new Way() {
            @Override
            public void carry(Signed one) throws LedgerException {
                Ledger.Endorsed endorsed =
                        Submission.carry(peer, new Ledger.Call("submit", List.of(one.envelope(), NO_HINTS)));
                Submission.applied(endorsed.response(), 1);
            }

            @Override
            public void close() {
                // The peer is everybody's.
            }
        };
    }

    private static Way through(Stand stand) throws IOException {
        RawCaller caller = new RawCaller(stand.gateway());
        return new Way() {
            @Override
            public void carry(Signed one) throws IOException {
                int status = caller.send(
                        RawCaller.post(GatewayBench.PATH, GatewayBench.ONE, "prefer: wait=30\r\n", one.envelope()));
                if (status != OK) {
                    throw new IllegalStateException("no verdict in time: " + status);
                }
            }

            @Override
            public void close() throws IOException {
                caller.close();
            }
        };
    }

    /// One caller for each agreement, each waiting for its verdict.
    ///
    /// @return instructions in a second
    private static double full(List<SignedReports> agreements, Ways ways)
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        AtomicInteger carried = new AtomicInteger();
        List<List<Signed>> all = new ArrayList<>();
        for (SignedReports agreement : agreements) {
            all.add(agreement.next(SOURCE, (int) (MOST_IN_A_SECOND * FULL.toSeconds() / AGREEMENTS), 1));
        }
        long end = System.nanoTime() + FULL.toNanos();
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int n = 0; n < agreements.size(); n++) {
            SignedReports agreement = agreements.get(n);
            List<Signed> reports = all.get(n);
            callers.add(() -> {
                int done = 0;
                try (Way way = ways.open()) {
                    while (done < reports.size() && System.nanoTime() < end) {
                        way.carry(reports.get(done));
                        done++;
                        int _ = carried.incrementAndGet();
                    }
                }
                agreement.unsent(SOURCE, reports.size() - done);
                return done;
            });
        }
        run(callers);
        return carried.get() * NANOS_IN_A_SECOND / FULL.toNanos();
    }

    /// So many in a second, of one agreement after the other.
    private static void open(List<SignedReports> agreements, Ways ways, double rate, Histogram latencies)
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        int each = (int) (rate * TURN.toSeconds() / AGREEMENTS);
        List<List<Signed>> all = new ArrayList<>();
        for (SignedReports agreement : agreements) {
            all.add(agreement.next(SOURCE, each, 1));
        }
        long apart = (long) (NANOS_IN_A_SECOND / rate);
        long begin = System.nanoTime() + apart;
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int n = 0; n < all.size(); n++) {
            List<Signed> reports = all.get(n);
            long first = begin + n * apart;
            callers.add(() -> {
                try (Way way = ways.open()) {
                    for (int i = 0; i < reports.size(); i++) {
                        long due = first + i * apart * AGREEMENTS;
                        Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                        way.carry(reports.get(i));
                        latencies.recordValue(System.nanoTime() - due);
                    }
                }
                return reports.size();
            });
        }
        run(callers);
    }

    private static void run(List<Callable<Integer>> callers) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> one :
                    threads.invokeAll(callers, LONGEST.toMillis() * 4, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                int _ = one.get();
            }
        }
    }
}
