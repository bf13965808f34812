package org.tallystick.gateway.courier;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.gateway.watch.Watch.Stage;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// The ledger, called by so many at once and no more, and in the order in which they came.
public final class LedgerCalls {

    private final Ledger ledger;
    private final int most;
    private final Clockwork clockwork;
    private final Watch watch;
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private int calling;

    public LedgerCalls(Ledger ledger, int most, Clockwork clockwork, Watch watch) {
        this.ledger = ledger;
        this.most = most;
        this.clockwork = clockwork;
        this.watch = watch;
    }

    @FunctionalInterface
    public interface Call<T> {
        T on(Ledger ledger) throws LedgerException;
    }

    /// Waits for a free place, then for the call.
    public <T> T call(Call<T> call) throws LedgerException, InterruptedException {
        return call(Stage.READ, List.of(), call);
    }

    /// @param about instructions that the call is about
    <T> T call(Stage stage, List<Hash> about, Call<T> call) throws LedgerException, InterruptedException {
        enter();
        try {
            return watched(stage, about, call);
        } finally {
            leave();
        }
    }

    /// The same for who would rather be told that all places are taken than wait.
    public <T> T callNow(Call<T> call) throws LedgerException {
        synchronized (this) {
            if (calling == most) {
                throw new LedgerException.Unavailable("too many questions to the ledger at once", null);
            }
            calling++;
        }
        try {
            return watched(Stage.READ, List.of(), call);
        } finally {
            leave();
        }
    }

    private <T> T watched(Stage stage, List<Hash> about, Call<T> call) throws LedgerException {
        try (Watch.Step step = watch.begin(stage, about)) {
            try {
                return call.on(ledger);
            } catch (LedgerException e) {
                step.failed(code(e));
                throw e;
            }
        }
    }

    private static String code(LedgerException failure) {
        return switch (failure) {
            case LedgerException.Unavailable _ -> "unavailable";
            case LedgerException.Refused _ -> "refused";
            case LedgerException.Failed _ -> "failed";
        };
    }

    private void enter() throws InterruptedException {
        Waiter waiter = new Waiter();
        synchronized (this) {
            if (calling < most) {
                calling++;
                return;
            }
            waiting.add(waiter);
        }
        try {
            waiter.await();
        } catch (InterruptedException e) {
            if (given(waiter)) {
                leave();
            }
            throw e;
        }
    }

    /// Whether a place was given to who does not want it any more.
    private synchronized boolean given(Waiter waiter) {
        return !waiting.remove(waiter);
    }

    /// Gives the place to the first who waits.
    private void leave() {
        Waiter next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                calling--;
                return;
            }
        }
        next.enter();
    }

    private final class Waiter {
        private boolean mayEnter;

        synchronized void await() throws InterruptedException {
            while (!mayEnter) {
                clockwork.await(this, 0);
            }
        }

        synchronized void enter() {
            mayEnter = true;
            clockwork.wake(this);
        }
    }
}
