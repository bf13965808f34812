package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.keys.KeyFolderException;

/// What a gateway itself costs, on an embedded ledger: taking instructions in, and what becomes of it under more load
/// than it can carry.
final class GatewayBench {

    private static final String NAME = "gateway.";
    private static final int AGREEMENTS = 4;
    /// In a round of the intake, of each agreement.
    private static final int OF_EACH = 1_000;

    private static final int TOGETHER = 100;
    private static final int ROUNDS = 9;
    private static final int WARM_UPS = 4;
    private static final int SOURCE = 0;
    private static final int CALLERS = 32;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Duration PEAK = Duration.ofSeconds(20);
    private static final Duration OVERLOAD = Duration.ofSeconds(60);
    private static final int TIMES_PEAK = 5;

    private static final double MOST_CHECKS = 1.5;
    private static final double LEAST_SINGLES = 2_000;
    private static final double LEAST_GOODPUT = 0.8;
    private static final double MOST_GROWTH = 1.25;
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double NANOS_IN_A_MICRO = 1_000;

    static final String ONE = "application/jose+json";
    private static final String MANY = "application/json";
    static final String PATH = "/v1/instructions";
    static final int TAKEN = 202;

    private final Path root;
    private final Path folder;
    private final List<Measurement> measured = new ArrayList<>();

    GatewayBench(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    List<Measurement> run()
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        EmbeddedNetwork network = EmbeddedNetwork.start(folder, TallyProcess.LASTING);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY, TallyProcess.LASTING);
                HttpCourier gateway = new HttpCourier(stand.gateway())) {
            stand.registerRegistrars();
            intake(stand, network, gateway);
            overload(stand, network, gateway);
            return List.copyOf(measured);
        }
    }

    /// Taking in while the ledger stands still, so that nothing is carried meanwhile.
    private void intake(Stand stand, EmbeddedNetwork network, HttpCourier gateway)
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        List<SignedReports> agreements = new ArrayList<>();
        for (int n = 0; n < AGREEMENTS; n++) {
            ExampleAgreement agreement = ExampleAgreement.creators(root.resolve("docs/spec/examples"))
                    .labeled("intake" + n);
            stand.agree(agreement);
            agreements.add(new SignedReports(stand, agreement, gateway));
        }
        List<Double> batches = new ArrayList<>();
        List<Double> singles = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        double check = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            List<Signed> many = next(agreements);
            List<Signed> ones = next(agreements);
            Round batch = taken(stand, network, gateway, many, requests(many), AGREEMENTS);
            Round single = taken(
                    stand,
                    network,
                    gateway,
                    ones,
                    ones.stream()
                            .map(one -> RawCaller.post(PATH, ONE, "", one.envelope()))
                            .toList(),
                    CALLERS);
            check = Math.min(check, agreements.getFirst().check(ones));
            if (round >= WARM_UPS) {
                batches.add(batch.micros(many.size()));
                singles.add(single.micros(ones.size()));
                rates.add(single.rate(ones.size()));
            }
        }
        measured.add(Measurement.of(NAME + "intake.check", check, "us CPU/signature"));
        measured.add(Measurement.of(NAME + "intake.batch.cpu", middle(batches), "us/instruction"));
        measured.add(Measurement.atMost(NAME + "intake.batch.checks", middle(batches) / check, "checks", MOST_CHECKS));
        measured.add(Measurement.of(NAME + "intake.single.cpu", middle(singles), "us/instruction"));
        measured.add(Measurement.atLeast(NAME + "intake.single.rate", middle(rates), "instructions/s", LEAST_SINGLES));
    }

    private static double middle(List<Double> all) {
        List<Double> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static List<Signed> next(List<SignedReports> agreements)
            throws LedgerException, IOException, KeyFolderException {
        List<Signed> all = new ArrayList<>();
        for (SignedReports agreement : agreements) {
            all.addAll(agreement.next(SOURCE, OF_EACH, 1));
        }
        return all;
    }

    private static List<byte[]> requests(List<Signed> all) {
        List<byte[]> requests = new ArrayList<>();
        for (int from = 0; from < all.size(); from += TOGETHER) {
            List<String> texts = all.subList(from, from + TOGETHER).stream()
                    .map(one -> one.envelope().utf8().orElseThrow())
                    .toList();
            requests.add(RawCaller.post(PATH, MANY, "", Json.texts(texts).canonical()));
        }
        return requests;
    }

    private record Round(Duration wall, Duration gateway) {
        double rate(int count) {
            return count * NANOS_IN_A_SECOND / wall.toNanos();
        }

        double micros(int count) {
            return gateway.toNanos() / NANOS_IN_A_MICRO / count;
        }
    }

    private static Round taken(
            Stand stand,
            EmbeddedNetwork network,
            HttpCourier gateway,
            List<Signed> all,
            List<byte[]> requests,
            int callers)
            throws IOException, LedgerException, InterruptedException, ExecutionException {
        signal(network, "-STOP");
        Round round;
        try {
            Usage before = Usage.of(stand.gatewayHandle());
            long begin = System.nanoTime();
            AtomicIntegerArray statuses = send(stand.gateway(), requests, callers);
            Duration wall = Duration.ofNanos(System.nanoTime() - begin);
            round = new Round(wall, Usage.of(stand.gatewayHandle()).cpuSince(before));
            if (statuses.get(TAKEN) != requests.size()) {
                throw new IllegalStateException(
                        "the gateway took only " + statuses.get(TAKEN) + " of " + requests.size() + " requests");
            }
        } finally {
            signal(network, "-CONT");
        }
        for (Sent sent : gateway.send(all, LONGEST)) {
            if (!sent.applied()) {
                throw new IllegalStateException("a report was not applied: " + sent.answer());
            }
        }
        return round;
    }

    /// Sends all, each caller one after the other.
    ///
    /// @return how many answers had each status
    private static AtomicIntegerArray send(URI gateway, List<byte[]> requests, int callers)
            throws InterruptedException, ExecutionException {
        AtomicIntegerArray statuses = new AtomicIntegerArray(600);
        AtomicInteger next = new AtomicInteger();
        call(callers, () -> {
            try (RawCaller caller = new RawCaller(gateway)) {
                for (int n = next.getAndIncrement(); n < requests.size(); n = next.getAndIncrement()) {
                    int _ = statuses.incrementAndGet(caller.send(requests.get(n)));
                }
            }
            return true;
        });
        return statuses;
    }

    static void call(int callers, Callable<Boolean> caller) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            for (Future<Boolean> one : threads.invokeAll(Collections.nCopies(callers, caller))) {
                boolean _ = one.get();
            }
        }
    }

    private static void signal(EmbeddedNetwork network, String signal) throws IOException, InterruptedException {
        String ledger = String.valueOf(network.handle().pid());
        int code =
                new ProcessBuilder("kill", signal, ledger).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("kill " + signal + " " + ledger + " ended with " + code);
        }
    }

    /// What is carried at most, and what is still carried when five times as much comes, for a minute.
    private void overload(Stand stand, EmbeddedNetwork network, HttpCourier gateway)
            throws IOException, LedgerException, InterruptedException, ExecutionException {
        String member = network.members().getFirst();
        LifeParties parties = new LifeParties(gateway.net());
        Signed registrar = parties.registry(
                0,
                member,
                new Act.RegisterRegistrar(
                        parties.key(member).key(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                member);
        try (Ledger admin = network.connect(member, MemberKeys.ADMIN)) {
            Ledger.Endorsed endorsed = Submission.carry(
                    admin, new Ledger.Call("submit", List.of(registrar.envelope(), Bytes.ofUtf8("{\"hints\":[]}"))));
            Submission.applied(endorsed.response(), 1);
        }
        Enrolling enrolling = new Enrolling(stand, network, parties, member);
        Carried _ = enrolling.patiently(PEAK.dividedBy(2));
        double peak = enrolling.patiently(PEAK).applied();
        long before = Usage.of(stand.gatewayHandle()).residentKib();
        Carried overloaded = enrolling.impatiently(OVERLOAD, TIMES_PEAK * peak);
        long after = Usage.of(stand.gatewayHandle()).residentKib();
        measured.add(Measurement.of(NAME + "peak", peak, "instructions/s"));
        measured.add(Measurement.of(NAME + "overload.offered", overloaded.sent(), "instructions/s"));
        measured.add(Measurement.of(NAME + "overload.refused", overloaded.refused(), "of them"));
        measured.add(Measurement.atLeast(
                NAME + "overload.goodput", overloaded.applied() / peak, "of the peak", LEAST_GOODPUT));
        measured.add(Measurement.atMost(NAME + "overload.memory", (double) after / before, "x before", MOST_GROWTH));
    }
}
