package org.tallystick.acceptance;

import static org.tallystick.acceptance.BookedByHand.object;

import java.time.YearMonth;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;

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

    final BookedByHand books;

    NoticedSales(LedgerTime now) {
        this.books = new BookedByHand(TERMS, YearMonth.from(now.day()).minusMonths(2));
    }

    Json.Obj document() {
        String first = books.month(0);
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

    Json.Obj sale(String invoice, int month, long amount) {
        return object(
                "{\"amount\":%d,\"attrs\":{\"invoice\":\"%s\"},\"currency\":\"EUR\",\"date\":\"%s-10\",\"type\":\"sale\"}"
                        .formatted(amount, invoice, books.month(month)));
    }

    /// A sale that nobody can find on the other side.
    Json.Obj nameless() {
        return object(
                "{\"amount\":1,\"currency\":\"EUR\",\"date\":\"%s-10\",\"type\":\"sale\"}".formatted(books.month(0)));
    }
}
