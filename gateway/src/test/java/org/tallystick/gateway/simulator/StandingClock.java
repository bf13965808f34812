package org.tallystick.gateway.simulator;

import java.time.Duration;
import java.time.Instant;
import org.tallystick.gateway.courier.Clockwork;

/// Time stands, and nobody waits.
final class StandingClock implements Clockwork {

    private final Instant at;

    StandingClock(Instant at) {
        this.at = at;
    }

    @Override
    public long millis() {
        return at.toEpochMilli();
    }

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public long random(long bound) {
        return 0;
    }

    @Override
    public void await(Object monitor, long millis) {
        throw new IllegalStateException("nobody waits here");
    }

    @Override
    public void wake(Object monitor) {
        // Nobody waits.
    }

    @Override
    public void sleep(Duration pause) {
        throw new IllegalStateException("nobody waits here");
    }

    @Override
    public Strand start(String name, Runnable work) {
        throw new IllegalStateException("nothing runs here");
    }
}
