package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Handmade;
import org.tallystick.acceptance.Network;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.WideAgreement;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// What a close costs: of few events and of very many, of terms that keep events one by one, of an agreement so wide
/// that it needs several steps, and what that does to others.
///
/// A simulation is measured from outside: from the call of a peer to its endorsed answer, two members at once.
final class CloseBench {

    private static final int SOURCES = 8;
    private static final int FEW = 10_000;
    private static final int EVENTS_IN_A_REPORT = 1_000;
    private static final int SINGLE_EVENTS = 10_000;
    private static final int WARM_UP = 15;
    private static final int ROUNDS = 21;
    private static final int WIDE_MONTHS = 9;
    private static final int CALLERS = 4;
    private static final Duration BASELINE = Duration.ofSeconds(15);
    private static final double NANOS_IN_A_MILLI = 1e6;
    private static final double BYTES_IN_A_MB = 1e6;
    private static final double MOST_MILLIS = 200;
    private static final double MOST_MB = 20;
    private static final double MOST_GROWTH = 1.1;
    private static final double MOST_DELAY = 2;
    private static final int PERCENTILE = 99;
    private static final String PERIOD = "2026-01";

    /// Forward tiers ask for each event where it stands among the others.
    private static final String FORWARD = "{\"from\":\"platform\",\"id\":\"forward\",\"of\":\"sales\",\"tiers\":"
            + "{\"mode\":\"forward\",\"steps\":[{\"rate\":\"0.01\",\"upTo\":1000000},{\"rate\":\"0.02\"}]},"
            + "\"to\":\"a\",\"type\":\"fee\"}";

    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");

    private final Path root;
    private final Path folder;
    private final Network network;
    private final int many;
    private final List<Measurement> measured = new ArrayList<>();

    /// @param many events that the large close has
    CloseBench(Path root, Path folder, Network network, int many) {
        this.root = root;
        this.folder = folder;
        this.network = network;
        this.many = many;
    }

    List<Measurement> run()
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY);
                HttpCourier gateway = new HttpCourier(stand.gateway());
                Ledger ledger = network.connect(network.members().getFirst())) {
            stand.registerRegistrars();
            ExampleAgreement creators = ExampleAgreement.creators(root.resolve("docs/spec/examples"));
            Closing few = reported(stand, gateway, ledger, sources(creators.labeled("few")), FEW);
            Closing all = reported(stand, gateway, ledger, sources(creators.labeled("many")), many);
            foldable(ledger, few, all);
            Closing singles = reported(stand, gateway, ledger, forward(creators.labeled("singles")), SINGLE_EVENTS);
            steps(stand, ledger, singles, "single");
            wide(stand, gateway, ledger, creators);
            return List.copyOf(measured);
        }
    }

    private String name(String rest) {
        return "close." + network.kind() + "." + rest;
    }

    /// A period that is declared, and the signed instruction that closes it.
    private record Closing(String agreement, String period, Signed instruction) {
        Ledger.Call call() {
            return new Ledger.Call("submit", List.of(instruction.envelope(), NO_HINTS));
        }

        Ledger.Call step() {
            return new Ledger.Call("step", List.of(Bytes.ofUtf8(agreement), Bytes.ofUtf8(period)));
        }
    }

    private static ExampleAgreement sources(ExampleAgreement agreement) {
        ExampleAgreement.Source like = agreement.sources().getFirst();
        return agreement.reportedBy(IntStream.range(0, SOURCES)
                .mapToObj(source -> new ExampleAgreement.Source("lane" + source, like.owner(), like.types()))
                .toList());
    }

    private static ExampleAgreement forward(ExampleAgreement agreement) throws IOException {
        return agreement.pricedBy(FORWARD);
    }

    private static Closing reported(
            Stand stand, HttpCourier gateway, Ledger ledger, ExampleAgreement agreement, int events)
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        stand.agree(agreement);
        SignedReports reports = new SignedReports(stand, agreement, gateway);
        int sources = agreement.sources().size();
        int left = events / EVENTS_IN_A_REPORT;
        while (left > 0) {
            List<List<Signed>> lanes = new ArrayList<>();
            for (int source = 0; source < sources && left > 0; source++) {
                int some = Math.min(left, 5);
                lanes.add(reports.next(source, some, EVENTS_IN_A_REPORT));
                left -= some;
            }
            List<Integer> _ = together(lanes.stream()
                    .<Callable<Integer>>map(lane -> () -> {
                        for (Signed report : lane) {
                            Ledger.Endorsed _ = Submission.carry(
                                    ledger, new Ledger.Call("submit", List.of(report.envelope(), NO_HINTS)));
                        }
                        return lane.size();
                    })
                    .toList());
        }
        for (ExampleAgreement.Source source : agreement.sources()) {
            stand.partner(agreement.ledgerParty(source.owner())).declares(agreement.id(), source.id(), PERIOD);
        }
        return closing(stand, gateway, agreement, PERIOD);
    }

    private static Closing closing(Stand stand, HttpCourier gateway, ExampleAgreement agreement, String period)
            throws IOException, LedgerException, KeyFolderException {
        Handmade handmade = new Handmade(stand, agreement, gateway.net());
        Signed close = handmade.signed(handmade.payload(agreement.hub(), new Act.Close(period)));
        return new Closing(agreement.id(), period, close);
    }

    private static <T> List<T> together(List<Callable<T>> all) throws InterruptedException, ExecutionException {
        List<T> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> one : threads.invokeAll(all)) {
                done.add(one.get());
            }
        }
        return done;
    }

    /// A call endorsed, and how long that took.
    private record Simulated(Ledger.Endorsed endorsed, double millis) {
        static Simulated of(Ledger ledger, Ledger.Call call) throws LedgerException {
            long begin = System.nanoTime();
            Ledger.Endorsed endorsed = ledger.endorse(call);
            return new Simulated(endorsed, (System.nanoTime() - begin) / NANOS_IN_A_MILLI);
        }

        TransactionEnvelope transaction() {
            return switch (TransactionEnvelope.read(endorsed.envelope())) {
                case TransactionEnvelope.Parsed(var transaction) -> transaction;
                case TransactionEnvelope.Misformed(var text) -> throw new IllegalStateException(text);
            };
        }

        long written() {
            return transaction().writes().stream()
                    .flatMap(write -> write.value().stream())
                    .mapToLong(Bytes::size)
                    .sum();
        }

        boolean settles() {
            return endorsed.response().canonical().utf8().orElse("").contains("\"kind\":\"settlement\"");
        }
    }

    /// What a transaction has read, in bytes as the state holds them.
    private static long read(Ledger ledger, Simulated simulated) throws LedgerException {
        List<String> keys = simulated.transaction().reads().stream()
                .map(TransactionEnvelope.Read::key)
                .toList();
        long bytes = 0;
        for (int from = 0; from < keys.size(); from += 100) {
            for (Json.Obj value : ledger.get(keys.subList(from, Math.min(keys.size(), from + 100)))
                    .values()) {
                bytes += value.canonical().size();
            }
        }
        return bytes;
    }

    /// In turns, so that whatever else happens happens to both.
    private void foldable(Ledger ledger, Closing few, Closing all) throws LedgerException {
        double[] fewMillis = new double[ROUNDS];
        double[] allMillis = new double[ROUNDS];
        Simulated last = Simulated.of(ledger, all.call());
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double one = Simulated.of(ledger, few.call()).millis();
            last = Simulated.of(ledger, all.call());
            if (round >= 0) {
                fewMillis[round] = one;
                allMillis[round] = last.millis();
            }
        }
        if (!last.settles()) {
            throw new IllegalStateException("a foldable period did not settle in one step");
        }
        measured.add(Measurement.of(name("few"), middle(fewMillis), "ms, of " + FEW + " events"));
        measured.add(Measurement.atMost(name("many"), middle(allMillis), "ms, of " + many, MOST_MILLIS));
        measured.add(Measurement.atMost(name("growth"), middle(allMillis) / middle(fewMillis), "x few", MOST_GROWTH));
        measured.add(Measurement.atMost(name("read"), read(ledger, last) / BYTES_IN_A_MB, "MB read", MOST_MB));
    }

    private static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /// Closes for real, step by step. The gateway, which would take the same steps at the same time, stands still: what
    /// a
    /// close does to others, with the gateway, is measured apart.
    private void steps(Stand stand, Ledger ledger, Closing closing, String what)
            throws LedgerException, IOException, InterruptedException {
        for (int round = 0; round < WARM_UP; round++) {
            Simulated _ = Simulated.of(ledger, closing.call());
        }
        signal(stand, "-STOP");
        Steps taken;
        try {
            taken = take(ledger, closing);
        } finally {
            signal(stand, "-CONT");
        }
        measured.add(Measurement.of(name(what + ".steps"), taken.count(), "transactions"));
        measured.add(Measurement.atMost(name(what + ".step"), taken.millis(), "ms, the longest", MOST_MILLIS));
        measured.add(Measurement.atMost(name(what + ".read"), taken.read() / BYTES_IN_A_MB, "MB, the most", MOST_MB));
        measured.add(Measurement.of(name(what + ".written"), taken.written() / BYTES_IN_A_MB, "MB, the most"));
    }

    private static void signal(Stand stand, String signal) throws IOException, InterruptedException {
        String gateway = String.valueOf(stand.gatewayHandle().pid());
        int code =
                new ProcessBuilder("kill", signal, gateway).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("kill " + signal + " " + gateway + " ended with " + code);
        }
    }

    /// What the steps of a close came to, the most of any.
    private record Steps(int count, double millis, long read, long written) {}

    private static Steps take(Ledger ledger, Closing closing) throws LedgerException {
        Steps steps = new Steps(0, 0, 0, 0);
        Ledger.Call call = closing.call();
        while (true) {
            Simulated step;
            try {
                step = Simulated.of(ledger, call);
            } catch (LedgerException.Failed e) {
                if (steps.count() > 0 && e.code().equals("not_closing")) {
                    // The gateway was quicker with the last one.
                    return steps;
                }
                throw e;
            }
            if (!Submission.commit(ledger, step.endorsed())) {
                // The gateway was quicker with this one.
                call = closing.step();
                continue;
            }
            long read = read(ledger, step);
            steps = new Steps(
                    steps.count() + 1,
                    Math.max(steps.millis(), step.millis()),
                    Math.max(steps.read(), read),
                    Math.max(steps.written(), step.written()));
            if (step.settles()) {
                return steps;
            }
            call = closing.step();
        }
    }

    /// Closes month after month of a wide agreement while others report, beside the same without closes.
    private void wide(Stand stand, HttpCourier gateway, Ledger ledger, ExampleAgreement creators)
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        ExampleAgreement wide = WideAgreement.of("wide", WIDE_MONTHS);
        stand.agree(wide);
        List<Closing> months = new ArrayList<>();
        for (String period : wide.periods()) {
            stand.partner(wide.hub()).reports(wide, period);
            months.add(closing(stand, gateway, wide, period));
        }
        steps(stand, ledger, months.getFirst(), "wide");
        ExampleAgreement others = sources(creators.labeled("others"));
        stand.agree(others);
        SignedReports reports = new SignedReports(stand, others, gateway);
        double[] _ = latencies(ledger, reports, BASELINE, () -> 0);
        double[] alone = latencies(ledger, reports, BASELINE, () -> 0);
        double[] beside = latencies(ledger, reports, Duration.ZERO, () -> {
            for (Closing month : months.subList(1, months.size())) {
                Steps _ = take(ledger, month);
            }
            return 0;
        });
        double before = percentile(alone);
        double during = percentile(beside);
        measured.add(Measurement.of(name("others.alone"), before, "ms, p" + PERCENTILE + " of " + alone.length));
        measured.add(Measurement.of(name("others.beside"), during, "ms, p" + PERCENTILE + " of " + beside.length));
        measured.add(Measurement.atMost(name("others.delay"), during / before, "x alone", MOST_DELAY));
    }

    /// How long reports take to their blocks, from callers that send one after the other, while something is done.
    ///
    /// @param least how long they go on at least
    private static double[] latencies(Ledger ledger, SignedReports reports, Duration least, Callable<Integer> task)
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        long end = System.nanoTime() + least.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> doing = threads.submit(task);
            List<Future<List<Double>>> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int source = caller;
                callers.add(threads.submit(() -> {
                    List<Double> millis = new ArrayList<>();
                    while (!doing.isDone() || System.nanoTime() < end) {
                        Signed one;
                        synchronized (reports) {
                            one = reports.next(source, 1, 1).getFirst();
                        }
                        long begin = System.nanoTime();
                        Ledger.Endorsed _ =
                                Submission.carry(ledger, new Ledger.Call("submit", List.of(one.envelope(), NO_HINTS)));
                        millis.add((System.nanoTime() - begin) / NANOS_IN_A_MILLI);
                    }
                    return millis;
                }));
            }
            List<Double> all = new ArrayList<>();
            for (Future<List<Double>> caller : callers) {
                all.addAll(caller.get());
            }
            int _ = doing.get();
            return all.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    private static double percentile(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * PERCENTILE / 100)];
    }
}
