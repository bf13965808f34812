package org.tallystick.gateway.traces;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.gateway.watch.Watch;

/// Makes a span of each stage on the way of an instruction, below the request that brought it and the caller's own
/// trace.
///
/// Which request brought an instruction is known as long as it is remembered here; after a restart, or at another
/// instance, a stage begins a trace of its own, and is found by the hash of the instruction.
public final class Traces implements Watch, AutoCloseable {

    /// Instructions whose request is remembered; the oldest are forgotten first.
    private static final int MAX_REMEMBERED = 20_000;
    /// Instructions that are named in one span.
    private static final int MAX_NAMED = 64;

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST_SEND = Duration.ofSeconds(5);
    private static final Duration LAST = Duration.ofSeconds(1);

    private static final AttributeKey<List<String>> INSTRUCTIONS =
            AttributeKey.stringArrayKey("tallystick.instructions");
    private static final AttributeKey<Long> COUNT = AttributeKey.longKey("tallystick.instructions.count");
    private static final String TRACEPARENT = "traceparent";

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final Map<Hash, SpanContext> requests = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, SpanContext> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /// @param instance which of the gateways that share a store this is
    public Traces(TraceSettings settings, String instance) {
        Sampler share = Sampler.traceIdRatioBased((double) settings.perThousand() / TraceSettings.ALL);
        this.provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "tallystick-gateway",
                        AttributeKey.stringKey("service.instance.id"),
                        instance)))
                // A caller may ask that it is not traced, but not that it is.
                .setSampler(Sampler.parentBasedBuilder(share)
                        .setRemoteParentSampled(new Asked(share))
                        .build())
                .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(settings.endpoint().toString())
                                .setTimeout(LONGEST_SEND)
                                .build())
                        .setScheduleDelay(EVERY)
                        .build())
                .build();
        this.tracer = provider.get("org.tallystick.gateway");
    }

    /// Of what callers would have traced, the operator's share.
    private record Asked(Sampler share) implements Sampler {
        @Override
        public SamplingResult shouldSample(
                Context caller, String trace, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
            return share.shouldSample(caller, trace, name, kind, attributes, links);
        }

        @Override
        public String getDescription() {
            return "what is asked for, " + share.getDescription();
        }
    }

    private enum Carrier implements TextMapGetter<String> {
        HEADER;

        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String key) {
            return key.equals(TRACEPARENT) ? traceparent : null;
        }
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // Closed with the step.
    public Step request(Optional<String> traceparent) {
        Context caller =
                W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent.orElse(""), Carrier.HEADER);
        Span span = tracer.spanBuilder("intake")
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        return new Traced(span, Optional.of(span.makeCurrent()));
    }

    @Override
    public Step begin(Stage stage, List<Hash> instructions) {
        if (instructions.isEmpty()) {
            return Step.NONE;
        }
        SpanBuilder builder = tracer.spanBuilder(stage.name().toLowerCase(Locale.ROOT))
                .setAttribute(COUNT, (long) instructions.size())
                .setAttribute(
                        INSTRUCTIONS,
                        instructions.stream().limit(MAX_NAMED).map(Hash::hex).toList());
        if (stage == Stage.STORE) {
            remember(instructions, Span.current().getSpanContext());
            return new Traced(builder.startSpan(), Optional.empty());
        }
        List<SpanContext> known = known(instructions);
        if (known.isEmpty()) {
            var _ = builder.setNoParent();
        } else {
            var _ = builder.setParent(Context.root().with(Span.wrap(known.getFirst())));
            known.stream().skip(1).forEach(builder::addLink);
        }
        return new Traced(builder.setSpanKind(SpanKind.CLIENT).startSpan(), Optional.empty());
    }

    private synchronized void remember(List<Hash> instructions, SpanContext request) {
        if (request.isValid()) {
            instructions.forEach(instruction -> requests.put(instruction, request));
        }
    }

    /// The requests that brought them, each once.
    private synchronized List<SpanContext> known(List<Hash> instructions) {
        return instructions.stream()
                .flatMap(instruction -> Optional.ofNullable(requests.get(instruction)).stream())
                .distinct()
                .limit(MAX_NAMED)
                .toList();
    }

    private record Traced(Span span, Optional<Scope> scope) implements Step {
        @Override
        public void failed(String code) {
            var _ = span.setStatus(StatusCode.ERROR, code);
        }

        @Override
        public void close() {
            scope.ifPresent(Scope::close);
            span.end();
        }
    }

    /// Sends what is left, if that does not take long.
    @Override
    public void close() {
        var _ = provider.shutdown().join(LAST.toMillis(), TimeUnit.MILLISECONDS);
    }
}
