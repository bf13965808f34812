package org.tallystick.ledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.EventDraft;

class EventsFileTest {

    private static final String SALE =
            "{\"id\":\"7\",\"type\":\"sale\",\"date\":\"2026-01-05\",\"amount\":100,\"currency\":\"USD\",\"attrs\":{\"deal\":true}}";
    private static final String REFUND =
            "{\"id\":\"8\",\"type\":\"refund\",\"date\":\"2026-01-06\",\"amount\":100,\"refOf\":\"7\"}";

    @TempDir
    Path folder = Path.of("");

    @Test
    void the_three_forms_say_the_same() throws Exception {
        List<EventDraft> json = read("a.json", "[" + SALE + "," + REFUND + "]");
        List<EventDraft> inCase = read("case.json", "{\"events\":[" + SALE + "," + REFUND + "]}");
        List<EventDraft> lines = read("a.jsonl", SALE + "\n\n" + REFUND + "\n");
        List<EventDraft> csv = read("a.CSV", """
                id,type,date,amount,currency,attrs.deal,refOf
                7,sale,2026-01-05,100,USD,true,
                8,refund,2026-01-06,100,,,7
                """);

        assertThat(json).hasSize(2).isEqualTo(inCase).isEqualTo(lines).isEqualTo(csv);
        assertThat(json.getFirst().json().object("attrs").get("deal")).isEqualTo(Json.bool(true));
        assertThat(json.getFirst().reference()).contains("7");
        assertThat(json.getLast().refOf()).contains("7");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a.txt   | []                                 | has an ending that is not known
            a.json  | {"a":1}                            | has no array of events
            a.json  | [1]                                | event 1 of
            a.json  | [{"amount":1.5}]                   | a number without a canonical form
            a.json  | [{"booked":"2026-01"}]             | has "booked", which the ledger gives
            a.json  | [{"id":"1","attrs":{"ref":"2"}}]   | has id 1 and attrs.ref 2
            a.jsonl | {                                  | line 1 is not JSON
            a.csv   | `id,type\n1,sale,too,many`         | is not CSV with a header
            """)
    void what_is_wrong_is_named(String name, String content, String error) {
        assertThatThrownBy(() -> read(name, content.replace("\\n", "\n")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(error);
    }

    private List<EventDraft> read(String name, String content) throws IOException, CommandFailure {
        return new EventsFile(Files.writeString(folder.resolve(name), content)).read();
    }
}
