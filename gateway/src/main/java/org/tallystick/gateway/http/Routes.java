package org.tallystick.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.Store;
import org.tallystick.ledger.Ledger;

/// All routes of the gateway, and the one place where answers are written.
public final class Routes {

    private static final Logger LOG = Logger.getLogger(Routes.class.getName());

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final String CONTRACT = "/openapi.yaml";
    /// Before all of the transparency log.
    static final String LOG_PREFIX = "/log/";

    private static final String ADD_CHECKPOINT = LOG_PREFIX + "add-checkpoint";
    private static final String NOT_KEPT = "no-store";
    private static final String KEPT_FOR_EVER = "public, max-age=31536000, immutable";
    /// How long the rest of a body that is not wanted is let in, so that its sender reads the answer.
    private static final long LINGER_MILLIS = 250;

    private final boolean trial;
    private final StoredSending sending;
    private final Bodies bodies;
    private final Vertx vertx;

    /// What the routes talk to.
    ///
    /// @param threads where calls wait
    /// @param trial whether the ledger is a trial: said in every answer
    public record Parts(
            Vertx vertx,
            Courier courier,
            Store store,
            Ledger ledger,
            Executor threads,
            HttpLimits limits,
            boolean trial,
            BooleanSupplier stopping,
            TransparencyLog log) {}

    private Routes(Parts parts) {
        this.vertx = parts.vertx();
        this.trial = parts.trial();
        this.sending = new StoredSending(parts.threads(), parts.limits());
        this.bodies = new Bodies(parts.vertx(), parts.limits());
    }

    /// An operation of the contract and who answers it.
    record Operation(String id, HttpMethod method, String path, Responder responder) {

        private static final String REST = "-rest}";

        /// As Vert.x writes it: a name between braces is one segment, and one that ends in `-rest` all that are left.
        String route() {
            int rest = path.endsWith(REST) ? path.lastIndexOf('{') : -1;
            return (rest < 0 ? path : path.substring(0, rest) + "*").replaceAll("\\{([a-z]+)}", ":$1");
        }
    }

    static List<Operation> operations(Parts parts) {
        Store store = parts.store();
        Executor threads = parts.threads();
        Courier courier = parts.courier();
        LedgerReading ledger = new LedgerReading(parts.ledger(), threads);
        TransparencyLog log = parts.log();
        Packs packs = new Packs(parts.vertx(), parts.ledger(), ledger, log, parts.limits());
        String agreement = "/v1/agreements/{member}/{name}/{label}";
        String pack = "/v1/packs/{member}/{name}/{label}";
        return List.of(
                new Operation(
                        "postInstructions",
                        HttpMethod.POST,
                        "/v1/instructions",
                        new PostInstructions(courier, threads, parts.stopping())),
                new Operation(
                        "getInstruction",
                        HttpMethod.GET,
                        "/v1/instructions/{member}/{name}/{id}",
                        new GetInstruction(
                                parts.vertx(),
                                store,
                                courier.bell(),
                                ledger,
                                threads,
                                parts.limits().waiting())),
                new Operation(
                        "getNet",
                        HttpMethod.GET,
                        "/v1/net",
                        new GetNet(ledger, parts.ledger().member())),
                new Operation("getState", HttpMethod.GET, "/v1/state", new GetState(ledger)),
                new Operation("listAgreements", HttpMethod.GET, "/v1/agreements", new ListAgreements(store, ledger)),
                new Operation("getAgreement", HttpMethod.GET, agreement, new GetAgreement(ledger)),
                new Operation(
                        "getSettlement",
                        HttpMethod.GET,
                        agreement + "/settlements/{period}",
                        new GetSettlement(ledger, store)),
                new Operation(
                        "listKeys", HttpMethod.GET, "/v1/parties/{member}/{name}/keys", new ListKeys(store, threads)),
                new Operation("getStory", HttpMethod.GET, agreement + "/story", new GetStory(ledger, store)),
                new Operation("listVersions", HttpMethod.GET, agreement + "/versions", new ListVersions(ledger)),
                new Operation("listMotions", HttpMethod.GET, agreement + "/motions", new ListMotions(ledger, store)),
                new Operation("listClaims", HttpMethod.GET, agreement + "/claims", new ListClaims(store, threads)),
                new Operation(
                        "getStatement", HttpMethod.GET, agreement + "/statements/{period}", new GetStatement(ledger)),
                new Operation("getPack", HttpMethod.GET, pack, new GetPack(ledger, packs)),
                new Operation(
                        "getPosting",
                        HttpMethod.GET,
                        pack + "/postings/{period}/{posting}",
                        new GetPosting(ledger, packs)),
                new Operation("getLive", HttpMethod.GET, "/health/live", new GetLive()),
                new Operation(
                        "getReady",
                        HttpMethod.GET,
                        "/health/ready",
                        new GetReady(courier, store, ledger, threads, parts.stopping(), log)),
                new Operation(
                        "getLogCheckpoint",
                        HttpMethod.GET,
                        LOG_PREFIX + "checkpoint",
                        new GetCheckpoint(threads, log.store()::newest)),
                new Operation(
                        "getLogCosigned",
                        HttpMethod.GET,
                        LOG_PREFIX + "cosigned",
                        new GetCheckpoint(threads, log.store()::cosigned)),
                new Operation(
                        "getLogEntries",
                        HttpMethod.GET,
                        LOG_PREFIX + "tile/entries/{index-rest}",
                        new GetTile(log, threads)),
                new Operation(
                        "getLogTile",
                        HttpMethod.GET,
                        LOG_PREFIX + "tile/{level}/{index-rest}",
                        new GetTile(log, threads)),
                new Operation(
                        "getLogHead",
                        HttpMethod.GET,
                        LOG_PREFIX + "head/{size}/{chain-rest}",
                        new GetHead(log, threads)),
                new Operation("getLogEvidence", HttpMethod.GET, LOG_PREFIX + "evidence", new GetEvidence(log, threads)),
                new Operation("addCheckpoint", HttpMethod.POST, ADD_CHECKPOINT, new AddCheckpointRoute(log, threads)),
                new Operation(
                        "getWitnessed",
                        HttpMethod.GET,
                        LOG_PREFIX + "{origin}/checkpoint",
                        new GetWitnessed(log, threads)));
    }

    public static Router router(Parts parts) {
        Routes routes = new Routes(parts);
        Router router = Router.router(parts.vertx());
        Route _ = router.route().handler(Routes::escapes);
        for (Operation operation : operations(parts)) {
            String path = operation.route();
            if (path.equals(ADD_CHECKPOINT)) {
                routes.bodies.on(router, operation.method(), path, HttpLimits.ADD_CHECKPOINT);
            } else if (operation.method().equals(HttpMethod.POST)) {
                routes.bodies.envelopes(router, operation.method(), path);
            }
            Route _ = router.route(operation.method(), path)
                    .handler(request -> routes.respond(request, operation.responder()));
        }
        String contract = contract();
        Route _ = router.get(CONTRACT).handler(request -> {
            var _ = request.response()
                    .putHeader("content-type", "application/yaml")
                    .end(contract);
        });
        for (int status : List.of(400, 404, 405, 406, 408, 413, 414, 415, 500)) {
            Router _ = router.errorHandler(status, routes::failed);
        }
        return router;
    }

    /// Vert.x would take a broken escape in the address for a mistake of ours.
    private static void escapes(RoutingContext request) {
        if (BROKEN_ESCAPE.matcher(request.request().uri()).find()) {
            request.fail(new Refusal(Problem.of(Trouble.REQUEST_WRONG)));
            return;
        }
        request.next();
    }

    /// The contract, as it is served.
    static String contract() {
        try (InputStream in = Routes.class.getResourceAsStream(CONTRACT)) {
            if (in == null) {
                throw new IllegalStateException(CONTRACT + " is missing");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void respond(RoutingContext request, Responder responder) {
        var _ = responder
                .to(request)
                .onSuccess(answer -> write(request, answer))
                .onFailure(request::fail);
    }

    private void failed(RoutingContext request) {
        Throwable failure = request.failure();
        Problem problem = failure instanceof Refusal refusal ? refusal.problem() : Problem.of(trouble(request));
        if (problem.code().equals(Trouble.INTERNAL.code())) {
            LOG.log(
                    Level.SEVERE,
                    request.request().method() + " " + request.request().path() + " failed",
                    failure);
        }
        write(request, problem.toAnswer());
    }

    private static Trouble trouble(RoutingContext request) {
        return switch (request.statusCode()) {
            case 404 -> Trouble.NOT_FOUND;
            case 405 -> Trouble.METHOD_UNKNOWN;
            case 408 -> Trouble.BODY_TOO_SLOW;
            case 413 -> Trouble.BODY_TOO_LARGE;
            case 415 -> Trouble.MEDIA_TYPE_UNKNOWN;
            case 400, 406, 414 -> Trouble.REQUEST_WRONG;
            default -> Trouble.INTERNAL;
        };
    }

    private static boolean isImmutable(Answer answer) {
        return answer.content() instanceof Answer.Octets(Bytes _, boolean immutable) && immutable;
    }

    private Bytes octets(Answer.Content content) {
        return switch (content) {
            case Answer.Told(Json.Builder object) ->
                object.with(Answer.TRIAL, trial).build().canonical();
            case Answer.Octets(Bytes octets, boolean _) -> octets;
            case Answer.Stored _ -> throw new IllegalStateException("what is in a file stays there");
        };
    }

    private Future<Void> send(HttpServerResponse response, Answer.Content content) {
        return content instanceof Answer.Stored stored
                ? sending.send(response, stored)
                : response.end(Buffer.buffer(octets(content).toArray()));
    }

    private void write(RoutingContext request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            if (answer.content() instanceof Answer.Stored stored) {
                stored.close();
            }
            return;
        }
        var _ = response.setStatusCode(answer.status())
                .putHeader("content-type", answer.type())
                .putHeader("cache-control", isImmutable(answer) ? KEPT_FOR_EVER : NOT_KEPT)
                .putHeader("x-content-type-options", "nosniff");
        answer.retryAfter().ifPresent(wait -> {
            var _ = response.putHeader("retry-after", String.valueOf(wait.toSeconds()));
        });
        boolean unread = !request.request().isEnded();
        if (unread) {
            var _ = response.putHeader("connection", "close");
        }
        var _ = send(response, answer.content()).onComplete(sent -> {
            if (unread || sent.failed()) {
                long _ = vertx.setTimer(LINGER_MILLIS, _ -> {
                    var _ = request.request().connection().close();
                });
            }
        });
    }
}
