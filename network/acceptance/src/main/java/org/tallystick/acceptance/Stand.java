package org.tallystick.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.cli.Tally;

/// What a story plays on: a network, a gateway in front of it, and the folders of those who act.
///
/// Everybody acts by `tally` commands, with a home in which only their own keys are.
public final class Stand implements AutoCloseable {

    private static final Duration LONGEST_RETURN = Duration.ofSeconds(60);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(100);
    private static final int OK = 200;

    /// The examples end with the third quarter of 2026.
    private static final String EXAMPLES_OVER = "2026-10-02";

    private static final String ANNOUNCES_GATEWAY = "gateway http";

    private final Path folder;
    private final Network network;
    private final Audience audience;
    private final Logs logs;
    private final List<TallyProcess> gateways;
    private final URI address;
    private final Map<String, Partner> partners = new TreeMap<>();

    private Stand(Path folder, Network network, Audience audience, Logs logs, List<TallyProcess> gateways)
            throws IOException {
        this.folder = folder;
        this.network = network;
        this.audience = audience;
        this.logs = logs;
        this.gateways = List.copyOf(gateways);
        this.address = address(gateways.getFirst());
    }

    /// Starts a gateway of the first member, on a free port of loopback. The stand closes the network.
    public static Stand set(Path folder, Network network, Audience audience) throws IOException {
        return set(folder, network, audience, TallyProcess.SHORT);
    }

    /// @param java options of the Java machine that the gateway runs on
    public static Stand set(Path folder, Network network, Audience audience, List<String> java) throws IOException {
        String member = network.members().getFirst();
        try {
            TallyProcess gateway = gateway(folder, network, member, java, "gateway", List.of());
            return new Stand(folder, network, audience, Logs.none(network), List.of(gateway));
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    /// Starts a gateway of each member. Each has keys of the log, which [#registerLogKeys] makes known, and cosigns the
    /// others' logs.
    public static Stand withLogs(Path folder, Network network, Audience audience) throws IOException {
        List<Callable<TallyProcess>> starts = new ArrayList<>();
        List<TallyProcess> gateways = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Logs logs = Logs.of(folder.resolve("log-keys"), network);
            for (String member : network.members()) {
                List<String> options = new ArrayList<>(logs.options(member));
                options.addAll(List.of("--listen", logs.gateway(member).getAuthority()));
                String name = starts.isEmpty() ? "gateway" : "gateway-" + member;
                starts.add(() -> gateway(folder, network, member, TallyProcess.SHORT, name, options));
            }
            for (Future<TallyProcess> started : threads.invokeAll(starts)) {
                gateways.add(started.get());
            }
            return new Stand(folder, network, audience, logs, gateways);
        } catch (IOException | ExecutionException | InterruptedException e) {
            gateways.forEach(TallyProcess::close);
            network.close();
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw e instanceof IOException known ? known : new IOException("the gateways did not start: " + e, e);
        }
    }

    /// @param name of its store, and of the file with what it says
    private static TallyProcess gateway(
            Path folder, Network network, String member, List<String> java, String name, List<String> options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("gateway", "--store"));
        arguments.add(folder.resolve(name + ".db").toString());
        arguments.addAll(network.access(member));
        arguments.addAll(options);
        return TallyProcess.server(java, arguments, folder.resolve(name + ".log"));
    }

    private static URI address(TallyProcess gateway) throws IOException {
        return gateway.announced().stream()
                .filter(line -> line.startsWith(ANNOUNCES_GATEWAY))
                .map(line -> URI.create(line.substring("gateway ".length()).strip()))
                .findFirst()
                .orElseThrow(() -> new IOException("the gateway did not say where it listens"));
    }

    public Network network() {
        return network;
    }

    /// Where the gateway listens.
    public URI gateway() {
        return address;
    }

    public ProcessHandle gatewayHandle() {
        return gateways.getFirst().handle();
    }

    /// Where a party or a registrar has its keys; nobody else looks there.
    public Path home(String owner) {
        return folder.resolve("keys").resolve(owner.replace('/', '-').replace(' ', '-'));
    }

    /// Copies an owner's keys to where another looks for its own.
    void bring(String owner, String to) throws IOException {
        Path from = home(owner);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Path copy = home(to).resolve(from.relativize(file));
                if (!Files.exists(copy)) {
                    Path _ = Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /// An owner's home is gone: it begins again with an empty one.
    void loses(String owner) throws IOException {
        Path _ = Files.move(home(owner), home(owner + " lost"));
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    /// Writes a file that a command reads.
    Path write(String name, Json content) throws IOException {
        Path file = folder.resolve("files").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content.canonical().utf8().orElseThrow());
        return file;
    }

    /// The party with this id, which acts by commands.
    public Partner partner(String party) {
        return partners.computeIfAbsent(party, _ -> new Partner(this, party));
    }

    /// Makes a registrar's key for each member, and each member's admin registers it, straight at the member's peer.
    public void registerRegistrars() {
        for (String member : network.members()) {
            run(member, "key", "create", member, "--unencrypted");
            List<String> register = new ArrayList<>(List.of("member", "register", member));
            register.addAll(network.access(member));
            run(member, register.toArray(String[]::new));
        }
    }

    /// Has the ledger name the keys of the log of each member, by its registrar.
    public void registerLogKeys() {
        for (String member : network.members()) {
            registerLogKeys(member);
        }
    }

    /// The same of one member.
    public void registerLogKeys(String member) {
        try {
            for (Path file : logs.files(member)) {
                run(member, "log-key", "register", file.toString(), "--member", member);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The members' logs.
    public Logs logs() {
        return logs;
    }

    /// Enrolls who is not yet, and has the agreement offered by its first signer and accepted by the others.
    public void agree(ExampleAgreement agreement) {
        List<Partner> signers = agreement.signers().stream().map(this::partner).toList();
        signers.forEach(Partner::enrolls);
        signers.getFirst().offers(agreement);
        signers.subList(1, signers.size()).forEach(partner -> partner.accepts(agreement));
    }

    /// Moves the clock of the trial past the periods of the examples, if it is not yet that day.
    ///
    /// @return whether it had to be moved
    public boolean reachesEndOfExamples() {
        boolean early = Instant.now().isBefore(Instant.parse(EXAMPLES_OVER + "T00:00:00Z"));
        if (early) {
            moveClock(EXAMPLES_OVER);
        }
        return early;
    }

    /// Moves the clock of the trial forward.
    ///
    /// @param time as `tally trial clock` takes it: `+31d`, `2026-10-02`
    public void moveClock(String time) {
        String member = network.members().getFirst();
        run(member, "trial", "clock", member, time);
    }

    /// Runs `tally` in this process as its owner would, shows it, and goes on only if it was done.
    void run(String owner, String... arguments) {
        String _ = told(owner, arguments);
    }

    /// The same, with what was printed.
    String told(String owner, String... arguments) {
        Ended ended = tally(owner, arguments);
        if (ended.exitCode() != Tally.DONE) {
            throw new NotDone(shown(arguments), ended);
        }
        return ended.output();
    }

    /// Runs `tally` in this process as its owner would, through the gateway unless a peer is named, and shows it.
    public Ended tally(String owner, String... arguments) {
        audience.command(shown(arguments));
        Ended ended = quietly(owner, arguments);
        audience.output(ended.output());
        return ended;
    }

    /// The same without showing it.
    Ended quietly(String owner, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home(owner).toString()));
        if (!all.contains("--identity") && !all.contains("--gateway")) {
            all.addAll(List.of("--gateway", address.toString()));
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);
        int exitCode = new Tally().run(all, both, both);
        return new Ended(exitCode, output.toString(StandardCharsets.UTF_8));
    }

    /// Runs `tally` in a process of its own, away from everything on this stand, and shows it.
    Ended apart(String... arguments) throws IOException, InterruptedException {
        audience.command(shown(arguments));
        return TallyProcess.run(List.of(arguments));
    }

    private String shown(String... arguments) {
        return "tally " + String.join(" ", arguments).replace(folder + "/", "");
    }

    /// Waits until the gateway has found the ledger again.
    public void awaitGateway() throws IOException, InterruptedException {
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
        gateways.forEach(TallyProcess::close);
        network.close();
    }
}
