package org.tallystick.ledger.statement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Gathered;
import org.tallystick.agreement.settlement.Gathering;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.PeriodEvents;
import org.tallystick.ledger.client.StatementView;
import org.tallystick.ledger.client.StoryEntry;

/// Makes statements: gathers the events of a period as a close does, settles them again with the ledger's own engine,
/// holds the result against the settlement, and works out every posting.
///
/// What it cannot confirm it does not show.
public final class Statements {

    private final Courier courier;
    private final Agreements agreements;
    private final AgreementView view;
    private final AgreementId id;
    private final int most;

    /// @param most so many events are named for each posting; all are counted
    public Statements(Courier courier, AgreementView view, int most) {
        this.courier = courier;
        this.agreements = new Agreements(courier);
        this.view = view;
        this.id = view.id();
        this.most = most;
    }

    /// The statement of a period that the ledger settled; nothing if it is not settled.
    ///
    /// @param of parties of the terms; none for all of them
    /// @throws NotExplained if what is computed here is not what the ledger has
    public Optional<Statement> settled(Period period, Collection<String> of) throws LedgerException, NotExplained {
        Optional<StatementView> found = agreements.statement(id, period);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        StatementView settled = found.get();
        Document document = agreements
                .version(id, new Hash(settled.settlement().text("version")))
                .document();
        History before = before(document, period);
        Gathering gathering = new Gathering(document.terms(), before, most);
        PeriodEvents _ = PeriodEvents.read(courier, id, document, period, gathering::add);
        Gathered gathered = gathering.end();
        return switch (gathered.settle()) {
            case Outcome.Refused(var codes) ->
                throw differs(period, "computed here, it lacks " + String.join(", ", codes));
            case Outcome.Settled(var statement, var after) -> {
                hold(statement, settled);
                Views views = new Views(view, document, courier.net().trial(), statement, before, after);
                yield Optional.of(views.statement(
                        standing(document, settled),
                        of,
                        gathered.workings(statement),
                        settled.openItems(),
                        agreed(settled.agreed())));
            }
        };
    }

    private History before(Document document, Period period) throws LedgerException {
        return period.equals(document.opening())
                ? History.open(document.terms(), document.opening())
                : agreements.after(id, period.previous());
    }

    private NotExplained differs(Period period, String how) {
        return new NotExplained(
                "the settlement of " + period.text() + " of " + id + " is not what its events come to: " + how);
    }

    /// Lines, payments and balances must be those of the ledger, each and all.
    private void hold(org.tallystick.agreement.settlement.Statement computed, StatementView settled)
            throws NotExplained {
        Json.Obj encoded = computed.encode();
        List<Json> lines = computed.lines().stream().<Json>map(Line::encode).toList();
        if (!Json.array(lines).equals(Json.array(settled.lines()))) {
            throw differs(computed.period(), "the postings differ");
        }
        for (String member : List.of("payments", "balances")) {
            if (!encoded.get(member).equals(settled.settlement().get(member))) {
                throw differs(computed.period(), "the " + member + " differ");
            }
        }
    }

    private Statement.Settled standing(Document document, StatementView settled) throws LedgerException {
        Json.Obj settlement = settled.settlement();
        Period period = Period.ofText(settlement.text("period"));
        return new Statement.Settled(
                settlement.whole("number"),
                settled.hash(),
                new Hash(settlement.text("previous")),
                new Hash(settlement.text("version")),
                new Hash(settlement.text("terms")),
                settlement.text("engine"),
                settled.openItems().values().stream()
                        .map(item -> item.due().minusDays(document.netDays()))
                        .findFirst(),
                settlement.items("consumed").stream()
                        .map(Json.Obj.class::cast)
                        .map(source -> new Statement.Consumed(
                                source.text("source"), source.whole("count"), source.bool("sealed")))
                        .toList(),
                courier.settledAt(id, period));
    }

    /// What a period would come to with what is on the ledger now, as it would be settled if all had declared.
    ///
    /// @throws Lacking if that cannot be computed yet
    public Statement provisional(Period period, Collection<String> of, LedgerTime at) throws LedgerException, Lacking {
        Period next = view.head().unsettled();
        if (period.compareTo(next) < 0) {
            throw new IllegalArgumentException(period.text() + " is settled");
        }
        History history = next.equals(document(next).opening())
                ? History.open(document(next).terms(), next)
                : agreements.after(id, next.previous());
        while (true) {
            Document document = document(history.next());
            History before = history;
            Gathering gathering = new Gathering(document.terms(), before, most);
            PeriodEvents events = PeriodEvents.read(courier, id, document, before.next(), gathering::add);
            Gathered gathered = gathering.end();
            switch (gathered.settle()) {
                case Outcome.Refused(var codes) -> throw new Lacking(before.next(), codes);
                case Outcome.Settled(var statement, var after) -> {
                    if (statement.period().equals(period)) {
                        Views views = new Views(view, document, courier.net().trial(), statement, before, after);
                        Statement.Provisional standing = new Statement.Provisional(
                                at, document.version(), document.terms().hash(), events.undeclared(), events.held());
                        return views.statement(
                                standing,
                                of,
                                gathered.workings(statement),
                                new TreeMap<>(),
                                agreed(agreements.agreed(id, period)));
                    }
                    history = after;
                }
            }
        }
    }

    /// With who signed each, where the story of the agreement is known.
    private List<Statement.Agreed> agreed(List<AgreedLine> lines) throws LedgerException {
        List<Statement.Agreed> agreed = new ArrayList<>();
        List<StoryEntry> story = lines.isEmpty() ? List.of() : courier.story(id);
        for (AgreedLine line : lines) {
            Optional<StoryEntry> told = story.stream()
                    .filter(entry -> entry.instruction()
                            .filter(signed -> signed.hash().equals(line.hash()))
                            .isPresent())
                    .findFirst();
            agreed.add(new Statement.Agreed(agreed.size() + 1L, line, told));
        }
        return agreed;
    }

    /// The version in effect for a period that is not settled.
    private Document document(Period period) throws LedgerException {
        return agreements.version(id, view.head().inEffect(period).hash()).document();
    }
}
