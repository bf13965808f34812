package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Handmade;
import org.tallystick.acceptance.Stand;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
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
        List<Signed> reports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long first = numbers.getOrDefault(index, 1L);
            List<Json> sales = new ArrayList<>();
            for (int k = 0; k < events; k++) {
                sales.add(sale(first + k));
            }
            reports.add(handmade.signed(handmade.payload(owner, handmade.report(source, first, sales))));
            numbers.put(index, first + events);
        }
        return List.copyOf(reports);
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
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Signed any = instructions.getFirst();
        String owner = ((PartyId) any.payload().party()).text();
        String thumb = any.kids().getFirst().thumb();
        Optional<KeyRecord> record =
                gateway.get(Keys.key(owner, thumb)).map(Json.Obj::canonical).map(KeyRecord::decode);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < CHECKS; round++) {
            long begin = threads.getCurrentThreadCpuTime();
            for (Signed instruction : instructions) {
                if (!(instruction.verify(instruction.payload().from(), _ -> record, _ -> Optional.empty())
                        instanceof Verified)) {
                    throw new IllegalStateException("our own signature does not verify");
                }
            }
            long took = threads.getCurrentThreadCpuTime() - begin;
            best = Math.min(best, took / NANOS_IN_A_MICRO / instructions.size());
        }
        return best;
    }
}
