package org.tallystick.ledger.cli;

import java.util.concurrent.CountDownLatch;

/// A program in the foreground, from its start until somebody stops it: by SIGTERM or by Ctrl-C.
///
/// Java ends as soon as its hooks have, so the hook waits until everything is closed: open this first.
public final class UntilStopped implements AutoCloseable {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    public UntilStopped() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopped.countDown();
            awaitClosed();
        }));
    }

    private void awaitClosed() {
        try {
            closed.await();
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
