package org.tallystick.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.http.Readiness;
import org.tallystick.gateway.store.Store.Unfinished;
import org.tallystick.gateway.watch.Watch;

/// Counts and measures. A label has few values, all of them ours or Fabric's: codes, and never what a caller chose.
public final class Metrics implements Watch, AutoCloseable {

    /// A label that is there to be added up over: what went well has this one.
    private static final String WELL = "ok";

    private static final Duration[] CALLS =
            durations(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000);
    private static final Duration[] VERDICTS =
            durations(50, 100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000);
    private static final double[] SIZES = {1, 2, 5, 10, 20, 50, 100, 200, 500};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Counter taken = registry.counter("tallystick.intake.taken");
    private final Counter repeated = registry.counter("tallystick.intake.repeated");
    private final Timer verdict = Timer.builder("tallystick.verdict")
            .description("from the receipt of an instruction to its final answer")
            .serviceLevelObjectives(VERDICTS)
            .register(registry);
    private final DistributionSummary batch = sizes("tallystick.batch.instructions");
    private final DistributionSummary group = sizes("tallystick.store.group.writes");
    private volatile Optional<Readiness.Now> now = Optional.empty();

    public Metrics() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        gauge("tallystick.ready", state -> state.ready() ? 1 : 0);
        for (Readiness.Reason reason : Readiness.Reason.values()) {
            Gauge _ = Gauge.builder(
                            "tallystick.unready",
                            this,
                            all -> all.told(state -> state.reasons().contains(reason) ? 1 : 0))
                    .tag("reason", name(reason))
                    .register(registry);
        }
        gauge("tallystick.block", Readiness.Now::block);
        gauge(
                "tallystick.blocks.behind",
                state -> state.behind().isPresent() ? state.behind().getAsLong() : Double.NaN);
        gauge("tallystick.held.instructions", Readiness.Now::held);
        gauge("tallystick.unfinished.instructions", state -> unfinished(state, Unfinished::all));
        gauge("tallystick.unanswered.instructions", state -> unfinished(state, Unfinished::unanswered));
        gauge("tallystick.unanswered.oldest.seconds", state -> state.oldest().toMillis() / 1_000.0);
        gauge("tallystick.leases", Readiness.Now::leases);
        gauge("tallystick.log.leaves", state -> log(state, "size"));
        gauge("tallystick.log.cosigned", state -> log(state, "cosigned"));
    }

    private static Duration[] durations(long... millis) {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    private DistributionSummary sizes(String name) {
        return DistributionSummary.builder(name).serviceLevelObjectives(SIZES).register(registry);
    }

    private void gauge(String name, ToDoubleFunction<Readiness.Now> value) {
        Gauge _ = Gauge.builder(name, this, all -> all.told(value)).register(registry);
    }

    private double told(ToDoubleFunction<Readiness.Now> value) {
        return now.map(value::applyAsDouble).orElse(Double.NaN);
    }

    private static double unfinished(Readiness.Now state, ToDoubleFunction<Unfinished> value) {
        return state.unfinished().map(value::applyAsDouble).orElse(Double.NaN);
    }

    private static double log(Readiness.Now state, String member) {
        return state.log().find(member).orElse(Json.Obj.EMPTY) instanceof Json.Whole(var size) ? size : Double.NaN;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Step begin(Stage stage, List<Hash> instructions) {
        if (stage == Stage.ENDORSE && !instructions.isEmpty()) {
            batch.record(instructions.size());
        }
        return new Measured(stage, System.nanoTime());
    }

    private final class Measured implements Step {
        private final Stage stage;
        private final long begun;
        private String code = WELL;

        Measured(Stage stage, long begun) {
            this.stage = stage;
            this.begun = begun;
        }

        @Override
        public void failed(String why) {
            code = why;
        }

        @Override
        public void close() {
            Timer.builder("tallystick.stage")
                    .description("how long a stage on the way of instructions takes, by what came of it")
                    .tag("stage", name(stage))
                    .tag("code", code)
                    .serviceLevelObjectives(CALLS)
                    .register(registry)
                    .record(Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    @Override
    public void taken(int all, int before) {
        taken.increment(all - before);
        repeated.increment(before);
    }

    @Override
    public void refused(String code, int instructions) {
        registry.counter("tallystick.intake.refused", "code", code).increment(instructions);
    }

    @Override
    public void answered(Duration time) {
        verdict.record(time);
    }

    @Override
    public void transaction(String code) {
        registry.counter("tallystick.transactions", "code", code).increment();
    }

    @Override
    public void wrote(int writes, Duration time, boolean failed) {
        group.record(writes);
        Timer.builder("tallystick.store.group")
                .description("how long what waits for the disk takes together")
                .tag("code", failed ? "failed" : WELL)
                .serviceLevelObjectives(CALLS)
                .register(registry)
                .record(time);
    }

    /// All of it, as Prometheus reads it.
    String text(Readiness.Now state) {
        now = Optional.of(state);
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
