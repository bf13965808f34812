package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.gateway.Gateway;
import org.tallystick.gateway.GatewayException;
import org.tallystick.gateway.GatewaySettings;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.log.WitnessAddress;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.keys.LogKeyFolder;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.Evidence;
import org.tallystick.ledger.log.KnownKeys;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.MemoryTiles;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.BlockLeaves;
import org.tallystick.ledger.pack.ChainLeaves;

/// A gateway of each member publishes the log of one ledger, and watches the others: on whatever ledger a subclass
/// starts.
@Tag("slow")
abstract class MembersLogs {

    private static final String AUDITOR = "west/audit";
    private static final Path EXAMPLES = Path.of("../../docs/spec/examples");
    private static final Duration LONGEST = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final Map<String, URI> addresses = new TreeMap<>();
    private final List<Gateway.Running> gateways = new ArrayList<>();

    abstract Network start(Path in) throws IOException;

    private interface Holding {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void eventually(Holding holding) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!holding.holds()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(100);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URI address(String member) {
        return Objects.requireNonNull(addresses.get(member));
    }

    private Path keys(String member) {
        return folder.resolve("log-keys-" + member);
    }

    private LogSigner signer(Network network, String member, LogKey.Kind kind) throws Exception {
        return new LogKeyFolder(keys(member))
                .keys().stream()
                        .filter(key -> key.kind() == kind)
                        .findFirst()
                        .orElseThrow()
                        .signer(new MemberId(member), network.ledger());
    }

    private void registerKeys(Stand stand) throws Exception {
        for (String member : stand.network().members()) {
            for (LogKey.Kind kind : LogKey.Kind.values()) {
                stand.run(
                        member,
                        "log-key",
                        "new",
                        "--kind",
                        kind.text(),
                        "--member",
                        member,
                        "--keys",
                        keys(member).toString());
            }
            for (LogKey key : new LogKeyFolder(keys(member)).keys()) {
                stand.run(member, "log-key", "register", key.file().toString(), "--member", member);
            }
        }
    }

    private void startGateways(Network network) throws GatewayException, InterruptedException {
        for (String member : network.members()) {
            addresses.put(member, URI.create("http://127.0.0.1:" + freePort()));
        }
        for (String member : network.members()) {
            List<WitnessAddress> others = addresses.entrySet().stream()
                    .filter(other -> !other.getKey().equals(member))
                    .flatMap(other -> WitnessAddress.parse(other.getValue() + "/log").stream())
                    .toList();
            GatewaySettings settings = GatewaySettings.of(
                            "127.0.0.1",
                            address(member).getPort(),
                            folder.resolve(member + ".db"),
                            () -> connected(network, member))
                    .withLog(new LogSettings(Optional.of(keys(member)), others, Duration.ofMillis(200)));
            gateways.add(new Gateway(settings).start());
        }
    }

    private static Ledger connected(Network network, String member) throws LedgerException {
        try {
            return network.connect(member);
        } catch (IOException e) {
            throw new LedgerException.Unavailable("no identity of " + member, e);
        }
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private Optional<SignedCheckpoint> cosigned(String member) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(address(member).resolve("/log/cosigned")));
        return response.statusCode() == 200
                ? SignedCheckpoint.parse(Bytes.copyOf(response.body())).good()
                : Optional.empty();
    }

    private int post(String member, AddCheckpoint request) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address(member).resolve("/log/add-checkpoint"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                request.octets().toArray())))
                .statusCode();
    }

    private List<Evidence> evidence(String member) throws IOException, InterruptedException {
        return Evidence.parse(
                        Bytes.copyOf(send(HttpRequest.newBuilder(address(member).resolve("/log/evidence")))
                                .body()))
                .good()
                .orElseThrow();
    }

    /// All publish the same checkpoint, each cosigned by all.
    ///
    /// @param above how many leaves it has more than
    private Checkpoint agreed(Network network, long above) throws Exception {
        List<VerifierKey> witnesses = new ArrayList<>();
        for (String member : network.members()) {
            witnesses.add(signer(network, member, LogKey.Kind.WITNESS).verifierKey());
        }
        List<Checkpoint> seen = new ArrayList<>();
        eventually(() -> {
            seen.clear();
            for (String member : network.members()) {
                cosigned(member)
                        .filter(note -> note.checkpoint().size() > above
                                && new KnownKeys(witnesses).open(note)
                                        instanceof KnownKeys.Opened.Signed(KnownKeys.Signers by)
                                && by.keys().size() == witnesses.size())
                        .ifPresent(note -> seen.add(note.checkpoint()));
            }
            return seen.size() == witnesses.size() && seen.stream().distinct().count() == 1;
        });
        return seen.getFirst();
    }

    @Test
    void all_members_build_one_log_that_packs_are_proven_by_and_who_forks_its_own_is_caught() throws Exception {
        Path in = Files.createDirectories(folder.resolve("stand"));
        try (Stand stand = Stand.set(in, start(in), Audience.NOBODY)) {
            Network network = stand.network();
            stand.registerRegistrars();
            registerKeys(stand);
            startGateways(network);

            Checkpoint first = agreed(network, 0);
            ExampleAgreement agreement =
                    ExampleAgreement.all(EXAMPLES).getFirst().auditedBy(AUDITOR);
            stand.agree(agreement);
            for (String period : agreement.periods()) {
                agreement.signers().forEach(party -> stand.partner(party).reports(agreement, period));
                stand.partner(agreement.hub()).closes(agreement, period);
            }
            Checkpoint settled = agreed(network, first.size());

            assertThat(settled.size()).isGreaterThan(first.size());
            rebuilt(network, settled);
            readsAtEachMember(stand, agreement);
            Path pack = proven(stand, agreement);
            // Something may have been committed meanwhile: a lie is about what is there now.
            Checkpoint then = agreed(network, settled.size() - 1);
            String liar = network.members().getLast();
            Checkpoint lie = new Checkpoint(
                    then.origin(),
                    then.size(),
                    Hash.of(Bytes.ofUtf8("another tree")).bytes());
            SignedCheckpoint forged = new SignedCheckpoint(
                    lie, List.of(signer(network, liar, LogKey.Kind.LOG).sign(lie, 0)));
            for (String member : network.members()) {
                if (!member.equals(liar)) {
                    assertThat(post(member, new AddCheckpoint(then.size(), List.of(), forged)))
                            .isEqualTo(422);
                    assertThat(evidence(member)).singleElement().satisfies(found -> {
                        assertThat(found.theirs()).isEqualTo(forged);
                        assertThat(found.own().checkpoint()).isEqualTo(then);
                        assertThat(new KnownKeys(List.of(signer(network, member, LogKey.Kind.LOG)
                                                .verifierKey()))
                                        .open(found.own()))
                                .isInstanceOf(KnownKeys.Opened.Signed.class);
                    });
                }
            }
            secondVerifier(pack, stand.file("logs.tallytrust"));
        } finally {
            gateways.forEach(Gateway.Running::close);
        }
    }

    /// From the blocks of each member's own peer anybody builds the same tree, at every size.
    private static void rebuilt(Network network, Checkpoint settled) throws Exception {
        List<Tree> trees = new ArrayList<>();
        for (String member : network.members()) {
            Tree tree = new Tree(new MemoryTiles());
            BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
            try (Ledger ledger = connected(network, member);
                    BlockStream blocks = ledger.blocks(0)) {
                while (tree.size() < settled.size()) {
                    tree.append(leaves.next(blocks.next()).stream()
                            .map(leaf -> leaf.hash().bytes())
                            .toList());
                }
            }
            trees.add(tree);
        }
        for (long size = 1; size <= settled.size(); size++) {
            long leaves = size;
            assertThat(trees.stream().map(tree -> tree.root(leaves)).distinct())
                    .as("%s leaves", size)
                    .hasSize(1);
        }
        assertThat(trees)
                .hasSize(network.members().size())
                .allSatisfy(tree -> assertThat(tree.root(settled.size())).isEqualTo(settled.root()));
    }

    /// Who is engaged as an auditor reads at each member what the engagement names: down to the events that a statement
    /// is explained from.
    private void readsAtEachMember(Stand stand, ExampleAgreement agreement) {
        String period = agreement.periods().getFirst();
        for (URI gateway : addresses.values()) {
            String at = gateway.toString();
            assertThat(stand.told(AUDITOR, "agreement", "show", agreement.id(), "--gateway", at))
                    .contains("auditor   " + AUDITOR + " may read events of " + period + " to the end");
            assertThat(stand.told(AUDITOR, "statement", agreement.id(), period, "--gateway", at))
                    .contains(agreement.id());
            assertThat(stand.told(AUDITOR, "explain", agreement.id() + "/" + period + "/1", "--gateway", at))
                    .contains(((Json.Obj) agreement
                                    .events(agreement.sources().getFirst().id(), period)
                                    .getFirst())
                            .text("date"));
        }
    }

    /// A pack and the proof of a posting, made with what the gateways publish, hold for whoever knows the members'
    /// keys.
    private Path proven(Stand stand, ExampleAgreement agreement) throws Exception {
        Network network = stand.network();
        List<String> vkeys = new ArrayList<>();
        for (String member : network.members()) {
            for (LogKey.Kind kind : LogKey.Kind.values()) {
                vkeys.add(signer(network, member, kind).verifierKey().text());
            }
        }
        List<URI> all = List.copyOf(addresses.values());
        Auditor auditor = new Auditor(stand, "logs");
        Path trust = auditor.trusts(vkeys);
        Path pack = auditor.packs(agreement, all);
        Ended verified = auditor.verifies(pack, trust);
        // Something may be committed between the two.
        eventually(() ->
                Files.mismatch(auditor.packs(agreement, all), auditor.fetches(agreement, all.getFirst(), "fetched"))
                        == -1);
        Path proof = auditor.proves(agreement, agreement.periods().getFirst(), 1, all);
        Ended proven = auditor.verifies(proof, trust);

        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output())
                .contains(
                        "; final form",
                        "PASS occurrence.valid",
                        "PASS occurrence.included",
                        "PASS completeness.chains",
                        "PASS completeness.heads",
                        "result: holds (a trial)");
        assertThat(proven.exitCode()).as(proven.output()).isZero();
        assertThat(proven.output()).contains("posting 1 of", agreement.id());
        return pack;
    }

    /// Last, since it may not be there.
    private static void secondVerifier(Path pack, Path trust) throws IOException, InterruptedException {
        Optional<SecondVerifier> verifier =
                SecondVerifier.find(Path.of("../..").toAbsolutePath().normalize());
        assumeTrue(verifier.isPresent(), SecondVerifier.MISSING);
        Ended second = verifier.orElseThrow().verifies(pack, trust);
        assertThat(second.exitCode()).as(second.output()).isZero();
    }
}
