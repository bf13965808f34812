package org.tallystick.agreement.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.json.Json;

/// A value of any length lies under as many keys as it needs, none of them longer than allowed.
class PagesTest {

    private final TreeMap<String, Json.Obj> state = new TreeMap<>();

    private static String key(int page) {
        return "roll/north/hub/a/2026-01/" + page;
    }

    private void write(Json.Obj value) {
        Pages.write(PagesTest::key, value, (key, page) -> state.put(key, page));
    }

    private Optional<Json.Obj> read() {
        return Pages.read(PagesTest::key, key -> Optional.ofNullable(state.get(key)));
    }

    /// `{"t":"..."}` takes 8 bytes around its text, two quotes of each of which are escaped in the page: 12. With the
    /// 24 of the page itself, that leaves 262,108 for the text.
    @ParameterizedTest(name = "a text of {0} takes {1} pages")
    @CsvSource({"0, 1", "262107, 1", "262108, 1", "262109, 2", "524000, 2", "1000000, 4"})
    void a_page_is_filled_to_the_last_byte_and_then_the_next_begins(int length, int pages) {
        Json.Obj value = Json.object().with("t", "x".repeat(length)).build();

        write(value);

        assertThat(state).hasSize(pages).containsKey("roll/north/hub/a/2026-01/" + pages);
        assertThat(state.values())
                .allMatch(page -> page.canonical().size() <= Pages.MAX_PAGE)
                .filteredOn(page -> !page.bool("more"))
                .hasSize(1);
        assertThat(read()).contains(value);
    }

    @ParameterizedTest(name = "character {index}")
    @ValueSource(strings = {"\uD83D\uDE00", "\u00E9", "\"", "\\", "\u20AC", "\u0001"})
    void no_character_is_cut_in_two_wherever_the_page_ends(String character) {
        for (int shift = 0; shift < 7; shift++) {
            state.clear();
            Json.Obj value = Json.object()
                    .with("t", "x".repeat(shift) + character.repeat(140_000))
                    .build();

            write(value);

            assertThat(state.size()).isGreaterThan(1);
            assertThat(state.values()).allMatch(page -> page.canonical().size() <= Pages.MAX_PAGE);
            assertThat(read()).contains(value);
        }
    }

    @Test
    void what_was_never_written_is_not_there() {
        assertThat(read()).isEmpty();
    }

    @Test
    void a_value_of_which_a_page_is_missing_is_not_there() {
        write(Json.object().with("t", "x".repeat(600_000)).build());
        state.remove("roll/north/hub/a/2026-01/2");

        assertThat(read()).isEmpty();
    }

    @Test
    void pages_that_are_no_object_are_a_mistake_of_ours() {
        state.put(
                "roll/north/hub/a/2026-01/1",
                Json.object().with("more", false).with("text", "[]").build());

        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("what begins with roll/north/hub/a/2026-01/1 is no JSON object");
    }
}
