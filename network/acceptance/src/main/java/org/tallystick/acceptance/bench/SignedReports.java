package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Handmade;
import org.tallystick.acceptance.Stand;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;

/// Reports of sales under one agreement, each source's in the order of their numbers, signed before anything is
/// measured.
final class SignedReports {

    private static final int CHECKS = 5;
    private static final double NANOS_IN_A_MICRO = 1_000;

    private final Stand stand;
    private final ExampleAgreement agreement;
    private final HttpCourier gateway;
    private final TreeMap<Integer, Long> numbers = new TreeMap<>();

    /// @param agreement one in JPY, of the year 2026
    SignedReports(Stand stand, ExampleAgreement agreement, HttpCourier gateway) {
        this.stand = stand;
        this.agreement = agreement;
        this.gateway = gateway;
    }

    /// The next reports of a source.
    ///
    /// @param index of the source in the agreement
    /// @param events how many each report carries
    List<Signed> next(int index, int count, int events) throws LedgerException, IOException, KeyFolderException {
        Handmade handmade = new Handmade(stand, agreement, gateway.net());
        ExampleAgreement.Source source = agreement.sources().get(index);
        String owner = agreement.ledgerParty(source.owner());
        Envelope.Hand hand = handmade.hand(new PartyId(owner));
        List<Signed> reports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long first = numbers.getOrDefault(index, 1L);
            List<Json> sales = new ArrayList<>();
            for (int k = 0; k < events; k++) {
                sales.add(sale(first + k));
            }
            reports.add(Handmade.signed(handmade.payload(owner, handmade.report(source, first, sales)), hand));
            numbers.put(index, first + events);
        }
        return List.copyOf(reports);
    }

    /// The last of a source's were not sent: their numbers are given again.
    void unsent(int index, int events) {
        long next = numbers.getOrDefault(index, 1L);
        numbers.put(index, next - events);
    }

    private static Json sale(long number) {
        return Json.object()
                .with("amount", 100 + number % 900)
                .with("attrs", Json.object().with("ref", "INV-" + number).build())
                .with("currency", "JPY")
                .with("date", "2026-01-15")
                .with("type", "sale")
                .build();
    }

    /// CPU microseconds of this thread to check one signature, warm: the best of some rounds over all instructions.
    double check(List<Signed> instructions) throws LedgerException {
        return Collections.min(rounds(instructions, record(instructions.getFirst())));
    }

    /// The same while all cores do so: the middle of the rounds of all.
    double busyCheck(List<Signed> instructions) throws LedgerException, InterruptedException, ExecutionException {
        Optional<KeyRecord> record = record(instructions.getFirst());
        Callable<List<Double>> core = () -> rounds(instructions, record);
        List<Double> rounds = new ArrayList<>();
        int cores = Runtime.getRuntime().availableProcessors();
        try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
            for (Future<List<Double>> done : threads.invokeAll(Collections.nCopies(cores, core))) {
                rounds.addAll(done.get());
            }
        }
        Collections.sort(rounds);
        return rounds.get(rounds.size() / 2);
    }

    private Optional<KeyRecord> record(Signed any) throws LedgerException {
        String owner = ((PartyId) any.payload().party()).text();
        String thumb = any.kids().getFirst().thumb();
        return gateway.get(Keys.key(owner, thumb)).map(Json.Obj::canonical).map(KeyRecord::decode);
    }

    private static List<Double> rounds(List<Signed> instructions, Optional<KeyRecord> record) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Double> rounds = new ArrayList<>();
        for (int round = 0; round < CHECKS; round++) {
            long begin = threads.getCurrentThreadCpuTime();
            for (Signed instruction : instructions) {
                if (!(instruction.verify(instruction.payload().from(), _ -> record, _ -> List.of())
                        instanceof Verified)) {
                    throw new IllegalStateException("our own signature does not verify");
                }
            }
            long took = threads.getCurrentThreadCpuTime() - begin;
            rounds.add(took / NANOS_IN_A_MICRO / instructions.size());
        }
        return rounds;
    }
}
