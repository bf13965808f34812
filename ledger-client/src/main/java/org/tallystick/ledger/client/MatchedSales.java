package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Matching;
import org.tallystick.agreement.state.Match;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.ReportedEvents.Reported;

/// The sales of which an agreement takes two reports, as the ledger has matched them. Both sides read the same.
public final class MatchedSales {

    private final StateReader state;
    private final AgreementId agreement;
    private final Document document;

    public MatchedSales(StateReader state, AgreementId agreement, Document document) {
        this.state = state;
        this.agreement = agreement;
        this.document = document;
    }

    /// How the two reports of a sale stand to each other.
    public enum Standing {
        AGREED,
        DIFFERS,
        ONLY_COUNTED,
        ONLY_NOTICED;

        /// As programs read it.
        public String text() {
            return switch (this) {
                case AGREED -> "agreed";
                case DIFFERS -> "differs";
                case ONLY_COUNTED -> "only-counted";
                case ONLY_NOTICED -> "only-noticed";
            };
        }
    }

    /// One sale.
    ///
    /// @param counts what the source that counts says of it, `notice` what the other does
    /// @param differs the members that are not the same
    public record Sale(
            String type, String reference, Optional<Reported> counts, Optional<Reported> notice, List<String> differs) {

        public Sale {
            differs = List.copyOf(differs);
        }

        public Standing standing() {
            if (notice.isEmpty()) {
                return Standing.ONLY_COUNTED;
            }
            if (counts.isEmpty()) {
                return Standing.ONLY_NOTICED;
            }
            return differs.isEmpty() ? Standing.AGREED : Standing.DIFFERS;
        }

        boolean isIn(Period period) {
            return counts.filter(event -> period.contains(event.event().date())).isPresent()
                    || notice.filter(event -> period.contains(event.event().date()))
                            .isPresent();
        }
    }

    /// What both sides mean by a reference.
    private record Named(String type, String reference) {
        static final Comparator<Named> ORDER =
                Comparator.comparing(Named::reference).thenComparing(Named::type);
    }

    /// The sales of an element of `roles.matching`, by reference.
    ///
    /// @param period only those that one of the two dates there
    public List<Sale> of(Document.Matching agreed, Optional<Period> period) throws LedgerException {
        Matching matching = new Matching(document, agreed);
        TreeMap<Named, TreeMap<EventId, Reported>> named = new TreeMap<>(Named.ORDER);
        List<Document.Source> both = List.of(source(agreed.counts()), source(agreed.notices()));
        for (Reported event : new ReportedEvents(state, agreement)
                .of(both, event -> agreed.types().contains(event.type()))) {
            matching.reference(event.event())
                    .ifPresent(reference -> named.computeIfAbsent(
                                    new Named(event.event().type(), reference), _ -> new TreeMap<>())
                            .put(event.id(), event));
        }
        SortedMap<String, Json.Obj> kept = kept(named.keySet().stream()
                .map(sale -> matching.key(agreement.text(), sale.type(), sale.reference()))
                .toList());
        List<Sale> sales = new ArrayList<>();
        named.forEach((sale, events) -> Optional.ofNullable(
                        kept.get(matching.key(agreement.text(), sale.type(), sale.reference())))
                .map(Match::decode)
                .ifPresent(match -> sales.addAll(sales(agreed, sale, match, events))));
        return sales.stream()
                .filter(sale -> period.isEmpty() || sale.isIn(period.get()))
                .toList();
    }

    private Document.Source source(String id) {
        return document.source(id).orElseThrow();
    }

    private SortedMap<String, Json.Obj> kept(List<String> all) throws LedgerException {
        TreeMap<String, Json.Obj> kept = new TreeMap<>();
        for (int from = 0; from < all.size(); from += StateReader.MOST_KEYS) {
            kept.putAll(state.get(all.subList(from, Math.min(from + StateReader.MOST_KEYS, all.size()))));
        }
        return kept;
    }

    /// The pairs of a reference, then what waits: side by side in the order in which it came.
    private static List<Sale> sales(
            Document.Matching agreed, Named sale, Match match, SortedMap<EventId, Reported> events) {
        List<Sale> sales = new ArrayList<>();
        for (Match.Pair pair : match.pairs()) {
            add(sales, sale, find(events, pair.counts()), find(events, pair.notice()), List.of());
        }
        List<Match.Waiting> counts = waiting(match, agreed.counts());
        List<Match.Waiting> notices = waiting(match, agreed.notices());
        for (int k = 0; k < Math.max(counts.size(), notices.size()); k++) {
            Optional<Match.Waiting> one = k < counts.size() ? Optional.of(counts.get(k)) : Optional.empty();
            Optional<Match.Waiting> other = k < notices.size() ? Optional.of(notices.get(k)) : Optional.empty();
            List<String> differs =
                    one.isPresent() && other.isPresent() ? differs(agreed, one.get(), other.get()) : List.of();
            add(
                    sales,
                    sale,
                    one.flatMap(waits -> find(events, waits.id())),
                    other.flatMap(waits -> find(events, waits.id())),
                    differs);
        }
        return sales;
    }

    /// What came after the events were read is shown the next time.
    private static void add(
            List<Sale> sales, Named sale, Optional<Reported> counts, Optional<Reported> notice, List<String> differs) {
        if (counts.isPresent() || notice.isPresent()) {
            sales.add(new Sale(sale.type(), sale.reference(), counts, notice, differs));
        }
    }

    private static Optional<Reported> find(SortedMap<EventId, Reported> events, EventId id) {
        return Optional.ofNullable(events.get(id));
    }

    private static List<Match.Waiting> waiting(Match match, String source) {
        return match.waiting().stream()
                .filter(waits -> waits.id().source().text().equals(source))
                .toList();
    }

    private static List<String> differs(Document.Matching agreed, Match.Waiting one, Match.Waiting other) {
        return agreed.compared().stream()
                .map(Document.Compared::text)
                .filter(member -> !one.says().find(member).equals(other.says().find(member)))
                .toList();
    }
}
