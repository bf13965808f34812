package org.tallystick.ledger.cli;

import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.CountedEvents;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.statement.Statement;

/// One table of a statement as CSV: a header, then a row for each posting, event, account or balance, amounts in minor
/// units. Every row says of what it is, so that the tables of many statements can be put under each other.
///
/// What somebody else has written, such as the reference of a sale, is never a formula to a spreadsheet.
final class StatementCsv {

    enum Sheet {
        POSTINGS,
        EVENTS,
        STEPS,
        ACCOUNTS,
        BALANCES,
        RESERVES,
        AGREED;

        /// As people type it, and as `--help` lists it.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String FORMULA = "=+-@\t\r";

    private static final List<String> BEGINNING =
            List.of("agreement", "period", "standing", "settlement", "position", "currency");

    private final Statement statement;
    private final List<String> beginning;
    private final List<List<String>> rows = new ArrayList<>();

    StatementCsv(Statement statement) {
        this.statement = statement;
        this.beginning = switch (statement.standing()) {
            case Statement.Settled settled ->
                beginning(
                        statement,
                        "settled",
                        settled.hash().hex(),
                        settled.position().map(Position::toString).orElse(""));
            case Statement.Provisional _ -> beginning(statement, "provisional", "", "");
        };
    }

    private static List<String> beginning(Statement statement, String standing, String settlement, String position) {
        return List.of(
                statement.agreement().text(),
                statement.period().text(),
                standing,
                settlement,
                position,
                statement.currency());
    }

    String text(Sheet sheet) throws IOException {
        switch (sheet) {
            case POSTINGS -> postings();
            case EVENTS -> events();
            case STEPS -> steps();
            case ACCOUNTS -> accounts();
            case BALANCES -> balances();
            case RESERVES -> reserves();
            case AGREED -> agreed();
        }
        CsvSchema schema = CsvSchema.emptySchema().withLineSeparator("\n");
        return new CsvMapper().writer(schema).writeValueAsString(rows);
    }

    /// A text that is none of ours, with an apostrophe before what spreadsheets take for the beginning of a formula
    /// (OWASP, *CSV Injection*).
    static String written(String text) {
        return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    private void header(String... cells) {
        add(BEGINNING, cells);
    }

    private void add(String... cells) {
        add(beginning, cells);
    }

    private void add(List<String> first, String... cells) {
        List<String> row = new ArrayList<>(first);
        row.addAll(List.of(cells));
        rows.add(row);
    }

    private void postings() {
        header("posting", "clause", "kind", "from", "to", "amount", "adjusts", "events", "sentence");
        for (Statement.Posting posting : statement.postings()) {
            Line line = posting.line();
            add(
                    statement.nameOf(posting),
                    line.clause(),
                    line.kind().orElse(""),
                    line.from(),
                    line.to(),
                    line.amount().toString(),
                    line.adjusts().map(Period::text).orElse(""),
                    Long.toString(posting.working().events().count()),
                    written(posting.sentence()));
        }
    }

    private void events() {
        header(
                "posting",
                "clause",
                "event",
                "reference",
                "date",
                "booked",
                "type",
                "amount",
                "eventCurrency",
                "figure",
                "counts",
                "unit",
                "rate");
        for (Statement.Posting posting : statement.postings()) {
            for (CountedEvents.Counted counted : posting.working().events().first()) {
                Event event = counted.event().event();
                add(
                        statement.nameOf(posting),
                        posting.line().clause(),
                        counted.event().id(),
                        written(event.textAttribute("ref").or(event::refOf).orElse("")),
                        event.date().toString(),
                        counted.event().booked().text(),
                        event.type(),
                        event.amount().map(BigInteger::toString).orElse(""),
                        event.currency().orElse(""),
                        counted.figure(),
                        counted.value().toString(),
                        counted.unit().text(),
                        counted.rate().map(Rational::toString).orElse(""));
            }
        }
    }

    private void steps() {
        header("posting", "clause", "step", "name", "period", "rate", "of", "ofUnit", "result", "unit");
        for (Statement.Posting posting : statement.postings()) {
            posting.working()
                    .steps()
                    .forEach(step -> add(
                            statement.nameOf(posting),
                            posting.line().clause(),
                            step.kind().text(),
                            written(step.name()),
                            step.period().map(Period::text).orElse(""),
                            step.rate().map(Rational::toString).orElse(""),
                            step.of().map(figure -> figure.value().toString()).orElse(""),
                            step.of().map(figure -> figure.unit().text()).orElse(""),
                            step.result().value().toString(),
                            step.result().unit().text()));
        }
    }

    private void accounts() {
        header("party", "name", "opening", "credited", "charged", "payment", "closing", "due", "agreed");
        for (Statement.Account account : statement.accounts()) {
            add(
                    account.holder().id(),
                    written(account.holder().name()),
                    account.opening().toString(),
                    account.credited().toString(),
                    account.charged().toString(),
                    account.payment().toString(),
                    account.closing().toString(),
                    account.due().map(Object::toString).orElse(""),
                    account.agreed().toString());
        }
    }

    private void balances() {
        header("group", "name", "opening", "closing");
        for (Statement.Balance balance : statement.balances()) {
            add(
                    balance.of().group(),
                    written(balance.name()),
                    balance.opening().toString(),
                    balance.closing().toString());
        }
    }

    private void agreed() {
        header("posting", "from", "to", "amount", "for", "reason", "text", "evidence", "signers", "instruction");
        for (Statement.Agreed one : statement.agreed()) {
            add(
                    statement.nameOf(one),
                    one.line().payer(),
                    one.line().payee(),
                    one.line().amount().toString(),
                    one.line().period().text(),
                    one.line().reason(),
                    written(one.text()),
                    one.evidence().map(evidence -> evidence.hash().hex()).orElse(""),
                    one.signers().stream().map(Kid::toString).collect(Collectors.joining(" ")),
                    one.line().hash().hex());
        }
    }

    private void reserves() {
        header("clause", "party", "held", "released", "amount");
        for (Statement.Hold hold : statement.holds()) {
            add(
                    hold.clause(),
                    hold.party(),
                    hold.held().text(),
                    hold.released().text(),
                    hold.amount().toString());
        }
    }
}
