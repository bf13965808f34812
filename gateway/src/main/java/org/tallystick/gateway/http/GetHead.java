package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.gateway.log.TransparencyLog;

/// `GET /log/head/{size}/{chain}`: where a chain ends in a tree that this member cosigned, signed.
final class GetHead implements Responder {

    private static final Pattern PATH = Pattern.compile(Routes.LOG_PREFIX + "head/([1-9][0-9]{0,17})/(.+)");

    private final TransparencyLog log;
    private final Executor threads;

    GetHead(TransparencyLog log, Executor threads) {
        this.log = log;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        Matcher path = PATH.matcher(String.valueOf(request.request().path()));
        return LogAnswers.on(threads, () -> {
            if (!path.matches()) {
                throw LogAnswers.nothing();
            }
            return log.head(Long.parseLong(path.group(1)), path.group(2))
                    .map(note -> Answer.of(Answer.TEXT, new Answer.Octets(note, false)))
                    .orElseThrow(LogAnswers::nothing);
        });
    }
}
