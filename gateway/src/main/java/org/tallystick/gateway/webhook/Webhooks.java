package org.tallystick.gateway.webhook;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.gateway.courier.Clockwork.Strand;
import org.tallystick.gateway.store.CourierStore.Fenced;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.News;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Webhook;
import org.tallystick.gateway.store.WebhookStore;

/// Tells each webhook what the ledger brings: one after the other, each until it is delivered or given up, so in the
/// order of the ledger and at least once.
///
/// Of several gateways that share a store, the one that holds the lease on a webhook tells it. What it notes is refused
/// once another holds it.
public final class Webhooks implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Webhooks.class.getName());

    /// How often it is looked whether something is due, or the operator said something.
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// Longer than an attempt: who has it renews it before each.
    private static final Duration TERM = WebhookSender.ATTEMPT.multipliedBy(2);

    private static final int PAGE = 200;

    private final Store store;
    private final WebhookStore webhooks;
    private final WebhookSender sender;
    private final WebhookKeys keys;
    private final Hash ledger;
    private final boolean trial;
    private final String owner;
    private final RetrySchedule schedule;
    private final Clockwork clockwork;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private boolean woken;
    private volatile boolean open = true;
    private @Nullable Strand strand;

    /// Up to where there is nothing that a webhook wants, in one of its revisions.
    private record Seen(long revision, Position position) {}

    /// @param instance which of the gateways that share the store this is
    public Webhooks(
            Vertx vertx,
            Store store,
            WebhookKeys keys,
            Hash ledger,
            boolean trial,
            String instance,
            WebhookSettings settings,
            Clockwork clockwork) {
        this(
                store,
                new WebhookSender(vertx, InetAddress::getAllByName, settings.allowLoopback(), WebhookSender.ATTEMPT),
                keys,
                ledger,
                trial,
                instance,
                RetrySchedule.USUAL,
                clockwork);
    }

    Webhooks(
            Store store,
            WebhookSender sender,
            WebhookKeys keys,
            Hash ledger,
            boolean trial,
            String instance,
            RetrySchedule schedule,
            Clockwork clockwork) {
        this.store = store;
        this.webhooks = store.webhooks();
        this.sender = sender;
        this.keys = keys;
        this.ledger = ledger;
        this.trial = trial;
        // Not the courier's name: that renews and gives back all leases it has.
        this.owner = instance + "/webhooks";
        this.schedule = schedule;
        this.clockwork = clockwork;
    }

    public void start() {
        if (!keys.isEmpty()) {
            strand = clockwork.start("webhooks", this::run);
        }
    }

    /// A block is stored.
    public synchronized void wake() {
        woken = true;
        clockwork.wake(this);
    }

    private void run() {
        while (open) {
            try {
                for (Webhook webhook : due()) {
                    Strand _ = clockwork.start("webhook-" + webhook.name(), () -> tell(webhook));
                }
                pause();
            } catch (StoreException e) {
                LOG.info("webhooks are told later: " + e.getMessage());
                if (!Clockwork.slept(clockwork, LOOK)) {
                    return;
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.SEVERE, "webhooks are not told", e);
                if (!Clockwork.slept(clockwork, LOOK)) {
                    return;
                }
            }
        }
    }

    private synchronized void pause() throws InterruptedException {
        long end = clockwork.nanos() + LOOK.toNanos();
        long left = LOOK.toMillis();
        while (open && !woken && left > 0) {
            clockwork.await(this, left);
            left = (end - clockwork.nanos()) / 1_000_000;
        }
        woken = false;
    }

    /// Those for which there may be something to do, and that nobody here tells yet. They count as told from now on.
    List<Webhook> due() throws StoreException, InterruptedException {
        Position newest = store.newest();
        long now = clockwork.millis();
        return webhooks.all().stream()
                .filter(webhook -> webhook.state() == Webhook.State.ACTIVE
                        && webhook.tries().due() <= now
                        && newest.isAfter(position(webhook))
                        && busy.add(webhook.name()))
                .toList();
    }

    private Position position(Webhook webhook) {
        Seen known = seen.get(webhook.name());
        return known != null
                        && known.revision() == webhook.revision()
                        && known.position().isAfter(webhook.at())
                ? known.position()
                : webhook.at();
    }

    /// Tells one of those.
    void tell(Webhook webhook) {
        try {
            tellAll(webhook);
        } catch (Fenced e) {
            LOG.info(webhook.name() + " is told by another gateway: " + e.getMessage());
        } catch (StoreException e) {
            LOG.info(webhook.name() + " is told later: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, webhook.name() + " is not told", e);
        } finally {
            boolean _ = busy.remove(webhook.name());
        }
    }

    /// Tells this webhook all there is, until something fails.
    void tellAll(Webhook webhook) throws StoreException, InterruptedException {
        Position position = position(webhook);
        Optional<Lease> lease = Optional.empty();
        Webhook now = webhook;
        try {
            for (List<News> page = store.news(position, PAGE); !page.isEmpty(); page = store.news(position, PAGE)) {
                for (News news : page) {
                    if (now.filter().wants(news)) {
                        lease = lease.isEmpty() ? leased(now) : renewed(lease.get());
                        Optional<Webhook> moved = lease.isEmpty() ? Optional.empty() : tell(lease.get(), now, news);
                        if (moved.isEmpty()) {
                            return;
                        }
                        now = moved.get();
                    }
                    position = news.at();
                }
                Seen _ = seen.put(now.name(), new Seen(now.revision(), position));
            }
        } finally {
            if (lease.isPresent()) {
                store.release(lease.get());
            }
        }
    }

    /// The lease, if this is still how the webhook stands: another gateway may have told it meanwhile.
    private Optional<Lease> leased(Webhook webhook) throws StoreException, InterruptedException {
        Optional<Lease> lease = store.lease(owner, WebhookStore.lease(webhook.name()), TERM);
        if (lease.isPresent() && !webhooks.find(webhook.name()).equals(Optional.of(webhook))) {
            store.release(lease.get());
            return Optional.empty();
        }
        return lease;
    }

    /// The same lease for longer; nothing if it was another's meanwhile, or this gateway is to stop.
    private Optional<Lease> renewed(Lease lease) throws StoreException, InterruptedException {
        return open ? store.lease(owner, lease.home(), TERM).filter(lease::equals) : Optional.empty();
    }

    /// @return the webhook behind this; nothing if it goes on later, or otherwise
    private Optional<Webhook> tell(Lease lease, Webhook webhook, News news)
            throws StoreException, InterruptedException {
        WebhookSender.Outcome outcome = attempt(webhook, news);
        if (!open && outcome.kind() == WebhookSender.Outcome.Kind.FAILED) {
            // It may have been cut off by the stop.
            return Optional.empty();
        }
        long now = clockwork.millis();
        Webhook.Tries before = webhook.tries();
        Webhook.Tries tries =
                new Webhook.Tries(before.count() + 1, before.count() == 0 ? now : before.since(), 0, outcome.answer());
        return switch (outcome.kind()) {
            case DELIVERED -> webhooks.delivered(lease, webhook, news.at()) ? behind(webhook, news) : Optional.empty();
            case GONE -> {
                LOG.warning("webhook " + webhook.name() + " wants nothing more: " + outcome.answer());
                boolean _ = webhooks.gone(lease, webhook, tries);
                yield Optional.empty();
            }
            case FAILED -> failed(lease, webhook, news, tries, now);
        };
    }

    private Optional<Webhook> failed(Lease lease, Webhook webhook, News news, Webhook.Tries tries, long now)
            throws StoreException, InterruptedException {
        Optional<Duration> wait =
                schedule.after(tries.count(), Duration.ofMillis(now - tries.since()), clockwork::random);
        if (wait.isPresent()) {
            boolean _ = webhooks.tried(
                    lease,
                    webhook,
                    new Webhook.Tries(
                            tries.count(), tries.since(), now + wait.get().toMillis(), tries.answer()));
            return Optional.empty();
        }
        LOG.warning("webhook " + webhook.name() + ": " + news.at().text().orElseThrow() + " is given up after "
                + tries.count() + " tries: " + tries.answer());
        return webhooks.died(lease, webhook, news.at(), tries, now) ? behind(webhook, news) : Optional.empty();
    }

    private static Optional<Webhook> behind(Webhook webhook, News news) {
        return Optional.of(webhook.behind(news.at()));
    }

    private WebhookSender.Outcome attempt(Webhook webhook, News news) throws InterruptedException {
        Bytes body = CloudEvent.of(news, ledger, trial);
        String id = webhook.name() + "/" + news.at().text().orElseThrow();
        long seconds = clockwork.millis() / 1_000;
        Map<String, String> headers = Map.of(
                "content-type",
                CloudEvent.TYPE,
                "user-agent",
                "tallystick-gateway",
                "webhook-id",
                id,
                "webhook-timestamp",
                String.valueOf(seconds),
                "webhook-signature",
                keys.sign(id, seconds, body));
        return sender.send(webhook.url(), headers, body, webhook.tries().count());
    }

    /// What is under way is told again later, by whoever is there.
    @Override
    public void close() {
        open = false;
        Strand running = strand;
        if (running != null) {
            running.interrupt();
        }
        sender.close();
    }
}
