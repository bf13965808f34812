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
import org.tallystick.acceptance.Site;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.cli.Tally;

/// What the story plays on: a site with a ledger and a gateway, and the folders of those who act.
final class Stage implements AutoCloseable {

    static final List<String> MEMBERS = List.of("north", "east", "west");

    private static final Duration LONGEST_RETURN = Duration.ofSeconds(30);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(100);
    private static final int OK = 200;

    private final Path folder;
    private final Narrator narrator;
    private final Site site;

    private Stage(Path folder, Narrator narrator, Site site) {
        this.folder = folder;
        this.narrator = narrator;
        this.site = site;
    }

    /// Starts the ledger and the gateway on free ports of loopback.
    static Stage set(Path folder, Narrator narrator) throws IOException {
        Site site = new Site(folder, MEMBERS, true);
        try {
            site.startLedger();
            site.startGateway();
            return new Stage(folder, narrator, site);
        } catch (IOException e) {
            site.close();
            throw e;
        }
    }

    List<String> ledgerAnnounced() {
        return site.ledger().announced();
    }

    URI gateway() {
        return site.address();
    }

    Path folder() {
        return folder;
    }

    /// The member's Fabric identities.
    Path identity(String member) {
        return site.identity(member);
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
            all.addAll(List.of("--gateway", gateway().toString()));
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
        site.ledger().kill();
    }

    void restartLedger() throws IOException {
        site.startLedger();
    }

    /// Waits until the gateway has found the ledger again.
    void awaitGateway() throws IOException, InterruptedException {
        HttpRequest ready =
                HttpRequest.newBuilder(gateway().resolve("/health/ready")).build();
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
        site.close();
    }
}
