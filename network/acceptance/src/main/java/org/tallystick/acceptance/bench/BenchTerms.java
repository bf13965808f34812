package org.tallystick.acceptance.bench;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// The terms of five parties, and the sales of one month, that [TermsBenchmarks] settles.
final class BenchTerms {

    static final Period PERIOD = Period.ofText("2026-01");

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

    private BenchTerms() {}

    /// A fee, marginal tiers and a split among five, which only add events up.
    static Terms folded() {
        return terms(FOLDED);
    }

    /// Terms of these clauses.
    static Terms terms(String clauses) {
        return switch (TermsReader.read(Bytes.ofUtf8(FRAME.replace("%s", clauses)))) {
            case TermsReading.Accepted(var terms) -> terms;
            case TermsReading.Refused(var findings) -> throw new IllegalStateException(findings.toString());
        };
    }

    /// So many sales, made as they are asked for.
    static Iterable<KnownEvent> stream(int count) {
        return () -> IntStream.range(0, count).mapToObj(i -> known(i, text(i))).iterator();
    }

    /// Events from their JSON, to be gone through once.
    static Iterable<KnownEvent> read(List<Bytes> texts) {
        Stream<KnownEvent> events = IntStream.range(0, texts.size()).mapToObj(i -> known(i, texts.get(i)));
        Iterator<KnownEvent> each = events.iterator();
        return () -> each;
    }

    /// A sale as its reporter spells it.
    static Bytes text(int index) {
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
