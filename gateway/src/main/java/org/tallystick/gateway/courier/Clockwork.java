package org.tallystick.gateway.courier;

import java.time.Duration;

/// Time, threads and waiting: all in which one run of the courier can differ from another. A simulator that
/// puts its own in the place of the machine's decides what happens when.
public interface Clockwork {

    /// The machine's.
    Clockwork MACHINE = new MachineClockwork();

    /// By the clock on the wall, since 1970; it may be set back.
    long millis();

    /// From some moment on, and never back.
    long nanos();

    /// A number below `bound` that the next who asks is not likely to get, so that not all do the same at once.
    long random(long bound);

    /// As [Object#wait(long)]: of a monitor that the caller holds, and in a loop.
    void await(Object monitor, long millis) throws InterruptedException;

    /// As [Object#notifyAll()]: of a monitor that the caller holds.
    void wake(Object monitor);

    void sleep(Duration pause) throws InterruptedException;

    /// Sleeps, by `clockwork`.
    ///
    /// @return false if it was interrupted: whoever sleeps is to end
    static boolean slept(Clockwork clockwork, Duration pause) {
        try {
            clockwork.sleep(pause);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    Strand start(String name, Runnable work);

    /// A thread that was started.
    interface Strand {
        void interrupt();

        /// @return false if it takes longer
        boolean join(Duration longest) throws InterruptedException;
    }
}
