package org.tallystick.acceptance;

import static org.tallystick.acceptance.BookedByHand.object;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;

/// An agreement of a marketplace, two sellers and an affiliate, and what happens in its first year.
///
/// The marketplace keeps the money and passes on the sellers' shares, of which it holds a tenth back for two months.
/// It pays for what the affiliate brought, less a tax for the treasury, which signs nothing. The year is the first
/// that begins after ledger time.
final class Marketplace {

    static final String ID = "north/market/year";
    static final String MARKET = "north/market";
    static final String ATELIER = "east/atelier";
    static final String BAKERY = "west/bakery";
    static final String AFFILIATE = "east/affiliate";
    static final List<String> SIDES = List.of(MARKET, ATELIER, BAKERY, AFFILIATE);
    static final List<String> SELLERS = List.of("atelier", "bakery");
    static final int MONTHS = 12;

    /// A source may be sealed so many days after the end of a month.
    static final int GRACE = 10;

    private static final String TERMS = """
            {"terms":"1","id":"market","title":"Marketplace","hub":"market","currency":"EUR",
             "calendar":{"frequency":"month"},
             "parties":[{"id":"market"},{"id":"atelier"},{"id":"bakery"},{"id":"affiliate"},{"id":"treasury"}],
             "measures":{
               "atelier-sales":{"plus":[{"type":"sale","attrs":{"seller":"atelier"}}],
                                "minus":[{"type":"refund","attrs":{"seller":"atelier"}}]},
               "bakery-sales":{"plus":[{"type":"sale","attrs":{"seller":"bakery"}}],
                               "minus":[{"type":"refund","attrs":{"seller":"bakery"}}]},
               "brought":{"plus":[{"type":"sale","attrs":{"brought":true}}],
                          "minus":[{"type":"refund","attrs":{"brought":true}}]}},
             "clauses":[
               {"id":"atelier-share","type":"split","holder":"market","of":"atelier-sales",
                "shares":{"market":"0.12","atelier":"0.88"}},
               {"id":"bakery-share","type":"split","holder":"market","of":"bakery-sales",
                "shares":{"market":"0.16","bakery":"0.84"}},
               {"id":"referral","type":"fee","from":"market","to":"affiliate","of":"brought","rate":"1/30"},
               {"id":"atelier-reserve","type":"reserve","party":"atelier","clauses":["atelier-share"],
                "rate":"0.1","releaseAfter":2},
               {"id":"bakery-reserve","type":"reserve","party":"bakery","clauses":["bakery-share"],
                "rate":"0.1","releaseAfter":2},
               {"id":"tax","type":"withholding","party":"affiliate","authority":"treasury","clauses":["referral"],
                "rate":"0.15"}],
             "settlement":{"negative":"carry","minimumPayout":{"affiliate":3000}}}
            """;

    /// The month in which it is reported, the one in which it must be booked, the source, the day, the amount, and
    /// for a sale whether the affiliate brought it, for a refund the number of its sale.
    ///
    /// What is booked after the month in which it is reported is reported once its source has declared that month.
    /// The bakery has nothing in its second month, is silent in March, and is reminded in May of a sale in April.
    private static final String YEAR = """
             1  1  atelier  01-09   120053  brought
             1  1  atelier  01-23    80001  own
             1  1  bakery   01-15    45517  own
             2  2  atelier  02-11    64990  own
             2  3  atelier  02-26    31249  brought
             3  3  atelier  03-17   150007  brought
             4  4  bakery   03-21    22333  brought
             4  4  bakery   04-08    10003  own
             4  4  atelier  04-30    99999  own
             5  5  atelier  05-05    70707  own
             5  5  bakery   04-20    61803  brought
             6  6  atelier  06-03    12345  own
             6  6  atelier  06-19   150007  refund of 5
             7  7  atelier  07-07   141421  brought
             7  7  bakery   07-14    45500  refund of 1
             9  9  atelier  09-01   200100  own
             9  9  bakery   09-02    17320  brought
            10 10  bakery   10-10    50505  own
            11 11  atelier  11-11    88811  brought
            11 11  bakery   11-12    31416  own
            12 12  atelier  12-24   271828  brought
            12 12  bakery   12-31    57721  own
            """;

    private final LocalDate today;
    private final int year;
    private final List<Happening> happenings = new ArrayList<>();

    Marketplace(LedgerTime now) {
        this.today = now.day();
        this.year = today.getYear() + 1;
        TreeMap<String, Integer> numbers = new TreeMap<>();
        YEAR.lines().forEach(line -> {
            String[] words = line.strip().split(" +", 6);
            happenings.add(new Happening(
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[1]),
                    words[2],
                    numbers.merge(words[2], 1, Integer::sum),
                    words[3],
                    Long.parseLong(words[4]),
                    words[5]));
        });
    }

    /// A line of the table.
    ///
    /// @param number of it in its source
    /// @param date month and day
    record Happening(int reported, int booked, String source, int number, String date, long amount, String what) {

        int month() {
            return Integer.parseInt(date.substring(0, 2));
        }

        boolean isRefund() {
            return what.startsWith("refund of ");
        }

        String id() {
            return id(number);
        }

        /// The sale that is refunded.
        Optional<String> origin() {
            return isRefund()
                    ? Optional.of(id(Integer.parseInt(what.substring("refund of ".length()))))
                    : Optional.empty();
        }

        private String id(int number) {
            return new EventId(new SourceId(source), number).text();
        }
    }

    List<Happening> happenings() {
        return List.copyOf(happenings);
    }

    /// The day on which the parties agree.
    LocalDate today() {
        return today;
    }

    /// The id of a month, from 1 to 12.
    String month(int number) {
        return "%d-%02d".formatted(year, number);
    }

    /// A day of the month after.
    LocalDate after(int month, int day) {
        return YearMonth.parse(month(month)).plusMonths(1).atDay(day);
    }

    Json.Obj document() {
        String first = month(1);
        return object("""
            {"agreement":"1","days":{"grace":%d},"governance":{"kind":"unanimous"},"home":{"kind":"public"},
             "id":"%s","number":1,"opening":"%s",
             "parties":{"affiliate":"east/affiliate","atelier":"east/atelier","bakery":"west/bakery",
                        "market":"north/market"},
             "roles":{"closers":["market"],
               "sources":[{"first":"%s","id":"atelier","owner":"atelier","types":["refund","sale"]},
                          {"first":"%s","id":"bakery","owner":"bakery","types":["refund","sale"]}]},
             "starts":"%s","term":{"from":"%s-01"},"terms":%s}
            """.formatted(GRACE, ID, first, first, first, first, first, TERMS));
    }

    Json.Obj event(Happening one) {
        return object(one.origin()
                .map(origin -> "{\"amount\":%d,\"date\":\"%d-%s\",\"refOf\":\"%s\",\"type\":\"refund\"}"
                        .formatted(one.amount(), year, one.date(), origin))
                .orElseGet(() ->
                        """
                                {"amount":%d,"attrs":{"brought":%b,"seller":"%s"},"currency":"EUR","date":"%d-%s",
                                 "type":"sale"}
                                """.formatted(one.amount(), one.what().equals("brought"), one.source(), year, one.date())));
    }
}
