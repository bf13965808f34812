package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.tallystick.agreement.bytes.Bytes;

/// `GET /docs` and `GET /docs/{file}`: the contract as a page for people, by Swagger UI. It asks no other host for
/// anything, and a browser sees to that.
final class Page implements Responder {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String START = "docs.html";

    /// Of Swagger UI, as its own jar says.
    private static final String VERSION = version();

    private record Part(String resource, String type) {
        private static Part ours(String name, String type) {
            return new Part("/docs/" + name, type);
        }

        private static Part library(String name, String type) {
            return new Part("/META-INF/resources/webjars/swagger-ui/" + VERSION + "/" + name, type);
        }
    }

    private static final Map<String, Part> PARTS = Map.of(
            START,
            Part.ours(START, "text/html; charset=utf-8"),
            "start.js",
            Part.ours("start.js", "text/javascript; charset=utf-8"),
            "swagger-ui.css",
            Part.library("swagger-ui.css", "text/css; charset=utf-8"),
            "swagger-ui-bundle.js",
            Part.library("swagger-ui-bundle.js", "text/javascript; charset=utf-8"));

    private final Executor threads;

    Page(Executor threads) {
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        String file = Optional.ofNullable(request.pathParam("file")).orElse(START);
        return Waiting.on(threads, () -> {
            Part part =
                    Optional.ofNullable(PARTS.get(file)).orElseThrow(() -> new Refusal(Problem.of(Trouble.NOT_FOUND)));
            return Answer.of(part.type(), new Answer.Octets(read(part), false))
                    .with("content-security-policy", Optional.of(POLICY));
        });
    }

    private static String version() {
        try (InputStream in = Page.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            Properties said = new Properties();
            said.load(Objects.requireNonNull(in, "Swagger UI is missing"));
            return said.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bytes read(Part part) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(part.resource())) {
            if (in == null) {
                throw new IllegalStateException(part.resource() + " is missing");
            }
            return Bytes.copyOf(in.readAllBytes());
        }
    }
}
