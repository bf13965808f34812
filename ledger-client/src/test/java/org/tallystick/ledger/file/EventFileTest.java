package org.tallystick.ledger.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.client.EventLine;
import org.tallystick.ledger.client.EventLines;
import org.tallystick.ledger.client.LineFault;

/// Files as they are become events, and what is wrong is told by line.
class EventFileTest {

    private static final String SALE =
            "{\"id\":\"7\",\"type\":\"sale\",\"date\":\"2026-01-05\",\"amount\":100,\"currency\":\"USD\",\"attrs\":{\"deal\":true}}";
    private static final String REFUND =
            "{\"id\":\"8\",\"type\":\"refund\",\"date\":\"2026-01-06\",\"amount\":100,\"refOf\":\"7\"}";
    private static final String SHOP = """
            {"mapping": "1", "separator": ";", "numbers": "1.000,00",
             "dates": {"format": "dd.MM.yyyy HH:mm", "zone": "America/New_York", "day": "Europe/Berlin"},
             "event": {"type": {"column": "Art", "values": {"Verkauf": "sale", "Gutschrift": "refund"}},
                       "date": {"column": "Zeit"}, "amount": {"column": "Betrag"}, "currency": {"column": "W"},
                       "id": {"column": "Beleg"}, "refOf": {"column": "Zu"},
                       "attrs": {"route": {"value": "shop"}, "seats": {"column": "Plätze", "as": "whole"}}}}""";
    private static final String HEADER = "Beleg;Art;Zeit;Betrag;W;Zu;Plätze;Notiz\n";

    @TempDir
    Path folder = Path.of("");

    @Test
    void the_three_forms_say_the_same() throws Exception {
        List<EventLine> json = read("a.json", "[" + SALE + "," + REFUND + "]");
        List<EventLine> inCase = read("case.json", "{\"events\":[" + SALE + "," + REFUND + "]}");
        List<EventLine> lines = read("a.jsonl", SALE + "\n" + REFUND + "\n\n");
        List<EventLine> csv = read("a.CSV", """
                id,type,date,amount,currency,attrs.deal,refOf
                7,sale,2026-01-05,100,USD,true,
                8,refund,2026-01-06,100,,,7
                """);

        assertThat(json).hasSize(2).isEqualTo(inCase).isEqualTo(lines);
        assertThat(events(csv)).isEqualTo(events(json));
        assertThat(events(csv).getFirst().object("attrs").get("deal")).isEqualTo(Json.bool(true));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a.txt   | []      | has an ending that is not known
            a.json  | {"a":1} | has no array of events
            a.json  | [1      | is not JSON
            """)
    void a_file_without_events_is_not_read(String name, String content, String error) {
        assertThatThrownBy(() -> read(name, content))
                .isInstanceOf(EventFile.Unreadable.class)
                .hasMessageContaining(error);
    }

    @Test
    void a_mapping_gives_the_columns_of_a_shop_their_meaning() throws Exception {
        List<EventLine> lines = read(HEADER
                + "R-1;Verkauf;05.01.2026 19:30;1.234,50;EUR;;3;\"sagt \"\"ja\"\"; gern\"\n"
                + "R-2;Gutschrift;06.01.2026 09:00;1000;JPY;R-1;;\n");

        assertThat(events(lines))
                .containsExactly(
                        json("{\"amount\":123450,\"attrs\":{\"route\":\"shop\",\"seats\":3},\"currency\":\"EUR\","
                                + "\"date\":\"2026-01-06\",\"id\":\"R-1\",\"type\":\"sale\"}"),
                        json("{\"amount\":1000,\"attrs\":{\"route\":\"shop\"},\"currency\":\"JPY\","
                                + "\"date\":\"2026-01-06\",\"id\":\"R-2\",\"refOf\":\"R-1\",\"type\":\"refund\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "usage"})
    void the_examples_of_the_format_are_read_without_a_fault(String name) throws Exception {
        Path examples = Path.of("../docs/spec/examples-mapping");
        Json.Obj json = json(Files.readString(examples.resolve(name + ".json")));
        Mapping mapping = ((MappingReader.Reading.Read) MappingReader.read(json)).mapping();

        EventFile file = new EventFile(examples.resolve(name + ".csv"), Optional.of(mapping), _ -> {});
        List<Json.Obj> events = events(all(file));

        assertThat(events).hasSizeBetween(2, 3);
        assertThat(events.getFirst().text("date")).isEqualTo(name.equals("shop") ? "2026-01-05" : "2026-02-01");
        assertThat(events.getFirst().text("id")).isEqualTo(name.equals("shop") ? "R-1001" : "u-1");
    }

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            A;Verkauf;05.01.2026 19:30;12,345;EUR;;3;     | too_many_decimals | Betrag | 12,345
            A;Verkauf;05.01.2026 19:30;12,5;JPY;;3;       | too_many_decimals | Betrag | 12,5
            A;Verkauf;05.01.2026 19:30;1,234.50;EUR;;3;   | number_wrong      | Betrag | 1,234.50
            A;Verkauf;05.01.2026 19:30;12.34,50;EUR;;3;   | number_wrong      | Betrag | 12.34,50
            A;Verkauf;05.01.2026 19:30;12 EUR;EUR;;3;     | number_wrong      | Betrag | 12 EUR
            A;Verkauf;05.01.2026 19:30;-12,50;EUR;;3;     | amount_negative   | Betrag | -12,50
            A;Verkauf;05.01.2026 19:30;12,50;EURO;;3;     | currency_unknown  | W      | EURO
            A;Verkauf;05.01.2026 19:30;12,50;XXQ;;3;      | currency_unknown  | W      | XXQ
            A;Verkauf;05.01.2026 19:30;12,50;;;3;         | currency_missing  | Betrag | 12,50
            A;Verkauf;30.02.2026 19:30;12,50;EUR;;3;      | date_wrong        | Zeit   | 30.02.2026 19:30
            A;Verkauf;2026-01-05;12,50;EUR;;3;            | date_wrong        | Zeit   | 2026-01-05
            A;Verkauf;08.03.2026 02:30;12,50;EUR;;3;      | date_wrong        | Zeit   | 08.03.2026 02:30
            A;Tausch;05.01.2026 19:30;12,50;EUR;;3;       | value_unknown     | Art    | Tausch
            A;Verkauf;05.01.2026 19:30;12,50;EUR;;3,5;    | number_wrong      | Plätze | 3,5
            A;Verkauf;05.01.2026 19:30;12,50;EUR;;3       | cells_wrong       | ``     | 3
            A;Verkauf;05.01.2026 19:30;12,50;EUR;;3;"b"c; | quote_wrong       | ``     | b
            A;Verkauf;05.01.2026 19:30;12,50;EUR;;3;"offen | quote_open       | ``     | offen
            """)
    void bad_input_is_told_by_line_with_its_value_and_the_next_line_is_read(
            String record, String code, String column, String value) throws Exception {
        List<EventLine> lines = read(HEADER + record + "\nB;Verkauf;05.01.2026 19:30;1,00;EUR;;;\n");

        assertThat(lines).hasSize(2);
        assertThat(fault(lines.getFirst())).satisfies(fault -> {
            assertThat(fault.line()).isEqualTo(2);
            assertThat(fault.code()).isEqualTo(code);
            assertThat(fault.column()).isEqualTo(column);
            assertThat(fault.value()).isEqualTo(value);
        });
        assertThat(lines.getLast()).isInstanceOfSatisfying(EventLine.Given.class, given -> {
            assertThat(given.line()).isEqualTo(3);
            assertThat(given.event().text("id")).isEqualTo("B");
        });
    }

    @Test
    void line_ends_of_windows_and_a_byte_order_mark_change_nothing() throws Exception {
        String text = HEADER
                + "A;Verkauf;05.01.2026 19:30;1,00;EUR;;;\"zwei\nZeilen\"\nB;Verkauf;05.01.2026 19:30;2,00;EUR;;;\n";

        List<EventLine> plain = read(text);
        List<EventLine> windows = read("\ufeff" + text.replace("\n", "\r\n"));

        assertThat(windows).hasSize(2).isEqualTo(plain);
        assertThat(windows.getLast().line()).isEqualTo(4);
    }

    @Test
    void so_it_is_in_files_of_json() throws Exception {
        List<EventLine> plain = read("plain.json", "[" + SALE + "]");

        assertThat(read("marked.json", "\ufeff[\r\n" + SALE + "]\r\n")).isEqualTo(plain);
        assertThat(read("marked.jsonl", "\ufeff" + SALE + "\r\n")).isEqualTo(plain);
        assertThatThrownBy(() -> read("twice.json", "\ufeff\ufeff[" + SALE + "]"))
                .isInstanceOf(EventFile.Unreadable.class)
                .hasMessageContaining("is not JSON");
    }

    @Test
    void a_truncated_last_line_is_a_fault_of_its_own() throws Exception {
        List<EventLine> lines = read(HEADER + "A;Verkauf;05.01.2026 19:30;1,00;EUR;;;\nB;Verkauf;05.01.20");

        assertThat(fault(lines.getLast())).satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("file_truncated");
            assertThat(fault.text()).contains("line 3").contains("05.01.20");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "windows-1252"})
    void another_encoding_is_read_when_it_is_named_and_refused_by_line_when_not(String encoding) throws Exception {
        String text = HEADER + "Ä;Verkauf;05.01.2026 19:30;1,00;EUR;;;\n";
        String named = SHOP.replace("\"separator\"", "\"encoding\": \"" + encoding + "\", \"separator\"");

        List<EventLine> good = read(text, Charset.forName(encoding), named);
        List<EventLine> bad = read(text, Charset.forName(encoding), SHOP);

        assertThat(events(good).getFirst().text("id")).isEqualTo("Ä");
        assertThat(fault(bad.getFirst())).satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("encoding_wrong");
            assertThat(fault.line()).isEqualTo(1);
            assertThat(fault.text()).contains("0xe4");
        });
    }

    @Test
    void a_file_in_UTF_16_is_named_as_what_it_is() throws Exception {
        List<EventLine> lines = read(HEADER, StandardCharsets.UTF_16, SHOP);

        assertThat(lines)
                .singleElement()
                .satisfies(line -> assertThat(fault(line).text()).contains("UTF-16"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `Beleg;Art`        | column_missing | lacks: [Betrag, Plätze, W, Zeit, Zu]
            `Beleg;Art;Beleg`  | header_wrong   | named twice
            ``                 | header_missing | empty
            """)
    void a_header_that_does_not_fit_ends_the_reading(String header, String code, String sentence) throws Exception {
        List<EventLine> lines = read(header);

        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(fault(line).code()).isEqualTo(code);
            assertThat(fault(line).sentence()).contains(sentence);
        });
    }

    @ParameterizedTest(name = "{0} is read as {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1000.00   | 1234.5      | 1234.5
            1000.00   | 1,234       | -
            1000,00   | 1234,5      | 1234.5
            1,000.00  | 1,234,567.8 | 1234567.8
            1,000.00  | 1234.8      | 1234.8
            1,000.00  | 1,23.8      | -
            1.000,00  | 1.234       | 1234
            1 000,00  | 1 234,50    | 1234.50
            1'000.00  | 1'234.50    | 1234.50
            1000.00   | .5          | -
            1000.00   | 1e3         | -
            1000.00   | -0.07       | -0.07
            """)
    void numbers_are_read_as_their_style_writes_them(String style, String cell, String read) {
        Optional<NumberStyle.Decimal> number =
                NumberStyle.ofText(style).orElseThrow().read(cell);

        assertThat(number.map(NumberStyle.Decimal::text).orElse("-")).isEqualTo(read);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"mapping":"2","event":{"type":{"value":"sale"},"date":{"column":"d"}}}                  | /mapping
            {"mapping":"1","event":{"type":{"value":"sale"}}}                                        | /event/date
            {"mapping":"1","event":{"type":{"column":""},"date":{"column":"d"}}}                     | /event/type/column
            {"mapping":"1","numbers":"1.0","event":{"type":{"value":"sale"},"date":{"column":"d"}}}  | /numbers
            {"mapping":"1","dates":{"format":"dd.MM"},"event":{"type":{"value":"sale"},"date":{"column":"d"}}} | /dates/format
            {"mapping":"1","dates":{"format":"yyyy-MM-dd","zone":"Mars"},"event":{"type":{"value":"sale"},"date":{"column":"d"}}} | /dates/zone
            """)
    void a_mapping_of_another_form_is_refused_where_it_departs(String mapping, String at) {
        assertThat(MappingReader.read(json(mapping)))
                .isInstanceOfSatisfying(
                        MappingReader.Reading.Wrong.class,
                        wrong -> assertThat(wrong.at()).isEqualTo(at));
    }

    private List<EventLine> read(String content) throws IOException {
        return read(content, UTF_8, SHOP);
    }

    private List<EventLine> read(String content, Charset charset, String mapping) throws IOException {
        Path file = Files.write(folder.resolve("shop.csv"), content.getBytes(charset));
        if (MappingReader.read(json(mapping)) instanceof MappingReader.Reading.Read(var read)) {
            return all(new EventFile(file, Optional.of(read), _ -> {}));
        }
        throw new IllegalStateException("no mapping: " + mapping);
    }

    private List<EventLine> read(String name, String content) throws IOException {
        return all(new EventFile(Files.writeString(folder.resolve(name), content), Optional.empty(), _ -> {}));
    }

    private static List<EventLine> all(EventFile file) throws IOException {
        List<EventLine> all = new ArrayList<>();
        try (EventLines lines = file.open()) {
            Optional<EventLine> line = lines.next();
            while (line.isPresent()) {
                all.add(line.get());
                line = lines.next();
            }
        }
        return all;
    }

    private static List<Json.Obj> events(List<EventLine> lines) {
        return lines.stream().map(line -> ((EventLine.Given) line).event()).toList();
    }

    private static LineFault fault(EventLine line) {
        return ((EventLine.Faulty) line).fault();
    }

    private static Json.Obj json(String text) {
        if (JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalArgumentException(text);
    }
}
