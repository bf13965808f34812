package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.CloseRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// How far the close of a period is, which may need several steps. Gateways take them.
public sealed interface CloseProgress {

    /// How long nothing may move before it is no longer waited for.
    Duration STANDSTILL = Duration.ofSeconds(60);

    Duration AGAIN = Duration.ofMillis(500);

    String OPEN = "open";
    String UNDER_WAY = "under_way";
    String SETTLED = "settled";

    /// It is neither settled nor being closed.
    record Open() implements CloseProgress {}

    /// @param done how many of its parts are written
    record UnderWay(int done, int parts) implements CloseProgress {}

    /// @param lines of its settlement
    record Settled(Hash settlement, long lines) implements CloseProgress {}

    /// For programs: `state`, and what goes with it.
    default Json.Obj encode() {
        return switch (this) {
            case Open() -> Json.object().with("state", OPEN).build();
            case UnderWay(var done, var parts) ->
                Json.object()
                        .with("done", done)
                        .with("parts", parts)
                        .with("state", UNDER_WAY)
                        .build();
            case Settled(var settlement, var lines) ->
                Json.object()
                        .with("count", lines)
                        .with("hash", settlement.hex())
                        .with("state", SETTLED)
                        .build();
        };
    }

    /// Nothing if it is in a state that is not known here: a gateway may know more of them than this program.
    static Optional<CloseProgress> decode(Json.Obj json) {
        return switch (json.text("state")) {
            case OPEN -> Optional.of(new Open());
            case UNDER_WAY -> Optional.of(new UnderWay((int) json.whole("done"), (int) json.whole("parts")));
            case SETTLED -> Optional.of(new Settled(new Hash(json.text("hash")), json.whole("count")));
            default -> Optional.empty();
        };
    }

    /// The period whose close an answer began, if that needs more steps.
    static Optional<Period> begun(Json.Obj answer) {
        return answer.has("effects")
                ? answer.items("effects").stream()
                        .map(Json.Obj.class::cast)
                        .filter(effect -> effect.text("kind").equals("closing"))
                        .findFirst()
                        .flatMap(effect -> Period.parse(effect.text("period")))
                : Optional.empty();
    }

    /// All is read at once: between two readings the last step could be taken.
    static CloseProgress of(StateReader state, AgreementId agreement, Period period) throws LedgerException {
        String settled = Keys.settlement(agreement.text(), period.text());
        String closing = Keys.closing(agreement.text(), period.text());
        SortedMap<String, Json.Obj> values = state.get(List.of(settled, closing));
        Optional<Json.Obj> settlement = Optional.ofNullable(values.get(settled));
        if (settlement.isPresent()) {
            return new Settled(
                    Hash.of(settlement.get().canonical()), settlement.get().whole("count"));
        }
        return Optional.ofNullable(values.get(closing))
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
