package org.tallystick.ledger.pdf;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.openpdf.text.Document;
import org.openpdf.text.PageSize;
import org.openpdf.text.Paragraph;
import org.openpdf.text.Phrase;
import org.openpdf.text.pdf.PdfDate;
import org.openpdf.text.pdf.PdfEncryption;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfString;
import org.openpdf.text.pdf.PdfWriter;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.settlement.CountedEvents;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.statement.Amounts;
import org.tallystick.ledger.statement.Statement;
import org.tallystick.ledger.statement.StatementJson;
import org.tallystick.ledger.statement.StepWords;

/// A statement as a document to file: what there is to pay first, then the postings with their sentences, then each
/// posting's events and computation, and last what identifies the settlement.
///
/// The same statement has the same bytes whenever and wherever it is made: no time is in them but the settlement's, and
/// the document's id comes from its content.
public final class StatementPdf {

    private static final float SIDE = 42;
    private static final float TOP = 54;
    private static final float BOTTOM = 48;
    private static final float TITLE = 17;
    private static final float HEADING = 11;
    private static final int ID = 16;
    private static final int RADIX = 16;

    private final Statement statement;
    private final Amounts amounts;
    private final StepWords words;
    private final Bytes content;
    private final Fonts fonts;

    public StatementPdf(Statement statement) throws IOException {
        this.statement = statement;
        this.amounts = new Amounts(statement.currency());
        this.words = new StepWords(amounts);
        this.content = StatementJson.of(statement).canonical();
        this.fonts = Fonts.of(content.utf8().orElseThrow());
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Document document = new Document(PageSize.A4, SIDE, SIDE, TOP, BOTTOM);
        PdfWriter writer = PdfWriter.getInstance(document, out);
        document.open();
        identify(writer);
        writer.setPageEvent(new Frame(fonts, writer, subject(), mark(), foot()));
        heading(document);
        accounts(document);
        postings(document);
        agreed(document);
        balances(document);
        holds(document);
        statement.postings().forEach(posting -> details(document, posting));
        identity(document);
        document.close();
        return out.toByteArray();
    }

    private void identify(PdfWriter writer) {
        PdfDate made = new PdfDate(time());
        writer.getInfo().put(PdfName.CREATIONDATE, made);
        writer.getInfo().put(PdfName.MODDATE, made);
        writer.getInfo().put(PdfName.PRODUCER, new PdfString("Tallystick"));
        writer.getInfo().put(PdfName.TITLE, new PdfString(subject(), PdfString.TEXT_UNICODE));
        byte[] id = new byte[ID];
        String hash = Hash.of(content).hex();
        for (int i = 0; i < ID; i++) {
            id[i] = (byte) Integer.parseInt(hash, 2 * i, 2 * i + 2, RADIX);
        }
        writer.getInfo().put(PdfName.FILEID, PdfEncryption.createInfoId(id, id));
    }

    /// The day of the close, else when it was computed.
    private Calendar time() {
        Instant instant = switch (statement.standing()) {
            case Statement.Settled settled ->
                settled.on()
                        .orElse(statement.period().end())
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant();
            case Statement.Provisional provisional ->
                Instant.ofEpochSecond(provisional.at().seconds());
        };
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(ZoneOffset.UTC), Locale.ROOT);
        calendar.setTimeInMillis(instant.toEpochMilli());
        return calendar;
    }

    private String subject() {
        return "Statement of " + statement.agreement() + " for "
                + statement.period().text();
    }

    private String mark() {
        String trial = statement.trial() ? "TRIAL" : "";
        return statement.isProvisional() ? (trial + " PROVISIONAL").strip() : trial;
    }

    private String foot() {
        return switch (statement.standing()) {
            case Statement.Settled settled -> "settlement " + settled.number() + ", " + settled.hash();
            case Statement.Provisional provisional ->
                "provisional, as of " + provisional.at().text() + ": nobody owes it, and it may change";
        };
    }

    private void add(Document document, Phrase text, float before, float after) {
        Paragraph paragraph = new Paragraph(text);
        paragraph.setSpacingBefore(before);
        paragraph.setSpacingAfter(after);
        document.add(paragraph);
    }

    private void line(Document document, String text, Color color) {
        add(document, fonts.plain(text, Fonts.BODY, color), 0, 0);
    }

    private void section(Document document, String title) {
        add(document, fonts.bold(title, HEADING, Fonts.INK), 8, 0);
    }

    private void heading(Document document) {
        boolean provisional = statement.isProvisional();
        add(document, fonts.bold(provisional ? "Provisional statement" : "Statement", TITLE, Fonts.INK), 0, 4);
        add(document, fonts.bold(statement.title(), HEADING, Fonts.INK), 0, 4);
        line(document, "Agreement " + statement.agreement(), Fonts.INK);
        line(
                document,
                "Period " + statement.period().text() + ", "
                        + statement.period().start() + " to "
                        + statement.period().end().minusDays(1) + "; all amounts in " + statement.currency(),
                Fonts.INK);
        line(
                document,
                "For " + statement.parties().stream().map(StatementPdf::name).collect(Collectors.joining(", ")),
                Fonts.INK);
        switch (statement.standing()) {
            case Statement.Settled settled -> settled(document, settled);
            case Statement.Provisional so -> provisional(document, so);
        }
        if (statement.trial()) {
            line(document, "On a trial ledger: nobody owes this.", Fonts.ALERT);
        }
    }

    private static String name(Statement.Holder holder) {
        String party = holder.party().map(id -> id.text()).orElse("not bound");
        return (holder.name().equals(holder.id()) ? holder.id() : holder.name()) + " (" + party + ")";
    }

    private void settled(Document document, Statement.Settled settled) {
        String on = settled.on().map(day -> ", closed on " + day).orElse("");
        String at = settled.position()
                .map(Position::toString)
                .map(position -> ", at ledger position " + position)
                .orElse("");
        line(document, "Settlement " + settled.number() + on + at + "; computed again with the same result", Fonts.INK);
        String sealed = settled.sources().stream()
                .filter(Statement.Consumed::sealed)
                .map(Statement.Consumed::source)
                .collect(Collectors.joining(", "));
        if (!sealed.isEmpty()) {
            line(document, "Sealed, since the owner did not declare: " + sealed, Fonts.ALERT);
        }
    }

    private void provisional(Document document, Statement.Provisional so) {
        line(
                document,
                "Computed from what was on the ledger at " + so.at().text()
                        + ". Nobody owes it, and it may change until the close.",
                Fonts.ALERT);
        if (!so.undeclared().isEmpty()) {
            line(document, "Not declared yet: " + String.join(", ", so.undeclared()), Fonts.ALERT);
        }
        if (so.held() > 0) {
            line(
                    document,
                    "Not in it, since they are held: " + so.held() + (so.held() == 1 ? " event" : " events"),
                    Fonts.ALERT);
        }
    }

    private void accounts(Document document) {
        if (statement.accounts().isEmpty()) {
            return;
        }
        section(document, "Accounts");
        String payment = statement.isProvisional() ? ">Would be paid" : ">Payment";
        Sheet sheet = new Sheet(
                fonts,
                new float[] {24, 14, 14, 14, 14, 14, 12},
                "Party",
                ">Opening",
                ">Credited",
                ">Charged",
                payment,
                ">Closing",
                ">Due");
        for (Statement.Account account : statement.accounts()) {
            sheet.row(
                    account.holder().name(),
                    amounts.money(account.opening()),
                    amounts.money(account.credited()),
                    amounts.money(account.charged()),
                    amounts.money(account.payment()),
                    amounts.money(account.closing()),
                    account.due().map(Object::toString).orElse(""));
        }
        document.add(sheet.table());
        String hub = statement.hub().name();
        add(
                document,
                fonts.plain(
                        "A payment above zero is made by " + hub + ", one below zero to " + hub
                                + ". Opening and closing are what is carried from and to other periods.",
                        Fonts.SMALL,
                        Fonts.GRAY),
                0,
                0);
    }

    private void postings(Document document) {
        section(document, "Postings");
        if (statement.postings().isEmpty()) {
            line(document, "Nothing was posted.", Fonts.INK);
            return;
        }
        Sheet sheet = new Sheet(
                fonts, new float[] {6, 24, 26, 26, 16, 12}, ">No", "Clause", "From", "To", ">Amount", "Adjusts");
        for (Statement.Posting posting : statement.postings()) {
            Line line = posting.line();
            sheet.row(
                    Long.toString(posting.number()),
                    line.clause() + line.kind().map(kind -> ", " + kind).orElse(""),
                    statement.called(line.from()),
                    statement.called(line.to()),
                    amounts.money(line.amount()),
                    line.adjusts().map(Period::text).orElse(""));
        }
        document.add(sheet.table());
    }

    private void agreed(Document document) {
        if (statement.agreed().isEmpty()) {
            return;
        }
        section(document, "Agreed beside the postings");
        Sheet sheet =
                new Sheet(fonts, new float[] {6, 22, 22, 16, 12, 32}, ">No", "From", "To", ">Amount", "For", "Reason");
        for (Statement.Agreed one : statement.agreed()) {
            sheet.row(
                    "a" + one.number(),
                    statement.called(one.line().payer()),
                    statement.called(one.line().payee()),
                    amounts.money(one.line().amount()),
                    one.line().period().text(),
                    one.line().reason() + (one.text().isEmpty() ? "" : ": " + one.text()));
            one.evidence()
                    .ifPresent(
                            evidence -> sheet.remark("evidence " + evidence.name() + ", SHA-256 " + evidence.hash()));
        }
        document.add(sheet.table());
        add(
                document,
                fonts.plain(
                        "Signed by payer and payee; no clause computes it, and it adds to the payment.",
                        Fonts.SMALL,
                        Fonts.GRAY),
                0,
                0);
    }

    private void balances(Document document) {
        List<Statement.Balance> open = statement.balances().stream()
                .filter(balance ->
                        balance.opening().signum() != 0 || balance.closing().signum() != 0)
                .toList();
        if (open.isEmpty()) {
            return;
        }
        section(document, "Balances");
        Sheet sheet = new Sheet(
                fonts, new float[] {16, 28, 24, 16, 16}, "Balance", "Of", "What it is", ">Opening", ">Closing");
        for (Statement.Balance balance : open) {
            sheet.row(
                    balance.of().group(),
                    balance.of() == Statement.Of.CAPITAL ? statement.called(balance.name()) : balance.name(),
                    balance.of().words(),
                    amounts.money(balance.opening()),
                    amounts.money(balance.closing()));
        }
        document.add(sheet.table());
    }

    private void holds(Document document) {
        if (statement.holds().isEmpty()) {
            return;
        }
        section(document, "Held back");
        Sheet sheet = new Sheet(
                fonts, new float[] {24, 24, 18, 16, 18}, "Reserve", "Party", ">Amount", "Held in", "Released with");
        for (Statement.Hold hold : statement.holds()) {
            sheet.row(
                    hold.clause(),
                    statement.called(hold.party()),
                    amounts.money(hold.amount()),
                    hold.held().text(),
                    hold.released().text());
        }
        document.add(sheet.table());
    }

    /// The sentence that made a posting, its events, and how it was computed.
    private void details(Document document, Statement.Posting posting) {
        Line line = posting.line();
        section(
                document,
                "Posting " + posting.number() + ": " + statement.called(line.from()) + " to "
                        + statement.called(line.to()) + ", "
                        + amounts.money(line.amount())
                        + line.adjusts()
                                .map(period -> ", adjusts " + period.text())
                                .orElse(""));
        line(
                document,
                posting.sentence().isEmpty() ? "Made by an act of a party, not by a clause." : posting.sentence(),
                Fonts.GRAY);
        CountedEvents events = posting.working().events();
        if (events.count() > 0) {
            document.add(events(events).table());
        }
        Sheet steps = new Sheet(fonts, new float[] {80, 20}, "Computation", ">Result");
        List<StepWords.Row> rows =
                posting.working().steps().stream().map(words::row).toList();
        for (int i = 0; i < rows.size(); i++) {
            if (i == rows.size() - 1) {
                steps.total(rows.get(i).text(), rows.get(i).result());
            } else {
                steps.row(rows.get(i).text(), rows.get(i).result());
            }
        }
        document.add(steps.table());
    }

    private Sheet events(CountedEvents events) {
        Sheet sheet = new Sheet(
                fonts,
                new float[] {25, 20, 14, 13, 18, 16, 18, 12},
                "Event",
                "Reference",
                "Date",
                "Type",
                ">Amount",
                "Figure",
                ">Counts",
                ">Rate");
        for (CountedEvents.Counted counted : events.first()) {
            Event event = counted.event().event();
            sheet.row(
                    counted.event().id(),
                    event.textAttribute("ref").or(event::refOf).orElse(""),
                    event.date().toString(),
                    event.type(),
                    event.amount().map(amount -> amount(event, amount)).orElse(""),
                    counted.figure(),
                    words.value(counted),
                    words.rate(counted));
        }
        if (events.more() > 0) {
            sheet.remark("and " + events.more() + " more events, which the figures below contain as well");
        }
        return sheet;
    }

    private String amount(Event event, BigInteger amount) {
        String currency = event.currency().orElse(statement.currency());
        return currency.equals(statement.currency())
                ? amounts.money(amount)
                : currency + " " + new Amounts(currency).money(amount);
    }

    private void identity(Document document) {
        section(document, "What this is a statement of");
        Sheet sheet = new Sheet(fonts, new float[] {22, 78}, "Name", "Value");
        switch (statement.standing()) {
            case Statement.Settled settled -> {
                sheet.row("settlement hash", settled.hash().hex());
                sheet.row("hash of the one before", settled.previous().hex());
                sheet.row(
                        "ledger position",
                        settled.position()
                                .map(at -> "block " + at.block() + ", transaction " + at.transaction() + ", item "
                                        + at.item())
                                .orElse("not known where this was made"));
                sheet.row("agreement version", settled.version().hex());
                sheet.row("terms hash", settled.terms().hex());
                sheet.row("engine", settled.engine());
                for (Statement.Consumed source : settled.sources()) {
                    sheet.row(
                            "source " + source.source(),
                            source.count()
                                    + (source.count() == 1 ? " event" : " events")
                                    + (source.sealed() ? ", sealed" : ", declared by its owner"));
                }
            }
            case Statement.Provisional provisional -> {
                sheet.row("computed at", provisional.at().text());
                sheet.row("agreement version", provisional.version().hex());
                sheet.row("terms hash", provisional.terms().hex());
            }
        }
        document.add(sheet.table());
    }
}
