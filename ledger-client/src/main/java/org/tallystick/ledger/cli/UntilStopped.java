package org.tallystick.ledger.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A program in the foreground, from its start until somebody stops it: by SIGTERM or by Ctrl-C.
///
/// Java ends as soon as its hooks have, so the hook waits until everything is closed, but not longer than
/// [#LONGEST]: open this first. A second signal ends it at once.
public final class UntilStopped implements AutoCloseable {

    /// The longest that a stop takes.
    public static final Duration LONGEST = Duration.ofSeconds(30);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    public UntilStopped() {
        SecondSignal.endsAtOnce();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopped.countDown();
            awaitClosed();
        }));
    }

    private void awaitClosed() {
        try {
            boolean _ = closed.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until the program is told to stop.
    public void await() throws InterruptedException {
        stopped.await();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
