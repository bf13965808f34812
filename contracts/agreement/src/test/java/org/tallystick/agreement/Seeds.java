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
}
