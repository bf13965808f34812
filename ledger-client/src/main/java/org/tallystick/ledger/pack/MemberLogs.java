package org.tallystick.ledger.pack;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.log.LogLimits;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.log.Reading;
import org.tallystick.ledger.log.SignedCheckpoint;

/// What the members' gateways publish of the log, asked over HTTP. Nobody's word is believed here: who verifies the
/// pack
/// knows the keys.
public final class MemberLogs {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final List<URI> gateways;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /// @param gateways their base addresses; the newest checkpoint of the first one that a majority of the
    /// members cosigned is taken, and head statements from all
    public MemberLogs(List<URI> gateways) {
        this.gateways = gateways.stream()
                .map(gateway -> gateway.toString().endsWith("/") ? gateway : URI.create(gateway + "/"))
                .toList();
    }

    /// @throws IOException if the first does not answer, or with what is no checkpoint
    public PackBuilder.Published published(Optional<PackBuilder.Older> older) throws IOException {
        URI first = gateways.getFirst();
        Bytes checkpoint = ask(first, "log/cosigned")
                .orElseThrow(() -> new IOException(
                        first + " has no checkpoint of the log that a majority of the members cosigned"));
        return switch (SignedCheckpoint.parse(checkpoint)) {
            case Reading.Fault<SignedCheckpoint>(var why) ->
                throw new IOException(first + " gives what is no checkpoint: " + why);
            case Reading.Value<SignedCheckpoint>(var signed) ->
                new PackBuilder.Published(
                        signed, chain -> heads(signed.checkpoint().size(), chain), older);
        };
    }

    /// A member that has not cosigned this size states nothing.
    private List<Note> heads(long size, String chain) throws IOException {
        List<Note> notes = new ArrayList<>();
        for (URI gateway : gateways) {
            Optional<Bytes> answer = ask(gateway, "log/head/" + size + "/" + chain);
            if (answer.isPresent()) {
                switch (Note.parse(answer.get())) {
                    case Reading.Fault<Note>(var why) ->
                        throw new IOException(gateway + " gives what is no head statement: " + why);
                    case Reading.Value<Note>(var note) -> notes.add(note);
                }
            }
        }
        notes.sort(Comparator.comparing(note -> note.signatures().getFirst().name()));
        return notes;
    }

    private Optional<Bytes> ask(URI gateway, String path) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(ANSWER).build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return switch (response.statusCode()) {
                    case OK -> Optional.of(Bytes.copyOf(body.readNBytes(LogLimits.NOTE)));
                    case NOT_FOUND -> Optional.empty();
                    default -> throw new IOException(request.uri() + " answers " + response.statusCode());
                };
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + request.uri() + " was asked", e);
        } catch (IOException e) {
            throw new IOException(request.uri() + ": " + e.getMessage(), e);
        }
    }
}
