package org.tallystick.acceptance.bench;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.FabricNetwork;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.stock.DatedCall;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock.Transaction;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.keys.KeyFolderException;

/// What the beginning of an epoch costs while the gateway carries instructions: everything in flight is refused and
/// endorsed again.
///
/// Parties report under several agreements at once, each by itself: it hands over some reports of one event, waits for
/// their verdicts, and goes on. Meanwhile epochs begin, each dated an hour after the one before.
final class EpochCost {

    private static final int EPOCHS = 5;
    /// So many transactions can be in flight: those of one agreement go one after the other.
    private static final int AGREEMENTS = 8;
    /// So that all names are equally long.
    private static final int FIRST_AGREEMENT = 10;
    private static final int TOGETHER = 50;
    /// Which of an agreement's sources reports.
    private static final int SOURCE = 0;
    private static final Duration QUIET = Duration.ofSeconds(6);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration EPOCH = Duration.ofHours(1);
    private static final String CONFLICT = "MVCC_READ_CONFLICT";
    private static final double NANOS_IN_A_MILLI = 1e6;

    /// How far ahead a client may be: the beginnings are dated hours from now.
    static final Duration SKEW = EPOCH.multipliedBy(EPOCHS + 1);

    private final Path root;
    private final Stand stand;
    private final FabricNetwork network;
    private final ConcurrentLinkedQueue<Handed> handed = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /// @param network whose clients may be [#SKEW] ahead
    EpochCost(Path root, Stand stand, FabricNetwork network) {
        this.root = root;
        this.stand = stand;
        this.network = network;
    }

    /// Some instructions that were handed over together, and when all of them had their verdicts.
    private record Handed(long begin, long end) {
        double millis() {
            return (end - begin) / NANOS_IN_A_MILLI;
        }

        boolean spans(long moment) {
            return begin < moment && end > moment;
        }
    }

    /// A block as it came.
    ///
    /// @param applied instructions in valid transactions
    /// @param refused instructions in transactions that read what had changed
    private record Seen(long at, boolean epoch, int applied, int refused) {}

    List<Measurement> run()
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        List<ExampleAgreement> agreements = new ArrayList<>();
        for (int i = 0; i < AGREEMENTS; i++) {
            ExampleAgreement agreement = ExampleAgreement.creators(root.resolve("docs/spec/examples"))
                    .labeled("epoch" + (FIRST_AGREEMENT + i));
            stand.agree(agreement);
            agreements.add(agreement);
        }
        try (Ledger watched = network.connect(network.members().getFirst());
                HttpCourier gateway = new HttpCourier(stand.gateway());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> watching;
            try (BlockStream blocks = watched.blocks(watched.height())) {
                watching = threads.submit(() -> watch(blocks));
                List<Future<Boolean>> reporting = new ArrayList<>();
                for (ExampleAgreement agreement : agreements) {
                    reporting.add(threads.submit(() -> report(new SignedReports(stand, agreement, gateway), gateway)));
                }
                beginEpochs();
                for (Future<Boolean> one : reporting) {
                    boolean _ = one.get();
                }
            }
            Object _ = watching.get();
        }
        return figures();
    }

    private void beginEpochs() throws IOException, InterruptedException {
        try {
            for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                Thread.sleep(QUIET);
                begin(EPOCH.multipliedBy(epoch).plus(QUIET));
            }
            Thread.sleep(QUIET);
        } finally {
            over = true;
        }
    }

    /// Reports until it is over; each report is applied or this fails.
    private boolean report(SignedReports reports, HttpCourier gateway)
            throws LedgerException, IOException, KeyFolderException {
        while (!over) {
            List<Signed> some = reports.next(SOURCE, TOGETHER, 1);
            long begin = System.nanoTime();
            for (Sent sent : gateway.send(some, LONGEST)) {
                if (!sent.applied()) {
                    throw new IllegalStateException("a report was not applied: " + sent.answer());
                }
            }
            handed.add(new Handed(begin, System.nanoTime()));
        }
        return true;
    }

    private void watch(BlockStream blocks) {
        while (blocks.hasNext()) {
            List<Transaction> all = blocks.next().transactions();
            seen.add(new Seen(
                    System.nanoTime(),
                    all.stream().anyMatch(one -> one.valid() && one.function().equals("advance-epoch")),
                    instructions(all.stream().filter(Transaction::valid)),
                    instructions(all.stream().filter(one -> one.code().equals(CONFLICT)))));
        }
    }

    private static int instructions(Stream<Transaction> transactions) {
        return transactions
                .filter(one -> one.function().equals("submit"))
                .mapToInt(one -> one.arguments().size() - 1)
                .sum();
    }

    private void begin(Duration later) throws IOException {
        LocalNetwork local = network.trial().network();
        String member = network.members().getFirst();
        MemberFolder files = local.folder().member(member);
        ManagedChannel connection = Grpc.newChannelBuilder(
                        Files.readString(files.address()).strip(),
                        TlsChannelCredentials.newBuilder()
                                .trustManager(files.addressAuthority().toFile())
                                .build())
                .build();
        try {
            Topology topology = local.topology();
            Ledger.Call advance = new Ledger.Call("advance-epoch", List.of());
            String code = new DatedCall(topology.channel(), LocalNetwork.CHAINCODE, advance, later)
                    .commit(connection, member, files.path(), MemberKeys.GATEWAY);
            if (!code.equals("VALID")) {
                throw new IOException("no epoch began: " + code);
            }
        } finally {
            ManagedChannel _ = connection.shutdownNow();
        }
    }

    private List<Measurement> figures() {
        List<Seen> blocks = List.copyOf(seen);
        long[] epochs = blocks.stream().filter(Seen::epoch).mapToLong(Seen::at).toArray();
        if (epochs.length != EPOCHS) {
            throw new IllegalStateException(epochs.length + " epochs began, not " + EPOCHS);
        }
        double[] usual = handed.stream()
                .filter(some -> Arrays.stream(epochs).noneMatch(some::spans))
                .mapToDouble(Handed::millis)
                .toArray();
        double[] again = Arrays.stream(epochs).mapToDouble(this::longest).toArray();
        return List.of(
                Measurement.of("ledger.epoch.inflight", AGREEMENTS * TOGETHER, "instructions"),
                Measurement.of("ledger.epoch.refused", middle(refused(epochs, blocks)), "instructions"),
                Measurement.of("ledger.epoch.usual", middle(usual), "ms to verdicts"),
                Measurement.of("ledger.epoch.again", middle(again), "ms to verdicts"),
                Measurement.of("ledger.epoch.between", middle(between(epochs, blocks)), "ms between blocks"),
                Measurement.of("ledger.epoch.pause", middle(pauses(epochs, blocks)), "ms without a block"));
    }

    /// How long those took at the most that were in flight when an epoch began.
    private double longest(long epoch) {
        return handed.stream()
                .filter(some -> some.spans(epoch))
                .mapToDouble(Handed::millis)
                .max()
                .orElseThrow(() -> new IllegalStateException("nothing was in flight when an epoch began"));
    }

    /// Instructions that were refused after each beginning and before the next.
    private static double[] refused(long[] epochs, List<Seen> blocks) {
        double[] refused = new double[epochs.length];
        for (int i = 0; i < epochs.length; i++) {
            long from = epochs[i];
            long to = i + 1 < epochs.length ? epochs[i + 1] : Long.MAX_VALUE;
            refused[i] = blocks.stream()
                    .filter(block -> block.at() >= from && block.at() < to)
                    .mapToInt(Seen::refused)
                    .sum();
        }
        return refused;
    }

    private static long[] applying(List<Seen> blocks) {
        return blocks.stream()
                .filter(block -> block.applied() > 0)
                .mapToLong(Seen::at)
                .toArray();
    }

    /// From each beginning to the next block in which an instruction was applied.
    private static double[] pauses(long[] epochs, List<Seen> blocks) {
        long[] applying = applying(blocks);
        return Arrays.stream(epochs)
                .mapToDouble(epoch -> (Arrays.stream(applying)
                                        .filter(at -> at > epoch)
                                        .findFirst()
                                        .orElseThrow()
                                - epoch)
                        / NANOS_IN_A_MILLI)
                .toArray();
    }

    /// From one such block to the next where no epoch began.
    private static double[] between(long[] epochs, List<Seen> blocks) {
        long[] applying = applying(blocks);
        return IntStream.range(1, applying.length)
                .filter(i -> Arrays.stream(epochs).noneMatch(epoch -> applying[i - 1] <= epoch && epoch <= applying[i]))
                .mapToDouble(i -> (applying[i] - applying[i - 1]) / NANOS_IN_A_MILLI)
                .toArray();
    }

    private static double middle(double[] values) {
        if (values.length == 0) {
            throw new IllegalStateException("there was nothing to measure");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
