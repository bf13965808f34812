package org.tallystick.ledger.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.log.LogLimits;

/// Packs and proofs that a gateway makes, fetched over HTTP. It is not believed: they are verified like any.
final class GatewayPacks {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /// A gateway reads all blocks before it answers.
    private static final Duration LONGEST = Duration.ofHours(2);

    private static final int OK = 200;
    private static final int SERVER = 500;

    private final URI gateway;

    GatewayPacks(URI gateway) {
        this.gateway = gateway.toString().endsWith("/") ? gateway : URI.create(gateway + "/");
    }

    /// The gateway says no.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean forNow;

        Refused(String message, boolean forNow) {
            super(message);
            this.forNow = forNow;
        }

        /// Whether another answer may come later.
        boolean forNow() {
            return forNow;
        }
    }

    void pack(AgreementId agreement, Optional<String> period, Optional<PackBuilder.Older> older, OutputStream out)
            throws IOException, Refused {
        List<String> query = new ArrayList<>();
        older.ifPresent(from -> query.add("older=" + from.text()));
        period.ifPresent(upTo -> query.add("period=" + upTo));
        fetch("v1/packs/" + agreement + (query.isEmpty() ? "" : "?" + String.join("&", query)), out);
    }

    void posting(AgreementId agreement, String period, int index, OutputStream out) throws IOException, Refused {
        fetch("v1/packs/" + agreement + "/postings/" + period + "/" + index, out);
    }

    private void fetch(String path, OutputStream out) throws IOException, Refused {
        HttpRequest request =
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(LONGEST).build();
        try (HttpClient http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != OK) {
                    throw refused(response, body.readNBytes(LogLimits.NOTE));
                }
                long _ = body.transferTo(out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + request.uri() + " was asked", e);
        } catch (IOException e) {
            throw new IOException(request.uri() + ": " + e.getMessage(), e);
        }
    }

    private static Refused refused(HttpResponse<?> response, byte[] problem) {
        Optional<String> detail =
                JsonReader.readCanonical(Bytes.copyOf(problem)) instanceof JsonReader.Value(Json.Obj json)
                        ? json.findText("detail")
                        : Optional.empty();
        boolean forNow = response.headers().firstValue("retry-after").isPresent();
        return new Refused(
                detail.orElse("the gateway answers " + response.statusCode()),
                forNow || response.statusCode() >= SERVER);
    }
}
