package org.tallystick.ledger.pack;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

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
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final URI gateway;

    GatewayPacks(URI gateway) {
        this.gateway = gateway.toString().endsWith("/") ? gateway : URI.create(gateway + "/");
    }

    /// The gateway says no.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean known;

        Refused(String message, boolean known) {
            super(message);
            this.known = known;
        }

        /// Whether it is known that there is no such thing; else nothing is known.
        boolean known() {
            return known;
        }
    }

    void pack(AgreementId agreement, Optional<String> period, Optional<PackBuilder.Older> older, OutputStream out)
            throws IOException, Refused {
        List<String> query = new ArrayList<>();
        older.ifPresent(from -> query.add("older=" + from.text()));
        period.ifPresent(upTo -> query.add("period=" + encode(upTo, UTF_8)));
        fetch("v1/packs/" + agreement + (query.isEmpty() ? "" : "?" + String.join("&", query)), out);
    }

    void posting(AgreementId agreement, String period, int index, OutputStream out) throws IOException, Refused {
        fetch("v1/packs/" + agreement + "/postings/" + encode(period, UTF_8) + "/" + index, out);
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

    private static Refused refused(HttpResponse<?> response, byte[] body) {
        int status = response.statusCode();
        if (!(JsonReader.readCanonical(Bytes.copyOf(body)) instanceof JsonReader.Value(Json.Obj problem))) {
            return new Refused("the gateway answers " + status, false);
        }
        boolean route = !problem.findText("code").equals(Optional.of("not_found"));
        return new Refused(
                problem.findText("detail").orElse("the gateway answers " + status),
                status == CONFLICT || (status == NOT_FOUND && route));
    }
}
