package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.gateway.courier.Capacity;

/// Five times as much comes in as the ledger can take, whether or not anybody is answered.
@Tag("slow")
final class OverloadTest {

    /// What the ledger takes in a second.
    private static final int SPEED = 50;
    /// What the gateway holds at most: two seconds of the ledger's work.
    private static final Capacity.Limits LIMITS = new Capacity.Limits(100, 1_000_000, 80);

    private static final int TOGETHER = 5;
    private static final int USUAL_SECONDS = 5;
    private static final int FLOOD_SECONDS = 12;
    private static final int TIMES = 5;
    /// So much of the peak there is in the flood, too.
    private static final double KEPT = 0.8;

    private static final int ATTEMPTS = 3;
    /// The first second of a phase is not counted.
    private static final int SETTLING = 1;

    /// What the fake ledger keeps of what it took, and some noise; ten times that was sent away.
    private static final long GROWTH = 24 * 1024 * 1024;

    @TempDir
    Path folder = Path.of(".");

    private final ReentrantLock atWork = new ReentrantLock(true);
    private final ConcurrentLinkedQueue<Bytes> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Stand.Reply> sentAway = new ConcurrentLinkedQueue<>();
    private final AtomicInteger mostHeld = new AtomicInteger();

    /// One instruction after the other, each so long.
    private boolean work(List<Bytes> arguments) {
        atWork.lock();
        try {
            Thread.sleep(Duration.ofSeconds(1).dividedBy(SPEED).multipliedBy(arguments.size() - 1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            atWork.unlock();
        }
        return false;
    }

    private static List<Bytes> enrollments(Partners partners, String name, int count) {
        List<Bytes> all = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            all.add(partners.enroll(new PartyId("north/" + name + n)));
        }
        return all;
    }

    /// Sends these at this rate, each request at its time, and counts what the ledger decides meanwhile.
    ///
    /// @return verdicts in a second
    private double goodput(Stand stand, List<Bytes> all, int rate) throws InterruptedException {
        long begin = System.nanoTime();
        Iterator<Bytes> next = all.iterator();
        long counted = 0;
        long from = 0;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; next.hasNext(); n++) {
                List<Bytes> some = new ArrayList<>();
                for (int i = 0; i < TOGETHER && next.hasNext(); i++) {
                    some.add(next.next());
                }
                long due = begin + Duration.ofSeconds(1).toNanos() * n * TOGETHER / rate;
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                clients.execute(() -> send(stand, some));
                if (from == 0 && n * TOGETHER >= rate * SETTLING) {
                    from = System.nanoTime();
                    counted = verdicts(stand);
                }
            }
            return (verdicts(stand) - counted) / ((System.nanoTime() - from) / 1e9);
        }
    }

    private static long verdicts(Stand stand) {
        return stand.ledger.verdicts().size();
    }

    private void send(Stand stand, List<Bytes> some) {
        Stand.Reply reply = stand.postAll(some);
        if (reply.status() == 202 || reply.status() == 200) {
            acknowledged.addAll(some);
        } else {
            sentAway.add(reply);
        }
    }

    private void watch(Stand stand) {
        int held = (int) stand.get("/health/ready").body().whole("held");
        int _ = mostHeld.accumulateAndGet(held, Math::max);
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /// What came of one usual time and the flood after it.
    ///
    /// @param peak verdicts in a second while as much came as the ledger takes
    /// @param flooded the same in the flood
    /// @param growth of the heap meanwhile
    /// @param recovery how long after the flood somebody has a verdict
    private record Round(double peak, double flooded, long growth, Duration recovery) {
        boolean holds() {
            return flooded >= KEPT * peak;
        }
    }

    private Round round(Stand stand, int n) throws InterruptedException {
        List<Bytes> usual = enrollments(stand.partners, "u" + n + "x", USUAL_SECONDS * SPEED);
        List<Bytes> flood = enrollments(stand.partners, "f" + n + "x", FLOOD_SECONDS * SPEED * TIMES);
        double peak = goodput(stand, usual, SPEED);
        long before = heap();
        AtomicBoolean over = new AtomicBoolean();
        Thread watching = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                watch(stand);
            }
        });
        double flooded = goodput(stand, flood, SPEED * TIMES);
        long end = System.nanoTime();
        over.set(true);
        watching.join();
        long growth = heap() - before;
        Bytes late = stand.partners.enroll(new PartyId("north/late" + n));
        Stand.eventually(() -> stand.post(late).status() == 202);
        stand.haveOneVerdict(late);
        Round round = new Round(peak, flooded, growth, Duration.ofNanos(System.nanoTime() - end));
        System.out.println(round + ", sent away " + sentAway.size() + " times, held at most " + mostHeld);
        return round;
    }

    /// Others on the machine may have slowed a flood, and not the time before it: then it is tried again.
    @Promise({"P1", "P30"})
    @Test
    void at_five_times_the_ledgers_speed_the_rest_is_sent_away_and_what_is_taken_goes_on() throws Exception {
        try (Stand stand =
                Stand.at(folder, 1, settings -> settings.withCapacity(LIMITS)).enrolled()) {
            stand.ledger.faults.failing = this::work;

            Round round = round(stand, 1);
            for (int n = 2; n <= ATTEMPTS && !round.holds(); n++) {
                round = round(stand, n);
            }

            assertThat(round.holds()).as(round.toString()).isTrue();
            assertThat(sentAway)
                    .hasSizeGreaterThan(FLOOD_SECONDS * SPEED * TIMES / TOGETHER / 2)
                    .allSatisfy(reply -> {
                        assertThat(reply.status()).isIn(429, 503);
                        assertThat(reply.code()).isIn("home_full", "gateway_full");
                        assertThat(reply.retryAfter()).matches("[1-9][0-9]*");
                    });
            assertThat(mostHeld.get()).isBetween(1, LIMITS.instructions());
            assertThat(round.growth()).as("growth of the heap").isLessThan(GROWTH);
            assertThat(round.recovery()).isLessThan(Duration.ofMinutes(1));
            stand.haveOneVerdict(acknowledged.toArray(Bytes[]::new));
        }
    }
}
