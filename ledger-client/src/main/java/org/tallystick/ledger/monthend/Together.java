package org.tallystick.ledger.monthend;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.tallystick.ledger.LedgerException;

/// Asks the ledger many things, several at once, and gives the answers in the order of the questions.
public final class Together {

    /// As many as a gateway answers at once.
    public static final int AT_ONCE = 16;

    private Together() {}

    /// A question that waits for the ledger.
    @FunctionalInterface
    public interface Asking<Q, A> {
        A ask(Q question) throws LedgerException;
    }

    /// @throws LedgerException the first that came, in the order of the questions
    public static <Q, A> List<A> each(List<Q> questions, Asking<Q, A> asking) throws LedgerException {
        Semaphore free = new Semaphore(AT_ONCE);
        List<Future<A>> waiting = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Q question : questions) {
                waiting.add(threads.submit(() -> {
                    free.acquire();
                    try {
                        return asking.ask(question);
                    } finally {
                        free.release();
                    }
                }));
            }
            List<A> answers = new ArrayList<>();
            for (Future<A> one : waiting) {
                answers.add(one.get());
            }
            return answers;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LedgerException ledger) {
                throw ledger;
            }
            throw new IllegalStateException("a question failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException.Unavailable("interrupted while the ledger was asked", e);
        }
    }
}
