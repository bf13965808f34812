package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Calls that wait, kept off the event loop.
final class Waiting {

    private Waiting() {}

    /// Runs `work` on one of `threads` and brings back its answer, or the exception it threw as it was thrown. (A
    /// `CompletableFuture` would wrap it, and the failure handler would not recognize it.)
    static <T> Future<T> on(Executor threads, Callable<T> work) {
        Promise<T> answer = Promise.promise();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(work.call());
                } catch (Exception e) {
                    answer.fail(e);
                }
            });
        } catch (RejectedExecutionException _) {
            answer.fail(new Refusal(Problem.of(Trouble.STOPPING)));
        }
        return answer.future();
    }
}
