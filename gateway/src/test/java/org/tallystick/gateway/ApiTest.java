package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.AgreementFilter;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.GatewayClient;
import org.tallystick.ledger.client.ListFilter;
import org.tallystick.ledger.client.News;
import org.tallystick.ledger.client.TakenIn;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.Evidence;
import org.tallystick.ledger.log.LogPath;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.log.Reading;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;

/// Every operation of the contract, by the examples of `docs/API.md` and by the typed client, on a gateway that runs.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {

    private static final Path PAGE = Path.of("../docs/API.md");
    private static final Pattern PART = Pattern.compile("(?m)^### (\\w+)$|^```bash\\n([\\s\\S]*?)^```$");

    /// Static, or it would not be there yet when all begins.
    @TempDir
    static Path folder = Path.of(".");

    private Trio trio = Trio.NONE;
    private Partners.@Nullable Deal settled;
    private Partners.@Nullable Deal other;

    @BeforeAll
    void begin() throws IOException {
        trio = Trio.at(folder, 1);
        trio.startAll();
        settled = PacksTest.settled(trio);
        Stand north = trio.stand("north");
        Bytes one = running().report("s0", 1, 1);
        List<String> many = new ArrayList<>(List.of(one.utf8().orElseThrow()));
        for (int n = 2; n < 5; n++) {
            many.add(running().report("s0", n, 1).utf8().orElseThrow());
        }
        north.applied(Stream.of(many.toArray(String[]::new)).map(Bytes::ofUtf8).toArray(Bytes[]::new));
        Path _ = Files.write(folder.resolve("one.json"), one.toArray());
        Path _ = Files.writeString(folder.resolve("many.ndjson"), String.join("\n", many));
        var _ = PacksTest.cosigned(trio);
    }

    @AfterAll
    void end() {
        trio.close();
    }

    private Partners.Deal deal() {
        return Objects.requireNonNull(settled);
    }

    /// Another agreement, under which nothing is settled yet.
    private Partners.Deal running() {
        Partners.Deal known = other;
        if (known == null) {
            known = trio.stand("north").agreed("runs");
            other = known;
        }
        return known;
    }

    /// A log that asks the witness for a tree that it has cosigned.
    private AddCheckpoint asked() {
        long size = PacksTest.cosigned(trio).size();
        Tree tree = trio.tree();
        return AddCheckpoint.of(tree, size, trio.signed("south", size, tree.root(size)));
    }

    private URI gateway() {
        return URI.create("http://127.0.0.1:" + trio.client("north").port());
    }

    private static Map<String, List<String>> examples() {
        Map<String, List<String>> examples = new TreeMap<>();
        try {
            Matcher part = PART.matcher(Files.readString(PAGE));
            String operation = "";
            while (part.find()) {
                if (part.group(1) != null) {
                    operation = part.group(1);
                } else {
                    examples.computeIfAbsent(operation, _ -> new ArrayList<>()).add(part.group(2));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return examples;
    }

    private static Stream<String> operations() {
        return ContractCheck.operations().keySet().stream();
    }

    @Test
    void each_operation_of_the_contract_has_an_example_and_a_method_of_the_client() {
        assertThat(examples().keySet()).isEqualTo(ContractCheck.operations().keySet());
        assertThat(Arrays.stream(GatewayClient.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .filter(name -> !name.equals("close"))
                        .collect(Collectors.toSet()))
                .isEqualTo(ContractCheck.operations().keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void the_example_does_what_it_says(String operation) throws Exception {
        Path _ = Files.write(
                folder.resolve("add-checkpoint.txt"), asked().octets().toArray());
        for (String example : examples().getOrDefault(operation, List.of("false"))) {
            ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", example)
                    .directory(folder.toFile())
                    .redirectErrorStream(true);
            Signed one = Partners.read(Bytes.copyOf(Files.readAllBytes(folder.resolve("one.json"))));
            shell.environment()
                    .putAll(Map.of(
                            "GATEWAY",
                            gateway().toString(),
                            "AGREEMENT",
                            deal().id().text(),
                            "PARTY",
                            Partners.HUB.text(),
                            "PERIOD",
                            deal().period(),
                            "ID",
                            one.payload().id().text()));
            Process process = shell.start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(example + said).isZero();
        }
    }

    @Test
    void the_client_reads_every_answer() throws Exception {
        try (GatewayClient client = new GatewayClient(gateway())) {
            Signed one = Partners.read(Bytes.copyOf(Files.readAllBytes(folder.resolve("one.json"))));
            Period period = Period.parse(deal().period()).orElseThrow();
            long size = trio.client("north").size("cosigned");

            TakenIn again = client.postInstructions(List.of(one, one), Duration.ofSeconds(1));
            assertThat(again.answers()).hasSize(2).allMatch(Answer::isFinal);
            assertThat(client.getInstruction(
                            Partners.HUB,
                            one.payload().id(),
                            Optional.empty(),
                            Optional.of(one.instruction()),
                            Duration.ZERO))
                    .contains(again.answers().getFirst());
            assertThat(client.getStream(News.Filter.under(List.of(deal().id())), Optional.empty(), Duration.ZERO)
                            .news())
                    .isNotEmpty();
            assertThat(client.listWebhookKeys()).isEmpty();
            assertThat(client.getNet().ledger()).isEqualTo(FakeLedger.ID);
            assertThat(client.getState(List.of("net", "pty/north/hub"))).containsOnlyKeys("net", "pty/north/hub");
            assertThat(client.listAgreements(AgreementFilter.ALL, Optional.empty())
                            .agreements())
                    .contains(deal().id());
            AgreementFilter hubs = new AgreementFilter(
                    Optional.of(Partners.HUB), List.of("active"), Optional.empty(), Optional.empty());
            assertThat(client.listAgreements(hubs, Optional.empty()).summaries())
                    .isNotEmpty();
            assertThat(client.getAgreement(deal().id()).orElseThrow().version())
                    .contains(deal().scope().version());
            assertThat(client.getStory(deal().id(), Optional.empty())).isNotEmpty();
            assertThat(client.listVersions(deal().id()).orElseThrow()).hasSize(1);
            assertThat(client.listMotions(deal().id()).orElseThrow().motions()).isEmpty();
            assertThat(client.listClaims(deal().id())).isEmpty();
            assertThat(client.listKeys(Partners.HUB)).hasSize(1);
            GatewayClient.SettlementTold told =
                    client.getSettlement(deal().id(), period).orElseThrow();
            assertThat(told.hash()).isEqualTo(Hash.of(told.settlement().canonical()));
            assertThat(told.position()).isPresent();
            assertThat(client.getStatement(deal().id(), period, "hub")
                            .orElseThrow()
                            .settlement())
                    .isEqualTo(told.hash());
            ListFilter agreed = ListFilter.ALL.agreement(deal().id());
            assertThat(client.listInstructions(
                                    agreed.party(Partners.HUB)
                                            .act(ActKind.REPORT)
                                            .state("applied"),
                                    Optional.empty())
                            .items())
                    .isNotEmpty();
            assertThat(client.listAdoptions(agreed, Optional.empty()).items()).hasSize(1);
            assertThat(client.listSources(agreed.party(Partners.HUB), Optional.empty())
                            .items())
                    .hasSize(10);
            GatewayClient.ItemPage page = client.listDeclarations(agreed.limit(3), Optional.empty());
            assertThat(client.listDeclarations(agreed.limit(3), page.next()).items())
                    .hasSize(3)
                    .doesNotContainAnyElementsOf(page.items());
            assertThat(client.listReports(agreed.source(new SourceId("s0")).period(period), Optional.empty())
                            .items())
                    .hasSize(1);
            assertThat(client.listEvents(agreed.source(new SourceId("s0")), Optional.empty())
                            .items())
                    .hasSize(1)
                    .allMatch(item -> item.object("event").whole("amount") == 101);
            assertThat(client.listSettlements(agreed.period(period).newestFirst(), Optional.empty())
                            .items())
                    .allMatch(item -> item.text("hash").equals(told.hash().hex()));
            assertThat(client.listStatements(
                                    ListFilter.ALL.since(told.position().orElseThrow()), Optional.empty())
                            .items())
                    .isEmpty();
            assertThat(page.block()).isPositive();
            ByteArrayOutputStream pack = new ByteArrayOutputStream();
            assertThat(client.getPack(deal().id(), Optional.of(period), Optional.empty(), pack))
                    .isTrue();
            assertThat(pack.size()).isPositive();
            assertThat(client.getPosting(deal().id(), period, 1)).isPresent();
            assertThat(SignedCheckpoint.parse(client.getLogCheckpoint().orElseThrow())
                            .good())
                    .isPresent();
            assertThat(SignedCheckpoint.parse(client.getLogCosigned().orElseThrow())
                            .good())
                    .isPresent();
            assertThat(client.getLogTile(new LogPath.Tile(0, 0, (int) size))).isPresent();
            assertThat(client.getLogEntries(new LogPath.Entries(0, (int) size))).isPresent();
            assertThat(Note.parse(client.getLogHead(size, "agr/" + deal().id()).orElseThrow()))
                    .isInstanceOf(Reading.Value.class);
            assertThat(Evidence.parse(client.getLogEvidence())).isEqualTo(new Reading.Value<>(List.of()));
            assertThat(client.addCheckpoint(asked()).status()).isEqualTo(200);
            assertThat(client.getWitnessed(Hash.of(Bytes.ofUtf8(Trio.ORIGIN)))).isPresent();
            assertThat(client.getLive()).isTrue();
            assertThat(client.getReady().told().text("receipts")).isEqualTo("given");
            assertThat(client.getContract().text("openapi")).isEqualTo("3.1.0");
            assertThat(client.getDocs().utf8().orElseThrow()).contains("swagger-ui");
            assertThat(client.getDocsFile("start.js")).isPresent();
        }
    }

    @Test
    void what_is_not_there_is_nothing() throws Exception {
        try (GatewayClient client = new GatewayClient(gateway())) {
            var nothing = new org.tallystick.agreement.instruction.AgreementId("north/hub/nothing");
            Period period = Period.parse("2020-01").orElseThrow();

            assertThat(client.getAgreement(nothing)).isEmpty();
            assertThat(client.listMotions(nothing)).isEmpty();
            assertThat(client.getSettlement(nothing, period)).isEmpty();
            assertThat(client.getStatement(nothing, period, "hub")).isEmpty();
            assertThat(client.getPack(nothing, Optional.empty(), Optional.empty(), new ByteArrayOutputStream()))
                    .isFalse();
            assertThat(client.getLogTile(new LogPath.Tile(3, 0, 1))).isEmpty();
            assertThat(client.getDocsFile("none.js")).isEmpty();
        }
    }

    @Test
    void a_receipt_that_the_client_was_given_holds_for_the_key_that_the_ledger_names() throws Exception {
        try (GatewayClient client = new GatewayClient(gateway())) {
            Signed fresh = Partners.read(running().report("s5", 1, 1));

            TakenIn taken = client.postInstructions(List.of(fresh), Duration.ZERO);

            Json.Obj named = client.getState(List.of("log/north/log")).get("log/north/log");
            String vkey =
                    ((Json.Obj) Objects.requireNonNull(named).items("vkeys").getLast()).text("vkey");
            assertThat(vkey)
                    .isEqualTo(
                            trio.signer("north", LogKey.Kind.LOG).verifierKey().text());
            assertThat(taken.receipt()
                            .orElseThrow()
                            .faults(
                                    FakeLedger.ID,
                                    Partners.MEMBER,
                                    org.tallystick.agreement.signing.VerifierKey.parse(vkey)
                                            .orElseThrow()))
                    .isEmpty();
        }
    }
}
