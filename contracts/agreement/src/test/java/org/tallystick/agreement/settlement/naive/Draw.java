package org.tallystick.agreement.settlement.naive;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Choices by a seed.
final class Draw {

    private final SplittableRandom random;

    Draw(long seed) {
        random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /// From one to the other, both included.
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /// True once in so many times.
    boolean once(int times) {
        return random.nextInt(times) == 0;
    }

    @SafeVarargs
    final <T> T any(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    <T> List<T> shuffled(List<T> items) {
        List<T> left = new ArrayList<>(items);
        List<T> shuffled = new ArrayList<>();
        while (!left.isEmpty()) {
            shuffled.add(left.remove(random.nextInt(left.size())));
        }
        return shuffled;
    }

    /// At least one of them, in their order.
    <T> List<T> some(List<T> items) {
        List<T> some = new ArrayList<>(items);
        for (int i = random.nextInt(items.size()); i > 0; i--) {
            some.remove(random.nextInt(some.size()));
        }
        return some;
    }
}
