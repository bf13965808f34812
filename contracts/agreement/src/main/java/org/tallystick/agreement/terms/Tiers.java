package org.tallystick.agreement.terms;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;

/// Rates that depend on how much there is (terms/1 section 10).
///
/// @param measure what decides which step is reached
public record Tiers(Mode mode, String measure, List<Step> steps) {

    public Tiers {
        steps = List.copyOf(steps);
    }

    /// @param upTo inclusive; absent for the last step
    public record Step(Optional<Rational> upTo, Rational rate) {}

    public enum Mode {
        MARGINAL,
        WHOLE,
        FORWARD,
        PER_EVENT,
        LOOKBACK,
        BLENDED;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Mode> ofText(String text) {
            for (Mode mode : values()) {
                if (mode.text().equals(text)) {
                    return Optional.of(mode);
                }
            }
            return Optional.empty();
        }

        /// Whether each event gets a rate of its own.
        public boolean pricesEvents() {
            return switch (this) {
                case FORWARD, PER_EVENT, LOOKBACK -> true;
                case MARGINAL, WHOLE, BLENDED -> false;
            };
        }
    }

    /// The rate of the first step that `x` does not exceed.
    public Rational rateAt(Rational x) {
        for (Step step : steps) {
            if (step.upTo().isEmpty() || x.compareTo(step.upTo().get()) <= 0) {
                return step.rate();
            }
        }
        return steps.getLast().rate();
    }

    /// The sum over all bands of the part of `x` in it times its rate; for a negative `x` the mirror image.
    public Rational acrossBands(Rational x) {
        if (x.signum() < 0) {
            return acrossBands(x.negate()).negate();
        }
        Rational total = Rational.ZERO;
        Rational reached = Rational.ZERO;
        for (Step step : steps) {
            Rational end = step.upTo().isPresent() ? x.min(step.upTo().get()) : x;
            if (end.compareTo(reached) > 0) {
                total = total.plus(step.rate().times(end.minus(reached)));
                reached = end;
            }
        }
        return total;
    }
}
