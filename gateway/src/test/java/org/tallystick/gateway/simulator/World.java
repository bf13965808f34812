package org.tallystick.gateway.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.tallystick.gateway.courier.Clockwork;

/// Runs real threads one at a time and in virtual time. Whenever one of them waits, the seed decides which goes on;
/// while all wait, the clock jumps to the next moment for which one waits. What runs takes no time.
///
/// The threads belong to processes, and a process can be killed: its threads then end where they wait next.
final class World {

    /// Ends a thread whose process was killed. No error of ours catches it.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("the process was killed", null, false, false);
        }
    }

    private static final ThreadLocal<Fiber> CURRENT = new ThreadLocal<>();

    private final Random random;
    private final long beginMillis;
    private final List<Fiber> living = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private long nanos;
    private long steps;

    /// @param beginMillis the time at which it begins, since 1970
    World(long seed, long beginMillis) {
        this.random = new Random(seed);
        this.beginMillis = beginMillis;
    }

    /// Runs until `scenario` ends, then ends all that still runs.
    ///
    /// @throws AssertionError if a thread failed
    void run(Runnable scenario) throws InterruptedException {
        Program stage = program();
        Started first = stage.begin("scenario", () -> {
            try {
                scenario.run();
            } finally {
                end();
            }
        });
        first.fiber.go();
        over.await();
        Throwable failed = failure;
        if (failed != null) {
            throw new AssertionError("a thread of the simulator failed: " + failed, failed);
        }
    }

    /// Kills whatever lives.
    private void end() {
        for (Fiber fiber : List.copyOf(living)) {
            fiber.program.kill();
        }
    }

    Program program() {
        return new Program();
    }

    Random random() {
        return random;
    }

    /// How often a thread was chosen.
    long steps() {
        return steps;
    }

    /// Some threads that live and die together.
    final class Program implements Clockwork {
        private boolean dead;
        private long frozenUntil;

        /// None of its threads runs for so long, as on a machine that does something else.
        void freeze(Duration pause) {
            frozenUntil = nanos + pause.toNanos();
        }

        /// Its threads go no further.
        void kill() {
            dead = true;
            frozenUntil = 0;
            for (Fiber fiber : living) {
                if (fiber.program == this) {
                    fiber.becomeReady();
                }
            }
        }

        /// @throws Killed if it is dead
        void alive() {
            if (dead) {
                throw new Killed();
            }
        }

        boolean isDead() {
            return dead;
        }

        @Override
        public long millis() {
            return beginMillis + nanos / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long random(long bound) {
            return random.nextLong(bound);
        }

        @Override
        public void await(Object monitor, long millis) throws InterruptedException {
            here().await(monitor, millis == 0 ? Long.MAX_VALUE : nanos + millis * 1_000_000);
            alive();
        }

        @Override
        public void wake(Object monitor) {
            for (Fiber fiber : living) {
                if (fiber.monitor == monitor) {
                    fiber.becomeReady();
                }
            }
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
            here().sleep(nanos + pause.toNanos());
            alive();
        }

        @Override
        public Strand start(String name, Runnable work) {
            alive();
            return begin(name, work);
        }

        private Started begin(String name, Runnable work) {
            Fiber fiber = new Fiber(name, this, work);
            living.add(fiber);
            return new Started(fiber);
        }

        private Fiber here() {
            Fiber fiber = CURRENT.get();
            if (fiber == null) {
                throw new IllegalStateException("not a thread of the simulator: " + Thread.currentThread());
            }
            alive();
            return fiber;
        }
    }

    private final class Started implements Clockwork.Strand {
        private final Fiber fiber;

        Started(Fiber fiber) {
            this.fiber = fiber;
        }

        @Override
        public void interrupt() {
            fiber.interrupted = true;
            fiber.becomeReady();
        }

        @Override
        public boolean join(Duration longest) throws InterruptedException {
            Fiber here = CURRENT.get();
            long end = nanos + longest.toNanos();
            while (!fiber.ended && nanos < end) {
                here.join(fiber, end);
            }
            return fiber.ended;
        }
    }

    /// A thread, and what it waits for.
    private final class Fiber {
        final String name;
        final Program program;
        private final Thread thread;
        private boolean ready = true;
        private long due = Long.MAX_VALUE;
        private @Nullable Object monitor;
        private @Nullable Fiber joined;
        private boolean interrupted;
        private boolean ended;
        private volatile boolean chosen;

        Fiber(String name, Program program, Runnable work) {
            this.name = name;
            this.program = program;
            this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(work));
        }

        private void run(Runnable work) {
            CURRENT.set(this);
            try {
                program.alive();
                work.run();
            } catch (Killed _) {
                // As it should be.
            } catch (Throwable e) {
                if (failure == null) {
                    failure = e;
                }
                end();
            }
            living.remove(this);
            ended = true;
            for (Fiber fiber : living) {
                if (fiber.joined == this) {
                    fiber.becomeReady();
                }
            }
            Fiber next = choose();
            if (next == null) {
                over.countDown();
            } else {
                next.go();
            }
        }

        void becomeReady() {
            ready = true;
            due = Long.MAX_VALUE;
        }

        /// Lets it run. Who calls must stop then.
        void go() {
            Object waitsOn = monitor;
            if (waitsOn == null) {
                chosen = true;
                if (thread.getState() == Thread.State.NEW) {
                    thread.start();
                } else {
                    LockSupport.unpark(thread);
                }
            } else {
                synchronized (waitsOn) {
                    chosen = true;
                    waitsOn.notifyAll();
                }
            }
        }

        /// Waits for the end of another.
        void join(Fiber other, long until) throws InterruptedException {
            joined = other;
            try {
                sleep(until);
            } finally {
                joined = null;
            }
        }

        void sleep(long until) throws InterruptedException {
            ready = false;
            due = until;
            Fiber next = chooseOther();
            if (next != this) {
                next.go();
                while (!chosen) {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                }
            }
            goOn();
        }

        /// The caller holds the monitor.
        void await(Object on, long until) throws InterruptedException {
            ready = false;
            due = until;
            monitor = on;
            Fiber next = chooseOther();
            if (next != this) {
                next.go();
                while (!chosen) {
                    try {
                        on.wait();
                    } catch (InterruptedException _) {
                        interrupted = true;
                    }
                }
            }
            monitor = null;
            goOn();
        }

        private Fiber chooseOther() {
            if (Thread.interrupted() || interrupted) {
                interrupted = true;
                becomeReady();
            }
            Fiber next = choose();
            if (next == null) {
                throw new AssertionError(name + " waits for what never comes");
            }
            chosen = false;
            return next;
        }

        private void goOn() throws InterruptedException {
            becomeReady();
            program.alive();
            if (interrupted) {
                interrupted = false;
                throw new InterruptedException();
            }
        }
    }

    /// Who goes on; nobody if all have ended.
    private @Nullable Fiber choose() {
        steps++;
        if (living.isEmpty()) {
            return null;
        }
        List<Fiber> able = able();
        while (able.isEmpty()) {
            long next = Long.MAX_VALUE;
            for (Fiber fiber : living) {
                next = Math.min(next, fiber.ready ? fiber.program.frozenUntil : fiber.due);
            }
            if (next == Long.MAX_VALUE) {
                AssertionError stuck = new AssertionError("all wait for each other: "
                        + living.stream().map(fiber -> fiber.name).toList());
                failure = failure == null ? stuck : failure;
                over.countDown();
                throw stuck;
            }
            nanos = Math.max(nanos, next);
            for (Fiber fiber : living) {
                if (fiber.due <= nanos) {
                    fiber.becomeReady();
                }
            }
            able = able();
        }
        return able.get(random.nextInt(able.size()));
    }

    private List<Fiber> able() {
        List<Fiber> able = new ArrayList<>();
        for (Fiber fiber : living) {
            if (fiber.ready && fiber.program.frozenUntil <= nanos) {
                able.add(fiber);
            }
        }
        return able;
    }
}
