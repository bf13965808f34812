package org.tallystick.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.keys.LogKeyFolder;

/// The members' logs of one ledger: where each member's gateway shows its own, and the keys that it signs with.
public final class Logs {

    /// How often a checkpoint is signed: quickly, since somebody looks.
    private static final String PACE = "1s";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

    private final Path folder;
    private final Network network;
    private final SortedMap<String, URI> gateways = new TreeMap<>();

    private Logs(Path folder, Network network) {
        this.folder = folder;
        this.network = network;
    }

    /// No member has a log.
    static Logs none(Network network) {
        return new Logs(Path.of(""), network);
    }

    /// Makes the keys of all members, each member's in a folder of its own, and finds a free port for each gateway.
    static Logs of(Path folder, Network network) throws IOException {
        Logs logs = new Logs(folder, network);
        try {
            for (String member : network.members()) {
                for (LogKey.Kind kind : LogKey.Kind.values()) {
                    LogKey _ = new LogKeyFolder(logs.keys(member)).create(kind, SeedKey.Kind.ED25519);
                }
                logs.gateways.put(member, URI.create("http://127.0.0.1:" + freePort()));
            }
            return logs;
        } catch (KeyFolderException e) {
            throw new IOException("the keys of the logs cannot be made: " + e.getMessage(), e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path keys(String member) {
        return folder.resolve(member);
    }

    /// The options of a member's gateway.
    List<String> options(String member) {
        List<String> options =
                new ArrayList<>(List.of("--log-keys", keys(member).toString(), "--log-pace", PACE));
        gateways.forEach((other, address) -> {
            if (!other.equals(member)) {
                options.addAll(List.of("--witness", address + "/log"));
            }
        });
        return options;
    }

    /// Where a member's gateway listens.
    URI gateway(String member) {
        return Objects.requireNonNull(gateways.get(member));
    }

    /// Where the members' gateways listen, by member.
    public SortedMap<String, URI> gateways() {
        return new TreeMap<>(gateways);
    }

    /// The files with the keys of a member.
    List<Path> files(String member) throws IOException {
        return read(member).stream().map(LogKey::file).toList();
    }

    private List<LogKey> read(String member) throws IOException {
        try {
            return new LogKeyFolder(keys(member)).keys();
        } catch (KeyFolderException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// What each member's operator would tell an auditor of its keys.
    public List<String> vkeys() throws IOException {
        List<String> vkeys = new ArrayList<>();
        for (String member : network.members()) {
            for (LogKey key : read(member)) {
                vkeys.add(key.signer(new MemberId(member), network.ledger())
                        .verifierKey()
                        .text());
            }
        }
        return vkeys;
    }

    /// Waits until all members have cosigned all that there is.
    ///
    /// @return the checkpoint, as the first member shows it
    public String awaitCosigned() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!areCosigned(http)) {
                if (Instant.now().isAfter(end)) {
                    throw new IOException("the members did not cosign the log within " + PATIENCE);
                }
                Thread.sleep(BETWEEN_QUESTIONS);
            }
            return get(http, gateway(network.members().getFirst()).resolve("/log/cosigned"));
        }
    }

    private boolean areCosigned(HttpClient http) throws IOException, InterruptedException {
        Set<Long> sizes = new HashSet<>();
        for (URI gateway : gateways.values()) {
            Bytes ready = Bytes.ofUtf8(get(http, gateway.resolve("/health/ready")));
            if (!(JsonReader.readCanonical(ready) instanceof JsonReader.Value(Json.Obj told))) {
                return false;
            }
            Json.Obj log = told.object("log");
            sizes.add(log.whole("size"));
            sizes.add(log.whole("cosigned"));
            for (Json witness : log.items("witnesses")) {
                sizes.add(((Json.Obj) witness).whole("cosigned"));
            }
        }
        return sizes.size() == 1 && !sizes.contains(0L);
    }

    private static String get(HttpClient http, URI address) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(address).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
    }
}
