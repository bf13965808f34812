package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/// The threads that look at signatures: the one that decides, which asks for them in order, and some that go ahead of
/// it.
///
/// What a task answers depends on nothing but the task, so it makes no difference who does it or when.
final class Crew implements AutoCloseable {

    private final LinkedBlockingQueue<FutureTask<?>> waiting = new LinkedBlockingQueue<>();
    private final List<Thread> others = new ArrayList<>();

    /// @param threads how many there are with the one that decides
    Crew(int threads) {
        for (int n = 1; n < threads; n++) {
            others.add(Thread.ofPlatform().daemon().name("signatures-" + n).start(this::work));
        }
    }

    private void work() {
        try {
            while (true) {
                waiting.take().run();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// Whether anybody goes ahead.
    boolean goesAhead() {
        return !others.isEmpty();
    }

    /// Something to be done before it is asked for, if there is somebody to do it.
    <T> FutureTask<T> ahead(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        if (goesAhead()) {
            waiting.add(task);
        }
        return task;
    }

    /// What a task answers. If nobody has begun it, it is done here; while another thread is at it, the next ones are.
    <T> T answer(FutureTask<T> task) {
        task.run();
        while (!task.isDone()) {
            FutureTask<?> next = waiting.poll();
            if (next == null) {
                break;
            }
            next.run();
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a signature was looked at");
        }
    }

    @Override
    public void close() {
        others.forEach(Thread::interrupt);
    }
}
