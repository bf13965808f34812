package org.tallystick.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.webhook.WebhookSettings;
import org.tallystick.ledger.cli.PeerAccess;
import org.tallystick.ledger.yaml.Fault;

/// What an operator says in a file and by flags, with the example of `docs/OPERATORS.md`.
final class ConfigurationFileTest {

    private static final Pattern EXAMPLE = Pattern.compile("(?m)^```yaml\\n(version: gateway/1\\n[\\s\\S]*?)^```$");

    private static String example = "";
    private static String schema = "";

    @TempDir
    Path folder = Path.of(".");

    @BeforeAll
    static void read() throws IOException {
        Matcher found = EXAMPLE.matcher(Files.readString(Path.of("../docs/OPERATORS.md")));
        assertThat(found.find()).isTrue();
        example = Objects.requireNonNull(found.group(1));
        try (InputStream in = ConfigurationFile.class.getResourceAsStream("gateway.schema.json")) {
            schema = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Configuration configuration(String yaml, Flags flags) {
        return switch (ConfigurationFile.read(Optional.of(yaml), flags)) {
            case ConfigurationReading.Read(var configuration) -> configuration;
            case ConfigurationReading.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    private static String faults(String yaml, Flags flags) {
        return switch (ConfigurationFile.read(Optional.of(yaml), flags)) {
            case ConfigurationReading.Read(var configuration) -> throw new AssertionError("taken: " + configuration);
            case ConfigurationReading.Faulty(var faults) ->
                faults.stream().map(Fault::toString).collect(Collectors.joining("; "));
        };
    }

    private static boolean fitsSchema(String yaml) throws IOException {
        String json = new YAMLMapper().readTree(yaml).toString();
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(json, InputFormat.JSON)
                .isEmpty();
    }

    private static Flags store(String address) {
        return new Flags(
                Optional.empty(),
                Optional.of(address),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                WebhookSettings.NONE,
                PeerAccess.NONE);
    }

    /// Where something can be said, as pointers.
    private static Set<String> sayable(JsonNode properties, String at) {
        TreeSet<String> all = new TreeSet<>();
        properties.properties().forEach(property -> {
            String here = at + "/" + property.getKey();
            JsonNode inner = property.getValue().path("properties");
            all.addAll(inner.isMissingNode() ? new TreeSet<>(List.of(here)) : sayable(inner, here));
        });
        return all;
    }

    @Test
    void the_example_of_the_guide_says_all_that_can_be_said_and_nothing_that_is_usual() throws IOException {
        JsonNode said = new YAMLMapper().readTree(example);
        Set<String> open = sayable(new JsonMapper().readTree(schema).path("properties"), "");
        open.removeIf(at -> !said.at(at).isMissingNode());

        Configuration read = configuration(example, Flags.NONE);

        assertThat(open).containsExactly("/store/passwordVariable");
        assertThat(fitsSchema(example)).isTrue();
        assertThat(read.log().witnesses()).hasSize(2);
        assertThat(read.held()).isEqualTo(new Capacity.Limits(50_000, 128L * 1024 * 1024, 20_000));
        JsonNode printed =
                new YAMLMapper().readTree(ConfigurationText.of(configuration("version: gateway/1", store("a"))));
        for (String part : List.of("held", "http", "streams", "receipts", "ready", "logging", "stop")) {
            said.path(part)
                    .properties()
                    .forEach(one -> assertThat(one.getValue())
                            .as(one.getKey())
                            .isNotEqualTo(printed.path(part).get(one.getKey())));
        }
    }

    @Test
    void what_is_printed_says_the_same_again_and_fits_the_schema() throws IOException {
        for (Configuration one :
                List.of(configuration(example, Flags.NONE), configuration("version: gateway/1", store("a b: c")))) {
            String printed = ConfigurationText.of(one);

            assertThat(configuration(printed, Flags.NONE)).isEqualTo(one);
            assertThat(fitsSchema(printed)).as(printed).isTrue();
        }
    }

    @Test
    void what_nobody_says_is_usual() {
        Configuration read = configuration("version: gateway/1", store("gateway.db"));

        assertThat(read)
                .isEqualTo(new Configuration(
                        new Address("127.0.0.1", 0),
                        StoreAddress.file(Path.of("gateway.db")),
                        Optional.empty(),
                        "one",
                        PeerAccess.NONE,
                        LogSettings.NONE,
                        WebhookSettings.NONE,
                        Capacity.Limits.DEFAULT,
                        HttpLimits.DEFAULT,
                        Operation.DEFAULT));
    }

    @Test
    void a_flag_counts_more_than_the_file() {
        Flags flags = new Flags(
                Optional.of("[::1]:9"),
                Optional.of("other.db"),
                Optional.of("two"),
                Optional.of(Path.of("keys")),
                List.of("http://witness.example/log"),
                Optional.of(Duration.ofMillis(7)),
                new WebhookSettings(Optional.of(Path.of("signing")), true),
                new PeerAccess(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("other:1"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("code")));

        Configuration read = configuration(example, flags);

        assertThat(read.listen()).isEqualTo(new Address("::1", 9)).hasToString("[::1]:9");
        assertThat(read.store()).isEqualTo(StoreAddress.file(Path.of("other.db")));
        assertThat(read.instance()).isEqualTo("two");
        assertThat(read.log().keys()).contains(Path.of("keys"));
        assertThat(read.log().witnesses()).hasSize(1);
        assertThat(read.log().pace()).isEqualTo(Duration.ofMillis(7));
        assertThat(read.webhooks()).isEqualTo(flags.webhooks());
        assertThat(read.ledger().peer()).contains("other:1");
        assertThat(read.ledger().chaincode()).contains("code");
        assertThat(read.ledger().identity()).contains(Path.of("/srv/north/members/north"));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            version: gateway/1         | version: gateway/2      | /version 'gateway/2' is not gateway/1
            listen: 127.0.0.1:8080     | listen: 8080            | /listen '8080' is not HOST:PORT, such as 127.0.0.1:8080
            listen: 127.0.0.1:8080     | listen: localhost       | /listen 'localhost' is not HOST:PORT, such as 127.0.0.1:8080
            tallystick@db              | tallystick:secret@db    | /store/address has a password: it belongs into passwordFile or passwordVariable, or into PGPASSWORD or PGPASSFILE
            passwordFile: /srv/north/store.password | passwordVariable: a-b | /store/passwordVariable 'a-b' is not the name of an environment variable
            passwordFile:              | password:               | /store/password is not known here; known are address, passwordFile, passwordVariable
            instance: north-1          | instance: north 1       | /instance 'north 1' is not a name of letters, digits, '.', '_' and '-', at most 63
            peer: peer0.north.example:7051 | peer: peer0         | /ledger/peer 'peer0' is not HOST:PORT, such as 127.0.0.1:8080
            member: north              | member: 1               | /ledger/member '1' is not the id of a member
            http://gateway.west        | ftp://gateway.west      | /log/witnesses/1 'ftp://gateway.west.example:8080/log' is not the address of a witness: http://HOST:PORT/log, or 'URL VKEY'
            paceMillis: 5000           | paceMillis: 5s          | /log/paceMillis '5s' is not a whole number from 1 to 3600000
            kib: 131072                | kib: 1000               | /held/kib '1000' is not a whole number from 1024 to 16000000
            bodyKib: 4096              | body: 4096              | /http/body is not known here; known are bodyKib, lineKib, headKib, headMillis, bodyMillis, connections, bodies, waiting, idleMillis, packs, packMillis, packKibPerSecond, arrivingKib
            blocksBehind: 50           | blocksBehind: -1        | /ready/blocksBehind '-1' is not a whole number from 0 to 1000000
            listen: 127.0.0.1:9464     | listen: 9464            | /metrics/listen '9464' is not HOST:PORT, such as 127.0.0.1:8080
            format: json               | format: xml             | /logging/format 'xml' is not one of text, json
            level: debug               | level: trace            | /logging/level 'trace' is not one of error, warning, info, debug
            drainMillis: 8000          | drainMillis: 10000      | /stop/drainMillis '10000' is not a whole number from 0 to 9000
            http://127.0.0.1:4318      | http://u:secret@host     | /traces/endpoint is not an address such as http://127.0.0.1:4318/v1/traces, without a user
            perThousand: 100           | perThousand: 1001       | /traces/perThousand '1001' is not a whole number from 0 to 1000
            promiseSeconds: 120        | promiseSeconds: 0       | /receipts/promiseSeconds '0' is not a whole number from 1 to 86400
            """)
    void what_does_not_fit_is_named_with_its_place(String good, String bad, String expected) throws IOException {
        String yaml = example.replace(good, bad);

        assertThat(yaml).isNotEqualTo(example);
        assertThat(faults(yaml, Flags.NONE)).isEqualTo(expected).doesNotContain("secret");
        assertThat(fitsSchema(yaml)).isFalse();
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        String yaml = example.replace("listen: ", "listn: ").replace("kib: 131072", "kib: much");

        assertThat(faults(yaml, store("postgresql://u:s3cret@h/d")))
                .contains("/listn is not known here")
                .contains("/held/kib 'much'")
                .contains("--store has a password")
                .doesNotContain("s3cret");
        assertThat(faults("version: gateway/1", Flags.NONE))
                .isEqualTo("/store/address is missing: a file of SQLite, or postgresql://USER@HOST/DATABASE");
        assertThat(faults("version: [", Flags.NONE)).startsWith("/ is not YAML: line ");
        assertThat(faults("a: 1\na: 2", Flags.NONE)).contains("Duplicate");
    }

    @Test
    void a_password_is_taken_from_where_it_is_said_to_be() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "s3cret\n");
        Configuration byFile = configuration(example.replace("/srv/north/store.password", file.toString()), Flags.NONE);
        Configuration byVariable = configuration(
                example.replace("passwordFile: /srv/north/store.password", "passwordVariable: PW"), Flags.NONE);

        assertThat(byFile.store(Map.of())).isEqualTo(byFile.store().withPassword("s3cret"));
        assertThat(byVariable.store(Map.of("PW", "s3cret"))).isEqualTo(byFile.store(Map.of()));
        assertThat(ConfigurationText.of(byFile) + byFile + byFile.store(Map.of()))
                .doesNotContain("s3cret");
    }

    @Test
    void what_the_configuration_names_and_is_not_there_is_told() {
        Configuration read = configuration(example.replace("/srv/", folder + "/none/"), Flags.NONE);
        Configuration odd =
                configuration("version: gateway/1\nstore: {address: a.db, passwordVariable: PW}", Flags.NONE);

        assertThat(ConfigurationChecks.faults(read, Map.of()))
                .extracting(Fault::at)
                .containsExactly(
                        "/store/passwordFile",
                        "/ledger/identity",
                        "/ledger/tlsAuthority",
                        "/log/keys",
                        "/webhooks/keys");
        assertThat(ConfigurationChecks.faults(odd, Map.of("PW", "x")))
                .containsExactly(new Fault(
                        "/store/passwordVariable", "is for a database of PostgreSQL, and the store is a file"));
    }
}
