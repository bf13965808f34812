package org.tallystick.acceptance.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.Stand;
import org.tallystick.acceptance.TallyProcess;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.Tally;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.SourceHistory;

/// Reports a file of sales as a business writes it, by `tally report` in a process of its own.
///
/// The clock runs from the start of the command to its end, so that looking at every line is in it.
final class FileReport {

    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Duration OFTEN = Duration.ofMillis(100);
    private static final String MAPPING = """
            {"mapping":"1","separator":";","numbers":"1.000,00","dates":{"format":"dd.MM.yyyy"},
             "event":{"type":{"value":"sale"},"date":{"column":"Tag"},"amount":{"column":"Betrag"},
                      "currency":{"value":"USD"},"quantity":{"column":"Menge"},"id":{"column":"Beleg"},
                      "attrs":{"product":{"column":"Ware"},
                               "dealReg":{"column":"Deal","values":{"ja":true,"nein":false}}}}}""";

    private final Path folder;
    private final Stand stand;
    private final EmbeddedNetwork network;
    private final HttpCourier gateway;

    FileReport(Path folder, Stand stand, EmbeddedNetwork network, HttpCourier gateway) {
        this.folder = folder;
        this.stand = stand;
        this.network = network;
        this.gateway = gateway;
    }

    /// What the report of a file took.
    ///
    /// @param first until the first event was on the ledger: by then all lines had been looked at
    /// @param peakKib the most memory that the client had
    record Work(Duration wall, Duration first, long peakKib, Duration client, Duration gateway, Duration ledger) {
        double cores() {
            return (double) client.plus(gateway).plus(ledger).toNanos() / wall.toNanos();
        }
    }

    /// @param source which of the agreement's sources reports
    /// @param dates of the sales, by their number
    Work send(ExampleAgreement agreement, ExampleAgreement.Source source, int count, IntFunction<LocalDate> dates)
            throws IOException, LedgerException, InterruptedException {
        String party = agreement.ledgerParty(source.owner());
        Path csv = written(agreement.label(), count, dates);
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

    /// Sales, each with its own reference.
    private Path written(String label, int count, IntFunction<LocalDate> dates) throws IOException {
        Path file = folder.resolve(label + ".csv");
        try (BufferedWriter csv = Files.newBufferedWriter(file)) {
            csv.write("Beleg;Tag;Betrag;Menge;Ware;Deal\n");
            for (int k = 0; k < count; k++) {
                LocalDate date = dates.apply(k);
                csv.write(String.format(
                        Locale.ROOT,
                        "INV-%07d;%02d.%02d.%d;%d,%02d;%d;%s;%s%n",
                        k,
                        date.getDayOfMonth(),
                        date.getMonthValue(),
                        date.getYear(),
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
