package org.tallystick.acceptance.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.cli.Tally;

/// What the story plays on: a ledger process, a gateway process, and the folders of those who act.
final class Stage implements AutoCloseable {

    static final List<String> MEMBERS = List.of("north", "east", "west");

    private static final Duration LONGEST_RETURN = Duration.ofSeconds(30);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(100);
    private static final int OK = 200;

    private final Path folder;
    private final Narrator narrator;
    private TallyProcess ledger;
    private final TallyProcess gateway;
    private final URI address;

    private Stage(Path folder, Narrator narrator, TallyProcess ledger, TallyProcess gateway, URI address) {
        this.folder = folder;
        this.narrator = narrator;
        this.ledger = ledger;
        this.gateway = gateway;
        this.address = address;
    }

    /// Starts the ledger and the gateway on free ports of loopback.
    static Stage set(Path folder, Narrator narrator) throws IOException {
        TallyProcess ledger = startLedger(folder);
        try {
            TallyProcess gateway = TallyProcess.server(
                    List.of(
                            "gateway",
                            "--listen",
                            "127.0.0.1:0",
                            "--store",
                            folder.resolve("gateway.db").toString(),
                            "--identity",
                            identity(folder, "north").toString()),
                    folder.resolve("gateway.log"));
            return new Stage(folder, narrator, ledger, gateway, address(gateway));
        } catch (IOException e) {
            ledger.close();
            throw e;
        }
    }

    private static TallyProcess startLedger(Path folder) throws IOException {
        return TallyProcess.server(
                List.of(
                        "ledger",
                        "--folder",
                        folder.resolve("ledger").toString(),
                        "--members",
                        String.join(",", MEMBERS),
                        "--trial"),
                folder.resolve("ledger.log"));
    }

    private static URI address(TallyProcess gateway) throws IOException {
        return gateway.announced().stream()
                .filter(line -> line.startsWith("gateway http"))
                .map(line -> URI.create(line.substring("gateway ".length()).strip()))
                .findFirst()
                .orElseThrow(() -> new IOException("the gateway did not say where it listens"));
    }

    private static Path identity(Path folder, String member) {
        return folder.resolve("ledger/members").resolve(member);
    }

    List<String> ledgerAnnounced() {
        return ledger.announced();
    }

    URI gateway() {
        return address;
    }

    Path folder() {
        return folder;
    }

    /// The member's Fabric identities.
    Path identity(String member) {
        return identity(folder, member);
    }

    /// Where a party or a registrar has its keys; nobody else looks there.
    Path home(String owner) {
        return folder.resolve("keys").resolve(owner.replace('/', '-'));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// Writes a file that a command reads.
    Path write(String name, Json content) throws IOException {
        Path file = folder.resolve("files").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content.canonical().utf8().orElseThrow());
        return file;
    }

    /// What a command printed, and how it ended.
    record Ended(int exitCode, String output) {}

    /// Runs `tally` in this process as its owner would, through the gateway, and shows it.
    Ended tally(String owner, String... arguments) {
        narrator.command("tally " + shown(arguments));
        Ended ended = quietly(owner, arguments);
        narrator.output(ended.output());
        return ended;
    }

    /// The same without showing it.
    Ended quietly(String owner, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home(owner).toString()));
        if (!all.contains("--identity")) {
            all.addAll(List.of("--gateway", address.toString()));
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);
        int exitCode = new Tally().run(all, both, both);
        return new Ended(exitCode, output.toString(StandardCharsets.UTF_8));
    }

    private String shown(String... arguments) {
        return String.join(" ", arguments).replace(folder + "/", "");
    }

    void killLedger() throws InterruptedException {
        ledger.kill();
    }

    void restartLedger() throws IOException {
        ledger = startLedger(folder);
    }

    /// Waits until the gateway has found the ledger again.
    void awaitGateway() throws IOException, InterruptedException {
        HttpRequest ready =
                HttpRequest.newBuilder(address.resolve("/health/ready")).build();
        Instant end = Instant.now().plus(LONGEST_RETURN);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() != OK) {
                if (Instant.now().isAfter(end)) {
                    throw new IOException("the gateway did not find the ledger again within " + LONGEST_RETURN);
                }
                Thread.sleep(BETWEEN_QUESTIONS);
            }
        }
    }

    @Override
    public void close() {
        gateway.close();
        ledger.close();
    }
}
