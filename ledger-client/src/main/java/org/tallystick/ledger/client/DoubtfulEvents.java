package org.tallystick.ledger.client;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.ledger.LedgerException;

/// The events of an agreement that the ledger took in and that are worth a look: more was taken back of a sale than it
/// was sold for, or a source used one reference twice.
///
/// Facts are not lost, so such events are accepted. Whoever reads the agreement finds them here, from the ledger's own
/// events: the reporter has no other list than the other side.
public final class DoubtfulEvents {

    private final String ofTerms;
    private final TreeMap<String, Returns> returns = new TreeMap<>();
    private final List<Doubt> repeated = new ArrayList<>();

    /// @param document the newest adopted version
    public DoubtfulEvents(Document document) {
        this.ofTerms = document.terms().currency();
    }

    /// Why somebody should look.
    public sealed interface Doubt {

        Json encode();

        /// More was taken back than was sold.
        ///
        /// @param sold and `taken` in minor units
        /// @param by the events that took back, of all sources
        record Exceeded(EventId event, String currency, BigInteger sold, BigInteger taken, List<EventId> by)
                implements Doubt {
            public Exceeded {
                by = List.copyOf(by);
            }

            @Override
            public Json encode() {
                return Json.object()
                        .with("by", texts(by))
                        .with("code", "refund_exceeds")
                        .with("currency", currency)
                        .with("event", event.text())
                        .with("sold", Amounts.encode(sold))
                        .with("taken", Amounts.encode(taken))
                        .build();
            }
        }

        /// Several events of a source have one reference.
        record Repeated(SourceId source, String reference, List<EventId> events) implements Doubt {
            public Repeated {
                events = List.copyOf(events);
            }

            @Override
            public Json encode() {
                return Json.object()
                        .with("code", "reference_twice")
                        .with("events", texts(events))
                        .with("reference", reference)
                        .with("source", source.text())
                        .build();
            }
        }

        private static Json texts(List<EventId> ids) {
            return Json.texts(ids.stream().map(EventId::text).toList());
        }
    }

    /// What was taken back of one event.
    private static final class Returns {
        final List<EventId> by = new ArrayList<>();
        BigInteger taken = BigInteger.ZERO;
        Optional<BigInteger> sold = Optional.empty();
        Optional<String> currency = Optional.empty();
    }

    /// Adds a source, whose index is brought to where the ledger is.
    public void add(StateReader state, Document document, SourceId source, References references)
            throws IOException, LedgerException {
        references.catchUp(new SourceHistory(state, document.id(), source));
        references.eachTaken(taken -> {
            Returns of = returns.computeIfAbsent(taken.origin(), _ -> new Returns());
            of.by.add(new EventId(source, taken.number()));
            of.taken = of.taken.add(taken.amount());
            of.sold = of.sold.or(taken::sold);
            of.currency = of.currency.or(taken::currency);
        });
        TreeMap<String, List<EventId>> byReference = new TreeMap<>();
        references.eachRepeated(one -> byReference
                .computeIfAbsent(one.reference(), _ -> new ArrayList<>())
                .add(new EventId(source, one.number())));
        byReference.forEach((reference, events) -> repeated.add(new Doubt.Repeated(source, reference, events)));
    }

    /// Of all sources that were added: sales by their ids, then references in the order of the sources.
    public List<Doubt> all() {
        List<Doubt> all = new ArrayList<>();
        for (Map.Entry<String, Returns> one : returns.entrySet()) {
            Returns of = one.getValue();
            Optional<EventId> event = EventId.parse(one.getKey());
            if (event.isPresent()
                    && of.sold.filter(sold -> of.taken.compareTo(sold) > 0).isPresent()) {
                all.add(new Doubt.Exceeded(event.get(), of.currency.orElse(ofTerms), of.sold.get(), of.taken, of.by));
            }
        }
        all.addAll(repeated);
        return List.copyOf(all);
    }
}
