package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Handmade;
import org.tallystick.acceptance.Stand;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Carrier;
import org.tallystick.agreement.rules.Documents;
import org.tallystick.agreement.rules.SentArguments;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;

/// What the chaincode computes for an event that is one of a thousand in a report, beyond the check of the report's
/// one signature: inflating, reading, checking, booking, writing.
///
/// The rules are run in this process as the chaincode runs them, over the state of the ledger, and the CPU of their
/// thread is counted; what a peer and its chaincode say to each other is not in it.
final class ChaincodeCost {

    private static final int REPORTS = 20;
    private static final int EVENTS = 1_000;
    private static final int ROUNDS = 10;
    /// Which of the agreement's sources reports.
    private static final int SOURCE = 0;
    private static final double NANOS_IN_A_MICRO = 1_000;
    private static final double MOST_MICROS = 15;
    private static final Bytes SUBMIT = Bytes.ofUtf8("submit");
    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");

    private final Stand stand;
    private final ExampleAgreement agreement;
    private final HttpCourier gateway;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<String, Optional<Bytes>> values = new HashMap<>();
    private final Map<Hash, Document> parsed = new HashMap<>();
    private final Transactions transactions = new Transactions(
            (version, bytes) -> parsed.computeIfAbsent(version, _ -> Documents.PARSED.parse(version, bytes)));

    ChaincodeCost(Stand stand, ExampleAgreement agreement, HttpCourier gateway) {
        this.stand = stand;
        this.agreement = agreement;
        this.gateway = gateway;
    }

    private record Member(String member, boolean admin) implements Carrier {}

    /// The best of some rounds, in each of which the source's first report is decided some times.
    List<Measurement> run() throws IOException, LedgerException, KeyFolderException {
        Signed signed = signed();
        List<Bytes> sent = SentArguments.of(List.of(SUBMIT, signed.envelope(), NO_HINTS));
        double check = new SignedReports(stand, agreement, gateway).check(Collections.nCopies(REPORTS, signed));
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = threads.getCurrentThreadCpuTime();
            for (int k = 0; k < REPORTS; k++) {
                decide(sent);
            }
            long took = threads.getCurrentThreadCpuTime() - begin;
            best = Math.min(best, took / NANOS_IN_A_MICRO / REPORTS);
        }
        return List.of(
                Measurement.of("report.chaincode.check", check, "us CPU/signature"),
                Measurement.atMost("report.chaincode.cpu", (best - check) / EVENTS, "us/event", MOST_MICROS));
    }

    /// Sales like those of the file that is reported.
    private Signed signed() throws IOException, LedgerException, KeyFolderException {
        ExampleAgreement.Source source = agreement.sources().get(SOURCE);
        List<Json> sales = new ArrayList<>();
        for (int k = 0; k < EVENTS; k++) {
            sales.add(Json.object()
                    .with("amount", 100 + k)
                    .with(
                            "attrs",
                            Json.object()
                                    .with("dealReg", Json.bool(k % 7 == 0))
                                    .with("product", k % 3 == 0 ? "sw" : "hw")
                                    .with("ref", "INV-" + k)
                                    .build())
                    .with("currency", "USD")
                    .with("date", "2026-01-15")
                    .with("quantity", 1 + k % 5)
                    .with("type", "sale")
                    .build());
        }
        Handmade handmade = new Handmade(stand, agreement, gateway.net());
        return handmade.signed(
                handmade.payload(agreement.ledgerParty(source.owner()), handmade.report(source, 1, sales)));
    }

    private void decide(List<Bytes> sent) {
        List<Bytes> call = SentArguments.read(sent).orElseThrow();
        LedgerTime now = new LedgerTime(System.currentTimeMillis() / 1_000);
        Transactions.Outcome outcome = transactions.submit(
                this::read,
                new Transactions.Sent(now, new Member(stand.network().members().getFirst(), false)),
                call.subList(1, call.size()));
        if (!(outcome instanceof Transactions.Done done)
                || !Told.isBrief(done.response().items("items").getFirst())) {
            throw new IllegalStateException("our own report is not applied: " + outcome);
        }
    }

    private Optional<Bytes> read(String key) {
        return values.computeIfAbsent(key, this::ask);
    }

    private Optional<Bytes> ask(String key) {
        try {
            return gateway.get(key).map(Json.Obj::canonical);
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
    }
}
