package org.tallystick.agreement.rules;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.Figures;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.AgreementHead.Stage;
import org.tallystick.agreement.state.CloseRecord;
import org.tallystick.agreement.state.DeclarationRecord;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.state.RollUp;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;

/// Closes a period: gathers what was declared, settles it, and writes the settlement, in steps if it is long.
///
/// Each step computes all of the settlement and writes the next part of it; what it computes from cannot change in
/// between. `docs/spec/ledger-1.md` sections 8 and 9.
final class Closing {

    private static final int MAX_PAGE = 256 * 1024;
    /// What a step writes of them: with the settlement itself it stays below 512 KiB.
    private static final int MAX_PART = 448 * 1024;
    /// No agreement stays in run-off longer than that because of a balance.
    private static final int LONGEST_RUN_OFF = 36;

    private final Overlay state;
    private final Moment moment;
    private final Edition edition;
    private final Documents documents;
    private final Adjustments adjustments;
    private final Folded folded;

    Closing(Overlay state, Moment moment, Edition edition, Documents documents) {
        this.state = state;
        this.moment = moment;
        this.edition = edition;
        this.documents = documents;
        this.adjustments = new Adjustments(state);
        this.folded = new Folded(state);
    }

    /// An agreement, and which of its periods is closed.
    ///
    /// @param document the version in effect for that period
    /// @param newest the version that says how the agreement ends
    /// @param declared by source
    private record Case(
            String agreement,
            AgreementHead head,
            Document document,
            Document newest,
            Period period,
            SortedMap<String, DeclarationRecord> declared) {}

    private Document document(String agreement, Hash version) {
        return documents.parse(
                version, state.bytes(Keys.document(agreement, version)).orElseThrow());
    }

    /// A settlement as it will be written.
    ///
    /// The keys of its pages are written by the close of this period alone, since they are deleted if it is undone.
    ///
    /// @param pages of the lines, and of what later settlements need of this one, by key
    /// @param records where those are found, once all is written
    private record Settled(
            Statement statement,
            Json.Obj settlement,
            SortedMap<String, Bytes> pages,
            SortedMap<String, Json.Obj> records) {

        Hash hash() {
            return Hash.of(settlement.canonical());
        }

        /// What a step writes of the pages, and the next after it: as many as fit.
        List<SortedMap<String, Bytes>> parts() {
            List<SortedMap<String, Bytes>> parts = new ArrayList<>();
            SortedMap<String, Bytes> part = new TreeMap<>();
            int size = 0;
            for (Map.Entry<String, Bytes> page : pages.entrySet()) {
                int more = page.getValue().size();
                if (size + more > MAX_PART) {
                    parts.add(part);
                    part = new TreeMap<>();
                    size = 0;
                }
                part.put(page.getKey(), page.getValue());
                size += more;
            }
            parts.add(part);
            return List.copyOf(parts);
        }
    }

    private sealed interface Computed {}

    private record Whole(Settled settled) implements Computed {}

    private record Lacking(SortedSet<String> codes) implements Computed {}

    Answer close(Engaged engaged, Act.Close close) {
        PartyId party = (PartyId) engaged.payload().party();
        if (!isCloser(engaged) && !engaged.document().isSide(party)) {
            return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "closer")));
        }
        AgreementHead head = engaged.head();
        Period next = head.unsettled();
        Optional<Period> asked = Period.parse(close.period()).filter(period -> period.frequency() == next.frequency());
        if (asked.isEmpty()) {
            return Answer.denied(No.refused(Code.PERIOD_WRONG, Json.object().with("period", close.period())));
        }
        Optional<No> gone = Sources.gone(engaged, asked.get()).or(() -> notYet(engaged, asked.get(), next));
        if (gone.isPresent()) {
            return Answer.denied(gone.get());
        }
        Document document = document(engaged.agreement(), head.inEffect(next).hash());
        SortedMap<String, DeclarationRecord> declared = declared(engaged.agreement(), document, next);
        List<String> missing = covering(document, next)
                .filter(source -> !declared.containsKey(source))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            return Answer.denied(No.waiting(Code.NOT_DECLARED_YET, Json.object().with("sources", Json.texts(missing))));
        }
        Case all = new Case(engaged.agreement(), head, document, engaged.document(), next, declared);
        if (edition.began().isPresent()) {
            return begin(all, edition.began().get());
        }
        return switch (compute(all)) {
            case Lacking(var codes) ->
                Answer.denied(No.waiting(Code.LACKING, Json.object().with("codes", Json.texts(codes))));
            case Whole(var settled) -> begin(all, settled);
        };
    }

    /// Does the next part of a close that needs several.
    ///
    /// @return the effects
    List<Json.Obj> step(String agreement, AgreementHead head) {
        Period period = head.closing().orElseThrow();
        Document document = document(agreement, head.inEffect(period).hash());
        Document newest = document(agreement, head.newest().orElseThrow().hash());
        Case all = new Case(agreement, head, document, newest, period, declared(agreement, document, period));
        CloseRecord record = state.read(Keys.closing(agreement, period.text()), CloseRecord.CODEC)
                .orElseThrow();
        if (record.rules() != edition.rules()) {
            return undo(all, record);
        }
        if (edition.began().isPresent()) {
            return goOn(all, record);
        }
        if (compute(all) instanceof Whole(var settled)
                && settled.hash().equals(record.settlement())
                && settled.parts().size() == record.parts()) {
            settled.parts().get(record.done()).forEach(state::writeBytes);
            if (!record.next().isDone()) {
                return goOn(all, record);
            }
            state.delete(Keys.closing(agreement, period.text()));
            return finish(all, settled);
        }
        return undo(all, record);
    }

    private List<Json.Obj> goOn(Case all, CloseRecord record) {
        state.write(Keys.closing(all.agreement(), all.period().text()), CloseRecord.CODEC, record.next());
        return List.of(named("closing", all.period()).build());
    }

    /// Only other code than that of the first step comes to another settlement: nothing is left of the close.
    private List<Json.Obj> undo(Case all, CloseRecord record) {
        record.pages().forEach(state::delete);
        state.delete(Keys.closing(all.agreement(), all.period().text()));
        state.write(
                Keys.agreement(all.agreement()), AgreementHead.CODEC, all.head().undone(moment.time()));
        return List.of(named("close_undone", all.period())
                .with("began", record.rules())
                .with("rules", edition.rules())
                .build());
    }

    private SortedMap<String, DeclarationRecord> declared(String agreement, Document document, Period period) {
        TreeMap<String, DeclarationRecord> declared = new TreeMap<>();
        covering(document, period)
                .forEach(source -> state.read(
                                Keys.declaration(agreement, source, period.text()), DeclarationRecord.CODEC)
                        .ifPresent(declaration -> declared.put(source, declaration)));
        return declared;
    }

    private static Stream<String> covering(Document document, Period period) {
        return document.sources().stream()
                .filter(source -> source.covers(period))
                .map(Document.Source::id);
    }

    private Optional<No> notYet(Engaged engaged, Period asked, Period next) {
        if (!asked.equals(next)) {
            return Optional.of(No.waiting(Code.NOT_NEXT_PERIOD, Json.object().with("next", next.text())));
        }
        LocalDate end = next.end();
        if (moment.day().isBefore(end)) {
            return Optional.of(No.waiting(Code.PERIOD_NOT_OVER, until(LedgerTime.startOf(end))));
        }
        LedgerTime anybody =
                LedgerTime.startOf(end.plusDays(engaged.document().days().close()));
        if (!isCloser(engaged) && moment.time().isBefore(anybody)) {
            return Optional.of(No.waiting(Code.NOT_CLOSER_YET, until(anybody)));
        }
        return Optional.empty();
    }

    private static boolean isCloser(Engaged engaged) {
        return engaged.document().closers().stream()
                .anyMatch(party -> party.equals(engaged.payload().party()));
    }

    private static Json.Builder until(LedgerTime time) {
        return Json.object().with("until", time.text());
    }

    private Computed compute(Case all) {
        Document document = all.document();
        String period = all.period().text();
        TreeMap<String, List<FactPage.Fact>> facts = new TreeMap<>();
        List<KnownEvent> known = new ArrayList<>();
        for (String type : Booking.READ_ALONE) {
            List<FactPage.Fact> some = FactPage.all(all.agreement(), type, period, state::read);
            if (!some.isEmpty()) {
                facts.put(type, some);
            }
            for (FactPage.Fact fact : some) {
                known.add(new KnownEvent(fact.id(), EventReader.known(fact.event()), all.period(), Optional.empty()));
            }
        }
        List<Figures> booked = new ArrayList<>(List.of(Figures.of(document.terms(), known)));
        for (Map.Entry<String, DeclarationRecord> source : all.declared().entrySet()) {
            int pages = source.getValue().total().pages();
            booked.add(folded.all(all.agreement(), source.getKey(), all.period(), pages));
        }
        History before = all.head()
                .settled()
                .map(last -> rollUp(all).after(last).orElseThrow())
                .orElseGet(() -> History.open(document.terms(), document.opening()));
        return switch (Settlement.settle(document.terms(), before, Figures.sum(booked))) {
            case Outcome.Refused(var codes) -> new Lacking(codes);
            case Outcome.Settled(var statement, var after) -> new Whole(settled(all, statement, after, facts));
        };
    }

    private Settled settled(
            Case all, Statement statement, History after, SortedMap<String, List<FactPage.Fact>> facts) {
        List<Bytes> lines = statement.lines().stream()
                .map(Line::encode)
                .map(Json::canonical)
                .toList();
        TreeMap<String, Bytes> pages = new TreeMap<>(rollUp(all).pages(all.period(), after));
        linePages(all.agreement(), all.period().text(), lines, pages);
        return new Settled(
                statement,
                settlement(all, statement, facts, lines),
                pages,
                rollUp(all).records(all.period(), after));
    }

    private RollUp rollUp(Case all) {
        return new RollUp(all.agreement(), state::read);
    }

    /// Settles at once, or begins to if that is too much for one step.
    private Answer begin(Case all, Settled settled) {
        int parts = settled.parts().size();
        if (parts == 1) {
            settled.pages().forEach(state::writeBytes);
            return new Answer.Applied(finish(all, settled));
        }
        return begin(
                all,
                new CloseRecord(0, parts, new TreeSet<>(settled.pages().keySet()), edition.rules(), settled.hash()));
    }

    private Answer begin(Case all, CloseRecord record) {
        state.write(Keys.closing(all.agreement(), all.period().text()), CloseRecord.CODEC, record);
        state.write(
                Keys.agreement(all.agreement()), AgreementHead.CODEC, all.head().closing(all.period(), moment.time()));
        return Answer.applied(named("closing", all.period()));
    }

    private static Json.Builder named(String kind, Period period) {
        return Json.object().with("kind", kind).with("period", period.text());
    }

    /// Writes the settlement itself, the open items and the head; the pages are written.
    private List<Json.Obj> finish(Case all, Settled settled) {
        String agreement = all.agreement();
        String period = all.period().text();
        Statement statement = settled.statement();
        settled.records().forEach(state::write);
        state.write(Keys.settlement(agreement, period), settled.settlement());
        state.write(Keys.openItems(agreement, period), OpenItem.CODEC, items(all, statement));
        Stage before = all.head().stage();
        Stage stage = isOver(all, statement) ? Stage.CLOSED : before;
        state.write(
                Keys.agreement(agreement), AgreementHead.CODEC, all.head().settled(all.period(), stage, moment.time()));
        Json.Obj effect = named("settlement", all.period())
                .with("count", statement.lines().size())
                .with("hash", settled.hash().hex())
                .with("postings", settled.settlement().text("postings"))
                .build();
        return stage == before
                ? List.of(effect)
                : List.of(
                        effect,
                        Json.object()
                                .with("kind", "state")
                                .with("state", stage.text())
                                .build());
    }

    /// What the hub and each party owe each other for the period.
    private SortedMap<String, OpenItem> items(Case all, Statement statement) {
        LocalDate due = moment.day().plusDays(all.document().netDays());
        String hub = all.document().terms().hub();
        TreeMap<String, OpenItem> items = new TreeMap<>();
        statement.payments().forEach((party, amount) -> items.put(party, new OpenItem(amount, BigInteger.ZERO, due)));
        for (AgreedLine line : adjustments.waiting(all.agreement(), all.period())) {
            boolean toParty = line.payer().equals(hub);
            String party = toParty ? line.payee() : line.payer();
            OpenItem item = items.getOrDefault(party, new OpenItem(BigInteger.ZERO, BigInteger.ZERO, due));
            items.put(party, item.plus(toParty ? line.amount() : line.amount().negate()));
        }
        return items;
    }

    private Json.Obj settlement(
            Case all, Statement statement, SortedMap<String, List<FactPage.Fact>> facts, List<Bytes> lines) {
        List<Json> consumed = new ArrayList<>();
        all.declared()
                .forEach((source, declaration) -> consumed.add(Json.object()
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
                all.head().settled().flatMap(last -> state.read(Keys.settlement(all.agreement(), last.text())));
        Json.Obj stated = statement.encode();
        Document document = all.document();
        return Json.object()
                .with(
                        "agreed",
                        Json.array(adjustments.waiting(all.agreement(), all.period()).stream()
                                .map(AgreedLine::encode)
                                .toList()))
                .with("agreement", all.agreement())
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
                .with("rules", String.valueOf(edition.rules()))
                .with("settlement", "1")
                .with("terms", document.terms().hash().hex())
                .with("version", document.version().hex())
                .build();
    }

    private static Json factRoot(List<FactPage.Fact> facts) {
        List<Bytes> leaves = facts.stream()
                .sorted(FactPage.Fact.ORDER)
                .map(fact -> fact.encode().canonical())
                .toList();
        return Json.object()
                .with("count", leaves.size())
                .with("root", Merkle.root(leaves).hex())
                .build();
    }

    /// The lines in pages as large as fit.
    private static void linePages(String agreement, String period, List<Bytes> lines, SortedMap<String, Bytes> pages) {
        List<Bytes> page = new ArrayList<>();
        int size = 0;
        int number = 0;
        for (Bytes line : lines) {
            int more = line.size() + 1;
            if (size + more > MAX_PAGE) {
                pages.put(Keys.lines(agreement, period, ++number), page(page));
                page = new ArrayList<>();
                size = 0;
            }
            page.add(line);
            size += more;
        }
        if (!page.isEmpty()) {
            pages.put(Keys.lines(agreement, period, ++number), page(page));
        }
    }

    private static Bytes page(List<Bytes> lines) {
        return Bytes.ofUtf8(lines.stream()
                .map(line -> line.utf8().orElseThrow())
                .collect(Collectors.joining(",", "{\"lines\":[", "]}")));
    }

    /// Whether the run-off ends with this settlement: its periods are over, nobody owes anything for later, and
    /// nothing is booked in a later period.
    private boolean isOver(Case all, Statement statement) {
        Document document = all.newest();
        Optional<LocalDate> last = new Life(all.head(), document, moment.day()).lastDay();
        if (last.isEmpty()) {
            return false;
        }
        Period end = document.terms().frequency().periodOf(last.get());
        Period runOff = end.plus(document.term().runOffPeriods());
        if (all.period().compareTo(runOff) < 0) {
            return false;
        }
        boolean longest = all.period().compareTo(runOff.plus(LONGEST_RUN_OFF)) >= 0;
        return (longest || statement.balances().isEmpty()) && !isBookedLater(all);
    }

    private static boolean isLater(SourceHead head, Period period) {
        return head.booked().filter(booked -> booked.compareTo(period) > 0).isPresent();
    }

    private boolean isBookedLater(Case all) {
        return !adjustments.waiting(all.agreement(), all.period().next()).isEmpty()
                || Stream.concat(
                                all.newest().sources().stream().map(Document.Source::id),
                                all.newest().arbiter().map(_ -> Document.ARBITER).stream())
                        .flatMap(source -> state.read(Keys.source(all.agreement(), source), SourceHead.CODEC).stream())
                        .anyMatch(head -> isLater(head, all.period()));
    }
}
