package org.tallystick.ledger.statement;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.settlement.CountedEvents;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Working;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Position;

/// A statement for programs: all that the other forms show, amounts in minor units.
public final class StatementJson {

    private StatementJson() {}

    /// `lines`, `payments` and `period` have the form of `expected` in a case; the rest stands beside.
    public static Json.Obj of(Statement statement) {
        return Json.object()
                .with(
                        "accounts",
                        array(statement.accounts().stream()
                                .map(StatementJson::account)
                                .toList()))
                .with(
                        "agreed",
                        array(statement.agreed().stream()
                                .map(one -> agreed(statement, one))
                                .toList()))
                .with("agreement", statement.agreement().text())
                .with(
                        "balances",
                        array(statement.balances().stream()
                                .map(StatementJson::balance)
                                .toList()))
                .with("currency", statement.currency())
                .with(
                        "holds",
                        array(statement.holds().stream()
                                .map(StatementJson::hold)
                                .toList()))
                .with(
                        "lines",
                        array(statement.postings().stream()
                                .map(posting -> posting.line().encode())
                                .toList()))
                .with("names", names(statement))
                .with(
                        "parties",
                        array(statement.parties().stream()
                                .map(StatementJson::holder)
                                .toList()))
                .with("payments", payments(statement))
                .with("period", statement.period().text())
                .with(
                        "postings",
                        array(statement.postings().stream()
                                .map(posting -> posting(statement, posting))
                                .toList()))
                .with("provisional", statement.isProvisional())
                .with("standing", standing(statement.standing()))
                .with("title", statement.title())
                .with("trial", statement.trial())
                .build();
    }

    private static Json array(List<Json.Obj> items) {
        return Json.array(items);
    }

    private static Json names(Statement statement) {
        SortedMap<String, Json> names = new TreeMap<>();
        statement.names().forEach((id, name) -> names.put(id, Json.text(name)));
        return new Json.Obj(names);
    }

    private static Json payments(Statement statement) {
        SortedMap<String, Json> payments = new TreeMap<>();
        for (Statement.Account account : statement.accounts()) {
            payments.put(account.holder().id(), Amounts.encode(account.payment()));
        }
        return new Json.Obj(payments);
    }

    private static Json.Obj holder(Statement.Holder holder) {
        return Json.object()
                .with("id", holder.id())
                .with("name", holder.name())
                .withText("party", holder.party().map(party -> party.text()))
                .build();
    }

    private static Json.Obj account(Statement.Account account) {
        return Json.object()
                .with("agreed", Amounts.encode(account.agreed()))
                .with("charged", Amounts.encode(account.charged()))
                .with("closing", Amounts.encode(account.closing()))
                .with("credited", Amounts.encode(account.credited()))
                .withText("due", account.due().map(Object::toString))
                .with("opening", Amounts.encode(account.opening()))
                .with("party", account.holder().id())
                .with("payment", Amounts.encode(account.payment()))
                .build();
    }

    /// What two parties agreed on.
    public static Json.Obj agreed(Statement statement, Statement.Agreed one) {
        return Json.object()
                .with("amount", Amounts.encode(one.line().amount()))
                .with("evidence", one.evidence().map(Act.Evidence::toJson))
                .with("from", one.line().payer())
                .with("instruction", one.line().hash().hex())
                .with("period", one.line().period().text())
                .with("position", one.told().map(told -> told.at().encode()))
                .with("posting", statement.nameOf(one))
                .with("reason", one.line().reason())
                .with(
                        "signers",
                        Json.texts(one.signers().stream().map(Kid::toString).toList()))
                .withText("t", one.told().map(told -> told.time().text()))
                .with("text", one.text())
                .with("to", one.line().payee())
                .build();
    }

    private static Json.Obj balance(Statement.Balance balance) {
        return Json.object()
                .with("closing", Amounts.encode(balance.closing()))
                .with("group", balance.of().group())
                .with("name", balance.name())
                .with("opening", Amounts.encode(balance.opening()))
                .build();
    }

    private static Json.Obj hold(Statement.Hold hold) {
        return Json.object()
                .with("amount", Amounts.encode(hold.amount()))
                .with("clause", hold.clause())
                .with("held", hold.held().text())
                .with("party", hold.party())
                .with("released", hold.released().text())
                .build();
    }

    private static Json.Obj standing(Statement.Standing standing) {
        return switch (standing) {
            case Statement.Settled settled ->
                Json.object()
                        .withText("closed", settled.on().map(Object::toString))
                        .with("engine", settled.engine())
                        .with("hash", settled.hash().hex())
                        .with("number", settled.number())
                        .with("position", settled.position().map(Position::encode))
                        .with("previous", settled.previous().hex())
                        .with(
                                "sources",
                                Json.array(settled.sources().stream()
                                        .map(source -> Json.object()
                                                .with("count", source.count())
                                                .with("sealed", source.sealed())
                                                .with("source", source.source())
                                                .build())
                                        .toList()))
                        .with("terms", settled.terms().hex())
                        .with("version", settled.version().hex())
                        .build();
            case Statement.Provisional provisional ->
                Json.object()
                        .with("at", provisional.at().text())
                        .with("held", provisional.held())
                        .with("terms", provisional.terms().hex())
                        .with("undeclared", Json.texts(provisional.undeclared()))
                        .with("version", provisional.version().hex())
                        .build();
        };
    }

    /// A posting with its events and its working.
    public static Json.Obj posting(Statement statement, Statement.Posting posting) {
        Line line = posting.line();
        Working working = posting.working();
        return Json.object()
                .withText("adjusts", line.adjusts().map(Period::text))
                .with("amount", Amounts.encode(line.amount()))
                .with("clause", line.clause())
                .with(
                        "events",
                        Json.array(working.events().first().stream()
                                .map(StatementJson::counted)
                                .toList()))
                .with("eventsCounted", working.events().count())
                .with("from", line.from())
                .with("holds", working.holds())
                .withText("kind", line.kind())
                .with("posting", statement.nameOf(posting))
                .with("sentence", posting.sentence())
                .with(
                        "steps",
                        Json.array(working.steps().stream()
                                .map(Working.Step::encode)
                                .toList()))
                .with("to", line.to())
                .build();
    }

    private static Json.Obj counted(CountedEvents.Counted counted) {
        Event event = counted.event().event();
        Json.Obj counts = counted.encode();
        Json.Builder all = Json.object();
        counts.members().forEach((name, value) -> {
            Json.Builder _ = all.with(name, value);
        });
        return all.with("amount", event.amount().map(Amounts::encode))
                .with("booked", counted.event().booked().text())
                .withText("currency", event.currency())
                .with("date", event.date().toString())
                .withText("ref", event.textAttribute("ref"))
                .withText("refOf", event.refOf())
                .with("type", event.type())
                .build();
    }
}
