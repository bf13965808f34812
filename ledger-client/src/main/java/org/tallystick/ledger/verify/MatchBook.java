package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.terms.Terms;

/// What two sources said of the same sales, event by event as they came: `docs/spec/ledger-1.md` section 6.
final class MatchBook {

    private static final Comparator<Sale> BY_NAME =
            Comparator.comparing(Sale::notices).thenComparing(Sale::type).thenComparing(Sale::reference);

    private final Findings findings;
    private final TreeMap<Sale, List<Said>> waiting = new TreeMap<>(BY_NAME);

    MatchBook(Findings findings) {
        this.findings = findings;
    }

    /// What both sides mean by a reference.
    ///
    /// @param notices the source of the notices
    private record Sale(String notices, String type, String reference) {}

    private record Said(EventId id, Json.Obj says) {
        String text() {
            return id.text() + " says " + says.canonical().utf8().orElseThrow();
        }
    }

    /// Pairs an event with the first of the other side that says the same, or keeps it until one does.
    ///
    /// @return the event it is paired with
    Optional<EventId> add(Terms terms, Document.Matching matching, EventId id, Event event, Place place) {
        Optional<String> reference = event.textAttribute(matching.by());
        if (reference.isEmpty()) {
            findings.fail(
                    Check.CUTOFF_BOOKING,
                    place.at("/attrs"),
                    "the sale is not named by the attribute " + matching.by() + ", so it cannot be matched");
            return Optional.empty();
        }
        Sale sale = new Sale(matching.notices(), event.type(), reference.get());
        List<Said> there = waiting.computeIfAbsent(sale, _ -> new ArrayList<>());
        Said own = new Said(id, says(terms, matching, event));
        Optional<Said> other = there.stream()
                .filter(said ->
                        !said.id().source().equals(id.source()) && said.says().equals(own.says()))
                .findFirst();
        if (other.isEmpty()) {
            there.add(own);
            return Optional.empty();
        }
        there.remove(other.get());
        if (there.isEmpty()) {
            waiting.remove(sale);
        }
        return other.map(Said::id);
    }

    /// The compared members, each spelled in one way.
    private static Json.Obj says(Terms terms, Document.Matching matching, Event event) {
        Json.Builder says = Json.object();
        for (Document.Compared compared : matching.compared()) {
            Optional<String> value = switch (compared) {
                case AMOUNT -> event.amount().map(String::valueOf);
                case CURRENCY -> event.amount().map(_ -> event.currency().orElse(terms.currency()));
                case DATE -> Optional.of(event.date().toString());
                case QUANTITY -> event.quantity().map(String::valueOf);
            };
            says = says.withText(compared.text(), value);
        }
        return says.build();
    }

    /// After the last transaction: where the two differ, and what only one has.
    void end(Place place) {
        waiting.forEach((sale, said) -> {
            boolean both =
                    said.stream().map(one -> one.id().source()).distinct().count() > 1;
            findings.attention(
                    Check.ATTENTION_MATCHED,
                    place,
                    sale.type() + " \"" + sale.reference() + "\": " + (both ? "the two differ" : "only one side has it")
                            + ": " + said.stream().map(Said::text).collect(Collectors.joining(", ")));
        });
    }
}
