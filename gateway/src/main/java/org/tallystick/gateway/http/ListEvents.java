package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.gateway.store.ListChange.Listed;
import org.tallystick.gateway.store.ListStore.Page;
import org.tallystick.gateway.store.ListStore.Question;
import org.tallystick.gateway.store.Place;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.LedgerException;

/// `GET /v1/events`: the events of an agreement as they were signed, in the order of the ledger.
///
/// They have no rows: the list of reports says where they are, and they are read from the ledger's state.
final class ListEvents implements Responder {

    static final String LIST = "events";

    /// Reports that are looked at for one answer.
    private static final int REPORTS = 64;
    /// The part of a place that says that all events of its report were looked at.
    private static final int WHOLE = Integer.MAX_VALUE;
    /// Runs asked for at once: one is up to 256 KiB.
    private static final int AT_ONCE = 8;

    private final Store store;
    private final LedgerReading ledger;

    ListEvents(Store store, LedgerReading ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    /// A report, and the run that holds its events.
    private record Report(Listed listed, String key, long run) {
        long first() {
            return listed.told().whole("first");
        }

        long last() {
            return listed.told().whole("last");
        }

        String source() {
            return listed.facets().source();
        }
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            Question question = Parameters.events(request);
            try {
                return answer(question);
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }

    private Answer answer(Question question) throws StoreException, LedgerException, InterruptedException, Refusal {
        Page page = store.lists()
                .page(reports(question))
                .orElseThrow(() -> new Refusal(Problem.of(Trouble.LISTS_NOT_MADE)));
        List<Report> reports = new ArrayList<>();
        for (Listed listed : page.items()) {
            reports.add(located(listed));
        }
        Events events = new Events(question);
        for (int n = 0; n < reports.size() && !events.isFull(); ) {
            List<Report> some = atOnce(reports.subList(n, reports.size()));
            events.add(
                    some, ledger.get(some.stream().map(Report::key).distinct().toList()));
            n += some.size();
        }
        Optional<Place> next = events.isFull() ? events.last : page.next().map(place -> part(place, WHOLE));
        return Answer.tagged(Json.object()
                        .with(LIST, Json.array(events.items))
                        .withText("next", next.map(place -> Cursor.of(LIST, question, place))))
                .with(ListItems.BLOCK, Optional.of(String.valueOf(page.block())));
    }

    /// The reports from the one on in which the page before ended, or after it.
    private static Question reports(Question question) {
        Optional<Place> after = question.after().map(place -> part(place, place.part() == WHOLE ? 0 : -1));
        return new Question(question.listing(), question.facets(), question.since(), after, question.newest(), REPORTS);
    }

    private static Place part(Place place, int part) {
        return new Place(place.block(), place.transaction(), place.item(), part);
    }

    private Report located(Listed listed) throws StoreException, InterruptedException {
        String agreement = listed.facets().agreement();
        String source = listed.facets().source();
        long first = listed.told().whole("first");
        long run = store.run(agreement, source, first).orElse(first);
        return new Report(listed, Keys.events(agreement, source, run), run);
    }

    /// Those at the beginning whose runs can be asked for at once.
    private static List<Report> atOnce(List<Report> reports) {
        Map<String, Report> runs = new LinkedHashMap<>();
        List<Report> some = new ArrayList<>();
        for (Report report : reports) {
            Report _ = runs.putIfAbsent(report.key(), report);
            if (runs.size() > AT_ONCE) {
                break;
            }
            some.add(report);
        }
        return some;
    }

    /// Events of one page, as far as they are gathered.
    private static final class Events {
        private final Question question;
        private final List<Json.Obj> items = new ArrayList<>();
        private Optional<Place> last = Optional.empty();

        Events(Question question) {
            this.question = question;
        }

        boolean isFull() {
            return items.size() >= question.limit();
        }

        void add(List<Report> reports, SortedMap<String, Json.Obj> runs) throws Refusal {
            for (Report report : reports) {
                Json.Obj run = runs.get(report.key());
                // The peer may be behind the one that showed the block.
                if (run == null) {
                    throw new Refusal(Problem.of(Trouble.LEDGER_UNAVAILABLE));
                }
                RunEvents events = RunEvents.decode(run);
                for (long number = report.first(); number <= report.last() && !isFull(); number++) {
                    add(report, events, number);
                }
            }
        }

        private void add(Report report, RunEvents run, long number) {
            Place place = Place.of(report.listed().place().position(), (int) (number - report.first()));
            boolean told = question.after()
                    .filter(before -> before.position().equals(place.position()) && before.part() >= place.part())
                    .isPresent();
            int index = (int) (number - report.run());
            Json.Obj event = (Json.Obj) run.events().get(index);
            boolean held = run.held().contains(index);
            Optional<String> booked = held ? Optional.empty() : booked(report, run, index, event);
            String wanted = question.facets().period();
            if (told || !(wanted.isEmpty() || booked.filter(wanted::equals).isPresent())) {
                return;
            }
            last = Optional.of(place);
            items.add(Json.object()
                    .with("agreement", report.listed().facets().agreement())
                    .withText("booked", booked)
                    .with("event", event)
                    .with("held", held)
                    .with("id", new EventId(new SourceId(report.source()), number).text())
                    .with("party", report.listed().facets().party())
                    .with("position", place.position().toJson())
                    .build());
        }

        /// Where it was booked when it was reported.
        private static Optional<String> booked(Report report, RunEvents run, int index, Json.Obj event) {
            Optional<Period> later = Optional.ofNullable(run.later().get(index));
            Optional<Period> one = report.listed().told().object("booked").members().keySet().stream()
                    .findFirst()
                    .map(Period::ofText);
            return later.or(() -> one.map(period -> period.frequency().periodOf(LocalDate.parse(event.text("date")))))
                    .map(Period::text);
        }
    }
}
