package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Holds every answer that a test gets against the contract: its status, media type, headers and body.
final class ContractCheck {

    private static final String ID = "https://tallystick.org/openapi.json";

    private static final JsonMapper MAPPER = new JsonMapper();

    static final JsonNode CONTRACT = read();

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, CONTRACT.toString())));
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    /// What answers where the contract has no operation.
    private static final String PROBLEM = "/components/schemas/Problem";

    private ContractCheck() {}

    private static JsonNode read() {
        try (InputStream in = ContractCheck.class.getResourceAsStream("/openapi.json")) {
            return MAPPER.readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void check(HttpResponse<?> response, byte[] body) {
        check(
                response.request().method(),
                response.uri().getRawPath(),
                response.statusCode(),
                response.headers(),
                body);
    }

    static void check(String method, String path, int status, HttpHeaders headers, byte[] body) {
        String what = method + " " + path + ": " + status;
        String type = headers.firstValue("content-type").orElse("").replaceFirst(";.*", "");
        Optional<String> operation = operation(method, path);
        if (operation.isEmpty()) {
            assertThat(type).as(what).isEqualTo("application/problem+json");
            assertThat(status).as(what).isBetween(400, 499);
            valid(PROBLEM, json(body), what);
            return;
        }
        String at = resolved(operation.get() + "/responses/" + status);
        assertThat(CONTRACT.at(at).isMissingNode())
                .as(what + " is not in the contract: " + new String(body, UTF_8))
                .isFalse();
        headers(at, headers, what);
        if (status == 304) {
            assertThat(body).as(what).isEmpty();
            return;
        }
        String content = at + "/content/" + escaped(type);
        assertThat(CONTRACT.at(content).isMissingNode())
                .as(what + " as " + type + " is not in the contract")
                .isFalse();
        String schema = content + "/schema";
        if (type.endsWith("json")) {
            valid(schema, json(body), what);
        } else if (type.startsWith("text/")) {
            valid(schema, new TextNode(new String(body, UTF_8)), what);
        }
    }

    private static void headers(String at, HttpHeaders headers, String what) {
        for (Map.Entry<String, JsonNode> header :
                CONTRACT.at(at).path("headers").properties()) {
            Optional<String> value = headers.firstValue(header.getKey());
            assertThat(value.isPresent() || !header.getValue().path("required").asBoolean())
                    .as(what + " lacks " + header.getKey())
                    .isTrue();
            value.ifPresent(text -> valid(
                    at + "/headers/" + header.getKey() + "/schema",
                    text.matches("[0-9]{1,9}") ? new IntNode(Integer.parseInt(text)) : new TextNode(text),
                    what + " " + header.getKey()));
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(new String(body, UTF_8), e);
        }
    }

    /// Holds a value against a schema of the contract.
    static void holds(String schema, byte[] json) {
        valid("/components/schemas/" + schema, json(json), schema);
    }

    private static void valid(String at, JsonNode value, String what) {
        Schema schema = SCHEMAS.computeIfAbsent(at, place -> REGISTRY.getSchema(SchemaLocation.of(ID + "#" + place)));
        assertThat(schema.validate(value)).as(what + ": " + value).isEmpty();
    }

    private static String resolved(String at) {
        JsonNode reference = CONTRACT.at(at).path("$ref");
        return reference.isMissingNode() ? at : reference.asText().substring(1);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /// Where the contract has the operation that answers; of several the one with the fewest parameters.
    private static Optional<String> operation(String method, String path) {
        return CONTRACT.get("paths").properties().stream()
                .map(Map.Entry::getKey)
                .filter(template -> path.matches(template.replaceAll("\\{[a-z]+-rest}", ".+")
                        .replaceAll("\\{[a-z]+}", "[^/]+")
                        .replace(".json", "\\.json")))
                .min(Comparator.comparingLong(
                        template -> template.chars().filter(c -> c == '{').count()))
                .map(template -> "/paths/" + escaped(template) + "/" + method.toLowerCase(Locale.ROOT))
                .filter(at -> !CONTRACT.at(at).isMissingNode());
    }

    /// Method and path of every operation, by its name.
    static Map<String, String> operations() {
        Map<String, String> operations = new TreeMap<>();
        for (Map.Entry<String, JsonNode> path : CONTRACT.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                operations.put(
                        operation.getValue().get("operationId").asText(), operation.getKey() + " " + path.getKey());
            }
        }
        return operations;
    }
}
