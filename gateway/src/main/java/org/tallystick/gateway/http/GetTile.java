package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.log.LogPath;

/// `GET /log/tile/...`: hashes of the tree, and the leaves under them (C2SP tlog-tiles).
final class GetTile implements Responder {

    private final TransparencyLog log;
    private final Executor threads;

    GetTile(TransparencyLog log, Executor threads) {
        this.log = log;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        // As it was sent: a path in another spelling is another path.
        String path = String.valueOf(request.request().path());
        return LogAnswers.on(threads, () -> {
            LogPath asked = Optional.of(path)
                    .filter(text -> text.startsWith(Routes.LOG_PREFIX))
                    .flatMap(text -> LogPath.parse(text.substring(Routes.LOG_PREFIX.length())))
                    .orElseThrow(LogAnswers::nothing);
            return octets(asked)
                    .map(octets -> Answer.of(Answer.OCTETS, new Answer.Octets(octets, true)))
                    .orElseThrow(LogAnswers::nothing);
        });
    }

    private Optional<Bytes> octets(LogPath asked) throws StoreException, InterruptedException {
        return switch (asked) {
            case LogPath.Tile tile -> log.store().tile(tile);
            case LogPath.Entries entries -> log.store().entries(entries);
            case LogPath.Head _ -> Optional.empty();
        };
    }
}
