package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// The time of this machine, and virtual threads.
final class MachineClockwork implements Clockwork {

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public long random(long bound) {
        return ThreadLocalRandom.current().nextLong(bound);
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
    public void await(Object monitor, long millis) throws InterruptedException {
        monitor.wait(millis);
    }

    @Override
    @SuppressWarnings("NakedNotify") // What changed is the caller's.
    public void wake(Object monitor) {
        monitor.notifyAll();
    }

    @Override
    public void sleep(Duration pause) throws InterruptedException {
        Thread.sleep(pause);
    }

    @Override
    public Strand start(String name, Runnable work) {
        return new Virtual(Thread.ofVirtual().name(name).start(work));
    }

    private record Virtual(Thread thread) implements Strand {
        @Override
        public void interrupt() {
            thread.interrupt();
        }

        @Override
        public boolean join(Duration longest) throws InterruptedException {
            return thread.join(longest);
        }
    }
}
