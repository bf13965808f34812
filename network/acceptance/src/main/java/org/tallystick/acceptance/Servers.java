package org.tallystick.acceptance;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// An embedded ledger and a gateway in processes of their own, on free ports of loopback. Each can be killed, and
/// started again on what it left on the disk.
public final class Servers implements AutoCloseable {

    /// The gateway that there always is.
    public static final String FIRST = "";

    private final Path folder;
    private final List<String> members;
    private final boolean trial;
    private final List<String> java;
    private Optional<String> shared = Optional.empty();
    private Map<String, String> environment = Map.of();
    private volatile Optional<TallyProcess> ledger = Optional.empty();
    private final Map<String, TallyProcess> gateways = new ConcurrentHashMap<>();

    /// @param folder holds the ledger's folder `ledger`, the gateway's `gateway`, and what both have to say
    /// @param trial whether a new ledger's clock may be moved
    public Servers(Path folder, List<String> members, boolean trial) {
        this(folder, members, trial, TallyProcess.SHORT);
    }

    /// @param java options of the Java machines that both run on
    public Servers(Path folder, List<String> members, boolean trial, List<String> java) {
        this.folder = folder;
        this.members = List.copyOf(members);
        this.trial = trial;
        this.java = List.copyOf(java);
    }

    /// Has all gateways use this store, so that there may be several at once.
    ///
    /// @param environment what they find there, such as `PGPASSWORD`
    public Servers over(String address, Map<String, String> environment) {
        shared = Optional.of(address);
        this.environment = Map.copyOf(environment);
        return this;
    }

    /// Starts the ledger and waits until it is ready.
    public void startLedger() throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("ledger", "--folder", ledgerFolder().toString(), "--members", String.join(",", members)));
        if (trial) {
            arguments.add("--trial");
        }
        ledger = Optional.of(TallyProcess.server(java, arguments, ledgerLog()));
    }

    /// Starts the gateway of the first member, whose ledger must be running, and waits until it is ready.
    public void startGateway(String... options) throws IOException {
        startGateway(FIRST, options);
    }

    /// Starts one of several gateways of the first member that share a store.
    public void startGateway(String instance, String... options) throws IOException {
        gateways.put(instance, TallyProcess.server(java, arguments(instance, options), gatewayLog(), environment));
    }

    /// Starts one, and kills it after a time, ready or not.
    public void startAndKillGateway(Duration moment, String instance, String... options)
            throws IOException, InterruptedException {
        TallyProcess process = TallyProcess.begin(java, arguments(instance, options), gatewayLog(), environment);
        try {
            Thread.sleep(moment);
        } finally {
            process.kill();
        }
    }

    private List<String> arguments(String instance, String... options) throws IOException {
        Files.createDirectories(gatewayFolder());
        List<String> arguments = new ArrayList<>(List.of("gateway", "--listen", "127.0.0.1:0", "--store"));
        arguments.add(shared.orElseGet(() -> store().toString()));
        arguments.addAll(List.of("--identity", identity(members.getFirst()).toString()));
        if (!instance.equals(FIRST)) {
            arguments.addAll(List.of("--instance", instance));
        }
        arguments.addAll(List.of(options));
        return arguments;
    }

    public TallyProcess ledger() {
        return ledger.orElseThrow(() -> new IllegalStateException("the ledger was never started"));
    }

    public TallyProcess gateway() {
        return gateway(FIRST);
    }

    public TallyProcess gateway(String instance) {
        return Optional.ofNullable(gateways.get(instance))
                .orElseThrow(() -> new IllegalStateException("no gateway was started: " + instance));
    }

    /// Where the gateway listens: elsewhere after each start.
    public URI address() {
        return address(FIRST);
    }

    public URI address(String instance) {
        return gateway(instance).announced().stream()
                .filter(line -> line.startsWith("gateway http"))
                .map(line -> URI.create(line.substring("gateway ".length()).strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the gateway did not say where it listens"));
    }

    public Path ledgerFolder() {
        return folder.resolve("ledger");
    }

    /// What the ledger says of its troubles.
    public Path ledgerLog() {
        return folder.resolve("ledger.log");
    }

    /// Where the gateway keeps its store.
    public Path gatewayFolder() {
        return folder.resolve("gateway");
    }

    private Path store() {
        return gatewayFolder().resolve("store.db");
    }

    private Path gatewayLog() {
        return folder.resolve("gateway.log");
    }

    /// The member's Fabric identities.
    public Path identity(String member) {
        return ledgerFolder().resolve("members").resolve(member);
    }

    @Override
    public void close() {
        gateways.values().forEach(TallyProcess::close);
        ledger.ifPresent(TallyProcess::close);
    }
}
