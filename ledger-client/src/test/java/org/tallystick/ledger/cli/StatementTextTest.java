package org.tallystick.ledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.pdf.StatementPdf;
import org.tallystick.ledger.statement.Amounts;
import org.tallystick.ledger.statement.Lived;
import org.tallystick.ledger.statement.Statement;

class StatementTextTest {

    static LongStream seeds() {
        return Seeds.upTo(20);
    }

    private static String text(Statement statement) {
        StringWriter out = new StringWriter();
        new StatementText(statement, new PrintWriter(out)).print();
        return out.toString();
    }

    private static String explained(Statement statement, Statement.Posting posting) {
        StringWriter out = new StringWriter();
        new StatementText(statement, new PrintWriter(out)).explain(posting);
        return out.toString();
    }

    private static List<String[]> rows(String csv) throws Exception {
        try (MappingIterator<String[]> rows = new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .readValues(csv)) {
            return rows.readAll();
        }
    }

    /// Whatever the terms and the events, every form can say it: no step is without words, no figure without a unit.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_form_says_every_posting_of_a_drawn_agreement(long seed) throws Exception {
        Lived lived = Lived.drawn(seed);

        for (Period period : lived.periods()) {
            Statement statement = lived.statement(period);
            Amounts amounts = new Amounts(statement.currency());
            String all = text(statement);
            List<String[]> postings = rows(new StatementCsv(statement).text(StatementCsv.Sheet.POSTINGS));

            assertThat(postings).hasSize(statement.postings().size() + 1);
            assertThat(new StatementPdf(statement).bytes()).isNotEmpty();
            for (Statement.Posting posting : statement.postings()) {
                String amount = amounts.money(posting.line().amount());
                assertThat(all).contains(amount);
                assertThat(explained(statement, posting).lines())
                        .anyMatch(line -> line.matches(" +posted +" + amount.replace(".", "\\.")));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_row_of_a_table_has_as_many_cells_as_its_header(long seed) throws Exception {
        Lived lived = Lived.drawn(seed);
        Statement statement = lived.statement(lived.periods().getLast());

        for (StatementCsv.Sheet sheet : StatementCsv.Sheet.values()) {
            List<String[]> rows = rows(new StatementCsv(statement).text(sheet));

            assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(row).hasSameSizeAs(rows.getFirst()));
            assertThat(rows.getFirst()).startsWith("agreement", "period", "standing", "settlement", "position");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(quoteCharacter = '"', textBlock = """
            =1+1       | '=1+1
            +49 30 123 | '+49 30 123
            -7         | '-7
            @SUM(A1)   | '@SUM(A1)
            INV-7=1    | INV-7=1
            "\t=1"     | "'\t=1"
            """, delimiter = '|')
    void what_others_have_written_is_no_formula(String text, String cell) {
        assertThat(StatementCsv.written(text)).isEqualTo(cell);
    }

    /// Who puts many statements under each other still knows where each was settled.
    @Test
    void every_row_says_where_the_settlement_stands_on_the_ledger() throws Exception {
        Statement statement = Lived.example("01-channel-reseller").statement(Period.ofText("2026-Q2"));
        Statement placed = at(new Position(19, 0, 2), statement);

        assertThat(rows(new StatementCsv(placed).text(StatementCsv.Sheet.ACCOUNTS))
                        .get(1))
                .contains("19/0/2");
    }

    private static Statement at(Position position, Statement of) {
        Statement.Settled settled = (Statement.Settled) of.standing();
        return new Statement(
                of.agreement(),
                of.title(),
                of.names(),
                of.currency(),
                of.period(),
                of.trial(),
                new Statement.Settled(
                        settled.number(),
                        settled.hash(),
                        settled.previous(),
                        settled.version(),
                        settled.terms(),
                        settled.engine(),
                        settled.on(),
                        settled.sources(),
                        Optional.of(position)),
                of.hub(),
                of.parties(),
                of.postings(),
                of.accounts(),
                of.balances(),
                of.holds(),
                of.agreed());
    }

    @Test
    void a_statement_says_what_is_paid_and_where_each_posting_comes_from() throws Exception {
        Lived lived = Lived.example("01-channel-reseller");

        String text = text(lived.statement(lived.periods().get(1), "reseller"));

        assertThat(text)
                .contains("statement of north/platform/creators for 2026-Q2, in USD")
                .contains("on a trial ledger: nobody owes this")
                .contains("5. [rebate] vendor pays reseller on netList, per calendar year")
                .contains("tally explain north/platform/creators/2026-Q2/1");
    }
}
