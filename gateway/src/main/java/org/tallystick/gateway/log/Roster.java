package org.tallystick.gateway.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.KnownKeys;
import org.tallystick.ledger.log.SignedCheckpoint;

/// The members and the keys of their logs, as the ledger names them now: of each kind the newest counts alone, so that
/// a
/// member can replace one that was stolen.
final class Roster {

    private final List<String> members;
    private final Map<String, VerifierKey> keys;

    private Roster(List<String> members, Map<String, VerifierKey> keys) {
        this.members = List.copyOf(members);
        this.keys = Map.copyOf(keys);
    }

    /// Asks the ledger.
    static Roster read(Ledger ledger, List<String> members, LedgerTime now) throws LedgerException {
        Map<String, VerifierKey> keys = new TreeMap<>();
        for (String member : members) {
            List<String> names = new ArrayList<>();
            for (LogKey.Kind kind : LogKey.Kind.values()) {
                names.add(name(member, kind));
            }
            Map<String, Json.Obj> values = ledger.get(names);
            for (LogKey.Kind kind : LogKey.Kind.values()) {
                Optional.ofNullable(values.get(name(member, kind)))
                        .flatMap(value -> newest(value, now))
                        .filter(key -> isFor(key, kind, member, ledger.id()))
                        .ifPresent(key -> keys.put(name(member, kind), key));
            }
        }
        return new Roster(members, keys);
    }

    private static String name(String member, LogKey.Kind kind) {
        return Keys.logKeys(member, kind.text());
    }

    private static Optional<VerifierKey> newest(Json.Obj value, LedgerTime now) {
        return LogKeys.CODEC.decode().apply(value).at(now).reversed().stream()
                .findFirst()
                .flatMap(VerifierKey::parse);
    }

    private static boolean isFor(VerifierKey key, LogKey.Kind kind, String member, Hash ledger) {
        return MemberId.parse(member)
                        .filter(id -> key.name().equals(kind.name(id, ledger)))
                        .isPresent()
                && key.type().isCosignature() == (kind == LogKey.Kind.WITNESS);
    }

    /// The key that a member has for this now.
    Optional<VerifierKey> key(String member, LogKey.Kind kind) {
        return Optional.ofNullable(keys.get(name(member, kind)));
    }

    /// The keys that members have for this now.
    List<VerifierKey> keys(LogKey.Kind kind) {
        return members.stream().flatMap(member -> key(member, kind).stream()).toList();
    }

    /// Whether more than half of the members cosigned a checkpoint.
    boolean majority(SignedCheckpoint checkpoint) {
        if (new KnownKeys(keys(LogKey.Kind.WITNESS)).open(checkpoint)
                instanceof KnownKeys.Opened.Signed(KnownKeys.Signers by)) {
            long cosigned = members.stream()
                    .filter(member ->
                            key(member, LogKey.Kind.WITNESS).filter(by::has).isPresent())
                    .count();
            return 2 * cosigned > members.size();
        }
        return false;
    }
}
