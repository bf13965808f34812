package org.tallystick.gateway.http;

import io.vertx.core.Future;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.tallystick.gateway.store.StoreException;

/// What all answers about the log have in common.
final class LogAnswers {

    private LogAnswers() {}

    /// Works on one of `threads`; a store that does not answer becomes a problem.
    static Future<Answer> on(Executor threads, Callable<Answer> work) {
        return Waiting.on(threads, () -> {
            try {
                return work.call();
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }

    static Refusal nothing() {
        return new Refusal(Problem.of(Trouble.NOT_FOUND));
    }
}
