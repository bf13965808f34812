package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.ClaimRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.LedgerException;

/// A claim that an event is missing, as the ledger has it.
///
/// @param hash of the instruction that made it, by which it is named
public record Claimed(Hash hash, ClaimRecord record) {

    /// All that were made under an agreement, answered or not.
    public static List<Claimed> under(Courier courier, AgreementId agreement) throws LedgerException {
        List<Claimed> all = new ArrayList<>();
        for (Hash hash : courier.claims(agreement)) {
            Optional<ClaimRecord> record =
                    courier.get(Keys.claim(agreement.text(), hash)).map(ClaimRecord::decode);
            record.ifPresent(found -> all.add(new Claimed(hash, found)));
        }
        return all;
    }

    /// The record, and the hash beside it as `claim`.
    public Json.Obj encode() {
        TreeMap<String, Json> members = new TreeMap<>(record.encode().members());
        members.put("claim", Json.text(hash.hex()));
        return new Json.Obj(members);
    }
}
