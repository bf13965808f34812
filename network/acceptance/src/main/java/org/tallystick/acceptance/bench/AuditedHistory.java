package org.tallystick.acceptance.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Handmade;
import org.tallystick.acceptance.Stand;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.pack.PackBuilder;

/// The history of one agreement: reports of one period, so many in a transaction, then its close.
///
/// @param events that each report carries
/// @param together how many reports a transaction has
/// @param transactions how many with reports there are
record AuditedHistory(ExampleAgreement agreement, int events, int together, int transactions) {

    private static final int SOURCES = 4;
    private static final String PERIOD = "2026-01";
    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");

    static AuditedHistory of(ExampleAgreement agreement, String label, int events, int together, int transactions) {
        ExampleAgreement.Source like = agreement.sources().getFirst();
        ExampleAgreement labeled = agreement
                .labeled(label)
                .reportedBy(IntStream.range(0, SOURCES)
                        .mapToObj(source -> new ExampleAgreement.Source("lane" + source, like.owner(), like.types()))
                        .toList());
        return new AuditedHistory(labeled, events, together, transactions);
    }

    /// How many events are in it.
    int all() {
        return events * together * transactions;
    }

    /// Makes it, each source's transactions one after the other.
    void make(Stand stand, HttpCourier gateway, Ledger ledger)
            throws IOException, LedgerException, KeyFolderException, InterruptedException, ExecutionException {
        stand.agree(agreement);
        SignedReports reports = new SignedReports(stand, agreement, gateway);
        for (int left = transactions; left > 0; left -= SOURCES) {
            List<Callable<Ledger.Endorsed>> calls = new ArrayList<>();
            for (int source = 0; source < Math.min(left, SOURCES); source++) {
                List<Bytes> arguments = new ArrayList<>();
                reports.next(source, together, events).forEach(report -> arguments.add(report.envelope()));
                arguments.add(NO_HINTS);
                calls.add(() -> {
                    Ledger.Endorsed endorsed = Submission.carry(ledger, new Ledger.Call("submit", arguments));
                    Submission.applied(endorsed.response(), together);
                    return endorsed;
                });
            }
            all(calls);
        }
        for (ExampleAgreement.Source source : agreement.sources()) {
            stand.partner(agreement.ledgerParty(source.owner())).declares(agreement.id(), source.id(), PERIOD);
        }
        Handmade handmade = new Handmade(stand, agreement, gateway.net());
        Signed close = handmade.signed(handmade.payload(agreement.hub(), new Act.Close(PERIOD)));
        Ledger.Endorsed closed =
                Submission.carry(ledger, new Ledger.Call("submit", List.of(close.envelope(), NO_HINTS)));
        Submission.applied(closed.response(), 1);
    }

    private static void all(List<Callable<Ledger.Endorsed>> calls) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Ledger.Endorsed> one : threads.invokeAll(calls)) {
                Ledger.Endorsed _ = one.get();
            }
        }
    }

    /// Its pack of the final form, in a folder.
    Path pack(Path folder, Ledger ledger, PublishedLog log)
            throws IOException, LedgerException, PackBuilder.NothingToPack {
        Path file = folder.resolve(agreement.label() + ".tallypack");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            new PackBuilder(ledger, new AgreementId(agreement.id()), Optional.empty(), Optional.of(log.published()))
                    .write(out);
        }
        return file;
    }
}
