package org.tallystick.gateway.log;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.LogLimits;
import org.tallystick.ledger.log.WitnessReply;

/// Asks witnesses over HTTP, so long and no longer, and reads so much of an answer and no more.
final class WitnessClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /// @param keys of the witness
    WitnessReply ask(WitnessAddress address, AddCheckpoint asked, Collection<VerifierKey> keys)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.addCheckpoint())
                .timeout(ANSWER)
                .POST(BodyPublishers.ofByteArray(asked.octets().toArray()))
                .build();
        HttpResponse<byte[]> response =
                http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LogLimits.NOTE));
        return WitnessReply.read(
                asked,
                response.statusCode(),
                response.headers().firstValue("content-type").orElse(""),
                Bytes.copyOf(response.body()),
                keys);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
