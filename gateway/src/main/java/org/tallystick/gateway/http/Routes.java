package org.tallystick.gateway.http;

import static java.util.Map.entry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.Listing;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.stream.Streams;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.gateway.webhook.WebhookKeys;
import org.tallystick.ledger.Ledger;

/// All routes of the gateway, built from the contract, and the one place where answers are written.
public final class Routes {

    private static final Logger LOG = Logger.getLogger(Routes.class.getName());

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    /// Before all of the transparency log.
    static final String LOG_PREFIX = "/log/";

    private static final String POST = "postInstructions";
    private static final String ADD_CHECKPOINT = "addCheckpoint";
    private static final String NOT_KEPT = "no-store";
    private static final String ASKED_AGAIN = "private, no-cache";
    private static final String KEPT_FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ETAG = "etag";
    private static final int NOT_MODIFIED = 304;
    /// Of a hash, the octets that name an answer.
    private static final int TAG_SIZE = 16;

    private static final Base64.Encoder TAG = Base64.getUrlEncoder().withoutPadding();
    /// How long the rest of a body that is not wanted is let in, so that its sender reads the answer.
    private static final long LINGER_MILLIS = 250;

    private final List<Contract.Operation> operations;
    private final boolean trial;
    private final StoredSending sending;
    private final Bodies bodies;
    private final HttpLimits limits;
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
            TransparencyLog log,
            Readiness readiness,
            Patience patience,
            Watch watch,
            Streams streams,
            WebhookKeys webhookKeys) {}

    private Routes(Parts parts, Collection<Contract.Operation> operations) {
        this.operations = List.copyOf(operations);
        this.vertx = parts.vertx();
        this.trial = parts.trial();
        this.sending = new StoredSending(parts.threads(), parts.limits());
        this.limits = parts.limits();
        this.bodies = new Bodies(parts.vertx(), parts.limits());
    }

    /// Who answers the operations of the contract, by their names.
    private static Map<String, Responder> responders(Parts parts, Contract contract) {
        Store store = parts.store();
        Executor threads = parts.threads();
        LedgerReading ledger = new LedgerReading(parts.ledger(), threads, parts.watch());
        TransparencyLog log = parts.log();
        Packs packs = new Packs(parts.vertx(), parts.ledger(), ledger, log, parts.limits());
        Patience patience = parts.patience();
        Page page = new Page(threads);
        return Map.ofEntries(
                entry(POST, post(parts, ledger, patience)),
                entry("getInstruction", new GetInstruction(store, ledger, threads, patience)),
                entry("getStream", new GetStream(parts.streams(), threads, parts.vertx(), patience)),
                entry("listWebhookKeys", new ListWebhookKeys(parts.webhookKeys())),
                entry("getNet", new GetNet(ledger, parts.ledger().member())),
                entry("getState", new GetState(ledger)),
                entry("listAgreements", new ListAgreements(store, ledger)),
                entry("getAgreement", new GetAgreement(ledger)),
                entry("getSettlement", new GetSettlement(ledger, store)),
                entry("listKeys", new ListKeys(store, threads)),
                entry("getStory", new GetStory(ledger, store)),
                entry("listVersions", new ListVersions(ledger)),
                entry("listMotions", new ListMotions(ledger, store)),
                entry("listClaims", new ListClaims(store, threads)),
                entry("getStatement", new GetStatement(ledger)),
                entry("listInstructions", new ListItems(Listing.INSTRUCTIONS, store, threads)),
                entry("listAdoptions", new ListItems(Listing.ADOPTIONS, store, threads)),
                entry("listSources", new ListItems(Listing.SOURCES, store, threads)),
                entry("listReports", new ListItems(Listing.REPORTS, store, threads)),
                entry("listEvents", new ListEvents(store, ledger)),
                entry("listDeclarations", new ListItems(Listing.DECLARATIONS, store, threads)),
                entry("listSettlements", new ListItems(Listing.SETTLEMENTS, store, threads)),
                entry("listStatements", new ListItems(Listing.STATEMENTS, store, threads)),
                entry("getPack", new GetPack(ledger, packs)),
                entry("getPosting", new GetPosting(ledger, packs)),
                entry("getLive", new GetLive()),
                entry("getReady", new GetReady(parts.readiness())),
                entry("getLogCheckpoint", new GetCheckpoint(threads, log.store()::newest)),
                entry("getLogCosigned", new GetCheckpoint(threads, log.store()::cosigned)),
                entry("getLogEntries", new GetTile(log, threads)),
                entry("getLogTile", new GetTile(log, threads)),
                entry("getLogHead", new GetHead(log, threads)),
                entry("getLogEvidence", new GetEvidence(log, threads)),
                entry(ADD_CHECKPOINT, new AddCheckpointRoute(log, threads)),
                entry("getWitnessed", new GetWitnessed(log, threads)),
                entry(
                        "getContract",
                        _ -> Future.succeededFuture(
                                Answer.of(Answer.JSON, new Answer.Octets(contract.octets(), false)))),
                entry("getDocs", page),
                entry("getDocsFile", page));
    }

    private static PostInstructions post(Parts parts, LedgerReading ledger, Patience patience) {
        Hash id = parts.ledger().id();
        MemberId member = new MemberId(parts.ledger().member());
        return new PostInstructions(
                parts.courier(),
                parts.store(),
                parts.threads(),
                new SignatureCheck(id, new KeyBook(ledger, parts.threads())),
                new Receipts(parts.log(), id, member, parts.limits().promise()),
                patience,
                parts.stopping(),
                parts.watch());
    }

    /// @throws IllegalStateException if the contract has an operation that nobody answers, or lacks one
    public static Router router(Parts parts) {
        Contract contract = Contract.read();
        Map<String, Contract.Operation> operations = contract.operations();
        Map<String, Responder> responders = responders(parts, contract);
        if (!operations.keySet().equals(responders.keySet())) {
            throw new IllegalStateException("the contract has the operations " + operations.keySet()
                    + ", and answered are " + new TreeSet<>(responders.keySet()));
        }
        Routes routes = new Routes(parts, operations.values());
        RouterBuilder builder = RouterBuilder.create(parts.vertx(), contract.load());
        for (OpenAPIRoute route : builder.getRoutes()) {
            Responder responder = known(responders, route.getOperation().getOperationId());
            var _ = route.addHandler(request -> routes.respond(request, responder))
                    .addFailureHandler(request -> routes.checked(request, route.getOperation()));
        }
        Router router = builder.createRouter();
        routes.complete(router, operations, responders);
        return router;
    }

    /// With what the router that is built from a contract cannot do: bodies, addresses with slashes in a parameter, and
    /// problems.
    private void complete(
            Router router, Map<String, Contract.Operation> operations, Map<String, Responder> responders) {
        Route _ = router.route().order(Bodies.FIRST - 1).handler(Routes::escapes);
        bodies.on(router, known(operations, POST), PostInstructions::checkType, limits.body());
        bodies.on(router, known(operations, ADD_CHECKPOINT), RoutingContext::next, HttpLimits.ADD_CHECKPOINT);
        for (Contract.Operation operation : operations.values()) {
            if (operation.hasRest()) {
                Responder responder = known(responders, operation.id());
                Route _ = router.get(operation.route()).handler(request -> respond(request, responder));
            }
        }
        for (int status : List.of(400, 404, 405, 406, 408, 413, 414, 415, 500)) {
            Router _ = router.errorHandler(status, this::failed);
        }
    }

    private static <T> T known(Map<String, T> all, String id) {
        return Objects.requireNonNull(all.get(id), id);
    }

    /// Vert.x would take a broken escape in the address for a mistake of ours.
    private static void escapes(RoutingContext request) {
        if (BROKEN_ESCAPE.matcher(request.request().uri()).find()) {
            request.fail(new Refusal(Problem.of(Trouble.REQUEST_WRONG)));
            return;
        }
        request.next();
    }

    private void respond(RoutingContext request, Responder responder) {
        var _ = responder
                .to(request)
                .onSuccess(answer -> write(request, tagged(request, answer)))
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
        write(
                request,
                problem.toAnswer().with("allow", request.statusCode() == 405 ? allowed(request) : Optional.empty()));
    }

    /// The methods that an address knows.
    private Optional<String> allowed(RoutingContext request) {
        String path = String.valueOf(request.request().path());
        return Optional.of(operations.stream()
                .filter(operation -> operation.isAt(path))
                .map(operation -> operation.method().toUpperCase(Locale.ROOT))
                .sorted()
                .distinct()
                .collect(Collectors.joining(", ")));
    }

    /// Says which parameter has not the form that the contract gives it. Vert.x names it in a sentence alone.
    private void checked(RoutingContext request, Operation operation) {
        String sentence = switch (request.failure()) {
            case HttpException wrong
            when wrong.getCause() instanceof ValidatorException -> String.valueOf(wrong.getPayload());
            // It decodes a query twice, and so finds broken escapes where there are none.
            case ValidatorException wrong -> String.valueOf(wrong.getMessage());
            case null, default -> "";
        };
        if (sentence.isEmpty()) {
            request.next();
            return;
        }
        Problem problem = operation.getParameters().stream()
                .map(Parameter::getName)
                .filter(name -> sentence.contains(" parameter " + name))
                .max(Comparator.comparingInt(String::length))
                .map(Problem::parameter)
                .orElse(Problem.of(Trouble.REQUEST_WRONG));
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

    private Bytes octets(Json.Builder object) {
        return object.with(Answer.TRIAL, trial).build().canonical();
    }

    private Bytes octets(Answer.Content content) {
        return switch (content) {
            case Answer.Told(Json.Builder object) -> octets(object);
            case Answer.Tagged(Json.Builder object) -> octets(object);
            case Answer.Octets(Bytes octets, boolean _) -> octets;
            case Answer.Stored _, Answer.Live _ -> throw new IllegalStateException("it is sent piece by piece");
        };
    }

    /// With the name of its octets, if it is to have one; without them, if the caller has them already (RFC 9110).
    private Answer tagged(RoutingContext request, Answer answer) {
        if (!(answer.content() instanceof Answer.Tagged(Json.Builder object))) {
            return answer;
        }
        Bytes octets = octets(object);
        String tag =
                "\"" + TAG.encodeToString(Hash.sha256(octets).slice(0, TAG_SIZE).toArray()) + "\"";
        boolean known = Stream.of(String.valueOf(request.request().getHeader("if-none-match"))
                        .split(",", -1))
                .map(one -> one.strip().replaceFirst("^W/", ""))
                .anyMatch(one -> one.equals(tag) || one.equals("*"));
        return new Answer(
                        known ? NOT_MODIFIED : answer.status(),
                        answer.type(),
                        new Answer.Octets(known ? Bytes.EMPTY : octets, false),
                        answer.headers())
                .with(ETAG, Optional.of(tag));
    }

    private static String caching(Answer answer) {
        if (answer.headers().containsKey(ETAG)) {
            return ASKED_AGAIN;
        }
        return isImmutable(answer) ? KEPT_FOR_EVER : NOT_KEPT;
    }

    private Future<Void> send(HttpServerResponse response, Answer.Content content) {
        return switch (content) {
            case Answer.Stored stored -> sending.send(response, stored);
            case Answer.Live(var stream) -> stream.to(response);
            case Answer.Told _, Answer.Tagged _, Answer.Octets _ ->
                response.end(Buffer.buffer(octets(content).toArray()));
        };
    }

    private void write(RoutingContext request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            answer.content().drop();
            return;
        }
        var _ = response.setStatusCode(answer.status())
                .putHeader("cache-control", caching(answer))
                .putHeader("x-content-type-options", "nosniff");
        if (answer.status() != NOT_MODIFIED) {
            var _ = response.putHeader("content-type", answer.type());
        }
        answer.headers().forEach((name, value) -> {
            var _ = response.putHeader(name, value);
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
