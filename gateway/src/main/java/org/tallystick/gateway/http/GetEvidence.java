package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Executor;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.log.TransparencyLog;

/// `GET /log/evidence`: checkpoints of others that cannot be true beside this member's own.
final class GetEvidence implements Responder {

    private final TransparencyLog log;
    private final Executor threads;

    GetEvidence(TransparencyLog log, Executor threads) {
        this.log = log;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return LogAnswers.on(
                threads,
                () -> Answer.of(
                        Answer.TEXT,
                        new Answer.Octets(
                                Bytes.ofUtf8(String.join("", log.store().evidence())), false)));
    }
}
