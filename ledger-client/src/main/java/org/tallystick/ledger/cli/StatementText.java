package org.tallystick.ledger.cli;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.tallystick.agreement.settlement.CountedEvents;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Working;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.statement.Amounts;
import org.tallystick.ledger.statement.Statement;
import org.tallystick.ledger.statement.StepWords;

/// A statement on a terminal: first what there is to pay, then the postings, then the events of each.
final class StatementText {

    /// Place of the column of what was agreed on.
    private static final int AGREED = 5;

    private final Statement statement;
    private final Amounts amounts;
    private final StepWords words;
    private final PrintWriter out;

    StatementText(Statement statement, PrintWriter out) {
        this.statement = statement;
        this.amounts = new Amounts(statement.currency());
        this.words = new StepWords(amounts);
        this.out = out;
    }

    void print() {
        heading();
        accounts();
        postings();
        agreed();
        events();
        balances();
        holds();
        out.println();
        if (statement.postings().isEmpty()) {
            out.println("nothing was posted" + (statement.agreed().isEmpty() ? "" : " by a clause"));
        } else {
            out.println("how a posting was computed: tally explain "
                    + statement.nameOf(statement.postings().getFirst())
                    + (statement.isProvisional() ? " --provisional" : ""));
        }
    }

    /// What two parties agreed on, and who signed it.
    void explain(Statement.Agreed one) {
        String provisional = statement.isProvisional() ? "PROVISIONAL " : "";
        out.println(provisional + "agreed adjustment " + statement.nameOf(one) + ", in " + statement.currency());
        out.println(one.line().payer() + " to " + one.line().payee() + ": "
                + amounts.money(one.line().amount()) + ", for "
                + one.line().period().text() + ", "
                + one.line().reason());
        out.println();
        out.println("agreed by both, not computed: no clause made it, and no measure counts it");
        if (!one.text().isEmpty()) {
            out.println(one.text());
        }
        one.evidence()
                .ifPresent(evidence -> out.println(
                        "evidence: " + evidence.name() + ", " + evidence.size() + " bytes, " + evidence.hash()));
        out.println();
        if (one.told().isEmpty()) {
            out.println("who signed it is not known here: ask a gateway or a peer that has the blocks");
        } else {
            out.println("signed at " + one.told().get().time().text() + ", position "
                    + one.told().get().at() + ", by");
            one.signers().forEach(kid -> out.println("   " + kid.owner().text() + " with the key " + kid.thumb()));
        }
        out.println("instruction " + one.line().hash());
    }

    /// One posting, from its events to its amount.
    void explain(Statement.Posting posting) {
        Line line = posting.line();
        String provisional = statement.isProvisional() ? "PROVISIONAL " : "";
        out.println(provisional + "posting " + statement.nameOf(posting) + ", in " + statement.currency());
        out.println(line.from() + " to " + line.to() + ": " + amounts.money(line.amount())
                + line.kind().map(kind -> ", " + kind).orElse("")
                + line.adjusts().map(period -> ", adjusts " + period.text()).orElse(""));
        out.println();
        out.println(posting.sentence().isEmpty() ? "made by an act of a party, not by a clause" : posting.sentence());
        out.println();
        out.println("events of this settlement that it counts");
        events(posting.working());
        out.println();
        out.println("computation");
        Table table = new Table("   STEP", ">RESULT");
        posting.working().steps().forEach(step -> {
            StepWords.Row row = words.row(step);
            table.add("   " + row.text(), row.result());
        });
        table.print(out);
        out.println();
        out.println(
                switch (statement.standing()) {
                    case Statement.Settled settled ->
                        "this is the amount that settlement " + settled.number() + " posted (" + settled.hash() + ")";
                    case Statement.Provisional _ -> "this is what would be posted as things stand";
                });
    }

    private void heading() {
        boolean provisional = statement.isProvisional();
        out.println((provisional ? "PROVISIONAL statement of " : "statement of ") + statement.agreement() + " for "
                + statement.period().text() + ", in " + statement.currency());
        out.println(statement.title());
        out.println(
                "for " + statement.parties().stream().map(StatementText::name).collect(Collectors.joining("; ")));
        switch (statement.standing()) {
            case Statement.Settled settled -> settled(settled);
            case Statement.Provisional so -> provisional(so);
        }
        if (statement.trial()) {
            out.println("on a trial ledger: nobody owes this");
        }
    }

    private void settled(Statement.Settled settled) {
        String on = settled.on().map(day -> ", closed on " + day).orElse("");
        out.println("settlement " + settled.number() + on + ", computed again here with the same result");
        out.println("hash " + settled.hash()
                + settled.position().map(at -> ", at " + at).orElse(", position not known here"));
        String sealed = settled.sources().stream()
                .filter(Statement.Consumed::sealed)
                .map(Statement.Consumed::source)
                .collect(Collectors.joining(", "));
        if (!sealed.isEmpty()) {
            out.println("sealed, since the owner did not declare: " + sealed);
        }
    }

    private void provisional(Statement.Provisional so) {
        out.println("computed here from what was on the ledger at " + so.at().text()
                + "; nobody owes it, and it may change until the close");
        if (!so.undeclared().isEmpty()) {
            out.println("not declared yet: " + String.join(", ", so.undeclared()));
        }
        if (so.held() > 0) {
            out.println("not in it, since they are held: " + Words.counted(so.held(), "event"));
        }
    }

    /// The name, and the id where it says more.
    private static String name(Statement.Holder holder) {
        String party = holder.party().map(id -> id.text()).orElse("not bound");
        return holder.id() + (holder.name().equals(holder.id()) ? "" : ", " + holder.name()) + " (" + party + ")";
    }

    private void accounts() {
        if (statement.accounts().isEmpty()) {
            return;
        }
        boolean provisional = statement.isProvisional();
        out.println();
        boolean agreed = !statement.agreed().isEmpty();
        Table table = new Table(cells(
                agreed,
                "PARTY",
                ">OPENING",
                ">CREDITED",
                ">CHARGED",
                provisional ? ">WOULD BE PAID" : ">PAYMENT",
                ">AGREED",
                ">CLOSING",
                "DUE"));
        for (Statement.Account account : statement.accounts()) {
            table.add(cells(
                    agreed,
                    account.holder().id(),
                    amounts.money(account.opening()),
                    amounts.money(account.credited()),
                    amounts.money(account.charged()),
                    amounts.money(account.payment()),
                    amounts.money(account.agreed()),
                    amounts.money(account.closing()),
                    account.due().map(Object::toString).orElse("")));
        }
        table.print(out);
        out.println("a payment above zero is made by " + statement.hub().id() + ", one below zero to it"
                + (statement.agreed().isEmpty() ? "" : "; what is agreed adds to it"));
    }

    /// A row of accounts, without what was agreed on where nothing was.
    private static String[] cells(boolean agreed, String... all) {
        List<String> cells = new ArrayList<>(List.of(all));
        if (!agreed) {
            cells.remove(AGREED);
        }
        return cells.toArray(String[]::new);
    }

    private void postings() {
        if (statement.postings().isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table(">NO", "CLAUSE", "KIND", "FROM", "TO", ">AMOUNT", "ADJUSTS");
        for (Statement.Posting posting : statement.postings()) {
            Line line = posting.line();
            table.add(
                    Long.toString(posting.number()),
                    line.clause(),
                    line.kind().orElse(""),
                    line.from(),
                    line.to(),
                    amounts.money(line.amount()),
                    line.adjusts().map(Period::text).orElse(""));
        }
        table.print(out);
    }

    private void agreed() {
        if (statement.agreed().isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("AGREED", "FROM", "TO", ">AMOUNT", "FOR", "REASON", "EVIDENCE");
        for (Statement.Agreed one : statement.agreed()) {
            table.add(
                    "a" + one.number(),
                    one.line().payer(),
                    one.line().payee(),
                    amounts.money(one.line().amount()),
                    one.line().period().text(),
                    one.line().reason() + (one.text().isEmpty() ? "" : ": " + one.text()),
                    one.evidence().map(evidence -> evidence.hash().hex()).orElse(""));
        }
        table.print(out);
        out.println("agreed by payer and payee beside the postings; who signed: tally explain "
                + statement.nameOf(statement.agreed().getFirst()));
    }

    private void events() {
        for (Statement.Posting posting : statement.postings()) {
            out.println();
            Line line = posting.line();
            out.println(posting.number() + "  " + line.clause() + "  " + amounts.money(line.amount()) + " from "
                    + line.from() + " to " + line.to());
            if (!posting.sentence().isEmpty()) {
                out.println("   " + posting.sentence());
            }
            events(posting.working());
        }
    }

    private void events(Working working) {
        CountedEvents events = working.events();
        if (events.count() == 0) {
            out.println("   no event of this settlement; it follows from what stands before it");
            return;
        }
        Table table = new Table("   EVENT", "REFERENCE", "DATE", "TYPE", ">AMOUNT", "FIGURE", ">COUNTS", ">RATE");
        events.first().forEach(counted -> row(table, counted));
        table.print(out);
        if (events.more() > 0) {
            out.println("   and " + events.more() + " more: --events all, --json or --csv events");
        }
    }

    private void row(Table table, CountedEvents.Counted counted) {
        Event event = counted.event().event();
        table.add(
                "   " + counted.event().id(),
                event.textAttribute("ref").or(event::refOf).orElse(""),
                event.date().toString(),
                event.type(),
                event.amount().map(amount -> amount(event, amount)).orElse(""),
                counted.figure(),
                words.value(counted),
                words.rate(counted));
    }

    private String amount(Event event, BigInteger amount) {
        String currency = event.currency().orElse(statement.currency());
        return (currency.equals(statement.currency()) ? "" : currency + " ") + MoneyText.of(amount, currency);
    }

    private void balances() {
        List<Statement.Balance> open = statement.balances().stream()
                .filter(balance ->
                        balance.opening().signum() != 0 || balance.closing().signum() != 0)
                .toList();
        if (open.isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("BALANCE", "OF", "", ">OPENING", ">CLOSING");
        for (Statement.Balance balance : open) {
            table.add(
                    balance.of().group(),
                    balance.name(),
                    balance.of().words(),
                    amounts.money(balance.opening()),
                    amounts.money(balance.closing()));
        }
        table.print(out);
    }

    private void holds() {
        if (statement.holds().isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("RESERVE", "PARTY", ">HELD BACK", "IN", "RELEASED WITH");
        for (Statement.Hold hold : statement.holds()) {
            table.add(
                    hold.clause(),
                    hold.party(),
                    amounts.money(hold.amount()),
                    hold.held().text(),
                    hold.released().text());
        }
        table.print(out);
    }
}
