package org.tallystick.embedded;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// The ledger's end when it can no longer keep its word: nothing more is taken, and whoever runs it is told why.
final class Halt {
    private static final System.Logger LOG = System.getLogger(Halt.class.getName());

    private final Consumer<String> action;
    private final Runnable wakeWaiters;
    private final AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.empty());

    /// @param wakeWaiters ends the calls that wait for commits which will not come
    Halt(Consumer<String> action, Runnable wakeWaiters) {
        this.action = action;
        this.wakeWaiters = wakeWaiters;
    }

    Optional<String> reason() {
        return reason.get();
    }

    void now(String what, Throwable cause) {
        String message = what + ": " + cause + ". Nothing is acknowledged any more; all that was acknowledged is on the"
                + " disk and will be there after a new start.";
        if (reason.compareAndSet(Optional.empty(), Optional.of(message))) {
            LOG.log(System.Logger.Level.ERROR, message, cause);
            wakeWaiters.run();
            action.accept(message);
        }
    }
}
