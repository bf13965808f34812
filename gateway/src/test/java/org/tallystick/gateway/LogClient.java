package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.log.EntryBundle;
import org.tallystick.ledger.log.Evidence;
import org.tallystick.ledger.log.LogPath;
import org.tallystick.ledger.log.Reading;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.TileStore;
import org.tallystick.ledger.log.Tree;

/// Somebody who has of a log what a gateway serves, and nothing else.
record LogClient(int port) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    record Reply(int status, String type, String caching, String retryAfter, Bytes octets) {
        String text() {
            return octets.utf8().orElseThrow();
        }
    }

    Reply get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    Reply post(Bytes body) {
        return post(body, "text/plain");
    }

    Reply post(Bytes body, String type) {
        return send(HttpRequest.newBuilder(uri("add-checkpoint"))
                .header("content-type", type)
                .POST(BodyPublishers.ofByteArray(body.toArray())));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/log/" + path);
    }

    private static Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response =
                    HTTP.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofByteArray());
            ContractCheck.check(response, response.body());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response.headers().firstValue("cache-control").orElse(""),
                    response.headers().firstValue("retry-after").orElse(""),
                    Bytes.copyOf(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Optional<SignedCheckpoint> checkpoint(String path) {
        Reply reply = get(path);
        return reply.status() == 200 ? SignedCheckpoint.parse(reply.octets()).good() : Optional.empty();
    }

    long size(String path) {
        return checkpoint(path).map(found -> found.checkpoint().size()).orElse(0L);
    }

    List<Evidence> evidence() {
        return Evidence.parse(get("evidence").octets()) instanceof Reading.Value<List<Evidence>>(var all)
                ? all
                : List.of();
    }

    /// The leaves of a tree of this size.
    List<Bytes> leaves(long size) {
        List<Bytes> leaves = new ArrayList<>();
        for (long index = 0; leaves.size() < size; index++) {
            int width = (int) Math.min(LogPath.FULL, size - leaves.size());
            Reply reply = get(new LogPath.Entries(index, width).text());
            assertThat(reply.status()).as("bundle %s", index).isEqualTo(200);
            leaves.addAll(EntryBundle.parse(reply.octets(), width)
                    .good()
                    .orElseThrow()
                    .entries());
        }
        return leaves;
    }

    /// The tree of this size, by its tiles alone.
    Tree tree(long size) {
        return new Tree(new TileStore() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public Optional<Bytes> tile(int level, long index) {
                long nodes = (size >>> (8 * level)) - index * LogPath.FULL;
                Reply reply = get(new LogPath.Tile(level, index, (int) Math.min(LogPath.FULL, nodes)).text());
                return reply.status() == 200 ? Optional.of(reply.octets()) : Optional.empty();
            }

            @Override
            public void append(long grown, List<Tile> tiles) {
                throw new UnsupportedOperationException();
            }
        });
    }
}
