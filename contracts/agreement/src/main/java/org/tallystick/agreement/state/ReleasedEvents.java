package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.tallystick.agreement.json.Json;

/// Events of a source that were held and then booked in a period: a close takes them from here, whatever run they came
/// with. A full page continues in the next.
public final class ReleasedEvents {

    /// A page holds at most so many.
    public static final int MAX_PAGE = 500;

    private ReleasedEvents() {}

    /// @param event as it was signed, `origin` the one it names
    public record Released(String id, Json event, Optional<Json> origin) {
        private static Released decode(Json.Obj json) {
            return new Released(json.text("id"), json.get("event"), json.find("origin"));
        }

        private Json.Obj encode() {
            return Json.object()
                    .with("event", event)
                    .with("id", id)
                    .with("origin", origin)
                    .build();
        }
    }

    /// Adds events behind the `before` that are there.
    public static void append(
            String agreement,
            String source,
            String period,
            long before,
            List<Released> events,
            Function<String, Optional<Json.Obj>> read,
            BiConsumer<String, Json.Obj> write) {
        int page = (int) (before / MAX_PAGE) + 1;
        List<Json> stored = stored(read, Keys.released(agreement, source, period, page));
        for (Released event : events) {
            if (stored.size() == MAX_PAGE) {
                write.accept(Keys.released(agreement, source, period, page++), page(stored));
                stored = new ArrayList<>();
            }
            stored.add(event.encode());
        }
        write.accept(Keys.released(agreement, source, period, page), page(stored));
    }

    /// All of a period, in the order in which they were released.
    ///
    /// @param count how many there are
    public static List<Released> all(
            String agreement, String source, String period, long count, Function<String, Optional<Json.Obj>> read) {
        List<Released> events = new ArrayList<>();
        for (int page = 1; events.size() < count; page++) {
            String key = Keys.released(agreement, source, period, page);
            List<Json> stored = stored(read, key);
            if (stored.isEmpty()) {
                throw new IllegalStateException(key + " is not there, after " + events.size() + " of " + count);
            }
            stored.forEach(event -> events.add(Released.decode((Json.Obj) event)));
        }
        return List.copyOf(events);
    }

    /// The events of a page.
    public static List<Released> decode(Json.Obj page) {
        return page.items("events").stream()
                .map(event -> Released.decode((Json.Obj) event))
                .toList();
    }

    private static List<Json> stored(Function<String, Optional<Json.Obj>> read, String key) {
        return new ArrayList<>(read.apply(key).map(page -> page.items("events")).orElse(List.of()));
    }

    private static Json.Obj page(List<Json> events) {
        return Json.object().with("events", Json.array(events)).build();
    }
}
