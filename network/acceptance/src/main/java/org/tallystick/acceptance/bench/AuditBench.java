package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.bytes.TreeHash;
import org.tallystick.agreement.signing.Signatures;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.Tally;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.log.MemoryTiles;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.PackBuilder;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Report;
import org.tallystick.ledger.verify.Verifier;

/// What an auditor's check of a whole history costs, beside a bare loop over the signatures in it.
///
/// The histories are made on an embedded ledger, and packed in the final form. Then the bare loop and the verifier take
/// turns in this process, which keeps nothing from one turn to the next. While they do, the platform's own elliptic
/// curves are not there.
final class AuditBench {

    /// As many single instructions as a gateway under load puts into a transaction.
    private static final int TOGETHER = 440;
    private static final int SINGLE_TRANSACTIONS = 40;
    private static final int LONELY = 2_000;
    private static final int EVENTS_OF_A_REPORT = 1_000;
    private static final int REPORTS = 100;

    private static final int WARM_UP = 6;
    private static final int ROUNDS = 7;
    private static final int TWO = 2;

    private static final double LEAST_RATIO = 0.92;
    private static final double LEAST_EVENTS = 300_000;
    private static final double LEAST_SCALING = 0.95;
    private static final double LEAST_LEAVES = 500_000;
    private static final double MOST_PROOF_MICROS = 3;
    private static final int MOST_HASHES = 20;

    private static final List<String> SMALL_HEAP = List.of("-XX:+UseSerialGC", "-Xmx64m");
    private static final int LEAVES = 1_000_000;
    private static final int PROOFS = 200_000;

    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Duration OFTEN = Duration.ofMillis(50);
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double NANOS_IN_A_MICRO = 1e3;
    private static final double KIB_IN_A_MIB = 1_024;

    private final Path root;
    private final Path folder;
    private final int many;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<Measurement> measured = new ArrayList<>();

    /// @param many events that are verified in little memory
    AuditBench(Path root, Path folder, int many) {
        this.root = root;
        this.folder = folder;
        this.many = many;
    }

    /// A history in its pack.
    private record Packed(AuditedHistory history, Path pack) {}

    List<Measurement> run()
            throws IOException, LedgerException, KeyFolderException, PackBuilder.NothingToPack, InterruptedException,
                    ExecutionException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Path trustFile = folder.resolve("audit.tallytrust");
        List<Packed> packed = packed(trustFile);
        TrustFile trust = switch (TrustFile.read(trustFile)) {
            case TrustFile.Parsed(var file) -> file;
            case TrustFile.Malformed(var at, var text) -> throw new IllegalStateException(at + " " + text);
        };
        Security.removeProvider("SunEC");
        singles(packed.get(0), trust);
        alone(packed.get(1), trust);
        reports(packed.get(2), trust);
        Packed last = packed.getLast();
        verifiedSmall(last, trustFile);
        tree();
        measured.add(Measurement.of("audit.load", load, "load average before"));
        return List.copyOf(measured);
    }

    private List<Packed> packed(Path trustFile)
            throws IOException, LedgerException, KeyFolderException, PackBuilder.NothingToPack, InterruptedException,
                    ExecutionException {
        EmbeddedNetwork network = EmbeddedNetwork.start(folder, TallyProcess.LASTING);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY, TallyProcess.LASTING);
                HttpCourier gateway = new HttpCourier(stand.gateway());
                Ledger ledger = network.connect(network.members().getFirst())) {
            stand.registerRegistrars();
            ExampleAgreement creators = ExampleAgreement.creators(root.resolve("docs/spec/examples"));
            List<AuditedHistory> histories = List.of(
                    AuditedHistory.of(creators, "singles", 1, TOGETHER, SINGLE_TRANSACTIONS),
                    AuditedHistory.of(creators, "alone", 1, 1, LONELY),
                    AuditedHistory.of(creators, "reports", EVENTS_OF_A_REPORT, 1, REPORTS),
                    AuditedHistory.of(creators, "many", EVENTS_OF_A_REPORT, 1, many / EVENTS_OF_A_REPORT));
            for (AuditedHistory history : histories) {
                history.make(stand, gateway, ledger);
            }
            PublishedLog log = PublishedLog.of(ledger, network.members());
            Files.write(trustFile, log.trust(network).encode().toArray());
            List<Packed> packed = new ArrayList<>();
            for (AuditedHistory history : histories) {
                packed.add(new Packed(history, history.pack(folder, ledger, log)));
            }
            packedSmall(network, histories.getLast());
            return packed;
        }
    }

    /// What some rounds came to, of which the middle counts.
    ///
    /// @param bareCpu, verifyCpu of one thread
    private record Round(
            double bareCpu, double verifyCpu, double bare, double verify, double bareOnTwo, double verifyOnTwo) {

        double ratio() {
            return bareCpu / verifyCpu;
        }

        double ratioOfWall() {
            return bare / verify;
        }

        double scaling() {
            return (verify / verifyOnTwo) / (bare / bareOnTwo);
        }
    }

    private static double middle(List<Round> rounds, ToDoubleFunction<Round> of) {
        double[] values = rounds.stream().mapToDouble(of).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private List<Round> rounds(Packed packed, PackSignatures signatures, TrustFile trust)
            throws IOException, InterruptedException, ExecutionException {
        List<Round> rounds = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(TWO)) {
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                Took bare = took(signatures::check);
                Took verify = took(() -> verify(packed, trust, 1));
                Took bareOnTwo = took(() -> signatures.check(executor, TWO));
                Took verifyOnTwo = took(() -> verify(packed, trust, TWO));
                if (round >= 0) {
                    rounds.add(new Round(
                            bare.cpu(),
                            verify.cpu(),
                            bare.wall(),
                            verify.wall(),
                            bareOnTwo.wall(),
                            verifyOnTwo.wall()));
                }
            }
        }
        return rounds;
    }

    private interface Work {
        void done() throws IOException, InterruptedException, ExecutionException;
    }

    /// Nanoseconds: by the clock, and of this thread.
    private record Took(double wall, double cpu) {}

    private Took took(Work work) throws IOException, InterruptedException, ExecutionException {
        long wall = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        work.done();
        return new Took(System.nanoTime() - wall, threads.getCurrentThreadCpuTime() - cpu);
    }

    private static void verify(Packed packed, TrustFile trust, int threads) throws IOException {
        try (InputStream in = Files.newInputStream(packed.pack())) {
            Report report = Verifier.verify(in, Optional.of(trust), threads);
            if (report.outcome() != Report.Outcome.HOLDS) {
                throw new IllegalStateException("our own pack does not hold: "
                        + String.join("\n", report.lines(packed.pack().toString())));
            }
        }
    }

    /// Instructions of one event each, as a gateway under load sends them.
    private void singles(Packed packed, TrustFile trust) throws IOException, InterruptedException, ExecutionException {
        PackSignatures signatures = PackSignatures.of(packed.pack());
        List<Round> rounds = rounds(packed, signatures, trust);
        add("singles", packed, signatures, rounds);
        measured.add(Measurement.atLeast(
                "audit.singles.ratio", middle(rounds, Round::ratio), "x the bare loop, CPU", LEAST_RATIO));
        measured.add(Measurement.of(
                "audit.singles.ratio.wall", middle(rounds, Round::ratioOfWall), "x the bare loop, by the clock"));
        measured.add(Measurement.atLeast(
                "audit.singles.scaling",
                middle(rounds, Round::scaling),
                "x the bare loop's on two threads",
                LEAST_SCALING));
    }

    /// The same, each alone in its transaction.
    private void alone(Packed packed, TrustFile trust) throws IOException, InterruptedException, ExecutionException {
        PackSignatures signatures = PackSignatures.of(packed.pack());
        List<Round> rounds = rounds(packed, signatures, trust);
        add("alone", packed, signatures, rounds);
        measured.add(Measurement.of("audit.alone.ratio", middle(rounds, Round::ratio), "x the bare loop, CPU"));
        measured.add(Measurement.of(
                "audit.alone.scaling", middle(rounds, Round::scaling), "x the bare loop's on two threads"));
    }

    private void reports(Packed packed, TrustFile trust) throws IOException, InterruptedException, ExecutionException {
        PackSignatures signatures = PackSignatures.of(packed.pack());
        List<Round> rounds = rounds(packed, signatures, trust);
        add("reports", packed, signatures, rounds);
        double seconds = middle(rounds, Round::verifyCpu) / NANOS_IN_A_SECOND;
        measured.add(Measurement.atLeast(
                "audit.reports.rate", packed.history().all() / seconds, "events/s of CPU of a core", LEAST_EVENTS));
    }

    private void add(String name, Packed packed, PackSignatures signatures, List<Round> rounds) {
        measured.add(Measurement.of("audit." + name + ".signatures", signatures.count(), "signatures"));
        measured.add(Measurement.of(
                "audit." + name + ".bare",
                middle(rounds, Round::bareCpu) / NANOS_IN_A_MICRO / signatures.count(),
                "us/signature, " + Signatures.provider()));
        measured.add(Measurement.of(
                "audit." + name + ".cpu",
                middle(rounds, Round::verifyCpu)
                        / NANOS_IN_A_MICRO
                        / packed.history().all(),
                "us/event"));
    }

    /// That a pack is made in little memory. The gateways of the members are not there, so it is of the first form.
    private void packedSmall(EmbeddedNetwork network, AuditedHistory history) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "pack",
                history.agreement().id(),
                "-o",
                folder.resolve("first.tallypack").toString()));
        arguments.addAll(network.access(network.members().getFirst()));
        command("packed", arguments);
    }

    /// That a pack is verified in little memory.
    private void verifiedSmall(Packed packed, Path trustFile) throws IOException, InterruptedException {
        command("verified", List.of("verify", packed.pack().toString(), "--trust", trustFile.toString()));
        measured.add(Measurement.of("audit.verified.events", packed.history().all(), "events"));
        measured.add(
                Measurement.of("audit.verified.pack", Files.size(packed.pack()) / KIB_IN_A_MIB / KIB_IN_A_MIB, "MiB"));
    }

    private void command(String name, List<String> arguments) throws IOException, InterruptedException {
        Path log = folder.resolve("audit-" + name + ".log");
        long begin = System.nanoTime();
        try (TallyProcess process = TallyProcess.begin(SMALL_HEAP, arguments, log)) {
            long peakKib = 0;
            OptionalInt ended = process.end(OFTEN);
            while (ended.isEmpty() && System.nanoTime() - begin < LONGEST.toNanos()) {
                peakKib = Usage.find(process.handle()).map(Usage::peakKib).orElse(peakKib);
                ended = process.end(OFTEN);
            }
            if (ended.isEmpty() || ended.getAsInt() != Tally.DONE) {
                throw new IllegalStateException(name + " ended with " + ended + ": " + Files.readString(log));
            }
            String heap = String.format(Locale.ROOT, "s, with %s", SMALL_HEAP.getLast());
            measured.add(Measurement.of("audit." + name, (System.nanoTime() - begin) / NANOS_IN_A_SECOND, heap));
            measured.add(
                    Measurement.of("audit." + name + ".memory", peakKib / KIB_IN_A_MIB, "MiB, all of the process"));
        }
    }

    /// A log of a million leaves is built again, and the place of one of them checked.
    private void tree() {
        List<Bytes> leaves = new ArrayList<>();
        for (int i = 0; i < LEAVES; i++) {
            leaves.add(Bytes.ofUtf8(String.format(Locale.ROOT, "{\"at\":[%d,0,0],\"chain\":\"agr/a/b/c\"}", i)));
        }
        Tree tree = new Tree(new MemoryTiles());
        double built = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            tree = new Tree(new MemoryTiles());
            long begin = threads.getCurrentThreadCpuTime();
            build(tree, leaves);
            built = Math.min(built, (double) (threads.getCurrentThreadCpuTime() - begin));
        }
        measured.add(Measurement.atLeast(
                "audit.tree", LEAVES / (built / NANOS_IN_A_SECOND), "leaves/s of CPU of a core", LEAST_LEAVES));
        long index = LEAVES / TWO + 1;
        List<Bytes> path = tree.inclusion(index, LEAVES);
        Optional<Bytes> expected = Optional.of(tree.root(LEAVES));
        Bytes leaf = new TreeHash().leaf(leaves.get((int) index));
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = threads.getCurrentThreadCpuTime();
            for (int proof = 0; proof < PROOFS; proof++) {
                if (!Merkle.root(leaf, index, LEAVES, path).equals(expected)) {
                    throw new IllegalStateException("our own proof does not hold");
                }
            }
            best = Math.min(best, (threads.getCurrentThreadCpuTime() - begin) / NANOS_IN_A_MICRO / PROOFS);
        }
        measured.add(Measurement.atMost("audit.proof.hashes", path.size(), "hashes", MOST_HASHES));
        measured.add(Measurement.atMost("audit.proof", best, "us to check", MOST_PROOF_MICROS));
    }

    private static void build(Tree tree, List<Bytes> leaves) {
        TreeHash hash = new TreeHash();
        for (int from = 0; from < LEAVES; from += EVENTS_OF_A_REPORT) {
            tree.append(leaves.subList(from, from + EVENTS_OF_A_REPORT).stream()
                    .map(hash::leaf)
                    .toList());
        }
    }
}
