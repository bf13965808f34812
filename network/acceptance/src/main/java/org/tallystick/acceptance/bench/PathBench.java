package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.keys.KeyFolderException;

/// The path of an instruction: from a signed envelope at the gateway to its verdict, through gateway, chaincode and
/// embedded ledger, each in the process that the product gives it.
///
/// Beside it, in the same run, what checking the signatures of the same instructions takes and nothing else: the ratio
/// of the two changes little with the machine and with what else runs on it.
final class PathBench {

    private static final int WARM_UP = 2_000;
    private static final int SINGLES = 4_000;
    private static final int BATCHES = 60;
    private static final int WARM_UP_BATCHES = 10;
    private static final int EVENTS_IN_A_BATCH = 1_000;
    /// Which of the agreement's sources reports.
    private static final int SOURCE = 0;
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final double NANOS_IN_A_MICRO = 1_000;
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double KIB_IN_A_MIB = 1_024;

    /// Two of three members check a signature, and the gateway and all members do what else has to be done.
    private static final double MOST_CHECKS_FOR_ONE = 40;
    /// The CPU of all processes for an event that is one of a thousand in a report.
    private static final double MOST_MICROS_FOR_AN_EVENT = 200;

    private final Path root;
    private final Path folder;
    private final List<Measurement> measured = new ArrayList<>();

    PathBench(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    List<Measurement> run() throws IOException, LedgerException, KeyFolderException {
        EmbeddedNetwork network = EmbeddedNetwork.start(folder, TallyProcess.LASTING);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY, TallyProcess.LASTING);
                HttpCourier gateway = new HttpCourier(stand.gateway())) {
            Processes processes = new Processes(network.handle(), stand.gatewayHandle());
            stand.registerRegistrars();
            ExampleAgreement single = agreed(stand, "single");
            ExampleAgreement batch = agreed(stand, "batch");

            SignedReports ones = new SignedReports(stand, single, gateway);
            List<Signed> warmUp = ones.next(SOURCE, WARM_UP, 1);
            List<Signed> singles = ones.next(SOURCE, SINGLES, 1);
            double check = ones.check(singles);
            Round _ = carry(gateway, processes, warmUp);
            Round one = carry(gateway, processes, singles);

            SignedReports thousands = new SignedReports(stand, batch, gateway);
            List<Signed> begin = thousands.next(SOURCE, WARM_UP_BATCHES, EVENTS_IN_A_BATCH);
            List<Signed> batches = thousands.next(SOURCE, BATCHES, EVENTS_IN_A_BATCH);
            Round _ = carry(gateway, processes, begin);
            Round many = carry(gateway, processes, batches);

            add(one, many, check, processes);
            return List.copyOf(measured);
        }
    }

    private void add(Round one, Round many, double check, Processes processes) throws IOException {
        int events = BATCHES * EVENTS_IN_A_BATCH;
        measured.add(Measurement.of("path.check", check, "us CPU/signature"));
        measured.add(Measurement.of("path.single.rate", one.rate(SINGLES), "instructions/s"));
        measured.add(Measurement.of("path.single.cpu.ledger", one.ledgerMicros(SINGLES), "us/instruction"));
        measured.add(Measurement.of("path.single.cpu.gateway", one.gatewayMicros(SINGLES), "us/instruction"));
        measured.add(Measurement.of("path.single.cores", one.cores(), "cores"));
        double all = one.ledgerMicros(SINGLES) + one.gatewayMicros(SINGLES);
        measured.add(Measurement.atMost("path.single.checks", all / check, "signature checks", MOST_CHECKS_FOR_ONE));
        measured.add(Measurement.of("path.batch.rate", many.rate(events), "events/s"));
        measured.add(Measurement.of("path.batch.cpu.ledger", many.ledgerMicros(events), "us/event"));
        measured.add(Measurement.of("path.batch.cpu.gateway", many.gatewayMicros(events), "us/event"));
        measured.add(Measurement.of("path.batch.cores", many.cores(), "cores"));
        double event = many.ledgerMicros(events) + many.gatewayMicros(events);
        measured.add(Measurement.atMost("path.batch.cpu", event, "us/event", MOST_MICROS_FOR_AN_EVENT));
        measured.add(
                Measurement.of("path.memory.ledger", Usage.of(processes.ledger).residentKib() / KIB_IN_A_MIB, "MiB"));
        measured.add(Measurement.of(
                "path.memory.gateway", Usage.of(processes.gateway).residentKib() / KIB_IN_A_MIB, "MiB"));
    }

    private record Processes(ProcessHandle ledger, ProcessHandle gateway) {}

    /// What carrying some instructions to their verdicts took.
    private record Round(Duration wall, Duration ledger, Duration gateway) {
        double rate(int count) {
            return count * NANOS_IN_A_SECOND / wall.toNanos();
        }

        double ledgerMicros(int count) {
            return ledger.toNanos() / NANOS_IN_A_MICRO / count;
        }

        double gatewayMicros(int count) {
            return gateway.toNanos() / NANOS_IN_A_MICRO / count;
        }

        double cores() {
            return (double) ledger.plus(gateway).toNanos() / wall.toNanos();
        }
    }

    private ExampleAgreement agreed(Stand stand, String label) throws IOException {
        ExampleAgreement agreement =
                ExampleAgreement.creators(root.resolve("docs/spec/examples")).labeled(label);
        stand.agree(agreement);
        return agreement;
    }

    /// Hands all reports of a source over and waits for the last, which cannot be applied before the others. Whether
    /// they were is asked when the clock has stopped.
    private static Round carry(HttpCourier gateway, Processes processes, List<Signed> reports)
            throws LedgerException, IOException {
        Usage ledger = Usage.of(processes.ledger);
        Usage carrier = Usage.of(processes.gateway);
        long begin = System.nanoTime();
        if (gateway.send(reports, Duration.ZERO).size() != reports.size()) {
            throw new IllegalStateException("the gateway did not take every report");
        }
        applied(gateway, List.of(reports.getLast()));
        Duration wall = Duration.ofNanos(System.nanoTime() - begin);
        Round round = new Round(
                wall,
                Usage.of(processes.ledger).cpuSince(ledger),
                Usage.of(processes.gateway).cpuSince(carrier));
        applied(gateway, reports);
        return round;
    }

    private static void applied(HttpCourier gateway, List<Signed> reports) throws LedgerException {
        for (Sent sent : gateway.send(reports, LONGEST)) {
            if (!sent.applied()) {
                throw new IllegalStateException("a report was not applied: " + sent.answer());
            }
        }
    }
}
