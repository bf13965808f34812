package org.tallystick.ledger.client;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.ledger.LedgerException;

/// The keys of a party as the ledger has them, those that ended among them.
///
/// The ledger's state is read by name, so the names come from the blocks that somebody followed; those that administer
/// stand in the party's record.
public final class RegisteredKeys {

    private RegisteredKeys() {}

    /// In the order of their names.
    public static SortedMap<Kid, KeyRecord> of(Courier courier, PartyId party) throws LedgerException {
        TreeSet<Kid> kids = new TreeSet<>(courier.keys(party));
        new Agreements(courier)
                .party(party)
                .ifPresent(record -> record.admins().stream()
                        .map(PartyRecord.Admin::thumb)
                        .forEach(thumb -> kids.add(new Kid(party, thumb))));
        return of(courier, List.copyOf(kids));
    }

    private static SortedMap<Kid, KeyRecord> of(StateReader state, List<Kid> kids) throws LedgerException {
        TreeMap<Kid, KeyRecord> records = new TreeMap<>();
        for (int from = 0; from < kids.size(); from += StateReader.MOST_KEYS) {
            List<Kid> some = kids.subList(from, Math.min(kids.size(), from + StateReader.MOST_KEYS));
            SortedMap<String, Json.Obj> found =
                    state.get(some.stream().map(RegisteredKeys::name).toList());
            for (Kid kid : some) {
                Json.Obj record = found.get(name(kid));
                if (record != null) {
                    records.put(kid, KeyRecord.CODEC.decode().apply(record));
                }
            }
        }
        return records;
    }

    private static String name(Kid kid) {
        return Keys.key(kid.owner().text(), kid.thumb());
    }
}
