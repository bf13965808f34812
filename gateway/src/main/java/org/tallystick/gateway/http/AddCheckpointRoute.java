package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.ledger.log.WitnessAnswer;

/// `POST /log/add-checkpoint`: this member's witness is asked for its cosignature (C2SP tlog-witness).
final class AddCheckpointRoute implements Responder {

    /// When a tree that has not come so far yet is asked for again.
    private static final Duration SOON = Duration.ofSeconds(1);

    private final TransparencyLog log;
    private final Executor threads;

    AddCheckpointRoute(TransparencyLog log, Executor threads) {
        this.log = log;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        Bytes body = Bodies.of(request);
        return LogAnswers.on(threads, () -> {
            WitnessAnswer answer =
                    log.addCheckpoint(body).orElseThrow(() -> new Refusal(Problem.of(Trouble.LOG_UNSIGNED)));
            return new Answer(answer.status(), answer.contentType(), new Answer.Octets(answer.body(), false), Map.of())
                    .retryAfter(answer instanceof WitnessAnswer.Behind ? Optional.of(SOON) : Optional.empty());
        });
    }
}
