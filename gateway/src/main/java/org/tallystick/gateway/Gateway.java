package org.tallystick.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.tallystick.gateway.configuration.Address;
import org.tallystick.gateway.configuration.Stop;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.gateway.courier.Continuation;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.courier.ListKeeper;
import org.tallystick.gateway.http.Front;
import org.tallystick.gateway.http.Patience;
import org.tallystick.gateway.http.Readiness;
import org.tallystick.gateway.http.Routes;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.metrics.Metrics;
import org.tallystick.gateway.metrics.MetricsServer;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.Store.Followed;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.stream.Streams;
import org.tallystick.gateway.traces.Traces;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.gateway.watch.Watches;
import org.tallystick.gateway.webhook.WebhookKeys;
import org.tallystick.gateway.webhook.Webhooks;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.keys.KeyFolderException;

/// One gateway: put together, started and stopped.
///
/// A stop goes from outside to inside: readiness off and nothing more taken, what is under way finished,
/// then the HTTP server, the ledger and the store closed. A kill at any moment is as good, only slower to
/// recover from.
public final class Gateway {

    private static final Logger LOG = Logger.getLogger(Gateway.class.getName());

    private static final Duration HTTP_STOP = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofSeconds(5);
    /// How long a start waits for one block to be compared.
    private static final Duration LOOK = Duration.ofSeconds(1);
    /// How long a refusal without a verdict is kept: no window is longer.
    private static final Duration REFUSALS = Duration.ofDays(8);

    private static final Duration HOUSEKEEPING = Duration.ofHours(1);

    private final GatewaySettings settings;

    public Gateway(GatewaySettings settings) {
        this.settings = settings;
    }

    public Running start() throws GatewayException, InterruptedException {
        Optional<Metrics> metrics = settings.operation().metrics().map(_ -> new Metrics());
        Optional<Traces> traces = settings.operation().traces().map(sent -> new Traces(sent, settings.instance()));
        Watch watch = Watches.of(
                Stream.<Watch>concat(metrics.stream(), traces.stream()).toList());
        Store store = null;
        Ledger ledger = null;
        try {
            store = Store.open(settings.store(), watch);
            ledger = settings.ledger().open();
            Running running = start(store, ledger, metrics, watch);
            running.traces = traces;
            return running;
        } catch (StoreException | LedgerException | GatewayException | RuntimeException e) {
            if (ledger != null) {
                ledger.close();
            }
            if (store != null) {
                store.close();
            }
            metrics.ifPresent(Metrics::close);
            traces.ifPresent(Traces::close);
            throw e instanceof GatewayException known ? known : new GatewayException(String.valueOf(e.getMessage()), e);
        }
    }

    private Running start(Store store, Ledger ledger, Optional<Metrics> metrics, Watch watch)
            throws GatewayException, StoreException, LedgerException, InterruptedException {
        Followed followed = followed(store, ledger);
        Courier courier = new Courier(
                store,
                ledger,
                followed.block(),
                offset(ledger),
                settings.capacity(),
                settings.patience(),
                settings.instance(),
                watch);
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        ListKeeper lists = new ListKeeper(ledger, store, store.lists(), settings.instance(), ListKeeper.STEP);
        Running running = new Running(
                vertx, store, ledger, courier, lists, log(store, ledger), settings, followed.trial(), webhookKeys());
        try {
            courier.start();
            lists.start();
            running.log.start();
            running.listen(settings, followed.trial(), metrics, watch);
            running.keepHouse();
            return running;
        } catch (GatewayException | StoreException | RuntimeException e) {
            running.close();
            throw e;
        }
    }

    /// The store is bound to one ledger for ever: verdicts of another would be lies.
    private static Followed followed(Store store, Ledger ledger)
            throws GatewayException, StoreException, LedgerException, InterruptedException {
        Optional<Followed> followed = store.followed();
        if (followed.isEmpty()) {
            store.follow(ledger.id(), ledger.net().trial());
            followed = store.followed();
        }
        Followed known = followed.orElseThrow();
        if (!known.ledger().equals(ledger.id())) {
            throw new GatewayException(
                    "the store belongs to ledger " + known.ledger() + ", but the peer shows " + ledger.id()
                            + "; name another store, or another network",
                    null);
        }
        goesOn(store, ledger);
        return known;
    }

    /// A peer that is behind may catch up, and one that does not answer is asked later: nothing is read of it before.
    private static void goesOn(Store store, Ledger ledger) throws GatewayException, InterruptedException {
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        try {
            if (thread.submit(() -> Continuation.of(ledger, store)).get(LOOK.toMillis(), TimeUnit.MILLISECONDS)
                    instanceof Continuation.Other other) {
                throw new GatewayException(other.text(), null);
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "whether the peer's blocks go on from those of the store is not known yet: " + e);
        } finally {
            var _ = thread.shutdownNow();
        }
    }

    private TransparencyLog log(Store store, Ledger ledger) throws GatewayException {
        try {
            return TransparencyLog.of(store.log(), ledger, settings.log());
        } catch (IOException e) {
            throw new GatewayException("the keys of the log cannot be read: " + e, e);
        } catch (KeyFolderException e) {
            throw new GatewayException(e.getMessage() + "; " + e.hint(), e);
        }
    }

    private WebhookKeys webhookKeys() throws GatewayException {
        Optional<Path> folder = settings.webhooks().keys();
        try {
            return folder.isEmpty() ? WebhookKeys.none() : WebhookKeys.read(folder.get());
        } catch (IOException e) {
            throw new GatewayException("the keys of webhooks cannot be read: " + e, e);
        } catch (KeyFolderException e) {
            throw new GatewayException(e.getMessage() + "; " + e.hint(), e);
        }
    }

    private static Duration offset(Ledger ledger) {
        try {
            return ledger.net().offset();
        } catch (LedgerException e) {
            LOG.log(Level.WARNING, "the ledger's clock is not known yet: " + e.getMessage());
            return Duration.ZERO;
        }
    }

    /// A gateway that serves.
    public static final class Running implements AutoCloseable {
        private final Vertx vertx;
        private final Store store;
        private final Ledger ledger;
        private final Courier courier;
        private final ListKeeper lists;
        private final TransparencyLog log;
        private final Streams streams;
        private final WebhookKeys webhookKeys;
        private final Webhooks webhooks;
        private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-", 0).factory());
        private Optional<HttpServer> server = Optional.empty();
        private Optional<HttpServer> metricsServer = Optional.empty();
        private Optional<Metrics> metrics = Optional.empty();
        private Optional<Traces> traces = Optional.empty();
        private final Stop stop;
        private final Patience patience;
        private volatile boolean leaving;
        private volatile boolean stopping;

        private Running(
                Vertx vertx,
                Store store,
                Ledger ledger,
                Courier courier,
                ListKeeper lists,
                TransparencyLog log,
                GatewaySettings settings,
                boolean trial,
                WebhookKeys webhookKeys) {
            this.vertx = vertx;
            this.store = store;
            this.ledger = ledger;
            this.courier = courier;
            this.lists = lists;
            this.log = log;
            this.streams = new Streams(
                    vertx, threads, store, ledger.id(), trial, settings.http().streams());
            this.stop = settings.operation().stop();
            this.patience = new Patience(courier.bell(), settings.http().waiting());
            this.webhookKeys = webhookKeys;
            this.webhooks = new Webhooks(
                    vertx,
                    store,
                    webhookKeys,
                    ledger.id(),
                    trial,
                    settings.instance(),
                    settings.webhooks(),
                    Clockwork.MACHINE);
        }

        public int port() {
            return server.orElseThrow().actualPort();
        }

        /// Where `/metrics` is, if it is anywhere.
        public OptionalInt metricsPort() {
            return metricsServer.map(made -> OptionalInt.of(made.actualPort())).orElse(OptionalInt.empty());
        }

        private void listen(GatewaySettings settings, boolean trial, Optional<Metrics> metrics, Watch watch)
                throws GatewayException, StoreException, InterruptedException {
            courier.bell().listen(streams::wake);
            streams.start();
            courier.bell().listen(webhooks::wake);
            webhooks.start();
            Readiness readiness = new Readiness(
                    courier,
                    store,
                    ledger,
                    log,
                    threads,
                    () -> leaving || stopping,
                    settings.operation().ready());
            Routes.Parts parts = new Routes.Parts(
                    vertx,
                    courier,
                    store,
                    ledger,
                    threads,
                    settings.http(),
                    trial,
                    () -> stopping,
                    log,
                    readiness,
                    patience,
                    watch,
                    streams,
                    webhookKeys);
            this.metrics = metrics;
            if (metrics.isPresent()) {
                Address at = settings.operation().metrics().orElseThrow();
                metricsServer = Optional.of(
                        listening(MetricsServer.listen(vertx, at.host(), at.port(), metrics.get(), readiness), at));
            }
            HttpServerOptions options =
                    Front.options(settings.http()).setHost(settings.host()).setPort(settings.port());
            Router router = Routes.router(parts);
            server = Optional.of(listening(
                    Front.server(vertx, options, settings.http(), router).listen(),
                    new Address(settings.host(), settings.port())));
        }

        private static HttpServer listening(Future<HttpServer> made, Address at)
                throws GatewayException, InterruptedException {
            try {
                return await(made, STEP);
            } catch (ExecutionException | TimeoutException e) {
                throw new GatewayException("cannot listen on " + at + ": " + e.getMessage(), e);
            }
        }

        private void keepHouse() {
            long _ = vertx.setPeriodic(1, HOUSEKEEPING.toMillis(), _ -> threads.execute(this::forgetRefusals));
        }

        private void forgetRefusals() {
            try {
                int forgotten = store.forgetRefusals(System.currentTimeMillis() - REFUSALS.toMillis());
                LOG.fine(forgotten + " refusals without a verdict forgotten");
            } catch (StoreException e) {
                LOG.warning("refusals without a verdict are not forgotten: " + e.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        /// Says that it is not ready any more, and takes for as long as balancers need to see that.
        public void leave() throws InterruptedException {
            leaving = true;
            Thread.sleep(stop.notice());
        }

        /// Stops in good order: takes nothing more, finishes what is under way, answers who waits, ends.
        @Override
        public void close() {
            stopping = true;
            log.close();
            try {
                lists.close();
                courier.close(stop.drain());
                patience.end();
                end();
                store.close();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                store.close();
            }
        }

        /// Stops as if the process were killed: nothing is finished, nothing more is written.
        void abandonForTests() throws InterruptedException {
            stopping = true;
            store.abandonForTests();
            log.close();
            lists.close();
            courier.abandonForTests();
            end();
        }

        private void end() throws InterruptedException {
            streams.close();
            webhooks.close();
            if (server.isPresent()) {
                quietly(server.get().shutdown(HTTP_STOP.toMillis(), TimeUnit.MILLISECONDS), HTTP_STOP.plusSeconds(1));
            }
            var _ = threads.shutdownNow();
            ledger.close();
            quietly(vertx.close(), HTTP_STOP);
            metrics.ifPresent(Metrics::close);
            traces.ifPresent(Traces::close);
        }

        private static void quietly(Future<?> future, Duration longest) throws InterruptedException {
            try {
                var _ = await(future, longest);
            } catch (ExecutionException | TimeoutException e) {
                LOG.log(Level.FINE, "stopping", e);
            }
        }

        private static <T> T await(Future<T> future, Duration longest)
                throws ExecutionException, TimeoutException, InterruptedException {
            return future.toCompletionStage().toCompletableFuture().get(longest.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
