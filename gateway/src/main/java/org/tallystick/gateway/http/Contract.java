package org.tallystick.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;

/// The contract, `openapi.json`: what is served is what the routes are built from.
///
/// The router of Vert.x does not load every media type that there is, and must not look at bodies: instructions have a
/// strict reader of their own. So it is given a copy in which operations have their addresses and parameters alone.
final class Contract {

    /// Ends the name of a parameter that stands for the whole rest of an address, which OpenAPI has no word for.
    private static final String REST = "-rest}";

    private final Bytes octets;
    private final JsonObject document;

    private Contract(Bytes octets) {
        this.octets = octets;
        this.document = new JsonObject(Buffer.buffer(octets.toArray()));
    }

    static Contract read() {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("the contract is missing");
            }
            return new Contract(Bytes.copyOf(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As it is served.
    Bytes octets() {
        return octets;
    }

    /// One operation: its name, and where it is.
    record Operation(String id, String method, String path) {

        /// Whether its last parameter may have slashes.
        boolean hasRest() {
            return path.endsWith(REST);
        }

        boolean isAt(String address) {
            return address.matches(
                    path.replace(".", "\\.").replaceAll("\\{[a-z]+-rest}", ".+").replaceAll("\\{[a-z]+}", "[^/]+"));
        }

        /// As Vert.x writes it: a name between braces is one segment, and one that ends in `-rest` all that are left.
        String route() {
            String before = hasRest() ? path.substring(0, path.lastIndexOf('{')) + "*" : path;
            return before.replaceAll("\\{([a-z]+)}", ":$1");
        }
    }

    /// By their names.
    Map<String, Operation> operations() {
        Map<String, Operation> operations = new TreeMap<>();
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            for (String method : item.fieldNames()) {
                String id = item.getJsonObject(method).getString("operationId");
                operations.put(id, new Operation(id, method, path));
            }
        }
        return operations;
    }

    /// By a Vert.x of its own, which finds the schemas of OpenAPI in its library. The gateway's finds nothing there, so
    /// that it can serve nothing from there by mistake.
    OpenAPIContract load() {
        Vertx reader = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        try {
            return OpenAPIContract.from(reader, copy())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            var _ = reader.close();
        }
    }

    private JsonObject copy() {
        JsonObject copy = document.copy();
        var _ = copy.remove("servers");
        JsonObject paths = copy.getJsonObject("paths");
        for (Operation operation : operations().values()) {
            if (operation.hasRest()) {
                var _ = paths.remove(operation.path());
            } else {
                bare(paths.getJsonObject(operation.path()).getJsonObject(operation.method()));
            }
        }
        JsonObject parameters = copy.getJsonObject("components").getJsonObject("parameters");
        return copy.put("components", new JsonObject().put("parameters", parameters));
    }

    private void bare(JsonObject operation) {
        var _ = operation.remove("requestBody");
        JsonArray parameters = new JsonArray();
        for (Object one : operation.getJsonArray("parameters", new JsonArray())) {
            // What is wrong in a preference is passed over, as RFC 7240 asks.
            if (!resolved((JsonObject) one).getString("in").equals("header")) {
                var _ = parameters.add(one);
            }
        }
        var _ = operation
                .put("parameters", parameters)
                .put("responses", new JsonObject().put("default", new JsonObject().put("description", "any")));
    }

    private JsonObject resolved(JsonObject parameter) {
        String reference = parameter.getString("$ref");
        return reference == null
                ? parameter
                : document.getJsonObject("components")
                        .getJsonObject("parameters")
                        .getJsonObject(reference.substring(reference.lastIndexOf('/') + 1));
    }
}
