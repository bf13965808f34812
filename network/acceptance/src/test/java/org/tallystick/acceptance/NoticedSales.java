package org.tallystick.acceptance;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// An agreement of a platform and a shop that both report the shop's sales: those of the platform count, once the shop
/// gives notice of the same.
///
/// Its months are the last two before ledger time.
final class NoticedSales {

    static final String ID = "north/platform/noticed";
    static final String PLATFORM = "north/platform";
    static final String SHOP = "east/shop";

    private static final String TERMS = """
            {"terms":"1","id":"noticed","title":"Noticed sales","hub":"platform","currency":"EUR",
             "calendar":{"frequency":"month"},"parties":[{"id":"platform"},{"id":"shop"}],
             "measures":{"sales":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
             "clauses":[{"id":"c","type":"fee","from":"platform","to":"shop","of":"sales","rate":"7/10"}],
             "settlement":{"negative":"carry"}}
            """;

    private final YearMonth opening;
    private final List<KnownEvent> booked = new ArrayList<>();
    private Optional<History> history = Optional.empty();

    NoticedSales(LedgerTime now) {
        this.opening = YearMonth.from(now.day()).minusMonths(2);
    }

    /// The month that comes so many after the first.
    String month(int after) {
        return opening.plusMonths(after).toString();
    }

    Json.Obj document() {
        String first = month(0);
        return object("""
            {"agreement":"1","governance":{"kind":"unanimous"},
             "home":{"kind":"public"},"id":"%s","number":1,"opening":"%s",
             "parties":{"platform":"north/platform","shop":"east/shop"},
             "roles":{"closers":["platform"],
               "matching":[{"by":"invoice","counts":"sales","notices":"notices","rule":"agree","types":["sale"]}],
               "sources":[{"first":"%s","id":"notices","owner":"shop","types":["sale"]},
                          {"first":"%s","id":"sales","owner":"platform","types":["refund","sale"]}]},
             "starts":"%s","term":{"from":"%s-01"},"terms":%s}
            """.formatted(ID, first, first, first, first, first, TERMS));
    }

    private static Json.Obj object(String text) {
        if (JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalArgumentException("not a JSON object: " + text);
    }

    Json.Obj sale(String invoice, int month, long amount) {
        return object(
                "{\"amount\":%d,\"attrs\":{\"invoice\":\"%s\"},\"currency\":\"EUR\",\"date\":\"%s-10\",\"type\":\"sale\"}"
                        .formatted(amount, invoice, month(month)));
    }

    /// A sale that nobody can find on the other side.
    Json.Obj nameless() {
        return object("{\"amount\":1,\"currency\":\"EUR\",\"date\":\"%s-10\",\"type\":\"sale\"}".formatted(month(0)));
    }

    /// Says by hand where the ledger must have booked a sale.
    void books(String id, Json.Obj event, int month) {
        booked.add(new KnownEvent(id, EventReader.known(event), Period.ofText(month(month)), Optional.empty()));
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
