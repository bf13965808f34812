package org.tallystick.acceptance.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.settlement.Figures;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.terms.Terms;

/// What [TermsBench] measures, as JMH runs it: each method once over all its events.
@OutputTimeUnit(TimeUnit.SECONDS)
public class TermsBenchmarks {

    static final int FEW = 1_000;
    static final int MANY = 1_000_000;
    static final int TEXTS = 100_000;

    /// The first of a million events, and the million in turn: a thousand are then as far from the processor as all.
    @State(Scope.Benchmark)
    public static class Parsed {

        @Param({"1000", "1000000"})
        int events;

        private final Terms terms = BenchTerms.folded();
        private final List<KnownEvent> all = new ArrayList<>();
        private int next;

        @Setup
        public void read() {
            BenchTerms.stream(MANY).forEach(all::add);
        }

        List<KnownEvent> take() {
            int from = next;
            next = (next + events) % MANY;
            return all.subList(from, from + events);
        }
    }

    /// Clauses that add up.
    @Benchmark
    public Figures fold(Parsed parsed) {
        return Figures.of(parsed.terms, parsed.take());
    }

    /// Prices of figures that were folded before.
    @State(Scope.Benchmark)
    public static class Folded {

        @Param({"1000", "1000000"})
        int events;

        private final Terms terms = BenchTerms.folded();
        private Figures figures = Figures.of(terms, List.of());

        @Setup
        public void fold() {
            figures = Figures.of(terms, BenchTerms.stream(events));
        }
    }

    @Benchmark
    public Outcome.Settled prices(Folded folded) {
        return settled(folded.terms, folded.figures);
    }

    /// Events as their reporters spell them.
    @State(Scope.Benchmark)
    public static class Spelled {

        private final Terms terms = BenchTerms.folded();
        private final List<Bytes> texts =
                IntStream.range(0, TEXTS).mapToObj(BenchTerms::text).toList();
    }

    @Benchmark
    public Figures read(Spelled spelled) {
        return Figures.of(spelled.terms, BenchTerms.read(spelled.texts));
    }

    /// Clauses that price or divide each event.
    @State(Scope.Benchmark)
    public static class Alone {

        @Param
        SingleClause clause = SingleClause.PER_EVENT;

        private final List<KnownEvent> all = new ArrayList<>();

        @Setup
        public void read() {
            BenchTerms.stream(MANY).forEach(all::add);
        }
    }

    @Benchmark
    public Outcome.Settled single(Alone alone) {
        Terms terms = alone.clause.terms();
        return settled(terms, Figures.of(terms, alone.all));
    }

    /// Events that are made as they are asked for: nothing holds them all.
    @Benchmark
    public Outcome.Settled stream() {
        Terms terms = BenchTerms.folded();
        return settled(terms, Figures.of(terms, BenchTerms.stream(MANY)));
    }

    private static Outcome.Settled settled(Terms terms, Figures figures) {
        return switch (Settlement.settle(terms, History.open(terms, BenchTerms.PERIOD), figures)) {
            case Outcome.Settled settled -> settled;
            case Outcome.Refused(var codes) ->
                throw new IllegalStateException("the bench has events that do not settle: " + codes);
        };
    }
}
