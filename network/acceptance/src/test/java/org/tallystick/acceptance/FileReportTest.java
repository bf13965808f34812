package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private static final Path GUIDE = Path.of("../../docs/REPORTING.md");
    private static final String MAPPING = """
            {"mapping":"1","separator":";","numbers":"1.000,00","dates":{"format":"dd.MM.yyyy"},
             "event":{"type":{"column":"Art","values":{"Verkauf":"sale","Gutschrift":"refund"}},
                      "date":{"column":"Tag"},"amount":{"column":"Betrag"},"currency":{"column":"W"},
                      "quantity":{"column":"Menge"},"id":{"column":"Beleg"},"refOf":{"column":"Zu"},
                      "attrs":{"product":{"column":"Ware"},"dealReg":{"column":"Deal","values":{"ja":true,"nein":false}}}}}""";
    private static final String HEADER = "Beleg;Art;Tag;Betrag;W;Menge;Ware;Deal;Zu\n";
    private static final String REPORTER = "east/reseller";
    private static final Pattern TOLD = Pattern.compile(" +line ([0-9]+)[, :].*[(]([A-Za-z_]+)[)]");
    private static final int FEW_KILLS = 3;
    private static final int KILLS = 10;
    /// In a file.
    private static final int EVENTS = 30_000;
    private static final int LATER_MILLIS = 500;
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final String LOG = "killed.log";
    private static final Duration LONGEST = Duration.ofMinutes(2);

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

    private List<String> report(ExampleAgreement agreement, String source, Path csv, String... more)
            throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("report", agreement.id(), csv.toString(), "--source", source, "--as", REPORTER, "--mapping"));
        arguments.add(file("mapping.json", MAPPING).toString());
        arguments.addAll(List.of(more));
        return arguments;
    }

    private Ended reports(ExampleAgreement agreement, Path csv, String... more) throws IOException {
        return reports(agreement, "pos", csv, more);
    }

    private Ended reports(ExampleAgreement agreement, String source, Path csv, String... more) throws IOException {
        return stand.tally(REPORTER, report(agreement, source, csv, more).toArray(String[]::new));
    }

    /// A file with columns as terms/1 names them, which needs no mapping.
    private Ended reportsUnmapped(ExampleAgreement agreement, Path events) {
        return stand.tally(REPORTER, "report", agreement.id(), events.toString(), "--source", "pos", "--as", REPORTER);
    }

    /// The lines and codes that a refused command tells of, `3 date_wrong`.
    private static List<String> told(Ended ended) {
        return ended.output()
                .lines()
                .map(TOLD::matcher)
                .filter(Matcher::matches)
                .map(told -> told.group(1) + " " + told.group(2))
                .toList();
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
        assertThat(preview.output()).contains("2 events", "1,099.50", "1,000.50", "nothing was sent");
        assertThat(before).isZero();
        assertThat(reported.exitCode()).as(reported.output()).isZero();
        assertThat(reported.output()).contains("reported: 2 events, numbers 1 to 2");
        assertThat(again.output()).contains("reported before", "nothing was sent");
        assertThat(refunded.exitCode()).as(refunded.output()).isZero();
        assertThat(refunded.output()).contains("line 3", "A-2", "was reported before, as pos/0000000002");
        assertThat(onLedger(agreement, "2026-Q1").last()).isEqualTo(4);
    }

    /// The blocks of the guide are its indented lines.
    @Test
    void what_the_guide_shows_is_what_is_said() throws Exception {
        ExampleAgreement agreement = agreed("guide");
        Path csv = file("march.csv", block("Beleg;"));
        String mapping = file("till.json", block("{")).toString();
        Path bad = file("bad.csv", HEADER + """
                A-1;Verkauf;31.02.2026;1.000,50;USD;2;sw;ja;
                A-2;Verkauf;21.01.2026;1,000.00;USD;1;hw;nein;
                G-1;Gutschrift;05.02.2026;200,50;USD;1;;;A-9
                """);
        List<String> more = List.of("--source", "pos", "--mapping", mapping, "--as", REPORTER);

        String preview = shown(agreement, csv, more, "--preview");
        String faults = shown(agreement, bad, more);
        String reported = shown(agreement, csv, more);
        String again = shown(agreement, csv, more);

        assertThat(preview).isEqualTo(block("march.csv: 3 events"));
        assertThat(faults).startsWith(block("3 wrong:"));
        assertThat(reported).isEqualTo(block("reported: 3 events"));
        assertThat(again).startsWith("reported before: all 3 events of march.csv, ");
    }

    private String shown(ExampleAgreement agreement, Path csv, List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(List.of("report", agreement.id(), csv.toString()));
        all.addAll(arguments);
        all.addAll(List.of(more));
        return stand.tally(REPORTER, all.toArray(String[]::new))
                .output()
                .replace(folder + "/", "")
                .lines()
                .map(line -> line.stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    private static String block(String begin) throws IOException {
        List<String> lines = Files.readAllLines(GUIDE);
        int first = lines.indexOf(lines.stream()
                .filter(line -> line.startsWith("    " + begin))
                .findFirst()
                .orElseThrow());
        return lines.subList(first, lines.size()).stream()
                .takeWhile(line -> line.startsWith("    "))
                .map(line -> line.substring(4) + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void books_of_a_partner_are_held_beside_what_was_reported_with_a_ledger_and_without() throws Exception {
        ExampleAgreement agreement = agreed("books");
        Path sales = file("books-sold.csv", HEADER + """
                A-1;Verkauf;20.01.2026;1.000,50;USD;2;sw;ja;
                A-2;Verkauf;21.01.2026;99,00;USD;1;hw;nein;
                A-3;Verkauf;22.01.2026;5,00;USD;1;hw;nein;
                """);
        Path refund = file("books-back.csv", HEADER + "G-1;Gutschrift;05.02.2026;99,00;USD;1;;;A-2\n");
        Path books = file("books-own.csv", HEADER + """
                A-1;Verkauf;20.01.2026;1.000,50;USD;2;sw;ja;
                A-2;Verkauf;21.01.2026;98,00;USD;1;hw;nein;
                A-4;Verkauf;30.03.2026;7,00;USD;1;hw;nein;
                G-1;Gutschrift;05.02.2026;99,00;USD;1;;;A-2
                A-9;Verkauf;01.04.2026;7,00;USD;1;hw;nein;
                """);
        Ended reported = reports(agreement, sales);
        Ended refunded = reports(agreement, refund);
        List<String> asked = List.of(
                "reconcile",
                agreement.id(),
                "2026-Q1",
                books.toString(),
                "--mapping",
                file("mapping.json", MAPPING).toString());
        Auditor auditor = new Auditor(stand, "books");
        List<String> apart = new ArrayList<>(asked);
        apart.addAll(List.of(
                "--pack",
                auditor.packs(agreement).toString(),
                "--trust",
                auditor.trusts().toString()));

        Ended compared = stand.tally(REPORTER, asked.toArray(String[]::new));
        Ended offline = stand.apart(apart.toArray(String[]::new));
        Ended untrusted = stand.apart(apart.subList(0, apart.size() - 2).toArray(String[]::new));
        List<String> json = new ArrayList<>(asked);
        json.add("--json");
        Ended program = stand.tally(REPORTER, json.toArray(String[]::new));

        assertThat(List.of(reported, refunded))
                .allSatisfy(
                        ended -> assertThat(ended.exitCode()).as(ended.output()).isZero());
        assertThat(compared.exitCode()).as(compared.output()).isEqualTo(1);
        assertThat(compared.output())
                .containsPattern("A-2 +line 3 +pos/0000000002 +amount +sale of 2026-01-21, 98.00")
                .containsPattern("A-4 +line 4 +sale of 2026-03-30, 7.00")
                .containsPattern("A-3 +pos/0000000003 +sale of 2026-01-22, 5.00")
                .contains(
                        "2 the same, 1 differ, 1 only in your books, 1 only reported; 4 were reported for the period; "
                                + "1 lines of yours have other dates");
        assertThat(offline.exitCode()).as(offline.output()).isEqualTo(1);
        assertThat(offline.output()).endsWith(compared.output());
        assertThat(untrusted.exitCode()).isEqualTo(2);
        assertThat(untrusted.output()).contains("--pack needs --trust");
        assertThat(program.output()).contains("\"equal\":2", "\"members\":[\"amount\"]");
    }

    @Test
    void the_index_of_references_is_read_from_the_ledger_where_it_is_lost() throws Exception {
        ExampleAgreement agreement = agreed("lost");
        Ended first = reports(agreement, file("first.csv", HEADER + "A-1;Verkauf;20.01.2026;10,00;USD;2;sw;ja;\n"));
        Path index = index(agreement);
        Files.delete(index);

        Ended refunded =
                reports(agreement, file("second.csv", HEADER + "G-1;Gutschrift;21.01.2026;10,00;USD;2;;;A-1\n"));

        assertThat(first.exitCode()).as(first.output()).isZero();
        assertThat(refunded.exitCode()).as(refunded.output()).isZero();
        assertThat(index).exists();
    }

    private Path index(ExampleAgreement agreement) throws IOException {
        Path end = Path.of(agreement.id().replace('/', '+'), "pos.references");
        try (Stream<Path> files = Files.walk(stand.home(REPORTER).resolve("reports"))) {
            return files.filter(file -> file.endsWith(end)).findFirst().orElseThrow();
        }
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
                A-7;Verkauf;20.01.2026;10,00;USD;2;xw;ja;
                """);

        Ended refused = reports(agreement, csv);

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(Tally.REFUSED);
        assertThat(refused.output())
                .contains("line 3", "event_future")
                .contains("line 4", "EVENT_PERIOD", "before_start")
                .contains("line 5", "\"Z-9\"", "origin_unknown")
                .contains("line 6", "\"A-1\"", "EVENT_REF")
                .contains("line 7", "\"10,001\"", "too_many_decimals")
                .contains("line 8", "product is \"xw\"", "RATE_MISSING")
                .contains("nothing was sent");
        assertThat(onLedger(agreement, "2026-Q1").last()).isZero();
    }

    /// Everything that business files get wrong, in one file: all of it is told, and nothing is sent.
    @Test
    void every_bad_line_is_told_at_once_by_line_and_code() throws Exception {
        ExampleAgreement agreement = agreed("bad");
        Path csv = file("bad.csv", HEADER + """
                B-1;Verkauf;20.01.2026;10,00;USD;2;sw;ja;
                B-2;Verkauf;20.01.2026;1,000.00;USD;2;sw;ja;
                B-3;Verkauf;31.02.2026;10,00;USD;2;sw;ja;
                B-4;Verkauf;2026-01-20;10,00;USD;2;sw;ja;
                B-5;Verkauf;20.01.2026;10,00;EURO;2;sw;ja;
                B-6;Verkauf;20.01.2026;10,00;EUR;2;sw;ja;
                B-7;Verkauf;20.01.2026;-10,00;USD;2;sw;ja;
                B-8;Tausch;20.01.2026;10,00;USD;2;sw;ja;
                B-9;Verkauf;20.01.2026;10,00;USD;2;"sw"x;ja;
                B-10;Verkauf;20.01.2026;10,00;USD;2;sw;ja
                B-11;Gutschrift;20.01.2026;10,00;USD;2;;;Z-9
                B-12;Gutschrift;20.01.2026;10,00;USD;2;;;pos/0000000077
                B-13;Gutschrift;20.01.2026;10,00;USD;2;;;web/0000000001
                B-14;Gutschrift;20.01.2026;10,00;USD;2;hw;;B-1
                B-15;Verkauf;20.01""");

        Ended refused = reports(agreement, csv);

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(Tally.REFUSED);
        assertThat(told(refused))
                .containsExactly(
                        "3 number_wrong",
                        "4 date_wrong",
                        "5 date_wrong",
                        "6 currency_unknown",
                        "7 no_fx",
                        "8 amount_negative",
                        "9 value_unknown",
                        "10 quote_wrong",
                        "11 cells_wrong",
                        "12 origin_unknown",
                        "13 origin_unknown",
                        "14 origin_unknown",
                        "15 EVENT_REF",
                        "16 file_truncated");
        assertThat(refused.output()).contains("14 faults", "nothing was sent");
        assertThat(onLedger(agreement, "2026-Q1").last()).isZero();
    }

    /// Nobody takes the list for the whole: its head and its end say that it is not.
    @Test
    void of_more_faults_than_are_listed_it_is_said_how_many_are_not() throws Exception {
        ExampleAgreement agreement = agreed("many");
        StringBuilder lines = new StringBuilder(HEADER);
        for (int line = 1; line <= 103; line++) {
            lines.append("B-").append(line).append(";Verkauf;31.02.2026;10,00;USD;2;sw;ja;\n");
        }
        Path csv = file("many.csv", lines.toString());

        Ended refused = reports(agreement, csv);
        Ended preview = reports(agreement, csv, "--preview");

        for (Ended ended : List.of(refused, preview)) {
            assertThat(ended.exitCode()).as(ended.output()).isEqualTo(Tally.REFUSED);
            assertThat(told(ended)).hasSize(100);
            assertThat(ended.output()).contains("103 wrong, the first 100:", "  and 3 more, ");
        }
        assertThat(refused.output()).contains("103 faults", "run it again for the others");
    }

    @Test
    void without_a_mapping_bad_values_are_told_too() throws Exception {
        ExampleAgreement agreement = agreed("plain");
        Path csv = file("plain.csv", """
                id,type,date,amount,currency,attrs.product,attrs.dealReg,refOf
                P-1,sale,2026-01-20,"1.000,00",USD,sw,true,
                P-2,sale,2026-01-20,"1,000.00",USD,sw,true,
                P-3,sale,2026-02-30,1000,USD,sw,true,
                P-4,sale,2026-01-20,-1000,USD,sw,true,
                P-5,sale,2026-01-20,1000,XXQ,sw,true,
                P-6,swap,2026-01-20,1000,USD,sw,true,
                P-7,sale,2026-01-20,1000,USD,sw,true,P-1
                P-8,usage,2026-01-20,,,,,
                """);

        Ended refused = reportsUnmapped(agreement, csv);

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(Tally.REFUSED);
        assertThat(told(refused)).contains("2 EVENT_FORM", "3 EVENT_FORM", "4 EVENT_FORM", "5 EVENT_FORM");
        assertThat(told(refused)).contains("6 EVENT_CURRENCY", "7 EVENT_FORM", "8 EVENT_FORM", "9 EVENT_FORM");
        assertThat(refused.output()).contains("\"1.000,00\"", "\"2026-02-30\"", "\"-1000\"", "\"swap\"");
        assertThat(onLedger(agreement, "2026-Q1").last()).isZero();
    }

    @Test
    void a_wrong_encoding_is_told_and_a_file_of_windows_is_reported() throws Exception {
        ExampleAgreement agreement = agreed("letters");
        String text = HEADER + "Ä-1;Verkauf;20.01.2026;10,00;USD;2;\"sw\";ja;\n"
                + "A-2;Verkauf;20.01.2026;\"1.000,00\";USD;2;sw;ja;\n";
        Path latin = Files.write(folder.resolve("latin.csv"), text.getBytes(StandardCharsets.ISO_8859_1));
        Path windows = file("windows.csv", "\ufeff" + text.replace("\n", "\r\n"));

        Ended refused = reports(agreement, latin);
        long before = onLedger(agreement, "2026-Q1").last();
        Ended reported = reports(agreement, windows);

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(Tally.REFUSED);
        assertThat(told(refused)).containsExactly("2 encoding_wrong");
        assertThat(refused.output()).contains("0xc4");
        assertThat(before).isZero();
        assertThat(reported.exitCode()).as(reported.output()).isZero();
        assertThat(onLedger(agreement, "2026-Q1")
                        .totals()
                        .encode()
                        .canonical()
                        .utf8()
                        .orElseThrow())
                .contains("101000");
    }

    @Test
    void a_refund_of_another_sources_sale_is_for_sources_that_carry_refunds() throws Exception {
        ExampleAgreement agreement = ExampleAgreement.channelReseller(EXAMPLES)
                .labeled("two")
                .reportedBy(List.of(
                        new ExampleAgreement.Source("pos", "reseller", List.of("refund", "sale")),
                        new ExampleAgreement.Source("web", "reseller", List.of("sale")),
                        new ExampleAgreement.Source("mdf", "distributor", List.of("mdf-claim"))));
        stand.agree(agreement);
        Path sale = file("web.csv", HEADER + "W-1;Verkauf;20.01.2026;10,00;USD;2;sw;ja;\n");
        Path byReference = file("reference.csv", HEADER + "G-1;Gutschrift;21.01.2026;10,00;USD;2;;;W-1\n");
        Path byId = file("id.csv", HEADER + "G-1;Gutschrift;21.01.2026;10,00;USD;2;;;web/0000000001\n");

        Ended sold = reports(agreement, "web", sale);
        Ended withoutRole = reports(agreement, "web", byId);
        Ended unknown = reports(agreement, "pos", byReference);
        Ended refunded = reports(agreement, "pos", byId);

        assertThat(sold.exitCode()).as(sold.output()).isZero();
        assertThat(told(withoutRole)).containsExactly("2 reporter_not_allowed");
        assertThat(told(unknown)).containsExactly("2 origin_unknown");
        assertThat(refunded.exitCode()).as(refunded.output()).isZero();
        assertThat(onLedger(agreement, "2026-Q1").last()).isEqualTo(1);
    }

    @Test
    void who_may_not_report_learns_it_from_the_first_report_and_nothing_stays_open() throws Exception {
        ExampleAgreement agreement = agreed("owned");
        Path csv = file("owned.csv", HEADER + "A-1;Verkauf;20.01.2026;10,00;USD;2;sw;ja;\n");
        String mapping = file("owned.json", MAPPING).toString();
        String other = "west/distributor";
        List<String> arguments = List.of(
                "report", agreement.id(), csv.toString(), "--source", "pos", "--as", other, "--mapping", mapping);

        Ended refused = stand.tally(other, arguments.toArray(String[]::new));
        Ended again = stand.tally(other, arguments.toArray(String[]::new));

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(Tally.REFUSED);
        assertThat(refused.output()).contains("not_owner", REPORTER);
        assertThat(again.exitCode()).as(again.output()).isEqualTo(Tally.REFUSED);
        assertThat(again.output()).contains("not_owner");
        assertThat(onLedger(agreement, "2026-Q1").last()).isZero();
    }

    @Test
    void what_was_refunded_twice_or_had_its_reference_before_is_shown_and_accepted() throws Exception {
        ExampleAgreement agreement = agreed("twice");
        Path first = file("first.csv", HEADER + """
                A-1;Verkauf;20.01.2026;100,00;USD;2;sw;ja;
                G-1;Gutschrift;21.01.2026;60,00;USD;1;;;A-1
                """);
        Path second = file("second.csv", HEADER + """
                G-2;Gutschrift;22.01.2026;40,00;USD;1;;;A-1
                G-3;Gutschrift;23.01.2026;0,01;USD;1;;;A-1
                B-1;Verkauf;23.01.2026;5,00;USD;1;sw;ja;
                B-1;Verkauf;23.01.2026;5,00;USD;1;sw;ja;
                A-1;Verkauf;23.01.2026;5,00;USD;1;sw;ja;
                """);

        Ended reported = reports(agreement, first);
        Ended preview = reports(agreement, second, "--preview");
        Ended good = doubtful(agreement, "north/vendor");
        Ended accepted = reports(agreement, second);
        Ended other = doubtful(agreement, "north/vendor");
        Ended own = doubtful(agreement, REPORTER);

        assertThat(reported.exitCode()).as(reported.output()).isZero();
        assertThat(reported.output()).doesNotContain("refund_exceeds", "taken back");
        assertThat(good.output()).isEqualTo("nothing is worth a look\n");
        assertThat(other.output()).isEqualTo("""
                3 worth a look:
                  pos/0000000001: 100.01 of 100.00 USD are taken back, by pos/0000000002, pos/0000000003, pos/0000000004 (refund_exceeds)
                  reference "A-1" of pos: pos/0000000001, pos/0000000007 (reference_twice)
                  reference "B-1" of pos: pos/0000000005, pos/0000000006 (reference_twice)
                """);
        assertThat(own.output()).isEqualTo(other.output());
        assertThat(told(preview)).containsExactly("3 refund_exceeds", "5 reference_twice", "6 reference_reported");
        assertThat(preview.output()).contains("100.01 of 100.00 USD");
        assertThat(accepted.exitCode()).as(accepted.output()).isZero();
        assertThat(onLedger(agreement, "2026-Q1").last()).isEqualTo(7);
    }

    private Ended doubtful(ExampleAgreement agreement, String party) {
        return stand.tally(party, "held", agreement.id(), "--doubtful");
    }

    /// Killed with SIGKILL at moments of the seed, each time once a few more of its events are on the ledger; file
    /// after file, until there were that many kills.
    @Test
    @Timeout(value = 500, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killed_at_random_moments_the_totals_are_exact_after_resuming() throws Exception {
        killed(FEW_KILLS, 20_261_126);
    }

    @Test
    @Tag("long")
    @Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killed_at_ten_random_moments_the_totals_are_exact_after_resuming() throws Exception {
        killed(KILLS, 20_261_127);
    }

    private void killed(int most, long seed) throws Exception {
        Random random = new Random(seed);
        ExampleAgreement agreement = agreed("killed" + most);
        BigInteger total = BigInteger.ZERO;
        int files = 0;
        int kills = 0;

        while (kills < most) {
            files++;
            StringBuilder csv = new StringBuilder(HEADER);
            total = total.add(fill(csv, files, random));
            List<String> arguments =
                    report(agreement, "pos", file("killed-" + most + "-" + files + ".csv", csv.toString()));
            arguments.addAll(List.of("--home", stand.home(REPORTER).toString()));
            arguments.addAll(List.of("--gateway", stand.gateway().toString()));
            kills += reportedDespite(most - kills, agreement, arguments, random);
        }

        SourceHistory.Declarable told = onLedger(agreement, "2026-Q1");
        long events = (long) files * EVENTS;
        System.out.println("seed " + seed + ": " + kills + " kills while " + events + " events were reported");
        assertThat(Files.readString(folder.resolve(LOG))).contains("of them before an interruption");
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
    private int reportedDespite(int most, ExampleAgreement agreement, List<String> arguments, Random random)
            throws Exception {
        Path log = folder.resolve(LOG);
        int kills = 0;
        OptionalInt ended = OptionalInt.empty();
        try (HttpCourier courier = new HttpCourier(stand.gateway())) {
            SourceHistory history = new SourceHistory(courier, new AgreementId(agreement.id()), new SourceId("pos"));
            while (ended.isEmpty()) {
                long target = history.last() + random.nextInt(2 * EVENTS / KILLS);
                Duration later = Duration.ofMillis(random.nextInt(LATER_MILLIS));
                try (TallyProcess process = TallyProcess.begin(TallyProcess.SHORT, arguments, log)) {
                    ended = kills < most ? endedBefore(target, history, process) : process.end(LONGEST);
                    if (ended.isEmpty()) {
                        ended = process.end(later);
                    }
                    if (ended.isEmpty()) {
                        process.kill();
                        kills++;
                    }
                }
            }
        }
        assertThat(ended).as(Files.readString(log)).hasValue(Tally.DONE);
        return kills;
    }

    /// Waits until a number is taken; nothing if the process still runs then.
    private static OptionalInt endedBefore(long number, SourceHistory history, TallyProcess process)
            throws LedgerException, InterruptedException {
        OptionalInt ended = process.end(OFTEN);
        while (ended.isEmpty() && history.last() < number) {
            ended = process.end(OFTEN);
        }
        return ended;
    }
}
