package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// Which members host the parties that sign: their peers are asked first to endorse.
///
/// A host is a field of the party's record, so it is asked for once and remembered until the party moves. An old answer
/// does no harm: another member endorses, and the verifier says so.
public final class Hosts {

    /// Keys that are asked for at once.
    private static final int AT_ONCE = 100;
    /// Parties whose hosts are remembered.
    private static final int REMEMBERED = 100_000;

    private final ConcurrentMap<String, String> known = new ConcurrentHashMap<>();

    /// The hosts of those who ask in these instructions. Who is not enrolled yet is at home where its id says.
    public SortedSet<String> of(Ledger ledger, Collection<Signed> instructions) throws LedgerException {
        TreeSet<String> hosts = new TreeSet<>();
        TreeSet<String> unknown = new TreeSet<>();
        for (Signed instruction : instructions) {
            Owner asking = instruction.payload().party();
            String host = known.get(asking.text());
            if (host != null) {
                hosts.add(host);
            } else if (asking instanceof PartyId) {
                unknown.add(asking.text());
            } else {
                hosts.add(asking.member().text());
            }
        }
        List<String> open = new ArrayList<>(unknown);
        for (int from = 0; from < open.size(); from += AT_ONCE) {
            hosts.addAll(ask(ledger, open.subList(from, Math.min(open.size(), from + AT_ONCE))));
        }
        return hosts;
    }

    private SortedSet<String> ask(Ledger ledger, List<String> parties) throws LedgerException {
        SortedMap<String, Json.Obj> records =
                ledger.get(parties.stream().map(Keys::party).toList());
        TreeSet<String> hosts = new TreeSet<>();
        for (String party : parties) {
            Json.Obj record = records.get(Keys.party(party));
            if (record == null) {
                hosts.add(new PartyId(party).member().text());
            } else {
                String host = PartyRecord.decode(record).host();
                hosts.add(host);
                moved(party, host);
            }
        }
        return hosts;
    }

    /// The party is hosted there from now on.
    public void moved(String party, String host) {
        if (known.size() >= REMEMBERED) {
            known.clear();
        }
        known.put(party, host);
    }
}
