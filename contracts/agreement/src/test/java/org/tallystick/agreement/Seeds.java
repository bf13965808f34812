package org.tallystick.agreement;

import java.util.stream.LongStream;

/// The seeds that a law is shown for, from 0 on.
///
/// With `-Dtallystick.seeds=N` there are at most N: mutation testing tries each law again for each change of the code.
public final class Seeds {

    private Seeds() {}

    public static LongStream upTo(int count) {
        return LongStream.range(0, Math.min(count, Integer.getInteger("tallystick.seeds", count)));
    }

    /// So many seeds for a long run, which begin at another place with `-Dtallystick.seed=N`.
    public static LongStream ofRun(int count) {
        long first = Long.parseLong(System.getProperty("tallystick.seed", "0"));
        return LongStream.range(first, first + count);
    }
}
