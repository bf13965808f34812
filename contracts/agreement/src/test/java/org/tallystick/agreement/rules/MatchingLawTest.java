package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.agreement.rules.MatchedStory.NOTICES;
import static org.tallystick.agreement.rules.MatchedStory.SALES;
import static org.tallystick.agreement.rules.MatchedStory.SHOP;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// Whatever comes first, whatever is attested or contradicted in between, and however it is cut into reports, the same
/// is matched, and the same is settled.
@Tag("slow")
final class MatchingLawTest {

    private static final int MONTHS = 3;
    private static final List<Long> AMOUNTS = List.of(1L, 100L, 999L, (1L << 53) - 1);

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    private static void applied(Json.Obj answer) {
        assertThat(MemoryLedger.told(answer)).isEqualTo("applied");
    }

    /// What both sides have of one sale.
    ///
    /// @param attested whether the shop attests the event by hand, too
    /// @param contradicted whether it contradicts it as well, until it attests it or gives a right notice
    private record Sale(
            String invoice, Optional<Long> counts, Optional<Long> notice, boolean attested, boolean contradicted) {

        boolean isAgreed() {
            return counts.isPresent() && (counts.equals(notice) || attested);
        }
    }

    private static List<Sale> sales(Random random) {
        List<Sale> sales = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        for (int n = 1; n <= count; n++) {
            long amount = 1L + random.nextInt(1_000);
            Optional<Long> counts = random.nextInt(8) == 0 ? Optional.empty() : Optional.of(amount);
            Optional<Long> notice = random.nextInt(5) == 0
                    ? Optional.empty()
                    : Optional.of(random.nextInt(4) == 0 ? amount + 1 : amount);
            boolean attested = counts.isPresent() && random.nextInt(4) == 0;
            sales.add(new Sale("R-" + n, counts, notice, attested, counts.isPresent() && random.nextInt(4) == 0));
        }
        return sales;
    }

    /// One line of a report that is still to come.
    private record Line(String source, String invoice, long amount) {}

    /// Reports all of it in an order of its own; between the reports the shop says what it has to say by hand.
    private static MatchedStory played(MatchedStory at, List<Sale> sales, Random random) {
        List<Line> lines = new ArrayList<>();
        for (Sale sale : sales) {
            sale.counts().ifPresent(amount -> lines.add(new Line(SALES, sale.invoice(), amount)));
            sale.notice().ifPresent(amount -> lines.add(new Line(NOTICES, sale.invoice(), amount)));
        }
        Collections.shuffle(lines, random);
        TreeMap<String, String> ids = new TreeMap<>();
        List<Word> words = words(sales, random);
        List<Line> together = new ArrayList<>();
        for (Line line : lines) {
            boolean other = !together.isEmpty() && !together.getFirst().source().equals(line.source());
            if (other || (!together.isEmpty() && random.nextInt(3) == 0)) {
                report(at, together, ids);
                say(at, words, ids, _ -> random.nextInt(3) == 0);
            }
            together.add(line);
        }
        report(at, together, ids);
        say(at, words, ids, _ -> true);
        return at;
    }

    /// What the shop says of an event by hand, once it was reported.
    private record Word(String invoice, boolean attests) {}

    private static List<Word> words(List<Sale> sales, Random random) {
        List<Word> words = new ArrayList<>();
        sales.stream().filter(Sale::attested).forEach(sale -> words.add(new Word(sale.invoice(), true)));
        sales.stream().filter(Sale::contradicted).forEach(sale -> words.add(new Word(sale.invoice(), false)));
        Collections.shuffle(words, random);
        return words;
    }

    /// Of what was reported so far, as much as it wants to say now.
    private static void say(MatchedStory at, List<Word> words, Map<String, String> ids, Predicate<Word> now) {
        List<Word> said = words.stream()
                .filter(word -> ids.containsKey(word.invoice()))
                .filter(now)
                .toList();
        words.removeAll(said);
        for (Word word : said) {
            String event = Optional.ofNullable(ids.get(word.invoice())).orElseThrow();
            String told = MemoryLedger.told(word.attests() ? at.attests(SHOP, event) : at.contradicts(SHOP, event));
            assertThat(told).isIn("applied", "already_attested", "not_held");
        }
    }

    private static void report(MatchedStory at, List<Line> lines, Map<String, String> ids) {
        if (lines.isEmpty()) {
            return;
        }
        String source = lines.getFirst().source();
        long next = at.last(source) + 1;
        for (Line line : lines) {
            if (source.equals(SALES)) {
                ids.put(line.invoice(), MatchedStory.id(source, next++));
            }
        }
        Json.Obj answer = at.reports(
                source,
                lines.stream()
                        .map(line -> MatchedStory.sale(line.invoice(), line.amount()))
                        .toArray(Json.Obj[]::new));
        applied(answer);
        lines.clear();
    }

    private static MatchedStory counting(List<Sale> sales) {
        MatchedStory at = MatchedStory.alone();
        for (Sale sale : sales) {
            applied(at.reports(
                    SALES, MatchedStory.sale(sale.invoice(), sale.counts().orElseThrow())));
        }
        return at;
    }

    /// What is owed, which is the same whatever number an event has.
    private static List<Json> owed(Json.Obj settlement) {
        return List.of(settlement.get("payments"), settlement.get("balances"));
    }

    private static SortedSet<String> paired(MatchedStory at, List<Sale> sales) {
        TreeSet<String> paired = new TreeSet<>();
        for (Sale sale : sales) {
            Json.Obj match = at.match(sale.invoice()).orElse(Json.Obj.EMPTY);
            if (match.has("pairs") && !match.items("pairs").isEmpty()) {
                paired.add(sale.invoice());
            }
        }
        return paired;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void under_show_notices_change_no_settlement(long seed) {
        Random random = new Random(seed);
        List<Sale> sales = sales(random);
        List<Sale> counted =
                sales.stream().filter(sale -> sale.counts().isPresent()).toList();
        List<Sale> shown = sales.stream()
                .map(sale -> new Sale(sale.invoice(), sale.counts(), sale.notice(), false, false))
                .toList();

        MatchedStory at = played(MatchedStory.of("show"), shown, random);

        assertThat(owed(at.settles())).isEqualTo(owed(counting(counted).settles()));
        assertThat(paired(at, sales)).isEqualTo(agreedByNotice(sales));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void under_agree_exactly_what_was_agreed_or_attested_is_settled_in_any_order(long seed) {
        Random random = new Random(seed);
        List<Sale> sales = sales(random);
        List<Sale> agreed = sales.stream().filter(Sale::isAgreed).toList();

        MatchedStory one = played(MatchedStory.of("agree"), sales, random);
        MatchedStory other = played(MatchedStory.of("agree"), sales, random);

        assertThat(paired(one, sales)).isEqualTo(paired(other, sales)).isEqualTo(agreedByNotice(sales));
        assertThat(one.booked(SALES)).isEqualTo(agreed.size());
        List<Json> owed = owed(counting(agreed).settles());
        assertThat(owed(one.settles())).isEqualTo(owed);
        assertThat(owed(other.settles())).isEqualTo(owed);
    }

    /// A notice as somebody gives it who wants to do harm: late, of nothing, of other values, too often.
    private static Json.Obj hostile(Random random) {
        String invoice = random.nextInt(10) == 0 ? "R".repeat(200) : "R-" + (1 + random.nextInt(6));
        return Json.object()
                .with("amount", AMOUNTS.get(random.nextInt(AMOUNTS.size())))
                .with("attrs", Json.object().with("invoice", invoice).build())
                .with("currency", random.nextInt(3) == 0 ? "USD" : "JPY")
                .with("date", random.nextInt(3) == 0 ? "2026-01-01" : "2026-01-15")
                .with("type", "sale")
                .build();
    }

    /// One that no report may have: of an amount below zero, without the reference, in a currency that there is not,
    /// of a day to come, of a type that is not the shop's, of a quantity that is no number.
    private static Json.Obj forbidden(Random random) {
        TreeMap<String, Json> members = new TreeMap<>(hostile(random).members());
        switch (random.nextInt(6)) {
            case 0 -> members.put("amount", Json.whole(-5));
            case 1 -> members.remove("attrs");
            case 2 -> members.put("currency", Json.text("XXX"));
            case 3 -> members.put("date", Json.text("2026-12-31"));
            case 4 -> members.put("type", Json.text("refund"));
            default -> members.put("quantity", Json.text("many"));
        }
        return new Json.Obj(members);
    }

    /// Three months with sales of its own each, all of which are closed; answers what each came to.
    ///
    /// @param notices how many times a month the shop reports
    private static List<List<Json>> quarter(MatchedStory at, List<Long> sales, int notices, Random random) {
        List<List<Json>> owed = new ArrayList<>();
        for (int month = 1; month <= MONTHS; month++) {
            String period = "2026-0" + month;
            at.story.moveTo(period + "-25T12:00:00Z");
            for (int n = 0; n < sales.size(); n++) {
                report(at, random, notices);
                applied(at.reports(SALES, dated(MatchedStory.sale("R-" + (n + 1), sales.get(n)), period + "-15")));
            }
            report(at, random, notices);
            at.story.moveTo("2026-0" + (month + 1) + "-02T12:00:00Z");
            applied(at.declares("returns", period));
            report(at, random, notices);
            applied(at.declares(SALES, period));
            report(at, random, notices);
            at.story.closes(period);
            owed.add(owed(at.story.ledger.json(Keys.settlement(Story.AGREEMENT, period))));
        }
        return owed;
    }

    private static void report(MatchedStory at, Random random, int notices) {
        for (int n = 0; n < notices; n++) {
            List<Json.Obj> lines = new ArrayList<>(Stream.generate(() -> hostile(random))
                    .limit(1L + random.nextInt(4))
                    .toList());
            boolean wrong = random.nextInt(3) == 0;
            if (wrong) {
                lines.set(random.nextInt(lines.size()), forbidden(random));
            }
            String told = MemoryLedger.told(at.reports(NOTICES, lines.toArray(Json.Obj[]::new)));
            if (wrong) {
                assertThat(told).isIn("events_refused", "event_future", "payload_form");
            } else {
                assertThat(told).isIn("applied", "events_refused");
            }
        }
    }

    private static Json.Obj dated(Json.Obj event, String date) {
        TreeMap<String, Json> members = new TreeMap<>(event.members());
        members.put("date", Json.text(date));
        return new Json.Obj(members);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatever_is_given_notice_of_every_period_closes_and_under_show_comes_to_the_same(long seed) {
        Random random = new Random(seed);
        List<Long> sales = Stream.generate(() -> 1L + random.nextInt(1_000))
                .limit(1L + random.nextInt(4))
                .toList();

        MatchedStory show = MatchedStory.of("show");
        MatchedStory agree = MatchedStory.of("agree");
        List<List<Json>> alone = quarter(MatchedStory.alone(), sales, 0, random);
        List<List<Json>> shown = quarter(show, sales, 1, random);
        List<List<Json>> agreed = quarter(agree, sales, 1, random);

        assertThat(shown).isEqualTo(alone).hasSize(MONTHS);
        assertThat(agreed).hasSize(MONTHS);
        assertThat(show.last(NOTICES) + agree.last(NOTICES)).as("notices taken").isPositive();
    }

    private static SortedSet<String> agreedByNotice(List<Sale> sales) {
        TreeSet<String> agreed = new TreeSet<>();
        for (Sale sale : sales) {
            if (sale.counts().isPresent() && sale.counts().equals(sale.notice())) {
                agreed.add(sale.invoice());
            }
        }
        return agreed;
    }
}
