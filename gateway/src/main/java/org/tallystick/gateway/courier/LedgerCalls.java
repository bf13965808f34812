package org.tallystick.gateway.courier;

import java.util.concurrent.Semaphore;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// The ledger, called by so many at once and no more.
public final class LedgerCalls {

    private final Ledger ledger;
    private final Semaphore free;

    public LedgerCalls(Ledger ledger, int most) {
        this.ledger = ledger;
        this.free = new Semaphore(most, true);
    }

    @FunctionalInterface
    public interface Call<T> {
        T on(Ledger ledger) throws LedgerException;
    }

    /// Waits for a free place, then for the call.
    public <T> T call(Call<T> call) throws LedgerException, InterruptedException {
        free.acquire();
        try {
            return call.on(ledger);
        } finally {
            free.release();
        }
    }

    /// The same for who would rather be told that all places are taken than wait.
    public <T> T callNow(Call<T> call) throws LedgerException {
        if (!free.tryAcquire()) {
            throw new LedgerException.Unavailable("too many questions to the ledger at once", null);
        }
        try {
            return call.on(ledger);
        } finally {
            free.release();
        }
    }
}
