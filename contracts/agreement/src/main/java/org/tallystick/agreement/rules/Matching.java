package org.tallystick.agreement.rules;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Match;
import org.tallystick.agreement.terms.Spelling;
import org.tallystick.agreement.terms.Terms;

/// Two reports of one sale, found by its reference and compared: `docs/spec/ledger-1.md` section 6.
///
/// The chaincode asks this when it takes a report in, and a client that shows both sides.
public final class Matching {

    private final Document.Matching agreed;
    private final Terms terms;

    public Matching(Document document, Document.Matching agreed) {
        this.agreed = agreed;
        this.terms = document.terms();
    }

    /// What came of an event that was looked for on the other side.
    sealed interface Outcome {
        /// Nobody says the same so far.
        record Alone() implements Outcome {}

        record Paired(EventId with) implements Outcome {}

        /// Its own side has said all that it may of this reference.
        record Full() implements Outcome {}
    }

    /// The reference in which both sides name the sale; nothing if the event gives none.
    public Optional<String> reference(Event event) {
        return reference(agreed, event);
    }

    static Optional<String> reference(Document.Matching agreed, Event event) {
        return event.textAttribute(agreed.by()).filter(Spelling::isText);
    }

    /// Where it stands what was said of an event's sale.
    public String key(String agreement, String type, String reference) {
        Json named = Json.texts(List.of(type, reference));
        return Keys.match(agreement, agreed.notices(), Hash.of(named.canonical()));
    }

    /// The compared members that an event has, by value: two events say the same if these are equal.
    public Json.Obj says(Event event) {
        Json.Builder says = Json.object();
        for (Document.Compared compared : agreed.compared()) {
            says = says.with(compared.text(), value(compared, event));
        }
        return says.build();
    }

    private Optional<Json> value(Document.Compared compared, Event event) {
        return switch (compared) {
            case AMOUNT -> event.amount().map(Amounts::encode);
            case CURRENCY -> event.amount().map(_ -> Json.text(event.currency().orElse(terms.currency())));
            case DATE -> Optional.of(Json.text(event.date().toString()));
            case QUANTITY -> event.quantity().map(Matching::spell);
        };
    }

    private static Json spell(Rational quantity) {
        return quantity.isWhole() ? Amounts.encode(quantity.numerator()) : Json.text(quantity.toString());
    }

    /// Pairs an event with the first of the other side that says the same, or has it wait for one.
    Outcome add(Overlay state, String agreement, EventId id, Event event) {
        String key = key(agreement, event.type(), reference(event).orElseThrow());
        Match before = state.read(key, Match.CODEC).orElse(Match.NONE);
        if (before.isFull(id.source())) {
            return new Outcome.Full();
        }
        Match.Waiting own = new Match.Waiting(id, says(event));
        Optional<EventId> other = before.other(own);
        if (other.isEmpty()) {
            state.write(key, Match.CODEC, before.with(own));
            return new Outcome.Alone();
        }
        boolean counts = id.source().text().equals(agreed.counts());
        Match.Pair pair = counts ? new Match.Pair(id, other.get()) : new Match.Pair(other.get(), id);
        state.write(key, Match.CODEC, before.with(pair));
        return new Outcome.Paired(other.get());
    }
}
