package org.tallystick.acceptance.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.Tally;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.SourceHistory;
import org.tallystick.ledger.keys.KeyFolderException;

/// A file of a business: from lines of CSV to events on the ledger, through `tally report`, gateway, chaincode and
/// embedded ledger, each in the process that the product gives it.
///
/// The clock runs from the start of the command to its end, so that looking at every line is in it.
final class ReportBench {

    private static final int WARM_UP = 20_000;
    /// Which of the agreement's sources reports.
    private static final int SOURCE = 0;
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Duration OFTEN = Duration.ofMillis(100);
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double NANOS_IN_A_MICRO = 1_000;
    private static final double KIB_IN_A_MIB = 1_024;
    private static final double THOUSAND = 1_000;
    private static final String MAPPING = """
            {"mapping":"1","separator":";","numbers":"1.000,00","dates":{"format":"dd.MM.yyyy"},
             "event":{"type":{"value":"sale"},"date":{"column":"Tag"},"amount":{"column":"Betrag"},
                      "currency":{"value":"USD"},"quantity":{"column":"Menge"},"id":{"column":"Beleg"},
                      "attrs":{"product":{"column":"Ware"},
                               "dealReg":{"column":"Deal","values":{"ja":true,"nein":false}}}}}""";

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
            Work _ = report(stand, network, gateway, agreed(stand, "warm"), WARM_UP);
            ExampleAgreement year = agreed(stand, "year");
            long from = ledger.height();
            Work work = report(stand, network, gateway, year, lines);
            WrittenKeys keys = WrittenKeys.of(ledger, from);
            List<Measurement> measured = new ArrayList<>(figures(work, keys));
            measured.addAll(new ChaincodeCost(stand, agreed(stand, "cost"), gateway).run());
            measured.add(Measurement.of("report.load", load, "load average before"));
            return List.copyOf(measured);
        }
    }

    private List<Measurement> figures(Work work, WrittenKeys keys) {
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

    /// What the report of a file took.
    ///
    /// @param first until the first event was on the ledger: by then all lines had been looked at
    /// @param peakKib the most memory that the client had
    private record Work(
            Duration wall, Duration first, long peakKib, Duration client, Duration gateway, Duration ledger) {
        double cores() {
            return (double) client.plus(gateway).plus(ledger).toNanos() / wall.toNanos();
        }
    }

    private Work report(
            Stand stand, EmbeddedNetwork network, HttpCourier gateway, ExampleAgreement agreement, int count)
            throws IOException, LedgerException, InterruptedException {
        ExampleAgreement.Source source = agreement.sources().get(SOURCE);
        String party = agreement.ledgerParty(source.owner());
        Path csv = written(agreement.label(), count);
        Path log = folder.resolve(agreement.label() + ".log");
        SourceHistory history = new SourceHistory(gateway, new AgreementId(agreement.id()), new SourceId(source.id()));
        List<String> arguments = List.of(
                "report",
                agreement.id(),
                csv.toString(),
                "--source",
                source.id(),
                "--as",
                party,
                "--mapping",
                Files.writeString(folder.resolve("mapping.json"), MAPPING).toString(),
                "--home",
                stand.home(party).toString(),
                "--gateway",
                stand.gateway().toString());
        Usage ledger = Usage.of(network.handle());
        Usage carrier = Usage.of(stand.gatewayHandle());
        long begin = System.nanoTime();
        try (TallyProcess process = TallyProcess.begin(TallyProcess.LARGE, arguments, log)) {
            Usage client = Usage.of(process.handle());
            long first = 0;
            OptionalInt ended = process.end(OFTEN);
            while (ended.isEmpty() && System.nanoTime() - begin < LONGEST.toNanos()) {
                client = Usage.find(process.handle()).orElse(client);
                if (first == 0 && history.last() > 0) {
                    first = System.nanoTime();
                }
                ended = process.end(OFTEN);
            }
            Duration wall = Duration.ofNanos(System.nanoTime() - begin);
            if (ended.isEmpty() || ended.getAsInt() != Tally.DONE || history.last() != count) {
                throw new IllegalStateException(
                        "the report ended with " + ended + " and " + history.last() + ": " + Files.readString(log));
            }
            return new Work(
                    wall,
                    Duration.ofNanos(first - begin),
                    client.peakKib(),
                    client.cpu(),
                    Usage.of(stand.gatewayHandle()).cpuSince(carrier),
                    Usage.of(network.handle()).cpuSince(ledger));
        }
    }

    /// Sales of the first half of the year, each with its own reference.
    private Path written(String label, int count) throws IOException {
        Path file = folder.resolve(label + ".csv");
        try (BufferedWriter csv = Files.newBufferedWriter(file)) {
            csv.write("Beleg;Tag;Betrag;Menge;Ware;Deal\n");
            for (int k = 0; k < count; k++) {
                csv.write(String.format(
                        Locale.ROOT,
                        "INV-%07d;%02d.%02d.2026;%d,%02d;%d;%s;%s%n",
                        k,
                        1 + k % 28,
                        1 + (int) (6L * k / count),
                        1 + k % 900,
                        k % 100,
                        1 + k % 5,
                        k % 3 == 0 ? "sw" : "hw",
                        k % 7 == 0 ? "ja" : "nein"));
            }
        }
        return file;
    }
}
