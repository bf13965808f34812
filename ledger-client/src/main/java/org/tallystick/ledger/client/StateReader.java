package org.tallystick.ledger.client;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.LedgerException;

/// Where the values of the ledger's keys can be read.
public interface StateReader {

    /// The greatest number of keys in one [#get].
    int MOST_KEYS = 100;

    /// Which ledger it is and how far its clock is ahead.
    Net net() throws LedgerException;

    /// The values of up to [#MOST_KEYS] keys; absent ones are left out.
    SortedMap<String, Json.Obj> get(List<String> keys) throws LedgerException;

    default Optional<Json.Obj> get(String key) throws LedgerException {
        return Optional.ofNullable(get(List.of(key)).get(key));
    }
}
