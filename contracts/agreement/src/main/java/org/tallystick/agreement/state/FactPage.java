package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;

/// Fixings, figures and milestones booked in a period, by type: what a close reads besides the declarations. A full
/// page continues in the next.
public final class FactPage {

    private static final int MAX_FACTS = 2_000;

    private FactPage() {}

    /// @param event as it was signed
    public record Fact(String id, Json event) {
        /// Event order of terms/1 section 6.3: by date, then by id.
        public static final Comparator<Fact> ORDER = Comparator.<Fact, String>comparing(
                        fact -> ((Json.Obj) fact.event()).text("date"))
                .thenComparing(Fact::id);

        private static Fact decode(Json.Obj json) {
            return new Fact(json.text("id"), json.get("event"));
        }

        public Json.Obj encode() {
            return Json.object().with("event", event).with("id", id).build();
        }
    }

    /// Adds facts behind those that are there.
    ///
    /// @param at ledger time
    public static void append(
            String agreement,
            String type,
            String period,
            List<Fact> facts,
            LedgerTime at,
            Function<String, Optional<Json.Obj>> read,
            BiConsumer<String, Json.Obj> write) {
        int page = 1;
        List<Json> stored = stored(read, Keys.facts(agreement, type, period, page));
        while (stored.size() >= MAX_FACTS) {
            stored = stored(read, Keys.facts(agreement, type, period, ++page));
        }
        for (Fact fact : facts) {
            if (stored.size() == MAX_FACTS) {
                write.accept(Keys.facts(agreement, type, period, page++), page(stored, at));
                stored = new ArrayList<>();
            }
            stored.add(fact.encode());
        }
        write.accept(Keys.facts(agreement, type, period, page), page(stored, at));
    }

    /// When facts of a type were last booked in a period.
    public static Optional<LedgerTime> written(
            String agreement, String type, String period, Function<String, Optional<Json.Obj>> read) {
        Optional<Json.Obj> last = Optional.empty();
        Optional<Json.Obj> page = read.apply(Keys.facts(agreement, type, period, 1));
        for (int next = 2; page.isPresent(); next++) {
            last = page;
            page = page.filter(full -> full.items("facts").size() == MAX_FACTS).isPresent()
                    ? read.apply(Keys.facts(agreement, type, period, next))
                    : Optional.empty();
        }
        return last.map(newest -> LedgerTime.of(newest.text("at")));
    }

    /// All facts of a type booked in a period.
    public static List<Fact> all(
            String agreement, String type, String period, Function<String, Optional<Json.Obj>> read) {
        List<Fact> facts = new ArrayList<>();
        for (int page = 1; ; page++) {
            List<Json> stored = stored(read, Keys.facts(agreement, type, period, page));
            stored.forEach(fact -> facts.add(Fact.decode((Json.Obj) fact)));
            if (stored.size() < MAX_FACTS) {
                return List.copyOf(facts);
            }
        }
    }

    /// The facts of a page.
    public static List<Fact> decode(Json.Obj page) {
        return page.items("facts").stream()
                .map(fact -> Fact.decode((Json.Obj) fact))
                .toList();
    }

    private static List<Json> stored(Function<String, Optional<Json.Obj>> read, String key) {
        return new ArrayList<>(read.apply(key).map(page -> page.items("facts")).orElse(List.of()));
    }

    private static Json.Obj page(List<Json> facts, LedgerTime at) {
        return Json.object()
                .with("at", at.text())
                .with("facts", Json.array(facts))
                .build();
    }
}
