package org.tallystick.ledger.pdf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.statement.Amounts;
import org.tallystick.ledger.statement.Lived;
import org.tallystick.ledger.statement.Statement;

class StatementPdfTest {

    private static Statement reseller() throws Exception {
        Lived lived = Lived.example("01-channel-reseller");
        return lived.statement(lived.periods().getLast());
    }

    private static Statement titled(Statement statement, String title, Statement.Standing standing) {
        return titled(statement, title, statement.names(), standing);
    }

    private static Statement titled(
            Statement statement, String title, SortedMap<String, String> names, Statement.Standing standing) {
        return new Statement(
                statement.agreement(),
                title,
                names,
                statement.currency(),
                statement.period(),
                statement.trial(),
                standing,
                statement.hub(),
                statement.parties(),
                statement.postings(),
                statement.accounts(),
                statement.balances(),
                statement.holds(),
                statement.agreed());
    }

    private static String text(byte[] pdf) throws IOException {
        StringBuilder text = new StringBuilder();
        try (PdfReader reader = new PdfReader(pdf)) {
            PdfTextExtractor extractor = new PdfTextExtractor(reader);
            for (int page = 1; page <= reader.getNumberOfPages(); page++) {
                text.append(extractor.getTextFromPage(page)).append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void every_posting_and_account_and_the_hash_are_in_it() throws Exception {
        Statement statement = reseller();
        Amounts amounts = new Amounts(statement.currency());

        String text = text(new StatementPdf(statement).bytes());

        assertThat(statement.postings()).isNotEmpty();
        assertThat(text)
                .contains(statement.agreement().text(), statement.period().text())
                .contains(((Statement.Settled) statement.standing()).hash().hex())
                .doesNotContain("PROVISIONAL");
        assertThat(statement.postings())
                .allSatisfy(posting -> assertThat(text)
                        .contains(amounts.money(posting.line().amount()))
                        .contains(posting.line().clause()));
        assertThat(statement.accounts())
                .allSatisfy(account -> assertThat(text).contains(amounts.money(account.payment())));
    }

    /// By which its sentences call them, too.
    @Test
    void who_pays_whom_is_told_by_names() throws Exception {
        Statement statement = reseller();
        Map<String, String> names = Map.of("vendor", "Vellum & Co", "reseller", "Röck GmbH", "distributor", "Łódź Sp.");

        String text =
                text(new StatementPdf(titled(statement, "Resale", new TreeMap<>(names), statement.standing())).bytes());

        assertThat(text)
                .contains("Vellum & Co to Röck GmbH, ", "Vellum & Co to Łódź Sp., ", "Vellum & Co to fund mdf, ");
        assertThat(statement.called("reserve:reseller")).isEqualTo("reserve of reseller");
    }

    @Test
    void the_same_statement_has_the_same_bytes_and_another_has_others() throws Exception {
        Lived lived = Lived.example("01-channel-reseller");
        List<Period> periods = lived.periods();

        byte[] once = new StatementPdf(lived.statement(periods.getFirst())).bytes();
        byte[] again = new StatementPdf(lived.statement(periods.getFirst())).bytes();
        byte[] other = new StatementPdf(lived.statement(periods.get(1))).bytes();

        assertThat(again).isEqualTo(once);
        assertThat(other).isNotEqualTo(once);
    }

    @Test
    void what_is_provisional_says_so_on_every_page() throws Exception {
        Statement settled = reseller();
        Statement.Settled standing = (Statement.Settled) settled.standing();
        Statement provisional = titled(
                settled,
                settled.title(),
                new Statement.Provisional(
                        LedgerTime.of("2026-10-02T12:00:00Z"),
                        standing.version(),
                        standing.terms(),
                        new TreeSet<>(List.of("pos")),
                        2));

        byte[] pdf = new StatementPdf(provisional).bytes();

        try (PdfReader reader = new PdfReader(pdf)) {
            PdfTextExtractor extractor = new PdfTextExtractor(reader);
            for (int page = 1; page <= reader.getNumberOfPages(); page++) {
                assertThat(extractor.getTextFromPage(page)).as("page " + page).contains("PROVISIONAL");
            }
        }
        assertThat(text(pdf)).contains("Not declared yet: pos").contains("2 events");
    }

    @Test
    void every_page_says_which_it_is_of_how_many() throws Exception {
        byte[] pdf = new StatementPdf(reseller()).bytes();

        try (PdfReader reader = new PdfReader(pdf)) {
            int pages = reader.getNumberOfPages();
            PdfTextExtractor extractor = new PdfTextExtractor(reader);
            for (int page = 1; page <= pages; page++) {
                assertThat(extractor.getTextFromPage(page)).contains("page " + page + " of " + pages);
            }
        }
    }

    /// Names may have any character: what Helvetica lacks is embedded, and what no font here has is told by its number.
    @Test
    void names_in_other_alphabets_are_embedded_and_what_no_font_has_is_told() throws Exception {
        Statement statement = reseller();

        byte[] plain = new StatementPdf(statement).bytes();
        byte[] greek = new StatementPdf(titled(statement, "Συνεργασία Łódź 中", statement.standing())).bytes();
        byte[] again = new StatementPdf(titled(statement, "Συνεργασία Łódź 中", statement.standing())).bytes();

        assertThat(new String(plain, ISO_8859_1)).doesNotContain("LiberationSans");
        assertThat(new String(greek, ISO_8859_1)).contains("LiberationSans");
        assertThat(text(greek)).contains("Συνεργασία Łódź", "[U+4E2D]");
        assertThat(again).isEqualTo(greek);
    }

    @Test
    void what_was_agreed_on_is_in_it_with_its_reason() throws Exception {
        Statement of = reseller();
        AgreedLine line = new AgreedLine(
                BigInteger.valueOf(1_250), "vendor", "reseller", Period.ofText("2026-Q1"), "goodwill", Hash.ZERO);
        Statement statement = new Statement(
                of.agreement(),
                of.title(),
                of.names(),
                of.currency(),
                of.period(),
                of.trial(),
                of.standing(),
                of.hub(),
                of.parties(),
                of.postings(),
                of.accounts(),
                of.balances(),
                of.holds(),
                List.of(new Statement.Agreed(1, line, Optional.empty())));

        assertThat(text(new StatementPdf(statement).bytes()))
                .contains("Agreed beside the postings", "a1", "12.50", "2026-Q1", "goodwill");
        assertThat(text(new StatementPdf(of).bytes())).doesNotContain("Agreed beside");
    }
}
