package org.tallystick.agreement.state;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// A value of any length, kept under as many keys as that asks for.
///
/// No key may grow without bound. So the canonical text of the value is cut into pages, and each page says whether
/// another follows.
public final class Pages {

    /// A page is at most that long, in bytes of its canonical form.
    public static final int MAX_PAGE = 256 * 1024;

    /// A control character takes at most that much in a JSON string.
    private static final int LONGEST_ESCAPE = 6;
    /// What a page is besides its text, at most.
    private static final int FRAME = "{\"more\":false,\"text\":\"\"}".length();

    private Pages() {}

    /// Writes the pages of a value.
    ///
    /// @param key of a page, by its number from 1 on
    public static void write(IntFunction<String> key, Json.Obj value, BiConsumer<String, Json.Obj> write) {
        String text = value.canonical().utf8().orElseThrow();
        int page = 1;
        for (int from = 0; from < text.length(); page++) {
            int to = end(text, from);
            write.accept(
                    key.apply(page),
                    Json.object()
                            .with("more", to < text.length())
                            .with("text", text.substring(from, to))
                            .build());
            from = to;
        }
    }

    /// Where the page that begins at `from` ends: as late as its length allows, and never inside a character.
    private static int end(String text, int from) {
        int size = FRAME;
        int to = from;
        while (to < text.length()) {
            int character = text.codePointAt(to);
            size += size(character);
            if (size > MAX_PAGE) {
                return to;
            }
            to += Character.charCount(character);
        }
        return to;
    }

    /// How many bytes a character takes in a canonical JSON string.
    private static int size(int character) {
        if (character < ' ') {
            return LONGEST_ESCAPE;
        }
        if (character == '"' || character == '\\') {
            return 2;
        }
        return Bytes.ofUtf8(Character.toString(character)).size();
    }

    /// What [#write] wrote; nothing if not all of it is there.
    public static Optional<Json.Obj> read(IntFunction<String> key, Function<String, Optional<Json.Obj>> read) {
        StringBuilder text = new StringBuilder();
        boolean more = true;
        for (int page = 1; more; page++) {
            Optional<Json.Obj> found = read.apply(key.apply(page));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            text.append(found.get().text("text"));
            more = found.get().bool("more");
        }
        if (JsonReader.read(Bytes.ofUtf8(text.toString()), JsonReader.Profile.SIGNED)
                instanceof JsonReader.Value(Json.Obj value)) {
            return Optional.of(value);
        }
        throw new IllegalStateException("what begins with " + key.apply(1) + " is no JSON object");
    }
}
