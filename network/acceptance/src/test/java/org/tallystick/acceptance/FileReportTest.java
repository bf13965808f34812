package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.Tally;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.SourceHistory;

/// A file is reported as it is: looked at first, whole or not at all, and to its end after any interruption.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FileReportTest {

    private static final Path EXAMPLES = Path.of("../../docs/spec/examples");
    private static final String MAPPING = """
            {"mapping":"1","separator":";","numbers":"1.000,00","dates":{"format":"dd.MM.yyyy"},
             "event":{"type":{"column":"Art","values":{"Verkauf":"sale","Gutschrift":"refund"}},
                      "date":{"column":"Tag"},"amount":{"column":"Betrag"},"currency":{"column":"W"},
                      "quantity":{"column":"Menge"},"id":{"column":"Beleg"},"refOf":{"column":"Zu"},
                      "attrs":{"product":{"column":"Ware"},"dealReg":{"column":"Deal","values":{"ja":true,"nein":false}}}}}""";
    private static final String HEADER = "Beleg;Art;Tag;Betrag;W;Menge;Ware;Deal;Zu\n";
    private static final String REPORTER = "east/reseller";
    private static final int KILLS = 10;
    private static final int EVENTS = 30_000;
    private static final Duration EARLIEST = Duration.ofSeconds(1);
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(120);

    @TempDir
    Path folder = Path.of(".");

    private Stand stand;

    @BeforeAll
    void set(@TempDir Path home) throws IOException {
        stand = Stand.set(home, EmbeddedNetwork.start(home), Audience.NOBODY);
        stand.registerRegistrars();
        boolean _ = stand.reachesEndOfExamples();
    }

    @AfterAll
    void end() {
        stand.close();
    }

    private ExampleAgreement agreed(String label) throws IOException {
        ExampleAgreement agreement = ExampleAgreement.channelReseller(EXAMPLES).labeled(label);
        stand.agree(agreement);
        return agreement;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private List<String> report(ExampleAgreement agreement, Path csv, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "report",
                agreement.id(),
                csv.toString(),
                "--source",
                "pos",
                "--as",
                REPORTER,
                "--mapping",
                file("mapping.json", MAPPING).toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private Ended reports(ExampleAgreement agreement, Path csv, String... more) throws IOException {
        return stand.tally(REPORTER, report(agreement, csv, more).toArray(String[]::new));
    }

    /// What the ledger has of the source in a period, held against its own sums.
    private SourceHistory.Declarable onLedger(ExampleAgreement agreement, String period) throws LedgerException {
        try (HttpCourier courier = new HttpCourier(stand.gateway())) {
            AgreementId id = new AgreementId(agreement.id());
            Document document =
                    new Agreements(courier).find(id).orElseThrow().inEffect().orElseThrow();
            return new SourceHistory(courier, id, new SourceId("pos"))
                    .declarable(document, Period.parse(period).orElseThrow());
        }
    }

    @Test
    void a_file_is_previewed_and_reported_and_a_refund_finds_its_origin_by_the_reporters_reference() throws Exception {
        ExampleAgreement agreement = agreed("shop");
        Path sales = file("sales.csv", HEADER + """
                A-1;Verkauf;20.01.2026;1.000,50;USD;2;sw;ja;
                A-2;Verkauf;21.01.2026;99,00;USD;1;hw;nein;
                """);
        Path refund = file("refund.csv", HEADER + """
                G-1;Gutschrift;05.02.2026;1.000,50;USD;2;;;A-1
                A-2;Verkauf;06.02.2026;1,00;USD;1;hw;nein;
                """);

        Ended preview = reports(agreement, sales, "--preview");
        long before = onLedger(agreement, "2026-Q1").count();
        Ended reported = reports(agreement, sales);
        Ended again = reports(agreement, sales);
        Ended refunded = reports(agreement, refund);

        assertThat(preview.exitCode()).as(preview.output()).isZero();
        assertThat(preview.output()).contains("2 events", "1,099.50", "nothing was sent");
        assertThat(before).isZero();
        assertThat(reported.exitCode()).as(reported.output()).isZero();
        assertThat(reported.output()).contains("reported: 2 events, numbers 1 to 2");
        assertThat(again.output()).contains("reported before", "nothing was sent");
        assertThat(refunded.exitCode()).as(refunded.output()).isZero();
        assertThat(refunded.output()).contains("line 3", "A-2", "was reported before, as pos/0000000002");
        assertThat(onLedger(agreement, "2026-Q1").last()).isEqualTo(4);
    }

    @Test
    void the_index_of_references_is_read_from_the_ledger_where_it_is_lost() throws Exception {
        ExampleAgreement agreement = agreed("lost");
        Ended first = reports(agreement, file("first.csv", HEADER + "A-1;Verkauf;20.01.2026;10,00;USD;2;sw;ja;\n"));
        Path index = stand.home(REPORTER)
                .resolve("reports")
                .resolve(agreement.id().replace('/', '+'))
                .resolve("pos.references");
        Files.delete(index);

        Ended refunded =
                reports(agreement, file("second.csv", HEADER + "G-1;Gutschrift;21.01.2026;10,00;USD;2;;;A-1\n"));

        assertThat(first.exitCode()).as(first.output()).isZero();
        assertThat(refunded.exitCode()).as(refunded.output()).isZero();
        assertThat(index).exists();
    }

    @Test
    void one_line_that_the_ledger_would_refuse_keeps_all_from_being_sent() throws Exception {
        ExampleAgreement agreement = agreed("faulty");
        Path csv = file("faulty.csv", HEADER + """
                A-1;Verkauf;20.01.2026;10,00;USD;2;sw;ja;
                A-2;Verkauf;20.01.2027;10,00;USD;2;sw;ja;
                A-3;Verkauf;20.01.2019;10,00;USD;2;sw;ja;
                A-4;Gutschrift;21.01.2026;10,00;USD;2;;;Z-9
                A-5;Gutschrift;19.01.2026;10,00;USD;2;;;A-1
                A-6;Verkauf;20.01.2026;10,001;USD;2;sw;ja;
                """);

        Ended refused = reports(agreement, csv);

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(Tally.REFUSED);
        assertThat(refused.output())
                .contains("line 3", "event_future")
                .contains("line 4", "EVENT_PERIOD", "before_start")
                .contains("line 5", "\"Z-9\"", "origin_unknown")
                .contains("line 6", "\"A-1\"", "EVENT_REF")
                .contains("line 7", "\"10,001\"", "too_many_decimals")
                .contains("nothing was sent");
        assertThat(onLedger(agreement, "2026-Q1").last()).isZero();
    }

    /// Killed with SIGKILL at moments of the seed, each time somewhere else in the work; file after file, until there
    /// were ten kills.
    @Test
    @Timeout(value = 500, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killed_at_ten_random_moments_the_totals_are_exact_after_resuming() throws Exception {
        long seed = 20_261_126;
        Random random = new Random(seed);
        ExampleAgreement agreement = agreed("killed");
        BigInteger total = BigInteger.ZERO;
        int files = 0;
        int kills = 0;

        while (kills < KILLS) {
            files++;
            StringBuilder csv = new StringBuilder(HEADER);
            total = total.add(fill(csv, files, random));
            List<String> arguments = report(agreement, file("killed-" + files + ".csv", csv.toString()));
            arguments.addAll(List.of("--home", stand.home(REPORTER).toString()));
            arguments.addAll(List.of("--gateway", stand.gateway().toString()));
            kills += reportedDespite(KILLS - kills, arguments, random);
        }

        SourceHistory.Declarable told = onLedger(agreement, "2026-Q1");
        long events = (long) files * EVENTS;
        System.out.println("seed " + seed + ": " + kills + " kills while " + events + " events were reported");
        assertThat(told.count()).isEqualTo(events);
        assertThat(told.last()).isEqualTo(events);
        assertThat(told.totals().encode().canonical().utf8().orElseThrow()).contains(total.toString());
    }

    private static BigInteger fill(StringBuilder csv, int file, Random random) {
        BigInteger total = BigInteger.ZERO;
        for (int k = 1; k <= EVENTS; k++) {
            int cents = 100 + random.nextInt(100_000);
            total = total.add(BigInteger.valueOf(cents));
            csv.append(String.format(
                    Locale.ROOT,
                    "K-%d-%d;Verkauf;15.02.2026;%d,%02d;USD;1;sw;ja;%n",
                    file,
                    k,
                    cents / 100,
                    cents % 100));
        }
        return total;
    }

    /// @return how often it was killed before it came to its end
    private int reportedDespite(int most, List<String> arguments, Random random) throws Exception {
        Path log = folder.resolve("killed.log");
        int kills = 0;
        OptionalInt ended = OptionalInt.empty();
        while (ended.isEmpty()) {
            try (TallyProcess process = TallyProcess.begin(TallyProcess.SHORT, arguments, log)) {
                Duration moment = EARLIEST.plusMillis(random.nextLong(WITHIN.toMillis()));
                ended = process.end(kills < most ? moment : LONGEST);
                if (ended.isEmpty()) {
                    process.kill();
                    kills++;
                }
            }
        }
        assertThat(ended).as(Files.readString(log)).hasValue(Tally.DONE);
        return kills;
    }
}
