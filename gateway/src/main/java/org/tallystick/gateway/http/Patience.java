package org.tallystick.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.gateway.courier.Bell;

/// Requests that wait for a final answer, so many at once: who comes when all places are taken is answered at once.
public final class Patience {

    static final String APPLIED = "preference-applied";

    /// One preference of RFC 7240, of those that a header lists.
    private static final Pattern WAIT = Pattern.compile("(?i)\\s*wait\\s*=\\s*\"?([0-9]{1,9})\"?\\s*(;.*)?");

    private final Bell bell;
    private final int most;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<Semaphore> all = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    public Patience(Bell bell, int most) {
        this.bell = bell;
        this.most = most;
    }

    /// How long a caller would wait.
    record Wish(Duration time) {

        static final Wish NONE = new Wish(Duration.ZERO);

        /// What `Prefer: wait=` says; more than may be waited is cut, and what cannot be read is passed over.
        static Wish preferred(RoutingContext request) {
            for (String header : request.request().headers().getAll("prefer")) {
                for (String preference : header.split(",", -1)) {
                    Matcher wait = WAIT.matcher(preference);
                    if (wait.matches()) {
                        long seconds = Math.min(Long.parseLong(wait.group(1)), HttpLimits.WAIT.toSeconds());
                        return new Wish(Duration.ofSeconds(seconds));
                    }
                }
            }
            return NONE;
        }

        /// The caller is told that it was heard.
        Answer told(Answer answer) {
            return answer.with(APPLIED, Optional.of("wait=" + time.toSeconds()));
        }

        long end() {
            return System.nanoTime() + time.toNanos();
        }
    }

    /// A place to wait at; to be given back.
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    Optional<Place> place(Wish wish) {
        if (wish.time().isZero()) {
            return Optional.empty();
        }
        if (waiting.incrementAndGet() > most) {
            int _ = waiting.decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(() -> {
            int _ = waiting.decrementAndGet();
        });
    }

    /// Asks, and asks again whenever the bell rings, until the answer is final or the time is over.
    ///
    /// @param end as `System.nanoTime` counts
    <T> T until(String party, String id, long end, Callable<T> question, Predicate<T> isFinal) throws Exception {
        Semaphore rung = new Semaphore(0);
        Runnable ringing = rung::release;
        bell.listen(party, id, ringing);
        all.add(rung);
        try {
            T answer = question.call();
            while (!isFinal.test(answer) && !over && rung.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                int _ = rung.drainPermits();
                answer = question.call();
            }
            return isFinal.test(answer) ? answer : question.call();
        } finally {
            bell.silence(party, id, ringing);
            all.remove(rung);
        }
    }

    /// Nobody waits any more: all are answered as it stands.
    public void end() {
        over = true;
        all.forEach(Semaphore::release);
    }
}
