package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.Tally;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;

/// A busy day, from a file to a statement: reported, declared, closed, seen in the month end, stated and explained,
/// each
/// by the command that a business would give.
final class DayBench {

    static final int USUAL_EVENTS = 2_000_000;

    private static final LocalDate DAY = LocalDate.of(2026, 1, 15);
    /// Which of the agreement's sources reports; the others declare that they have nothing.
    private static final int SOURCE = 0;
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Duration OFTEN = Duration.ofMillis(50);
    private static final double MOST_SECONDS = 600;
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double KIB_IN_A_MIB = 1_024;

    private final Path root;
    private final Path folder;
    private final int events;

    DayBench(Path root, Path folder, int events) {
        this.root = root;
        this.folder = folder;
        this.events = events;
    }

    /// What a command took.
    private record Step(String name, double seconds, double mib) {}

    List<Measurement> run() throws IOException, LedgerException, KeyFolderException, InterruptedException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        EmbeddedNetwork network = EmbeddedNetwork.start(folder, TallyProcess.LASTING);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY, TallyProcess.LASTING);
                HttpCourier gateway = new HttpCourier(stand.gateway())) {
            stand.registerRegistrars();
            ExampleAgreement agreement = ExampleAgreement.channelReseller(root.resolve("docs/spec/examples"))
                    .labeled("day");
            stand.agree(agreement);
            FileReport.Work report = new FileReport(folder, stand, network, gateway)
                    .send(agreement, agreement.sources().get(SOURCE), events, _ -> DAY);
            String period = agreement.periods().getFirst();
            List<Step> steps = new ArrayList<>();
            steps.add(new Step("reported", seconds(report.wall()), report.peakKib() / KIB_IN_A_MIB));
            for (ExampleAgreement.Source source : agreement.sources()) {
                String party = agreement.ledgerParty(source.owner());
                steps.add(step(
                        stand,
                        "declared." + source.id(),
                        List.of("declare", agreement.id(), period, "--source", source.id(), "--as", party),
                        party));
            }
            String hub = agreement.hub();
            steps.add(step(stand, "looked", List.of("period", period, "--as", hub), hub));
            steps.add(step(stand, "closed", List.of("close", agreement.id(), period, "--as", hub), hub));
            steps.add(step(
                    stand,
                    "stated",
                    List.of(
                            "statement",
                            agreement.id(),
                            period,
                            "--pdf",
                            folder.resolve("statement.pdf").toString()),
                    hub));
            List<Measurement> measured = new ArrayList<>();
            measured.add(Measurement.of("day.events", events, "events"));
            for (Step step : steps) {
                measured.add(Measurement.of("day." + step.name(), step.seconds(), "s"));
                measured.add(Measurement.of("day." + step.name() + ".memory", step.mib(), "MiB"));
            }
            double all = steps.stream().mapToDouble(Step::seconds).sum();
            measured.add(Measurement.atMost("day.all", all, "s", MOST_SECONDS));
            measured.add(Measurement.of("day.load", load, "load average before"));
            return List.copyOf(measured);
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS_IN_A_SECOND;
    }

    private Step step(Stand stand, String name, List<String> command, String owner)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of(
                "--home",
                stand.home(owner).toString(),
                "--gateway",
                stand.gateway().toString()));
        Path log = folder.resolve("day-" + name + ".log");
        long begin = System.nanoTime();
        try (TallyProcess process = TallyProcess.begin(TallyProcess.SHORT, arguments, log)) {
            long peakKib = 0;
            OptionalInt ended = process.end(OFTEN);
            while (ended.isEmpty() && System.nanoTime() - begin < LONGEST.toNanos()) {
                peakKib = Usage.find(process.handle()).map(Usage::peakKib).orElse(peakKib);
                ended = process.end(OFTEN);
            }
            double took = seconds(Duration.ofNanos(System.nanoTime() - begin));
            if (ended.isEmpty() || ended.getAsInt() != Tally.DONE) {
                throw new IllegalStateException(name + " ended with " + ended + ": " + Files.readString(log));
            }
            return new Step(name, took, peakKib / KIB_IN_A_MIB);
        }
    }
}
