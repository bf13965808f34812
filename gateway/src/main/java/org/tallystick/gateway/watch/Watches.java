package org.tallystick.gateway.watch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Hash;

/// Several who watch at once.
public final class Watches implements Watch {

    private final List<Watch> all;

    private Watches(List<Watch> all) {
        this.all = all;
    }

    public static Watch of(List<Watch> all) {
        return switch (all.size()) {
            case 0 -> NONE;
            case 1 -> all.getFirst();
            default -> new Watches(List.copyOf(all));
        };
    }

    private Step steps(Function<Watch, Step> begin) {
        List<Step> steps = all.stream().map(begin).toList();
        return new Step() {
            @Override
            public void failed(String code) {
                steps.forEach(step -> step.failed(code));
            }

            @Override
            public void close() {
                steps.forEach(Step::close);
            }
        };
    }

    @Override
    public Step request(Optional<String> traceparent) {
        return steps(watch -> watch.request(traceparent));
    }

    @Override
    public Step begin(Stage stage, List<Hash> instructions) {
        return steps(watch -> watch.begin(stage, instructions));
    }

    @Override
    public void taken(int count, int repeated) {
        all.forEach(watch -> watch.taken(count, repeated));
    }

    @Override
    public void refused(String code, int instructions) {
        all.forEach(watch -> watch.refused(code, instructions));
    }

    @Override
    public void answered(Duration time) {
        all.forEach(watch -> watch.answered(time));
    }

    @Override
    public void transaction(String code) {
        all.forEach(watch -> watch.transaction(code));
    }

    @Override
    public void wrote(int writes, Duration time, boolean failed) {
        all.forEach(watch -> watch.wrote(writes, time, failed));
    }
}
