package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.CloseRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// How far the close of a period is, which may need several steps. Gateways take them.
public sealed interface CloseProgress {

    /// How long nothing may move before it is no longer waited for.
    Duration STANDSTILL = Duration.ofSeconds(60);

    Duration AGAIN = Duration.ofMillis(500);

    /// It is neither settled nor being closed.
    record Open() implements CloseProgress {}

    /// @param done how many of its parts are written
    record UnderWay(int done, int parts) implements CloseProgress {}

    /// @param lines of its settlement
    record Settled(Hash settlement, long lines) implements CloseProgress {}

    static CloseProgress of(StateReader state, AgreementId agreement, Period period) throws LedgerException {
        Optional<Json.Obj> settlement = state.get(Keys.settlement(agreement.text(), period.text()));
        if (settlement.isPresent()) {
            return new Settled(
                    Hash.of(settlement.get().canonical()), settlement.get().whole("count"));
        }
        Optional<AgreementHead> head =
                state.get(Keys.agreement(agreement.text())).map(AgreementHead::decode);
        if (head.flatMap(AgreementHead::closing).filter(period::equals).isEmpty()) {
            return new Open();
        }
        return state.get(Keys.closing(agreement.text(), period.text()))
                .map(CloseRecord.CODEC.decode())
                .<CloseProgress>map(record -> new UnderWay(record.done(), record.parts()))
                .orElse(new Open());
    }

    /// Waits until the period is settled, or open again, or nothing has moved for a minute.
    ///
    /// @param told of each step while it is under way
    static CloseProgress await(StateReader state, AgreementId agreement, Period period, Consumer<UnderWay> told)
            throws LedgerException {
        CloseProgress progress = of(state, agreement, period);
        long moved = System.nanoTime();
        while (progress instanceof UnderWay step && System.nanoTime() - moved < STANDSTILL.toNanos()) {
            told.accept(step);
            Pause.of(AGAIN, "a period was being closed");
            CloseProgress next = of(state, agreement, period);
            if (!next.equals(progress)) {
                moved = System.nanoTime();
            }
            progress = next;
        }
        return progress;
    }
}
