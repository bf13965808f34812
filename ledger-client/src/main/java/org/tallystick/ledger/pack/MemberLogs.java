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
/// pack knows the keys.
public final class MemberLogs implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /// In the order in which a pack has them: by the names of the keys.
    public static final Comparator<Note> BY_NAME =
            Comparator.comparing(note -> note.signatures().getFirst().name());

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final List<URI> logs;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private MemberLogs(List<URI> logs) {
        this.logs = List.copyOf(logs);
    }

    /// @param gateways their base addresses; the newest checkpoint of the first one that a majority of the
    /// members cosigned is taken, and head statements from all
    public static MemberLogs of(List<URI> gateways) {
        return new MemberLogs(gateways.stream()
                .map(gateway -> folder(gateway).resolve("log/"))
                .toList());
    }

    /// @param prefix of one member's log, which ends in `/log`
    public static MemberLogs at(URI prefix) {
        return new MemberLogs(List.of(folder(prefix)));
    }

    private static URI folder(URI address) {
        return address.toString().endsWith("/") ? address : URI.create(address + "/");
    }

    /// @throws IOException if the first does not answer, or with what is no checkpoint
    public PackBuilder.Published published(Optional<PackBuilder.Older> older) throws IOException {
        URI first = logs.getFirst();
        Bytes checkpoint = ask(first, "cosigned")
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

    /// Where a chain ends at this size, as each of the members says. A member that has not cosigned this size states
    /// nothing.
    public List<Note> heads(long size, String chain) throws IOException {
        List<Note> notes = new ArrayList<>();
        for (URI gateway : logs) {
            Optional<Bytes> answer = ask(gateway, "head/" + size + "/" + chain);
            if (answer.isPresent()) {
                switch (Note.parse(answer.get())) {
                    case Reading.Fault<Note>(var why) ->
                        throw new IOException(gateway + " gives what is no head statement: " + why);
                    case Reading.Value<Note>(var note) -> notes.add(note);
                }
            }
        }
        notes.sort(BY_NAME);
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

    @Override
    public void close() {
        http.shutdownNow();
    }
}
