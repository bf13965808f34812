package org.tallystick.acceptance;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// An agreement of a platform, a shop and a maker in which each sale of the shop waits for the shop's own second pair
/// of eyes, which is no side, and refunds come from a source of the maker's.
///
/// Its months are the last three before ledger time: the grace of the first is over and that of the last is not.
final class SharedSales {

    static final String ID = "north/platform/shared";
    static final String PLATFORM = "north/platform";
    static final String SHOP = "east/shop";
    static final String BOOKS = "east/books";
    static final String MAKER = "west/maker";
    static final List<String> SIDES = List.of(PLATFORM, SHOP, MAKER);

    private static final String TERMS = """
            {"terms":"1","id":"shared","title":"Shared sales","hub":"platform","currency":"EUR",
             "calendar":{"frequency":"month"},
             "parties":[{"id":"platform"},{"id":"shop"},{"id":"maker"}],
             "measures":{"sales":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
             "clauses":[{"id":"s","type":"split","holder":"platform","of":"sales",
               "shares":{"platform":"1/3","shop":"1/3","maker":"1/3"}}],
             "settlement":{"negative":"carry"}}
            """;

    private final YearMonth opening;
    private final TreeMap<String, Event> events = new TreeMap<>();
    private final List<KnownEvent> booked = new ArrayList<>();
    private Optional<History> history = Optional.empty();

    SharedSales(LedgerTime now) {
        this.opening = YearMonth.from(now.day()).minusMonths(3);
    }

    /// The month that comes so many after the first.
    String month(int after) {
        return opening.plusMonths(after).toString();
    }

    Json.Obj document() {
        String first = month(0);
        return object("""
            {"agreement":"1","days":{"claim":150,"grace":31},"governance":{"kind":"unanimous"},
             "home":{"kind":"public"},"id":"%s","number":1,"opening":"%s",
             "parties":{"maker":"west/maker","platform":"north/platform","shop":"east/shop"},
             "roles":{"attesters":{"sale":["east/books"]},"closers":["platform"],
               "sources":[{"first":"%s","id":"returns","owner":"maker","types":["refund"]},
                          {"first":"%s","id":"shop","owner":"shop","types":["refund","sale"]}]},
             "starts":"%s","term":{"from":"%s-01"},"terms":%s}
            """.formatted(ID, first, first, first, first, first, TERMS));
    }

    private static Json.Obj object(String text) {
        if (JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalArgumentException("not a JSON object: " + text);
    }

    Json.Obj sale(int month, int day, long amount) {
        return object("{\"amount\":%d,\"currency\":\"EUR\",\"date\":\"%s-%02d\",\"type\":\"sale\"}"
                .formatted(amount, month(month), day));
    }

    Json.Obj refund(int month, int day, long amount, String of) {
        return object("{\"amount\":%d,\"date\":\"%s-%02d\",\"refOf\":\"%s\",\"type\":\"refund\"}"
                .formatted(amount, month(month), day, of));
    }

    /// Says by hand where the ledger must have booked an event.
    void books(String id, Json.Obj event, int month) {
        if (!(EventReader.read(event) instanceof EventReading.Formed(var read))) {
            throw new IllegalArgumentException("not an event: " + event);
        }
        events.put(id, read);
        Period period = Period.ofText(month(month));
        booked.add(new KnownEvent(id, read, period, read.refOf().map(events::get)));
    }

    /// What the engine makes of what was booked in a month; the months are asked for in their order.
    Json.Obj settled(int month) {
        if (!(TermsReader.read(object(TERMS)) instanceof TermsReading.Accepted(var terms))) {
            throw new IllegalStateException("the terms do not pass their checks");
        }
        Period period = Period.ofText(month(month));
        List<KnownEvent> inputs =
                booked.stream().filter(event -> event.booked().equals(period)).toList();
        History before = history.orElseGet(() -> History.open(terms, period));
        if (!(Settlement.settle(terms, before, inputs) instanceof Outcome.Settled(var statement, var after))) {
            throw new IllegalStateException("the engine lacks something for " + period.text());
        }
        history = Optional.of(after);
        return statement.encode();
    }
}
