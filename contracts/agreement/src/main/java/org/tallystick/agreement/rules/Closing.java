package org.tallystick.agreement.rules;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.AgreementHead.Stage;
import org.tallystick.agreement.state.DeclarationRecord;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.state.ReleasedEvents;
import org.tallystick.agreement.state.RollUp;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.terms.Period;

/// Closes a period: gathers what was declared, settles it, and writes the settlement.
///
/// `docs/spec/ledger-1.md` sections 8 and 9.
final class Closing {

    private static final int MAX_PAGE = 256 * 1024;
    /// No agreement stays in run-off longer than that because of a balance.
    private static final int LONGEST_RUN_OFF = 36;

    private final Overlay state;
    private final Moment moment;

    Closing(Overlay state, Moment moment) {
        this.state = state;
        this.moment = moment;
    }

    Answer close(Engaged engaged, Act.Close close) {
        Period next = engaged.unsettled();
        Optional<Period> asked = Period.parse(close.period()).filter(period -> period.frequency() == next.frequency());
        if (asked.isEmpty()) {
            return Answer.denied(No.refused(Code.PERIOD_WRONG, Json.object().with("period", close.period())));
        }
        if (asked.get().compareTo(next) < 0) {
            return Answer.denied(No.refused(Code.PERIOD_SETTLED, Json.object().with("period", close.period())));
        }
        Optional<No> notYet = notYet(engaged, asked.get(), next);
        if (notYet.isPresent()) {
            return Answer.denied(notYet.get());
        }
        TreeMap<String, DeclarationRecord> declared = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        for (Document.Source source : engaged.document().sources()) {
            if (source.covers(next)) {
                state.read(Keys.declaration(engaged.agreement(), source.id(), next.text()), DeclarationRecord.CODEC)
                        .ifPresentOrElse(
                                declaration -> declared.put(source.id(), declaration), () -> missing.add(source.id()));
            }
        }
        if (!missing.isEmpty()) {
            return Answer.denied(No.waiting(
                    Code.NOT_DECLARED_YET,
                    Json.object()
                            .with(
                                    "sources",
                                    Json.texts(missing.stream().sorted().toList()))));
        }
        return settle(engaged, next, declared);
    }

    private Optional<No> notYet(Engaged engaged, Period asked, Period next) {
        if (!asked.equals(next)) {
            return Optional.of(No.waiting(Code.NOT_NEXT_PERIOD, Json.object().with("next", next.text())));
        }
        LocalDate end = next.end();
        if (moment.day().isBefore(end)) {
            return Optional.of(No.waiting(Code.PERIOD_NOT_OVER, until(LedgerTime.startOf(end))));
        }
        boolean closer = engaged.document().closers().stream()
                .anyMatch(party -> party.equals(engaged.payload().party()));
        LedgerTime anybody =
                LedgerTime.startOf(end.plusDays(engaged.document().days().close()));
        if (!closer && moment.time().isBefore(anybody)) {
            return Optional.of(No.waiting(Code.NOT_CLOSER_YET, until(anybody)));
        }
        return Optional.empty();
    }

    private static Json.Builder until(LedgerTime time) {
        return Json.object().with("until", time.text());
    }

    private Answer settle(Engaged engaged, Period period, SortedMap<String, DeclarationRecord> declared) {
        Document document = engaged.document();
        List<KnownEvent> events = new ArrayList<>();
        declared.forEach((source, declaration) -> events.addAll(booked(engaged, source, declaration, period)));
        TreeMap<String, List<FactPage.Fact>> facts = new TreeMap<>();
        for (String type : Booking.FACTS) {
            List<FactPage.Fact> all = FactPage.all(engaged.agreement(), type, period.text(), state::read);
            if (!all.isEmpty()) {
                facts.put(type, all);
            }
            for (FactPage.Fact fact : all) {
                events.add(new KnownEvent(fact.id(), BookedEvents.event(fact.event()), period, Optional.empty()));
            }
        }
        Optional<Period> settled = engaged.head().settled();
        History before = settled.map(last -> RollUp.read(engaged.agreement(), last.text(), state::read)
                        .map(History::decode)
                        .orElseThrow())
                .orElseGet(() -> History.open(document.terms(), document.opening()));
        return switch (Settlement.settle(document.terms(), before, events)) {
            case Outcome.Refused(var codes) ->
                Answer.denied(No.waiting(Code.LACKING, Json.object().with("codes", Json.texts(codes))));
            case Outcome.Settled(var statement, var after) -> {
                RollUp.write(engaged.agreement(), period.text(), after.encode(), state::write);
                yield write(engaged, statement, declared, facts);
            }
        };
    }

    /// The events of a source booked in `period` up to its declaration; facts come from keys of their own.
    private List<KnownEvent> booked(Engaged engaged, String source, DeclarationRecord declaration, Period period) {
        List<KnownEvent> events = new ArrayList<>();
        long first = declaration.total().from();
        while (first != 0 && first <= declaration.total().to()) {
            Run run = state.read(Keys.run(engaged.agreement(), source, first), Run.CODEC)
                    .orElseThrow();
            RunEvents stored = state.read(Keys.events(engaged.agreement(), source, first), RunEvents.CODEC)
                    .orElseThrow();
            new BookedEvents(engaged.document().terms(), source, first, stored)
                    .in(period).stream()
                            .filter(event -> !Booking.isFact(event.event()))
                            .forEach(events::add);
            first = run.last() + 1;
        }
        ReleasedEvents.all(
                        engaged.agreement(),
                        source,
                        period.text(),
                        declaration.total().released(),
                        state::read)
                .forEach(released -> events.add(new KnownEvent(
                        released.id(),
                        BookedEvents.event(released.event()),
                        period,
                        released.origin().map(BookedEvents::event))));
        return events;
    }

    private Answer write(
            Engaged engaged,
            Statement statement,
            SortedMap<String, DeclarationRecord> declared,
            SortedMap<String, List<FactPage.Fact>> facts) {
        String agreement = engaged.agreement();
        Period period = statement.period();
        List<Bytes> lines = statement.lines().stream()
                .map(Line::encode)
                .map(Json::canonical)
                .toList();
        Json.Obj settlement = settlement(engaged, statement, declared, facts, lines);
        Hash hash = Hash.of(settlement.canonical());
        state.write(Keys.settlement(agreement, period.text()), settlement);
        writeLines(agreement, statement);
        LocalDate due = moment.day().plusDays(engaged.document().netDays());
        statement.payments().forEach((party, amount) -> {
            state.write(Keys.openItem(agreement, period.text(), party), OpenItem.CODEC, new OpenItem(amount, due));
        });
        Stage stage = over(engaged.document(), statement)
                ? Stage.CLOSED
                : engaged.head().stage();
        AgreementHead head = engaged.head().settled(period, stage, moment.time());
        state.write(Keys.agreement(agreement), AgreementHead.CODEC, head);
        Json.Builder effect = Json.object()
                .with("count", lines.size())
                .with("hash", hash.hex())
                .with("kind", "settlement")
                .with("period", period.text())
                .with("postings", settlement.text("postings"));
        return stage == engaged.head().stage()
                ? Answer.applied(effect)
                : Answer.applied(effect, Json.object().with("kind", "state").with("state", stage.text()));
    }

    private Json.Obj settlement(
            Engaged engaged,
            Statement statement,
            SortedMap<String, DeclarationRecord> declared,
            SortedMap<String, List<FactPage.Fact>> facts,
            List<Bytes> lines) {
        List<Json> consumed = new ArrayList<>();
        declared.forEach((source, declaration) -> consumed.add(Json.object()
                .with("count", declaration.total().count())
                .with("from", declaration.total().from())
                .with("last", declaration.last())
                .with("sealed", declaration.sealed())
                .with("source", source)
                .build()));
        TreeMap<String, Json> roots = new TreeMap<>();
        for (Map.Entry<String, List<FactPage.Fact>> type : facts.entrySet()) {
            roots.put(type.getKey(), factRoot(type.getValue()));
        }
        Optional<Json.Obj> previous =
                engaged.head().settled().flatMap(last -> state.read(Keys.settlement(engaged.agreement(), last.text())));
        Json.Obj stated = statement.encode();
        Document document = engaged.document();
        return Json.object()
                .with("agreed", Json.array(List.of()))
                .with("agreement", engaged.agreement())
                .with("balances", stated.get("balances"))
                .with("consumed", Json.array(consumed))
                .with("count", lines.size())
                .with("engine", Settlement.ENGINE)
                .with("facts", new Json.Obj(roots))
                .with("number", previous.map(before -> before.whole("number")).orElse(0L) + 1)
                .with("payments", stated.get("payments"))
                .with("period", statement.period().text())
                .with("postings", Merkle.root(lines).hex())
                .with(
                        "previous",
                        previous.map(before -> Hash.of(before.canonical()))
                                .orElse(Hash.ZERO)
                                .hex())
                .with("rules", String.valueOf(Net.RULES))
                .with("settlement", "1")
                .with("terms", document.terms().hash().hex())
                .with("version", document.version().hex())
                .build();
    }

    private static Json factRoot(List<FactPage.Fact> facts) {
        List<Bytes> leaves = facts.stream()
                .sorted(BookedEvents.FACT_ORDER)
                .map(fact -> fact.encode().canonical())
                .toList();
        return Json.object()
                .with("count", leaves.size())
                .with("root", Merkle.root(leaves).hex())
                .build();
    }

    private void writeLines(String agreement, Statement statement) {
        List<Json> page = new ArrayList<>();
        int size = 0;
        int pages = 0;
        for (Line line : statement.lines()) {
            Json encoded = line.encode();
            int more = encoded.canonical().size() + 1;
            if (size + more > MAX_PAGE) {
                writePage(agreement, statement.period(), ++pages, page);
                page = new ArrayList<>();
                size = 0;
            }
            page.add(encoded);
            size += more;
        }
        if (!page.isEmpty()) {
            writePage(agreement, statement.period(), ++pages, page);
        }
    }

    private void writePage(String agreement, Period period, int number, List<Json> lines) {
        state.write(
                Keys.lines(agreement, period.text(), number),
                Json.object().with("lines", Json.array(lines)).build());
    }

    /// Whether the run-off ends with this settlement.
    private static boolean over(Document document, Statement statement) {
        if (document.term().lastDay().isEmpty()) {
            return false;
        }
        Period last =
                document.terms().frequency().periodOf(document.term().lastDay().get());
        Period runOff = last;
        for (int i = 0; i < document.term().runOffPeriods(); i++) {
            runOff = runOff.next();
        }
        if (statement.period().compareTo(runOff) < 0) {
            return false;
        }
        Period longest = runOff;
        for (int i = 0; i < LONGEST_RUN_OFF; i++) {
            longest = longest.next();
        }
        return statement.balances().isEmpty() || statement.period().compareTo(longest) >= 0;
    }
}
