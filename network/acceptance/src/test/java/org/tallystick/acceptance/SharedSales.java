package org.tallystick.acceptance;

import static org.tallystick.acceptance.BookedByHand.object;

import java.time.YearMonth;
import java.util.List;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;

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

    final BookedByHand books;

    SharedSales(LedgerTime now) {
        this.books = new BookedByHand(TERMS, YearMonth.from(now.day()).minusMonths(3));
    }

    Json.Obj document() {
        String first = books.month(0);
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

    Json.Obj sale(int month, int day, long amount) {
        return object("{\"amount\":%d,\"currency\":\"EUR\",\"date\":\"%s-%02d\",\"type\":\"sale\"}"
                .formatted(amount, books.month(month), day));
    }

    Json.Obj refund(int month, int day, long amount, String of) {
        return object("{\"amount\":%d,\"date\":\"%s-%02d\",\"refOf\":\"%s\",\"type\":\"refund\"}"
                .formatted(amount, books.month(month), day, of));
    }
}
