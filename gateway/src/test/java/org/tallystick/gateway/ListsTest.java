package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.Listing;
import org.tallystick.gateway.store.Store;

/// The lists as callers see them: filters, pages and names of what was answered.
@Tag("slow")
@ParameterizedClass(name = "{0}")
@EnumSource(StoreKind.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListsTest {

    @Parameter
    StoreKind kind = StoreKind.SQLITE;

    /// Static, or it would not be there yet when all begins.
    @TempDir
    static Path folder = Path.of(".");

    private final RandomHistory history = new RandomHistory(1);
    private Optional<Gateway.Running> gateway = Optional.empty();

    @BeforeAll
    void begin() {
        gateway =
                Optional.of(Stand.begin(GatewaySettings.of("127.0.0.1", 0, kind.in(folder), history.ledger::connect)));
        history.begin(3);
        history.go(60);
        history.settle();
        eventually(() -> block() == history.ledger.height() - 1);
    }

    private static Path at(String name) {
        Path at = folder.resolve(name);
        boolean _ = at.toFile().mkdirs();
        return at;
    }

    @AfterAll
    void end() {
        gateway.ifPresent(Gateway.Running::close);
    }

    private Stand.Reply get(String path, String... headers) {
        return Stand.send(gateway.orElseThrow().port(), "GET", path, "", new byte[0], headers);
    }

    private long block() {
        return Long.parseLong(get("/v1/settlements").header("ledger-block"));
    }

    private static List<Json.Obj> items(Stand.Reply reply, Listing listing) {
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        return reply.body().items(listing.text()).stream()
                .map(Json.Obj.class::cast)
                .toList();
    }

    private static String path(Listing listing, String... parts) {
        List<String> given = Stream.of(parts).filter(part -> !part.isEmpty()).toList();
        return "/v1/" + listing.text() + (given.isEmpty() ? "" : "?" + String.join("&", given));
    }

    /// All items, page by page.
    private List<Json.Obj> all(Listing listing, String filter, int limit) {
        List<Json.Obj> all = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            String on = cursor.get().isEmpty() ? "" : "cursor=" + cursor.get();
            Stand.Reply reply = get(path(listing, filter, on, "limit=" + limit));
            assertThat(items(reply, listing)).hasSizeLessThanOrEqualTo(limit);
            all.addAll(items(reply, listing));
            cursor = reply.body().findText("next");
        }
        return all;
    }

    private List<Json.Obj> all(Listing listing) {
        return all(listing, "", 1000);
    }

    @Test
    void each_verdict_of_the_blocks_is_listed_once_in_their_order() {
        List<String> listed = all(Listing.INSTRUCTIONS).stream()
                .map(item -> item.text("instruction"))
                .toList();

        assertThat(listed).doesNotHaveDuplicates();
        assertThat(new HashSet<>(listed)).isEqualTo(history.ledger.verdicts().keySet());
        assertThat(all(Listing.INSTRUCTIONS).stream()
                        .map(item -> item.object("position").whole("block")))
                .isSorted();
    }

    @Test
    void what_is_listed_is_what_the_ledger_has() {
        for (Json.Obj source : all(Listing.SOURCES)) {
            String key = "src/" + source.text("agreement") + "/" + source.text("source");
            long last = history.ledger.get(key).whole("last");
            assertThat(source.whole("last")).as(source.toString()).isEqualTo(last);
            assertThat(source.text("open")).isEqualTo(history.ledger.get(key).text("open"));
        }
        for (Json.Obj settlement : all(Listing.SETTLEMENTS)) {
            Stand.Reply told =
                    get("/v1/agreements/" + settlement.text("agreement") + "/settlements/" + settlement.text("period"));
            assertThat(told.body().get("hash")).isEqualTo(settlement.get("hash"));
            assertThat(told.body().get("position")).isEqualTo(settlement.get("position"));
        }
        for (Json.Obj statement : all(Listing.STATEMENTS)) {
            Stand.Reply told = get("/v1/agreements/" + statement.text("agreement") + "/statements/"
                    + statement.text("period") + "?party=" + statement.text("side"));
            assertThat(told.body().get("settlement")).isEqualTo(statement.get("settlement"));
        }
        assertThat(all(Listing.SOURCES)).hasSize(30);
        assertThat(all(Listing.ADOPTIONS)).hasSize(3);
        assertThat(all(Listing.SETTLEMENTS)).hasSize(3);
        assertThat(all(Listing.STATEMENTS)).hasSize(6);
        assertThat(all(Listing.REPORTS)).hasSizeGreaterThan(30);
        assertThat(all(Listing.DECLARATIONS).stream().map(item -> item.text("state")))
                .contains("declared", "opened");
    }

    /// What a filter chooses, by the items themselves.
    private static Predicate<Json.Obj> chosen(String name, String value) {
        return switch (name) {
            case "agreement" -> item -> item.findText(name).orElse("reg").equals(value);
            case "period" ->
                item -> item.findText("period").equals(Optional.of(value))
                        || (item.has("booked") && item.object("booked").has(value));
            default -> item -> item.findText(name).equals(Optional.of(value));
        };
    }

    private static Stream<Listing> listings() {
        return Stream.of(Listing.values());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("listings")
    void each_filter_chooses_what_it_says_and_each_two_together_what_both_say(Listing listing) {
        List<Json.Obj> all = all(listing);
        Map<String, Set<String>> values = new HashMap<>();
        for (String facet : listing.facets()) {
            Set<String> some = values.computeIfAbsent(facet, _ -> new HashSet<>());
            all.forEach(item -> item.findText(facet).ifPresent(some::add));
            all.stream()
                    .filter(item -> facet.equals("period") && item.has("booked"))
                    .forEach(item -> some.addAll(item.object("booked").members().keySet()));
            assertThat(some).as(facet).isNotEmpty();
        }
        values.computeIfAbsent("agreement", _ -> new HashSet<>()).add("north/hub/nothing");
        if (listing == Listing.INSTRUCTIONS) {
            values.computeIfAbsent("agreement", _ -> new HashSet<>()).add("reg");
        }

        for (Map.Entry<String, Set<String>> one : values.entrySet()) {
            for (String value : one.getValue()) {
                Predicate<Json.Obj> first = chosen(one.getKey(), value);
                String part = one.getKey() + "=" + value;
                assertThat(all(listing, part, 7))
                        .as(part)
                        .isEqualTo(all.stream().filter(first).toList());
                for (Map.Entry<String, Set<String>> two : values.entrySet()) {
                    String other = two.getValue().iterator().next();
                    if (!two.getKey().equals(one.getKey())) {
                        String both = part + "&" + two.getKey() + "=" + other;
                        assertThat(all(listing, both, 50))
                                .as(both)
                                .isEqualTo(all.stream()
                                        .filter(first.and(chosen(two.getKey(), other)))
                                        .toList());
                    }
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("listings")
    void the_newest_come_first_if_asked_for_and_nothing_before_a_position(Listing listing) {
        List<Json.Obj> all = all(listing);
        List<Json.Obj> backwards = new ArrayList<>(all);
        Collections.reverse(backwards);
        Json.Obj position = all.get(all.size() / 2).object("position");
        String since = position.whole("block") + "/" + position.whole("transaction") + "/" + position.whole("item");

        List<Json.Obj> newest = all(listing, "order=newest", 3);
        List<Json.Obj> later = all(listing, "since=" + since, 3);

        assertThat(newest).isEqualTo(backwards);
        assertThat(later)
                .isEqualTo(all.stream()
                        .filter(item -> item.object("position").whole("block") > position.whole("block"))
                        .toList());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            /v1/reports     | limit=0                   | limit
            /v1/reports     | limit=1001                | limit
            /v1/reports     | limit=x                   | limit
            /v1/reports     | order=best                | order
            /v1/reports     | since=1                   | since
            /v1/reports     | agreement=north           | agreement
            /v1/reports     | agreement=reg             | agreement
            /v1/reports     | party=-                   | party
            /v1/reports     | source=a/b                | source
            /v1/reports     | period=July               | period
            /v1/reports     | act=report                | act
            /v1/reports     | perod=2026-07             | perod
            /v1/reports     | source=s1&source=s2       | source
            /v1/instructions| act=nothing               | act
            /v1/instructions| state=waiting             | state
            /v1/settlements | party=north/hub           | party
            /v1/statements  | cursor=short              | cursor
            /v1/statements  | cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA | cursor
            """)
    void what_a_list_cannot_be_asked_is_refused_by_name(String path, String query, String parameter) {
        Stand.Reply reply = get(path + "?" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("parameter_wrong");
        assertThat(reply.body().object("values").text("parameter")).isEqualTo(parameter);
    }

    @Test
    void a_cursor_is_good_for_its_own_question_only() {
        String cursor = get("/v1/reports?source=s1&limit=1").body().text("next");
        char[] mangled = cursor.toCharArray();
        mangled[37] = mangled[37] == 'B' ? 'C' : 'B';

        assertThat(get("/v1/reports?source=s1&limit=9&cursor=" + cursor).status())
                .isEqualTo(200);
        for (String other : List.of(
                "/v1/reports?cursor=" + cursor,
                "/v1/reports?source=s2&cursor=" + cursor,
                "/v1/reports?source=s1&order=newest&cursor=" + cursor,
                "/v1/reports?source=s1&since=1/0/0&cursor=" + cursor,
                "/v1/declarations?source=s1&cursor=" + cursor,
                "/v1/reports?source=s1&cursor=" + new String(mangled))) {
            Stand.Reply reply = get(other);

            assertThat(reply.status()).as(other).isEqualTo(400);
            assertThat(reply.body().object("values").text("parameter")).isEqualTo("cursor");
        }
    }

    private List<Json.Obj> events(String filter, int limit) {
        List<Json.Obj> all = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            String on = cursor.get().isEmpty() ? "" : "&cursor=" + cursor.get();
            Stand.Reply reply = get("/v1/events?" + filter + on + "&limit=" + limit);
            assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
            all.addAll(reply.body().items("events").stream()
                    .map(Json.Obj.class::cast)
                    .toList());
            cursor = reply.body().findText("next");
        }
        return all;
    }

    @ParameterizedTest(name = "{0} at once")
    @ValueSource(ints = {1, 2, 7, 1000})
    void each_event_of_each_report_is_listed_once_as_it_was_signed(int limit) {
        for (Partners.Deal deal : history.deals) {
            List<String> expected = new ArrayList<>();
            for (Json.Obj report : all(Listing.REPORTS, "agreement=" + deal.id(), 1000)) {
                for (long n = report.whole("first"); n <= report.whole("last"); n++) {
                    expected.add(new EventId(new SourceId(report.text("source")), n).text());
                }
            }

            List<Json.Obj> events = events("agreement=" + deal.id(), limit);

            assertThat(events.stream().map(event -> event.text("id"))).isEqualTo(expected);
            for (Json.Obj event : events) {
                long number = EventId.parse(event.text("id")).orElseThrow().number();
                assertThat(event.object("event")).isEqualTo(deal.sale(100 + number));
                assertThat(event.text("booked")).isEqualTo(deal.period());
            }
            assertThat(events("agreement=" + deal.id() + "&source=s3", limit))
                    .isEqualTo(events.stream()
                            .filter(event -> event.text("id").startsWith("s3/"))
                            .toList());
            assertThat(events("agreement=" + deal.id() + "&period=" + deal.period(), limit))
                    .isEqualTo(events);
            assertThat(events("agreement=" + deal.id() + "&period=1999-01", limit))
                    .isEmpty();
        }
    }

    @Test
    void events_are_asked_for_by_their_agreement_and_while_the_ledger_answers() {
        String cursor = get("/v1/reports?agreement=north/hub/d0&limit=1").body().text("next");

        assertThat(get("/v1/events").body().object("values").text("parameter")).isEqualTo("agreement");
        assertThat(get("/v1/events?agreement=north/hub/d0&order=newest").code()).isEqualTo("parameter_wrong");
        assertThat(get("/v1/events?agreement=north/hub/d0&cursor=" + cursor).code())
                .isEqualTo("parameter_wrong");
        history.ledger.faults.unavailable = true;
        Stand.Reply silent = get("/v1/events?agreement=north/hub/d0");
        history.ledger.faults.unavailable = false;
        assertThat(silent.status()).isEqualTo(503);
        assertThat(silent.code()).isEqualTo("ledger_unavailable");
    }

    @Test
    void what_comes_new_moves_no_page_and_a_cursor_outlives_a_rebuild() throws Exception {
        RandomHistory growing = new RandomHistory(2);
        try (Gateway.Running running = Stand.begin(
                        GatewaySettings.of("127.0.0.1", 0, kind.in(at("growing")), growing.ledger::connect));
                Store store = Store.open(kind.in(at("growing")))) {
            growing.begin(2);
            growing.go(30);
            eventually(() -> ListStoreTest.standing(store).block() == growing.ledger.height() - 1);
            Random random = new Random(2);
            List<Json.Obj> seen = new ArrayList<>();
            String on = "";

            for (int page = 0; page < 12; page++) {
                Stand.Reply reply = Stand.send(
                        running.port(),
                        "GET",
                        path(Listing.REPORTS, on, "limit=" + (1 + random.nextInt(3))),
                        "",
                        new byte[0]);
                seen.addAll(items(reply, Listing.REPORTS));
                on = "cursor=" + reply.body().text("next");
                growing.go(3);
                if (page % 4 == 0) {
                    assertThat(store.lists().begin(true)).isTrue();
                    eventually(() -> ListStoreTest.standing(store).generations().size() == 1);
                }
            }

            List<Json.Obj> whole = items(
                    Stand.send(running.port(), "GET", path(Listing.REPORTS, "limit=1000"), "", new byte[0]),
                    Listing.REPORTS);
            assertThat(seen).hasSizeGreaterThan(10).isEqualTo(whole.subList(0, seen.size()));
            assertThat(ListStoreTest.standing(store).generations().getFirst().number())
                    .isGreaterThan(3);
        }
    }

    @Test
    void what_is_the_same_is_not_sent_again_and_no_two_answers_have_one_name() throws Exception {
        RandomHistory growing = new RandomHistory(3);
        try (Gateway.Running running =
                Stand.begin(GatewaySettings.of("127.0.0.1", 0, kind.in(at("named")), growing.ledger::connect))) {
            growing.begin(1);
            Map<String, String> bodies = new HashMap<>();
            Map<String, String> last = new HashMap<>();
            int unchanged = 0;

            for (int n = 0; n < 60; n++) {
                if (n % 3 == 0) {
                    growing.go(1);
                }
                for (Listing listing : Listing.values()) {
                    String path = path(listing, "limit=5", n % 2 == 0 ? "order=newest" : "");
                    String known = last.getOrDefault(path, "\"none\"");
                    Stand.Reply reply = Stand.send(
                            running.port(), "GET", path, "", new byte[0], "if-none-match", "\"other\", W/" + known);
                    String tag = reply.header("etag");
                    if (reply.status() == 304) {
                        unchanged++;
                        assertThat(reply.text()).isEmpty();
                        assertThat(tag).isEqualTo(known);
                    } else {
                        assertThat(reply.status()).isEqualTo(200);
                        assertThat(tag).isNotEqualTo(known);
                        assertThat(bodies.merge(tag, reply.text(), (_, fresh) -> fresh))
                                .isEqualTo(reply.text());
                        assertThat(reply.header("cache-control")).isEqualTo("private, no-cache");
                    }
                    last.put(path, tag);
                }
            }

            assertThat(unchanged).isPositive();
            assertThat(new HashSet<>(bodies.values())).hasSameSizeAs(bodies.values());
        }
    }

    @Test
    void a_close_that_needs_steps_is_listed_where_its_last_step_stands() {
        try (Stand stand = Stand.at(kind.in(at("steps")), 4).enrolled()) {
            Partners.Deal deal = stand.agreed(stand.partners.wideDeal("wide"));
            CrashTest.declared(stand, deal);
            stand.applied(deal.close());
            eventually(() ->
                    !items(stand.get("/v1/settlements"), Listing.SETTLEMENTS).isEmpty());

            Json.Obj settlement =
                    items(stand.get("/v1/settlements"), Listing.SETTLEMENTS).getFirst();
            List<Json.Obj> statements =
                    items(stand.get("/v1/statements?party=north/ana&limit=1000"), Listing.STATEMENTS);

            assertThat(settlement.object("position").whole("block")).isEqualTo(stand.ledger.height() - 1);
            assertThat(statements)
                    .hasSize(100)
                    .allSatisfy(
                            statement -> assertThat(statement.get("settlement")).isEqualTo(settlement.get("hash")));
        }
    }

    @Test
    void a_store_whose_lists_were_never_made_says_so() throws Exception {
        FakeLedger ledger = new FakeLedger(5, true);
        Path at = at("never");
        try (Store store = Store.open(kind.in(at))) {
            store.follow(FakeLedger.ID, true);
        }
        try (var connection = kind.connect(at);
                var statement = connection.createStatement()) {
            boolean _ = statement.execute("UPDATE reading SET stage = 'old'");
            boolean _ = statement.execute("UPDATE ledger SET block = 0");
        }
        ledger.faults.mute = true;

        try (Gateway.Running running = Stand.begin(GatewaySettings.of("127.0.0.1", 0, kind.in(at), ledger::connect))) {
            Stand.Reply reply = Stand.send(running.port(), "GET", "/v1/reports", "", new byte[0]);

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.code()).isEqualTo("lists_not_made");
            ledger.unmute();
            eventually(() -> Stand.send(running.port(), "GET", "/v1/reports", "", new byte[0])
                            .status()
                    == 200);
        }
    }
}
