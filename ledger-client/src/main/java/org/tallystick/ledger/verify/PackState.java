package org.tallystick.ledger.verify;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.StateReader;

/// The state that the transactions of a pack leave, for whoever has no ledger to ask.
final class PackState implements StateReader {

    private final Optional<Replay> replay;

    /// @param replay nothing if the pack could not be read so far
    PackState(Optional<Replay> replay) {
        this.replay = replay;
    }

    @Override
    public Net net() throws LedgerException {
        return replay.flatMap(Replay::net)
                .orElseThrow(() -> new LedgerException.Refused("the pack has no beginning of a ledger", null));
    }

    @Override
    public SortedMap<String, Json.Obj> get(List<String> keys) {
        TreeMap<String, Json.Obj> values = new TreeMap<>();
        for (String key : keys) {
            replay.flatMap(replayed -> replayed.value(key))
                    .flatMap(PackState::object)
                    .ifPresent(value -> values.put(key, value));
        }
        return values;
    }

    private static Optional<Json.Obj> object(Bytes bytes) {
        return JsonReader.readCanonical(bytes) instanceof JsonReader.Value(Json.Obj object)
                ? Optional.of(object)
                : Optional.empty();
    }
}
