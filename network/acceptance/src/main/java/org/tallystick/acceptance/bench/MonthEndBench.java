package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ManyAgreements;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.monthend.Closed;
import org.tallystick.ledger.monthend.MonthEnd;
import org.tallystick.ledger.monthend.Readiness;

/// How long a business with many agreements takes to look through its month end, and to close all that is ready.
final class MonthEndBench {

    private static final int AGREEMENTS = 400;
    private static final double MOST_SECONDS = 120;
    private static final double NANOS_IN_A_SECOND = 1e9;

    private final Path root;
    private final Path folder;

    MonthEndBench(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    List<Measurement> run() throws IOException, LedgerException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        EmbeddedNetwork network = EmbeddedNetwork.start(folder, TallyProcess.LASTING);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY, TallyProcess.LASTING);
                HttpCourier courier = new HttpCourier(stand.gateway())) {
            stand.registerRegistrars();
            boolean _ = stand.reachesEndOfExamples();
            ManyAgreements many = new ManyAgreements(stand, courier, root.resolve("docs/spec/examples"), AGREEMENTS);
            double made = seconds(many::declare);
            MonthEnd end = new MonthEnd(courier, many.hub(), Desk.at(courier).time());
            double looked = seconds(() -> {
                List<Readiness> all = end.of(many.period());
                if (!all.stream().allMatch(one -> one.state() instanceof Readiness.Ready)) {
                    throw new IllegalStateException("not all are ready");
                }
            });
            double closed = seconds(() -> {
                List<Closed> all = many.close();
                if (all.size() != AGREEMENTS || !all.stream().allMatch(Closed::settled)) {
                    throw new IllegalStateException("not all are settled");
                }
            });
            return List.of(
                    Measurement.of("month.agreements", AGREEMENTS, "agreements"),
                    Measurement.of("month.made", made, "s to adopt and declare all"),
                    Measurement.of("month.looked", looked, "s to see what lacks"),
                    Measurement.atMost("month.closed", closed, "s to close all", MOST_SECONDS),
                    Measurement.of("month.load", load, "load average before"));
        }
    }

    private interface Work {
        void run() throws LedgerException;
    }

    private static double seconds(Work work) throws LedgerException {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / NANOS_IN_A_SECOND;
    }
}
