package org.tallystick.acceptance;

import static org.tallystick.acceptance.BookedByHand.object;

import java.time.YearMonth;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;

/// An agreement of a platform, a shop and a maker, under whatever rule of governance and terms a scenario gives it.
///
/// It opens in the month of ledger time.
final class Venture {

    static final String PLATFORM = "north/platform";
    static final String SHOP = "east/shop";
    static final String MAKER = "west/maker";

    static final String UNANIMOUS = "{\"kind\":\"unanimous\"}";

    /// Equal parts of all sales.
    static final String SHARES = """
            {"terms":"1","id":"venture","title":"Venture","hub":"platform","currency":"EUR",
             "calendar":{"frequency":"month"},
             "parties":[{"id":"platform"},{"id":"shop"},{"id":"maker"}],
             "measures":{"sales":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
             "clauses":[{"id":"s","type":"split","holder":"platform","of":"sales",
               "shares":{"platform":"1/3","shop":"1/3","maker":"1/3"}}],
             "settlement":{"negative":"carry"}}
            """;

    /// Equal parts up to a month, and from then on half of all for the shop.
    static String ended(String month) {
        return SHARES.replace(
                "\"maker\":\"1/3\"}}",
                "\"maker\":\"1/3\"},\"when\":{\"to\":\"%s-01\"}},\n".formatted(month)
                        + "{\"id\":\"t\",\"type\":\"split\",\"holder\":\"platform\",\"of\":\"sales\","
                        + "\"shares\":{\"platform\":\"1/4\",\"shop\":\"1/2\",\"maker\":\"1/4\"},"
                        + "\"when\":{\"from\":\"%s-01\"}}".formatted(month));
    }

    /// What the shop and the maker put in comes back to them first.
    static final String WATERFALL = """
            {"terms":"1","id":"venture","title":"Venture","hub":"platform","currency":"EUR",
             "calendar":{"frequency":"month"},
             "parties":[{"id":"platform"},{"id":"shop"},{"id":"maker"}],
             "measures":{"sales":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
             "clauses":[{"id":"w","type":"waterfall","holder":"platform","of":"sales","investors":["shop","maker"],
               "preferredRate":"0","dayCount":"actual/365","compounding":"none",
               "tiers":[{"id":"back","kind":"return-of-capital"},
                        {"id":"rest","kind":"split","shares":{"platform":"1/2","shop":"1/4","maker":"1/4"}}]}],
             "settlement":{"negative":"carry"}}
            """;

    /// The shop's fee, of which a tenth is kept for a month.
    static final String RESERVE = """
            {"terms":"1","id":"venture","title":"Venture","hub":"platform","currency":"EUR",
             "calendar":{"frequency":"month"},
             "parties":[{"id":"platform"},{"id":"shop"},{"id":"maker"}],
             "measures":{"sales":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
             "clauses":[{"id":"f","type":"fee","from":"platform","to":"shop","of":"sales","rate":"1/2"},
                        {"id":"m","type":"fee","from":"platform","to":"maker","of":"sales","rate":"1/4"},
                        {"id":"k","type":"reserve","party":"shop","clauses":["f"],"rate":"1/10","releaseAfter":1}],
             "settlement":{"negative":"invoice"}}
            """;

    private final String label;
    private final YearMonth opening;

    Venture(String label, LedgerTime now) {
        this.label = label;
        this.opening = YearMonth.from(now.day());
    }

    String id() {
        return PLATFORM + "/" + label;
    }

    /// The month that comes so many after the first.
    String month(int after) {
        return opening.plusMonths(after).toString();
    }

    Json.Obj document(String governance, String terms) {
        String first = month(0);
        return object("""
            {"agreement":"1","governance":%s,"home":{"kind":"public"},"id":"%s","number":1,"opening":"%s",
             "parties":{"maker":"west/maker","platform":"north/platform","shop":"east/shop"},
             "roles":{"attesters":{"capital":[]},"closers":["platform"],
               "sources":[{"first":"%s","id":"books","owner":"platform","types":["capital","refund","sale"]}]},
             "starts":"%s","term":{"cureDays":5,"from":"%s-01","leaveDays":30,"runOffPeriods":1},"terms":%s}
            """.formatted(governance, id(), first, first, first, first, terms));
    }

    Json.Obj sale(int month, int day, long amount) {
        return object("{\"amount\":%d,\"currency\":\"EUR\",\"date\":\"%s-%02d\",\"type\":\"sale\"}"
                .formatted(amount, month(month), day));
    }

    Json.Obj refund(int month, int day, long amount, String of) {
        return object("{\"amount\":%d,\"date\":\"%s-%02d\",\"refOf\":\"%s\",\"type\":\"refund\"}"
                .formatted(amount, month(month), day, of));
    }

    Json.Obj capital(int month, int day, long amount, String party) {
        return object("{\"amount\":%d,\"attrs\":{\"party\":\"%s\"},\"date\":\"%s-%02d\",\"type\":\"capital\"}"
                .formatted(amount, party, month(month), day));
    }

    /// A document with another member.
    static Json.Obj with(Json.Obj document, String member, String value) {
        TreeMap<String, Json> members = new TreeMap<>(document.members());
        members.put(member, object(value));
        return new Json.Obj(members);
    }

    /// As people name a version.
    static String name(Json.Obj document) {
        return Hash.of(document.canonical()).hex().substring(0, 12);
    }
}
