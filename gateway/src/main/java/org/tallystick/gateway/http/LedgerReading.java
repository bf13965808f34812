package org.tallystick.gateway.http;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.gateway.courier.LedgerCalls;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.StateReader;

/// Values of the ledger for those who ask over HTTP, so many at once and no more.
final class LedgerReading implements StateReader {

    static final int MAX_CALLS = 16;

    /// Pages of lines asked for at once: one is up to 256 KiB.
    private static final int PAGES = 8;

    private final LedgerCalls ledger;
    private final Executor threads;

    LedgerReading(Ledger ledger, Executor threads, Watch watch) {
        this.ledger = new LedgerCalls(ledger, MAX_CALLS, Clockwork.MACHINE, watch);
        this.threads = threads;
    }

    /// Runs what asks the ledger; a failure of the ledger becomes a problem.
    <T> Future<T> ask(Callable<T> question) {
        return Waiting.on(threads, () -> {
            try {
                return question.call();
            } catch (LedgerException e) {
                throw new Refusal(Problem.of(e));
            }
        });
    }

    @Override
    public Net net() throws LedgerException {
        return ledger.callNow(Ledger::net);
    }

    /// Ledger time now.
    LedgerTime now() throws LedgerException {
        return net().time(new LedgerTime(Instant.now().getEpochSecond()));
    }

    /// @throws Refusal if there is none
    AgreementView agreement(AgreementId id) throws LedgerException, Refusal {
        return new Agreements(this).find(id).orElseThrow(() -> new Refusal(Problem.of(Trouble.AGREEMENT_NOT_FOUND)));
    }

    long height() throws LedgerException {
        return ledger.callNow(Ledger::height);
    }

    @Override
    public SortedMap<String, Json.Obj> get(List<String> keys) throws LedgerException {
        return ledger.callNow(peer -> peer.get(keys));
    }

    /// The lines of a settlement, in their order.
    ///
    /// @param count how many there are
    List<Json> lines(String agreement, String period, long count) throws LedgerException {
        List<Json> lines = new ArrayList<>();
        for (int first = 1; lines.size() < count; first += PAGES) {
            List<String> keys = new ArrayList<>();
            for (int page = first; page < first + PAGES; page++) {
                keys.add(Keys.lines(agreement, period, page));
            }
            SortedMap<String, Json.Obj> pages = get(keys);
            if (pages.isEmpty()) {
                throw new IllegalStateException(
                        "of " + count + " lines of " + agreement + " " + period + " only " + lines.size());
            }
            for (String key : keys) {
                Json.Obj page = pages.get(key);
                if (page != null) {
                    lines.addAll(page.items("lines"));
                }
            }
        }
        return lines;
    }

    /// @throws Refusal if the period is not settled
    Json.Obj settlement(String agreement, String period) throws LedgerException, Refusal {
        return get(Keys.settlement(agreement, period))
                .orElseThrow(() -> new Refusal(Problem.of(Trouble.SETTLEMENT_NOT_FOUND)));
    }
}
