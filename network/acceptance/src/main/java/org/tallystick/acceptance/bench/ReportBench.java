package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;

/// A file of a business: from lines of CSV to events on the ledger, through `tally report`, gateway, chaincode and
/// embedded ledger, each in the process that the product gives it.
final class ReportBench {

    private static final int WARM_UP = 20_000;
    /// Which of the agreement's sources reports.
    private static final int SOURCE = 0;
    private static final int YEAR = 2026;
    private static final int MONTHS = 6;
    private static final int DAYS = 28;
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double NANOS_IN_A_MICRO = 1_000;
    private static final double KIB_IN_A_MIB = 1_024;
    private static final double THOUSAND = 1_000;
    private static final double LEAST_RATE = 8_000;
    private static final double MOST_MIB = 256;
    private static final double MOST_KEYS = 50;

    private final Path root;
    private final Path folder;
    private final int lines;

    /// @param lines of the file
    ReportBench(Path root, Path folder, int lines) {
        this.root = root;
        this.folder = folder;
        this.lines = lines;
    }

    List<Measurement> run() throws IOException, LedgerException, KeyFolderException, InterruptedException {
        double load = load();
        EmbeddedNetwork network = EmbeddedNetwork.start(folder, TallyProcess.LASTING);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY, TallyProcess.LASTING);
                HttpCourier gateway = new HttpCourier(stand.gateway());
                Ledger ledger = network.connect(network.members().getFirst())) {
            stand.registerRegistrars();
            FileReport files = new FileReport(folder, stand, network, gateway);
            FileReport.Work _ = report(files, agreed(stand, "warm"), WARM_UP);
            ExampleAgreement year = agreed(stand, "year");
            long from = ledger.height();
            FileReport.Work work = report(files, year, lines);
            WrittenKeys keys = WrittenKeys.of(ledger, from);
            List<Measurement> measured = new ArrayList<>(figures(work, keys));
            measured.addAll(new ChaincodeCost(stand, agreed(stand, "cost"), gateway).run());
            measured.add(Measurement.of("report.load", load, "load average before"));
            return List.copyOf(measured);
        }
    }

    private List<Measurement> figures(FileReport.Work work, WrittenKeys keys) {
        return List.of(
                Measurement.of("report.lines", lines, "lines"),
                Measurement.atLeast("report.rate", lines / seconds(work.wall()), "events/s", LEAST_RATE),
                Measurement.of("report.checked", seconds(work.first()), "s to the first event"),
                Measurement.of("report.wall", seconds(work.wall()), "s"),
                Measurement.atMost("report.memory", work.peakKib() / KIB_IN_A_MIB, "MiB", MOST_MIB),
                Measurement.of("report.cpu.client", micros(work.client()), "us/event"),
                Measurement.of("report.cpu.gateway", micros(work.gateway()), "us/event"),
                Measurement.of("report.cpu.ledger", micros(work.ledger()), "us/event"),
                Measurement.of("report.cores", work.cores(), "cores"),
                Measurement.atMost("report.keys", THOUSAND * keys.count() / lines, "keys/1,000 events", MOST_KEYS),
                Measurement.of("report.bytes", (double) keys.bytes() / lines, "bytes of state/event"));
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS_IN_A_SECOND;
    }

    private double micros(Duration cpu) {
        return cpu.toNanos() / NANOS_IN_A_MICRO / lines;
    }

    /// What ran on the machine in the last minute, this program left out.
    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private ExampleAgreement agreed(Stand stand, String label) throws IOException {
        ExampleAgreement agreement = ExampleAgreement.channelReseller(root.resolve("docs/spec/examples"))
                .labeled(label);
        stand.agree(agreement);
        return agreement;
    }

    /// Sales of the first half of the year.
    private static FileReport.Work report(FileReport files, ExampleAgreement agreement, int count)
            throws IOException, LedgerException, InterruptedException {
        return files.send(
                agreement,
                agreement.sources().get(SOURCE),
                count,
                k -> LocalDate.of(YEAR, 1 + (int) (MONTHS * (long) k / count), 1 + k % DAYS));
    }
}
