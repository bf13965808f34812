package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Sends what is in a file, piece by piece, each when the one before it is taken. Who takes it too slowly gets no more:
/// the file and its place are wanted by others.
final class StoredSending {

    private static final int PIECE = 1 << 16;

    private final Executor threads;
    private final HttpLimits limits;

    StoredSending(Executor threads, HttpLimits limits) {
        this.threads = threads;
        this.limits = limits;
    }

    Future<Void> send(HttpServerResponse response, Answer.Stored stored) {
        var _ = response.putHeader("content-length", String.valueOf(stored.size()));
        Duration longest = limits.packTime().plusSeconds(stored.size() / limits.packPace());
        return Waiting.on(threads, () -> {
                    pieces(response, stored, System.nanoTime() + longest.toNanos());
                    return true;
                })
                .onComplete(_ -> stored.drop())
                .compose(_ -> response.end());
    }

    private static void pieces(HttpServerResponse response, Answer.Stored stored, long end) throws Exception {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        for (long at = 0; at < stored.size(); at += piece.limit()) {
            int read = stored.file().read(piece.clear(), at);
            if (read <= 0) {
                throw new IOException("the file ends after " + at + " bytes");
            }
            Buffer octets = Buffer.buffer(PIECE).setBytes(0, piece.flip());
            var _ = response.write(octets)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }
}
