package org.tallystick.acceptance.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.Figures;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// How fast terms are settled, and in how much memory: prints a table, with `--json` an array. Exit code 1 if a goal is
/// missed.
///
/// Rates are events for a second of CPU of the one thread that computes, the best of several rounds after a warm-up:
/// what
/// else runs on the machine disturbs them least.
public final class TermsBench {

    private static final int MANY = 1_000_000;
    private static final int ROUNDS = 5;
    private static final String SMALL_HEAP = "-Xmx64m";
    private static final String STREAM = "--stream";
    private static final Period PERIOD = Period.ofText("2026-01");
    private static final String FRAME = """
            {"terms":"1","id":"bench","hub":"hub","currency":"USD","calendar":{"frequency":"month"},
             "parties":[{"id":"hub"},{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}],
             "measures":{"sales":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
             "clauses":[%s],"settlement":{}}""";
    private static final String FOLDED = """
            {"id":"f","type":"fee","from":"hub","to":"a","of":"sales","rate":"0.125"},
            {"id":"t","type":"fee","from":"hub","to":"b","of":"sales","tiers":{"mode":"marginal","steps":
             [{"upTo":1000000,"rate":"0.05"},{"upTo":100000000,"rate":"0.08"},{"rate":"0.1"}]}},
            {"id":"s","type":"split","holder":"hub","of":"sales",
             "shares":{"hub":"1/5","a":"1/5","b":"1/5","c":"1/5","d":"1/5"}}""";

    /// Clauses that price or divide each event.
    private enum Single {
        PER_EVENT(
                "\"type\":\"fee\",\"from\":\"hub\",\"to\":\"a\",\"of\":\"sales\",\"rate\":\"0.125\",\"per\":\"event\","
                        + "\"floor\":{\"amount\":5},\"cap\":{\"price\":\"40\"}"),
        FORWARD(tiers("forward")),
        TIERS_PER_EVENT(tiers("per-event")),
        LOOKBACK(tiers("lookback")),
        SPLIT_PER_EVENT("\"type\":\"split\",\"holder\":\"hub\",\"of\":\"sales\",\"per\":\"event\","
                + "\"shares\":{\"hub\":\"1/5\",\"a\":\"1/5\",\"b\":\"1/5\",\"c\":\"1/7\",\"d\":\"9/35\"}"),
        AGREED_RATE("\"type\":\"fee\",\"from\":\"hub\",\"to\":\"a\",\"of\":\"sales\","
                + "\"rate\":{\"by\":\"event\",\"attr\":\"agreed\",\"min\":\"0\",\"max\":\"1\"}");

        private final String clause;

        Single(String clause) {
            this.clause = "{\"id\":\"x\"," + clause + "}";
        }

        private static String tiers(String mode) {
            return "\"type\":\"fee\",\"from\":\"hub\",\"to\":\"a\",\"of\":\"sales\",\"tiers\":{\"mode\":\"" + mode
                    + "\",\"steps\":[{\"upTo\":1000,\"rate\":\"0.05\"},{\"rate\":\"0.1\"}]}";
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /// @param atLeast whether more is better
    private record Figure(String name, double value, String unit, double goal, boolean atLeast) {
        boolean holds() {
            return atLeast ? value >= goal : value <= goal;
        }

        String row() {
            return "%-44s %14.2f %-14s %s %12.2f  %s"
                    .formatted(name, value, unit, atLeast ? ">=" : "<=", goal, holds() ? "holds" : "MISSED");
        }

        String json() {
            return "{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\",\"goal\":%.3f,\"holds\":%s}"
                    .formatted(name, value, unit, goal, holds());
        }
    }

    private final List<Figure> figures = new ArrayList<>();

    private TermsBench() {}

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        if (List.of(arguments).contains(STREAM)) {
            settle(terms(FOLDED), Figures.of(terms(FOLDED), stream(MANY)));
            return;
        }
        TermsBench bench = new TermsBench();
        bench.run();
        boolean json = List.of(arguments).contains("--json");
        System.out.println(
                json
                        ? "["
                                + String.join(
                                        ",",
                                        bench.figures.stream().map(Figure::json).toList()) + "]"
                        : String.join(
                                "\n", bench.figures.stream().map(Figure::row).toList()));
        System.exit(bench.figures.stream().allMatch(Figure::holds) ? 0 : 1);
    }

    private void run() throws Exception {
        Terms folded = terms(FOLDED);
        List<KnownEvent> events = new ArrayList<>();
        stream(MANY).forEach(events::add);
        double many = seconds(() -> {
            Figures _ = Figures.of(folded, events);
        });
        rate("fold of a million parsed events", many, MANY, 2_000_000);
        List<Bytes> texts =
                IntStream.range(0, MANY / 10).mapToObj(TermsBench::text).toList();
        rate(
                "fold of events from JSON text",
                seconds(() -> {
                    Figures _ = Figures.of(folded, parsed(texts));
                }),
                MANY / 10,
                400_000);
        Figures few = Figures.of(folded, events.subList(0, 1_000));
        Figures all = Figures.of(folded, events);
        milliseconds("prices from the figures of a thousand", seconds(() -> settle(folded, few)));
        milliseconds("prices from the figures of a million", seconds(() -> settle(folded, all)));
        double thousand = seconds(() -> {
            for (int i = 0; i < 1_000; i++) {
                Figures _ = Figures.of(folded, events.subList(i * 1_000, (i + 1) * 1_000));
            }
        });
        double exponent = Math.log(many / (thousand / 1_000)) / Math.log(1_000);
        figures.add(new Figure("exponent from a thousand to a million", exponent, "", 1.05, false));
        for (Single single : Single.values()) {
            Terms terms = terms(single.clause);
            rate(single.text(), seconds(() -> settle(terms, Figures.of(terms, events))), MANY, 500_000);
        }
        figures.add(new Figure("a million events streamed in " + SMALL_HEAP, streams() ? 1 : 0, "done", 1, true));
    }

    private void rate(String name, double seconds, int events, double goal) {
        figures.add(new Figure(name, events / seconds, "events/CPU-s", goal, true));
    }

    private void milliseconds(String name, double seconds) {
        figures.add(new Figure(name, seconds * 1_000, "ms", 10, false));
    }

    /// The least CPU that some round took.
    private static double seconds(Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long before = threads.getCurrentThreadCpuTime();
            work.run();
            least = Math.min(least, threads.getCurrentThreadCpuTime() - before);
        }
        return least / 1e9;
    }

    private static void settle(Terms terms, Figures figures) {
        if (!(Settlement.settle(terms, History.open(terms, PERIOD), figures) instanceof Outcome.Settled)) {
            throw new IllegalStateException("the bench has events that do not settle");
        }
    }

    /// In a Java of its own, which has little memory.
    private static boolean streams() throws Exception {
        return new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                SMALL_HEAP,
                                "-cp",
                                System.getProperty("java.class.path"),
                                TermsBench.class.getName(),
                                STREAM)
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    private static Terms terms(String clauses) {
        return switch (TermsReader.read(Bytes.ofUtf8(FRAME.replace("%s", clauses)))) {
            case TermsReading.Accepted(var terms) -> terms;
            case TermsReading.Refused(var findings) -> throw new IllegalStateException(findings.toString());
        };
    }

    /// Sales of one month, made as they are asked for.
    private static Iterable<KnownEvent> stream(int count) {
        return () -> IntStream.range(0, count).mapToObj(i -> known(i, text(i))).iterator();
    }

    private static Iterable<KnownEvent> parsed(List<Bytes> texts) {
        Stream<KnownEvent> events = IntStream.range(0, texts.size()).mapToObj(i -> known(i, texts.get(i)));
        Iterator<KnownEvent> each = events.iterator();
        return () -> each;
    }

    private static Bytes text(int index) {
        Random random = new Random(index);
        return Json.object()
                .with("amount", 100 + random.nextInt(5_000))
                .with(
                        "attrs",
                        Json.object()
                                .with("agreed", "0." + (1 + random.nextInt(8)))
                                .with("product", "p" + random.nextInt(9))
                                .build())
                .with("currency", "USD")
                .with("date", "2026-01-" + (10 + random.nextInt(20)))
                .with("quantity", 1 + random.nextInt(5))
                .with("type", "sale")
                .build()
                .canonical();
    }

    private static KnownEvent known(int index, Bytes text) {
        if (JsonReader.read(text, JsonReader.Profile.SIGNED) instanceof JsonReader.Value(var json)
                && EventReader.read(json) instanceof EventReading.Formed(var event)) {
            return new KnownEvent("sales/" + (1_000_000_000L + index), event, PERIOD, Optional.empty());
        }
        throw new IllegalStateException("not an event: " + text);
    }
}
