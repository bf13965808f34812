package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Every step, and every event counted, of the workings of small cases, written out: the table `steps.txt`, whose head
/// says how it is read. A figure that stands in an example of terms/1 is the one that stands there.
class WorkingStepsTest {

    /// Enough for all events of a case.
    private static final int ALL = 100;

    /// A case of the table, in the frame that [Documents] has.
    private record Case(
            String name, String measures, String settlement, String clauses, String events, String expected) {

        static Case of(String text) {
            String[] parts = text.split("\n--.*\n", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException(parts.length + " parts: " + text);
            }
            List<String> head = parts[0].lines().toList();
            return new Case(
                    head.getFirst(),
                    member(head, "measures"),
                    member(head, "settlement"),
                    head.stream()
                            .skip(1)
                            .filter(line -> line.startsWith("{") || line.startsWith(" "))
                            .collect(Collectors.joining()),
                    parts[1],
                    parts[2].strip());
        }

        private static String member(List<String> head, String name) {
            return head.stream()
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> line.substring(name.length() + 1))
                    .collect(Collectors.joining(","));
        }

        Json.Obj document() {
            Json.Obj framed = Documents.withMeasures(Documents.of(clauses), measures);
            return settlement.isEmpty() ? framed : Documents.with(framed, "settlement", settlement);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        try (InputStream in = WorkingStepsTest.class.getResourceAsStream("/workings/steps.txt")) {
            if (in == null) {
                throw new IllegalStateException("no table");
            }
            String text = Bytes.copyOf(in.readAllBytes()).utf8().orElseThrow();
            return Stream.of(text.split("(?m)^== ", -1)).skip(1).map(Case::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void each_step_and_each_event_is_the_one_written_down(Case one) {
        assertThat(worked(one)).isEqualTo(one.expected());
    }

    /// From January to the last period that an event is booked in.
    private static String worked(Case one) {
        Terms terms = Documents.accepted(one.document());
        List<KnownEvent> known = Books.known(terms, Books.events(one.events()));
        Period last =
                known.stream().map(KnownEvent::booked).max(Period::compareTo).orElseThrow();
        List<String> text = new ArrayList<>();
        History history = History.open(terms, Period.ofText("2026-01"));
        while (history.next().compareTo(last) <= 0) {
            History before = history;
            List<KnownEvent> booked = known.stream()
                    .filter(event -> event.booked().equals(before.next()))
                    .toList();
            if (!(Settlement.settle(terms, before, booked) instanceof Outcome.Settled(var statement, var after))) {
                throw new AssertionError(one.name());
            }
            text.add(before.next().text());
            for (Working working :
                    Books.workings(terms, before, booked, statement, ALL).all()) {
                text.add("  " + Books.line(working.line()) + (working.holds() ? "" : " WRONG"));
                working.steps().forEach(step -> text.add("    " + text(step)));
                working.events().first().forEach(counted -> text.add("    < " + text(counted)));
                assertThat(working.events().count())
                        .isEqualTo(working.events().first().size());
            }
            history = after;
        }
        return String.join("\n", text);
    }

    /// `KIND NAME PERIOD: RATE of OF UNIT = RESULT UNIT`, without what there is none of.
    private static String text(Working.Step step) {
        String about = Stream.of(
                        step.kind().text(),
                        step.name(),
                        step.period().map(Period::text).orElse(""))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        String from = Stream.of(
                        step.rate().map(Object::toString).orElse(""),
                        step.of().map(of -> "of " + text(of)).orElse(""))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        return about + ": " + (from.isEmpty() ? "" : from + " = ") + text(step.result());
    }

    private static String text(Working.Figure figure) {
        return figure.value() + " " + figure.unit().text();
    }

    private static String text(CountedEvents.Counted counted) {
        return counted.event().id() + " " + counted.figure() + ": " + counted.value() + " "
                + counted.unit().text()
                + counted.rate().map(rate -> " at " + rate).orElse("");
    }
}
